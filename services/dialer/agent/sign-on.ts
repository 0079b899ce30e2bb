import type { AgentView } from '@loopline/contracts/agent'
import type { TalkOrder } from '@loopline/contracts/voice-link'
import type { Identity } from '@loopline/http/identity-token'
import type { CampaignId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { readAgent } from './agent.sql.ts'
import { newAgent, NOT_TESTED, viewOf } from './agent-row.ts'
import type { AgentRow } from './agent-row.ts'
import { changeAgent } from './change-agent.ts'

export interface SignOnWish {
  pageId: string
  phone: 'browser' | 'desk'
  campaignIds: readonly string[]
}

/**
 * Begins a shift, or goes on with it from another page: the session and its call stay, and the page before is told by the
 * next version that the phone is no longer its own.
 */
export async function signOn(dialer: Dialer, { sub, name, teamId }: Identity, { pageId, phone, campaignIds }: SignOnWish): Promise<AgentView> {
  const agentId = sub as UserId
  const before = await ownRow(dialer, agentId, name, teamId as TeamId | null)
  const isOtherPhone = before.phone !== phone
  await changeAgent(dialer, agentId, (row) => ({ kind: 'sign-on', isOtherPhone: row.phone !== phone }), {
    fields: (row) => ({ pageId, phone, name, teamId: teamId as TeamId | null, campaignIds: campaignIds as CampaignId[], ...(row.phone === phone ? {} : { selfTest: NOT_TESTED }) }),
  })
  const orders: TalkOrder[] = [
    ...(isOtherPhone && before.session.leg !== 'down' ? [{ order: 'drop-leg' as const, agentId, reason: 'other-telephone' }] : []),
    ...(phone === 'desk' ? [{ order: 'call-desk' as const, agentId }] : []),
  ]
  if (orders.length > 0) dialer.voice.send({ type: 'talk', orders })
  // The telephone may have been there before its agent; what is known of another one says nothing of this.
  const changed = await changeAgent(dialer, agentId, (row) => (isOtherPhone || row.session.leg === 'down' ? { kind: 'leg', leg: dialer.legs.of(agentId, phone) } : null))
  return viewOf(changed.row as AgentRow)
}

/** The agent's own session; one who never signed on is offline. */
export async function ownSession(dialer: Dialer, { sub, name, teamId }: Identity): Promise<AgentView> {
  return viewOf(await ownRow(dialer, sub as UserId, name, teamId as TeamId | null))
}

async function ownRow(dialer: Dialer, agentId: UserId, name: string, teamId: TeamId | null): Promise<AgentRow> {
  const row = dialer.agents.get(agentId) ?? (await readAgent(dialer.db, agentId)) ?? newAgent(agentId, name, teamId, dialer.clock.now())
  dialer.agents.learn(row)
  return row
}

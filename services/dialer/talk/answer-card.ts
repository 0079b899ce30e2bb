import type { AgentView, SkipPreview } from '@loopline/contracts/agent'
import type { Identity } from '@loopline/http/identity-token'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { z } from 'zod'
import { viewOf } from '../agent/agent-row.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import { mustChange } from '../agent/wish.ts'
import { audited } from '../campaign/change-campaign.ts'
import { dialPromised } from '../attempt/dial-by-hand.ts'
import { findPerson } from '../audience/find-person.ts'
import { keepCallback } from '../callback/callback.sql.ts'
import type { Dialer } from '../dialer.ts'
import { again, decideEntry } from '../dialing/dial-loop.ts'
import { LinesNow } from '../dialing/lines-now.ts'
import { placeCalls } from '../dialing/place-calls.ts'
import { planFor } from '../dialing/plan-attempt.ts'
import { failed } from '../errors.ts'
import { holdEntries } from '../pool/claim.sql.ts'
import type { Card } from './cards.ts'

type SkipReason = z.infer<typeof SkipPreview>['reason']
type EntryCard = Extract<Card, { kind: 'entry' }>

const MINUTE_MS = 60_000
/** How long a skipped customer is left alone; null until somebody edits him. */
const SKIPPED_FOR_MS: Record<SkipReason, number | null> = { 'not-now': 30 * MINUTE_MS, other: 4 * 60 * MINUTE_MS, 'already-served': 24 * 60 * MINUTE_MS, 'wrong-person': null }

/** The agent's yes: decided anew, through the same gate and write-ahead as every call. */
export async function acceptCard(dialer: Dialer, identity: Identity, attemptId: AttemptId): Promise<AgentView> {
  const agent = ownCard(dialer, identity.sub as UserId, attemptId)
  const card = dialer.cards.take(attemptId)
  if (!card) throw failed('CARD_GONE')
  try {
    if (card.kind === 'entry') await dialEntry(dialer, agent, card, attemptId)
    else {
      await audited(dialer, identity, 'call:dial', card.callback.customerId, { attemptId, callbackId: card.callback.id })
      await dialPromised(dialer, agent, card.callback.customerId, { attemptId, callbackId: card.callback.id })
      await keepCallback(dialer.db, card.callback, attemptId)
    }
  } catch (error) {
    dialer.cards.add(attemptId, card)
    dialer.cards.giveBack(dialer, attemptId)
    await changeAgent(dialer, agent.agentId, { kind: 'card-gone', attemptId })
    throw error
  }
  return viewOf(dialer.agents.get(agent.agentId) as AgentRow)
}

/** The agent's no: the entry rests with his reason, a promised call comes back soon. */
export async function skipCard(dialer: Dialer, agentId: UserId, attemptId: AttemptId, reason: SkipReason): Promise<AgentView> {
  ownCard(dialer, agentId, attemptId)
  const changed = await changeAgent(dialer, agentId, { kind: 'card-gone', attemptId })
  const card = dialer.cards.get(attemptId)
  if (changed.ok && card?.kind === 'entry') await putAside(dialer, card, attemptId, reason)
  else dialer.cards.giveBack(dialer, attemptId)
  return viewOf(mustChange(changed))
}

function ownCard(dialer: Dialer, agentId: UserId, attemptId: AttemptId): AgentRow {
  const agent = dialer.agents.get(agentId)
  if (!agent) throw failed('AGENT_NOT_SIGNED_ON')
  if (agent.session.call?.phase !== 'preview' || agent.session.call.attemptId !== attemptId) throw failed('CARD_GONE')
  return agent
}

async function dialEntry(dialer: Dialer, agent: AgentRow, { campaign, customerId }: EntryCard, attemptId: AttemptId): Promise<void> {
  const entry = campaign.pool.takeShown(customerId)
  const person = await findPerson(dialer, customerId)
  if (!entry || !person) throw failed('CARD_GONE')
  if (dialer.voice.epoch === null) return failWith(campaign, entry, 'VOICE_AWAY')
  const lines = new LinesNow(dialer)
  const fresh = { ...entry, person }
  const verdict = decideEntry(dialer, campaign, fresh, lines)
  if (verdict.kind === 'no-line') return failWith(campaign, entry, 'NO_LINE', { reason: verdict.reason })
  if (verdict.kind === 'refused') {
    const until = verdict.until === null ? null : verdict.until - dialer.knowledge.calleeOffsetMs
    campaign.numbers.move('leased', 'waiting', (await holdEntries(dialer.db, [{ ...entry, reason: verdict.reason, until }])).length)
    throw failed('CALL_NOT_ALLOWED', { reasons: [{ reason: verdict.reason, until }] })
  }
  lines.take(verdict)
  campaign.inFlight += 1
  const { written } = await placeCalls(dialer, [{ ...planFor(dialer, campaign, fresh, verdict, agent), attemptId, decideAgain: again(dialer, campaign, fresh) }])
  if (written.length === 0) throw failed('CARD_GONE')
}

/** Puts the entry back under the card, from where the caller returns it. */
function failWith(campaign: EntryCard['campaign'], entry: Parameters<EntryCard['campaign']['pool']['show']>[0], code: 'VOICE_AWAY' | 'NO_LINE', details?: unknown): never {
  campaign.pool.show(entry)
  throw failed(code, details)
}

async function putAside(dialer: Dialer, { campaign, customerId }: EntryCard, attemptId: AttemptId, reason: SkipReason): Promise<void> {
  dialer.cards.take(attemptId)
  const entry = campaign.pool.takeShown(customerId)
  if (!entry) return
  const restMs = SKIPPED_FOR_MS[reason]
  const until = restMs === null ? null : dialer.clock.now() + restMs
  campaign.numbers.move('leased', 'waiting', (await holdEntries(dialer.db, [{ ...entry, reason: `skipped-${reason}`, until }])).length)
}

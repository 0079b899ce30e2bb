import type { RestState } from '@loopline/agent-state/session'
import { failed as commonly } from '@loopline/http/coded-error'
import type { AgentView } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'
import { audited } from '../campaign/change-campaign.ts'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { testOf, viewOf } from './agent-row.ts'
import type { AgentRow } from './agent-row.ts'
import { changeAgent } from './change-agent.ts'
import type { Beside, Changed, Wanted } from './change-agent.ts'
import { maySeeAgent } from './list-agents.ts'

export interface StateWish {
  state: RestState
  reason?: string | undefined
  version?: number | undefined
}

/** Ready, a break, or home: at once, or as soon as the call and its notes are over. */
export async function wishState(dialer: Dialer, agentId: UserId, { state, reason, version }: StateWish): Promise<AgentView> {
  return viewOf(mustChange(await changeAgent(dialer, agentId, (row) => {
    if (version !== undefined && version !== row.version) throw commonly('VERSION_CONFLICT', { current: viewOf(row) })
    return { kind: 'wish', rest: { to: state, reason: state === 'paused' ? (reason ?? 'other') : null } }
  }, { fields: { said: null } })))
}

export async function extendWrapUp(dialer: Dialer, agentId: UserId, seconds: number): Promise<AgentView> {
  return viewOf(mustChange(await changeAgent(dialer, agentId, { kind: 'extend', ms: seconds * 1_000 })))
}

/** Frees a session that is stuck, whatever it believes. Audited first; its call, if it still has one, is ended. */
export async function forceAgent(dialer: Dialer, actor: Actor, agentId: UserId, { state, reason }: { state: RestState; reason: string }): Promise<AgentView> {
  const row = dialer.agents.get(agentId)
  if (!row || !maySeeAgent(actor, row)) throw failed('AGENT_NOT_FOUND')
  if (state === 'ready' && !row.session.isTested) throw untested(row)
  await audited(dialer, actor.identity, 'agent:force', agentId, { from: row.session.state, to: state, reason, attemptId: row.session.call?.attemptId ?? null })
  return viewOf(mustChange(await changeAgent(dialer, agentId, { kind: 'forced', to: state }, { fields: { said: reason } })))
}

/** The row after a change. @throws what the refusal means to the person who asked */
export function mustChange(changed: Changed): AgentRow {
  if (changed.ok) return changed.row
  if (changed.refused === 'not-signed-on' || changed.row?.session.state === 'offline') throw failed('AGENT_NOT_SIGNED_ON')
  if (changed.refused === 'leg-down') throw failed('AGENT_LEG_DOWN')
  if (changed.refused === 'untested' && changed.row) throw untested(changed.row)
  throw failed('AGENT_STATE_WRONG', { current: changed.row && viewOf(changed.row) })
}

/** Why somebody may not be ready whose telephone was not found good. */
function untested(row: AgentRow): Error {
  const { state, faults } = testOf(row)
  return state === 'failed' ? failed('SELF_TEST_FAILED', { faults }) : failed('SELF_TEST_MISSING', { state })
}

export const changeOrFail = async (dialer: Dialer, agentId: UserId, input: Wanted | ((row: AgentRow) => Wanted | null), beside?: Beside): Promise<AgentRow> =>
  mustChange(await changeAgent(dialer, agentId, input, beside))

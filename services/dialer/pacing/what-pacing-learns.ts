import type { PacingEvent } from '@loopline/pacing/pacing-memory'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { AgentRow } from '../agent/agent-row.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'

/** Said by the network before a phone could ring; or by nobody at all. */
const NEVER_RANG: ReadonlySet<Outcome> = new Set<Outcome>(['line-failed', 'unreachable'])
/** Says nothing of the phone: ours to have ended, or hidden by a crash. */
const OURS: ReadonlySet<Outcome> = new Set<Outcome>(['cancelled', 'unknown', 'blocked'])

/** What the end of a call teaches. An answer was told when it came; one whose news was lost is made good here. */
export function learntFromEnd(attempt: OpenAttempt, { outcome, answeredAt, endedAt }: EndedAttempt): PacingEvent[] {
  const since = (instant: number): number => Math.max(0, instant - attempt.startedAt)
  if (answeredAt !== null) {
    const answer: PacingEvent[] = attempt.answeredAt === undefined ? [{ kind: 'answered', ageMs: since(answeredAt) }] : []
    return outcome === 'abandoned' ? [...answer, { kind: 'abandoned' }] : answer
  }
  if (attempt.isGivenUp || OURS.has(outcome)) return [{ kind: 'cancelled' }]
  return [{ kind: NEVER_RANG.has(outcome) ? 'failed' : 'unanswered', ageMs: since(endedAt) }]
}

/** What one change of a session teaches those whom it concerned: the campaign of the call, or for a pause all that he serves. */
export function learntFromAgent(before: AgentRow, after: AgentRow): { campaignIds: readonly string[]; event: PacingEvent }[] {
  const was = before.session, is = after.session
  const campaignIds = before.served?.campaignId ? [before.served.campaignId] : []
  const to = is.state === 'ready' ? 'idle' : 'away'
  const lastedMs = Math.max(0, is.since - was.since)
  if (was.state === 'paused' && is.state === 'ready') return [{ campaignIds: after.campaignIds, event: { kind: 'pause-ended', pauseMs: lastedMs } }]
  if (was.state === 'wrap-up') return is.state === 'wrap-up' || isBusy(after) ? [] : [{ campaignIds, event: { kind: 'wrap-ended', wrapMs: lastedMs, to } }]
  const connectedAt = was.call?.connectedAt ?? null
  if (!isTalking(before) || isBusy(after) || connectedAt === null) return []
  const talk = { campaignIds, event: { kind: 'talk-ended', talkMs: Math.max(0, is.since - connectedAt) } } as const
  // Without a time for notes the wrap-up took none, and that is known as well.
  return is.state === 'wrap-up' ? [talk] : [talk, { campaignIds, event: { kind: 'wrap-ended', wrapMs: 0, to } }]
}

const isTalking = ({ session: { state } }: AgentRow): boolean => state === 'talking' || state === 'on-hold'
const isBusy = (row: AgentRow): boolean => isTalking(row) || row.session.state === 'reserved' || row.session.state === 'ringing'

import type { Outcome } from '@loopline/vocabulary/outcome'
import { neverLeft } from '@loopline/contracts/call-event'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { CustomerRow } from '../customer/customer-row.ts'

/** What a call leaves on the customer's row. */
export type CallFacts = Pick<CustomerRow, 'lastOutcome' | 'lastCalledAt' | 'lastFollowUpAt' | 'noAnswerStreak' | 'rejectedCount' | 'attemptCount'>

/** These never got as far as the person. */
const NO_CONTACT: ReadonlySet<Outcome> = new Set<Outcome>(['blocked', 'line-failed'])
/** The person could have answered and did not. */
const NOBODY_ANSWERED: ReadonlySet<Outcome> = new Set<Outcome>(['no-answer', 'busy', 'powered-off', 'unreachable', 'machine'])

/** Whether a call says something about the person: the others stand on the timeline and leave the record alone. */
function isContact(call: Pick<CallEnded, 'outcome' | 'outcomeReason'>): boolean {
  return !NO_CONTACT.has(call.outcome) && !neverLeft(call)
}

/**
 * The customer's call facts after one more call, or null when it changes none. A call that is told late still counts,
 * but does not replace a later one as the last.
 */
export function applyCall(before: CallFacts, call: Pick<CallEnded, 'outcome' | 'outcomeReason' | 'startedAt' | 'endedAt' | 'direction'>): CallFacts | null {
  if (call.direction === 'inbound') return applyInbound(before, call)
  if (!isContact(call)) return null
  const { outcome } = call
  const isLast = before.lastCalledAt === null || call.startedAt >= before.lastCalledAt.getTime()
  const counted = { ...before, attemptCount: before.attemptCount + 1 }
  if (isLast) {
    counted.lastOutcome = outcome
    counted.lastCalledAt = new Date(call.startedAt)
  }
  if (outcome === 'connected') return { ...counted, lastFollowUpAt: later(before.lastFollowUpAt, call.endedAt), noAnswerStreak: 0, rejectedCount: 0 }
  if (outcome === 'rejected') return { ...counted, rejectedCount: before.rejectedCount + 1 }
  if (NOBODY_ANSWERED.has(outcome)) return { ...counted, noAnswerStreak: before.noAnswerStreak + 1 }
  return counted
}

/** Whoever called us was reached, if we spoke: no attempt of ours is counted. A call that we missed stands on the timeline. */
function applyInbound(before: CallFacts, { outcome, endedAt }: Pick<CallEnded, 'outcome' | 'endedAt'>): CallFacts | null {
  if (outcome !== 'connected') return null
  return { ...before, lastOutcome: 'connected', lastFollowUpAt: later(before.lastFollowUpAt, endedAt), noAnswerStreak: 0, rejectedCount: 0 }
}

function later(known: Date | null, unixMs: number): Date {
  return known !== null && known.getTime() > unixMs ? known : new Date(unixMs)
}

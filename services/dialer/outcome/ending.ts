import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { neverLeft } from '@loopline/contracts/call-event'
import type { CallEvidence, EndedLeg, NeverLeftReason } from '@loopline/contracts/call-event'
import type { CallResult, Refusal } from '@loopline/contracts/voice-link'
import { mayFailOver } from '@loopline/routing/fail-over'
import { outcomeOf } from '@loopline/outcome/outcome-of'
import type { OutcomeReason } from '@loopline/outcome/reasons'
import { isInbound, judgeInbound } from '../inbound/inbound-outcome.ts'
import type { LineBoard } from '../line/line-board.ts'
import type { InvalidSightings } from '../audience/person.sql.ts'
import type { EndedAttempt } from './outcome.sql.ts'
import type { OpenAttempt } from './open-attempt.ts'

/** How an attempt came to its end, as it is told to the desk of outcomes. */
export type Ending =
  | { kind: 'result'; attemptId: AttemptId; result: CallResult; leg?: number | undefined }
  /** No INVITE left for it: voice refused the command, or never saw it. */
  | { kind: 'never-sent'; attemptId: AttemptId; at: number; refusal: Refusal | 'never-sent'; leg?: number | undefined }
  /** Voice's machine was restarted and its journal may lack the call: somebody may have been called. */
  | { kind: 'hidden'; attemptId: AttemptId; at: number }

/** The leg that it speaks of; one that a crash hid is the one at hand. */
export const legOf = (ending: Ending): number => (ending.kind === 'hidden' ? Infinity : (ending.leg ?? 1))

/** An ending with its meaning. Judged once: judging also moves the line's window. */
export interface Judged {
  ending: Ending
  attempt: OpenAttempt
  ended: EndedAttempt
  sighting: boolean
}

const NO_EVIDENCE: CallEvidence = { sipStatus: null, q850: null, reasonText: null, earlyMedia: false, announcement: null, endedBy: 'us' }

/** What the evidence means, by engines/outcome, with what the line is worth now. `held`: see LineBoard.judge. */
export function judge(ending: Ending, attempt: OpenAttempt, lines: LineBoard): { judged: Judged; held: readonly string[] } {
  if (isInbound(attempt)) return { judged: judgeInbound(ending, attempt), held: [] }
  const back = attempt.legs.at(-1)
  if (ending.kind === 'never-sent' && back) return { judged: asLegBefore(ending, attempt, back), held: [] }
  if (ending.kind !== 'result') return { judged: withoutResult(ending, attempt), held: [] }
  const { result } = ending
  const lineId = attempt.lineId ?? ''
  const verdict = outcomeOf(result.evidence, result, {
    lineId, day: attempt.attemptDay, line: lines.get(attempt.lineId)?.verdict.state ?? 'unproven',
    priorInvalidEvidence: sightingsOf(attempt.person?.invalidSightings ?? null, attempt.phoneId),
  })
  weighLine(lines, attempt.lineId, result, verdict)
  const held = attempt.lineId === null ? [] : lines.judge(attempt.lineId, { id: attempt.attemptId, reason: verdict.reason })
  const judged = { ending, attempt, sighting: verdict.sighting, ended: endedBy(attempt, result, verdict) }
  return { judged, held }
}

/** What this end says of the line itself: who rang was counted when he rang. */
function weighLine(lines: LineBoard, lineId: OpenAttempt['lineId'], { evidence, ringingAt, answeredAt }: CallResult, { outcome, reason }: { outcome: Outcome; reason: OutcomeReason }): void {
  if (mayFailOver({ ...evidence, rang: ringingAt !== null, answered: answeredAt !== null })) lines.failed(lineId, evidence.sipStatus === null ? reason : `${reason}: ${evidence.sipStatus}`)
  else if (ringingAt === null && answeredAt === null && (outcome === 'busy' || outcome === 'rejected')) lines.works(lineId)
}

/**
 * Whether an attempt gives its place in the day's cap back: its INVITE never left, or it failed on the line before any
 * phone rang. Everything else may have rung: one we cancelled after its INVITE, one whose end a crash hid (P1).
 */
export function nobodyWasCalled({ outcome, outcomeReason, ringingAt, answeredAt }: Pick<EndedAttempt, 'outcome' | 'outcomeReason' | 'ringingAt' | 'answeredAt'>): boolean {
  return neverLeft({ outcome, outcomeReason }) || (outcome === 'line-failed' && ringingAt === null && answeredAt === null)
}

/** No INVITE left for this leg, so the attempt ended with the one before it, which its line has been judged by. */
function asLegBefore({ attemptId }: Ending, attempt: OpenAttempt, back: EndedLeg): Judged {
  const { result, outcome, outcomeReason, conclusive } = back
  const { startedAt, ringingAt, answeredAt, endedAt, evidence, finalAfterMs, retransmissions } = result
  return {
    ending: { kind: 'result', attemptId, result }, attempt, sighting: false,
    ended: { customerId: attempt.customerId, attemptId, startedAt, ringingAt, answeredAt, endedAt, evidence, finalAfterMs, retransmissions, outcome, outcomeReason, conclusive, back },
  }
}

/** The line that carried it turned out to be broken within the same batch. */
export function asLineFailed(judged: Judged): Judged {
  return { ...judged, sighting: false, ended: { ...judged.ended, outcome: 'line-failed', outcomeReason: 'line-suspect', conclusive: true } }
}

function endedBy(attempt: OpenAttempt, result: CallResult, verdict: { outcome: Outcome; reason: OutcomeReason; conclusive: boolean }): EndedAttempt {
  const { startedAt, ringingAt, answeredAt, endedAt, evidence, finalAfterMs, retransmissions, talk } = result
  return {
    customerId: attempt.customerId, attemptId: attempt.attemptId, startedAt, ringingAt, answeredAt, endedAt, evidence, finalAfterMs, retransmissions,
    outcome: verdict.outcome, outcomeReason: verdict.reason, conclusive: verdict.conclusive, ...(talk && { talk }),
  }
}

function withoutResult(ending: Exclude<Ending, { kind: 'result' }>, attempt: OpenAttempt): Judged {
  const { customerId, attemptId, startedAt } = attempt
  const meaning = ending.kind === 'hidden'
    ? { outcome: 'unknown' as const, outcomeReason: 'crash-hid-the-end', evidence: { ...NO_EVIDENCE, endedBy: 'crash' as const } }
    : { outcome: 'cancelled' as const, outcomeReason: neverLeftReason(ending.refusal), evidence: NO_EVIDENCE }
  return {
    ending, attempt, sighting: false,
    ended: { customerId, attemptId, startedAt, ringingAt: null, answeredAt: null, endedAt: ending.at, conclusive: true, finalAfterMs: null, retransmissions: 0, ...meaning },
  }
}

const neverLeftReason = (refusal: Refusal | 'never-sent'): NeverLeftReason => (refusal === 'never-sent' ? refusal : `refused-${refusal}`)

const sightingsOf = (known: InvalidSightings | null, phoneId: string): { lineId: string; day: string }[] => known?.[phoneId] ?? []

import { assert } from '@loopline/vocabulary/assert'
import type { Evidence, LineContext, OutcomeVerdict, Timing } from './evidence.ts'
import { OUTCOME_TABLE, seenIn } from './outcome-table.ts'
import type { OutcomeRow } from './outcome-table.ts'
import type { OutcomeReason } from './reasons.ts'

/** Answers that a broken line gives to everybody: on a tripped line they say nothing about the number. */
const SAYS_NUMBER_IS_WRONG: ReadonlySet<OutcomeReason> = new Set<OutcomeReason>([
  'number-may-be-invalid', 'unallocated-number', 'number-changed', 'number-incomplete',
])

/**
 * The one outcome of an attempt, with its ground. The table reads the evidence; this function weighs what it says about
 * the number itself: a 404 or 604 is unreachable until it is seen again on another line or another day, and nothing
 * that a tripped line says about a number counts.
 */
export function outcomeOf(evidence: Evidence, timing: Timing, context: LineContext): OutcomeVerdict {
  const row = rowFor(evidence, timing)
  const { outcome, reason } = row
  if (context.line === 'tripped' && SAYS_NUMBER_IS_WRONG.has(reason)) {
    return { outcome: 'line-failed', reason: 'line-suspect', conclusive: true, sighting: false }
  }
  if (reason !== 'number-may-be-invalid') return { outcome, reason, conclusive: true, sighting: false }
  if (context.line === 'proven' && seenElsewhere(context)) {
    return { outcome: 'invalid-number', reason: 'number-not-found-twice', conclusive: true, sighting: true }
  }
  return { outcome, reason, conclusive: false, sighting: context.line === 'proven' }
}

/** The row that decides, for the console's "why this outcome?" with its source. */
export function rowFor(evidence: Evidence, timing: Timing): OutcomeRow {
  const seen = seenIn(evidence, timing)
  const row = OUTCOME_TABLE.find((candidate) => candidate.when(seen))
  assert(row !== undefined, 'the last row of the outcome table fits everything')
  return row
}

const seenElsewhere = (context: LineContext): boolean =>
  context.priorInvalidEvidence.some((sighting) => sighting.lineId !== context.lineId || sighting.day !== context.day)

import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** One person is called once at a time, whoever calls; the end of that call, not a clock, lifts this. */
export function noOpenAttempt(facts: DialFacts): Refusal | null {
  if (facts.attemptOpen === undefined) return untilEdited('facts-missing')
  return facts.attemptOpen ? untilEdited('attempt-open') : null
}

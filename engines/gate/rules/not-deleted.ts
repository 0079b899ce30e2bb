import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** A deleted customer is in the dial list only until the event that removes it arrives. */
export function notDeleted(facts: DialFacts): Refusal | null {
  if (facts.deleted === undefined) return untilEdited('facts-missing')
  return facts.deleted ? untilEdited('deleted') : null
}

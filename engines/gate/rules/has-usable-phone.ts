import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** An invalid number stays in the record but is never dialled again; without another one there is nothing to call. */
export function hasUsablePhone(facts: DialFacts): Refusal | null {
  if (facts.usablePhones === undefined) return untilEdited('facts-missing')
  return facts.usablePhones > 0 ? null : untilEdited('no-usable-phone')
}

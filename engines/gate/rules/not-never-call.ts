import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** "Stop at once on refusal" (消费者权益保护法实施条例 art. 24): the flag outranks every consent. */
export function notNeverCall(facts: DialFacts): Refusal | null {
  if (facts.neverCall === undefined) return untilEdited('facts-missing')
  return facts.neverCall ? untilEdited('never-call') : null
}

import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** Our own do-not-call list and the campaign's: a person who refused at one number is not called at another. */
export function notOnStopList({ onStopList }: DialFacts): Refusal | null {
  if (onStopList === undefined) return untilEdited('facts-missing')
  return onStopList ? untilEdited('do-not-call') : null
}

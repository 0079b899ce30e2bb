import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** A public registry is kept by number: another number of the person may be called, a registered one may not. */
export function notOnRegistry({ usablePhones, registeredPhones }: DialFacts): Refusal | null {
  if (usablePhones === undefined || registeredPhones === undefined) return untilEdited('facts-missing')
  return registeredPhones > 0 && registeredPhones >= usablePhones ? untilEdited('on-registry') : null
}

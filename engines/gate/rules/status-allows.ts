import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** `invalid` is dialled by nobody; `lost` by no campaign, while a seller may still try by hand. */
export function statusAllows(facts: DialFacts): Refusal | null {
  switch (facts.status) {
    case 'new': case 'following': case 'interested': case 'won': return null
    case 'invalid': return untilEdited('status-invalid')
    case 'lost': return facts.origin?.kind === 'manual' ? null : untilEdited('status-lost')
    default: return untilEdited('facts-missing')
  }
}

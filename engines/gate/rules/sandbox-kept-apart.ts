import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** A synthetic person may carry a real stranger's number: only sandbox lines call them, and those call nobody else. */
export function sandboxKeptApart(facts: DialFacts): Refusal | null {
  if (facts.sandbox === undefined || facts.lineSandbox === undefined) return untilEdited('facts-missing')
  return facts.sandbox === facts.lineSandbox ? null : untilEdited('sandbox-mismatch')
}

import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** A carrier's contract names what its line may be used for, and where it may call. */
export function linePermits(facts: DialFacts): Refusal | null {
  if (facts.linePermits === undefined) return untilEdited('facts-missing')
  return facts.linePermits ? null : untilEdited('line-not-permitted')
}

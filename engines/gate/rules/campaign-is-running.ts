import { untilEdited } from '../facts.ts'
import type { DialFacts, Refusal } from '../facts.ts'

/** A paused or stopped campaign places no call, even from the ready pool; a call by hand has no campaign. */
export function campaignIsRunning({ origin }: DialFacts): Refusal | null {
  if (origin === undefined) return untilEdited('facts-missing')
  if (origin.kind === 'manual') return null
  return origin.running === true ? null : untilEdited('campaign-not-running')
}

import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Refusal } from '../facts.ts'

/** A pause (rejected three times, say) ends by itself. */
export function followUpNotPaused(facts: DialFacts, moment: Moment): Refusal | null {
  const until = facts.followUpPausedUntil
  if (until === undefined) return untilEdited('facts-missing')
  return until === null || until <= moment.instant ? null : { reason: 'follow-up-paused', retryAt: until }
}

import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Refusal } from '../facts.ts'

/** Attempts to the person on the callee's day, whoever made them; the next local midnight sets the count back. */
export function underAttemptCap(facts: DialFacts, moment: Moment): Refusal | null {
  if (facts.attemptsToday === undefined) return untilEdited('facts-missing')
  if (facts.attemptsToday < moment.pack.attemptsPerDayMax) return null
  const zone = facts.timeZone ?? null
  return { reason: 'attempts-per-day', retryAt: zone === null ? null : moment.zones.nextDay(zone, moment.instant) }
}

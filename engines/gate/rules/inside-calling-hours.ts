import { narrow } from '../calling-hours.ts'
import type { CallingHours } from '../calling-hours.ts'
import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Origin, Refusal } from '../facts.ts'

/** The law pack's hours and the campaign's, both by the callee's wall clock; an unknown zone blocks. */
export function insideCallingHours(facts: DialFacts, moment: Moment): Refusal | null {
  const { instant, pack, zones } = moment
  const own = ownHours(facts.origin)
  if (own === null) return untilEdited('facts-missing')
  const zone = facts.timeZone ?? null
  if (zone === null) return untilEdited('time-zone-unknown')
  const insideLaw = zones.isInside(zone, pack.hours, instant)
  if (insideLaw === null) return untilEdited('time-zone-unknown')
  if (insideLaw && (own === 'any' || zones.isInside(zone, own, instant) === true)) return null
  return { reason: 'outside-hours', retryAt: zones.nextInside(zone, own === 'any' ? pack.hours : narrow(pack.hours, own), instant) }
}

/** The campaign's own hours; `any` for a call by hand, null when they are not known. */
function ownHours(origin: Origin | undefined): CallingHours | 'any' | null {
  if (origin === undefined) return null
  return origin.kind === 'manual' ? 'any' : (origin.hours ?? null)
}

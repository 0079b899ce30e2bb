import type { CallingHours } from '../calling-hours.ts'
import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Origin, Refusal } from '../facts.ts'
import { isOpen, nextOpen } from '../open-hours.ts'

/** The law pack's hours and days and the campaign's hours, all by the callee's wall clock; an unknown zone blocks. */
export function insideCallingHours(facts: DialFacts, moment: Moment): Refusal | null {
  const { instant, pack, zones } = moment
  const own = ownHours(facts.origin)
  if (own === null) return untilEdited('facts-missing')
  const zone = facts.timeZone ?? null
  if (zone === null) return untilEdited('time-zone-unknown')
  const open = isOpen(pack, own, { zones, zone, instant })
  if (open === null) return untilEdited('time-zone-unknown')
  return open ? null : { reason: 'outside-hours', retryAt: nextOpen(pack, own, { zones, zone, from: instant }) }
}

/** The campaign's own hours; `any` for a call by hand, null when they are not known. */
function ownHours(origin: Origin | undefined): CallingHours | 'any' | null {
  if (origin === undefined) return null
  return origin.kind === 'manual' ? 'any' : (origin.hours ?? null)
}

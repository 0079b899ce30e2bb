import { isInside, narrow } from './calling-hours.ts'
import type { CallingHours } from './calling-hours.ts'
import { dayName } from './day-name.ts'
import type { LawPack, SpecialDays } from './law-pack.ts'
import type { ZoneClock } from './zone-clock.ts'

/** Longer than a year of holidays in a row: who finds no hour until then has none. */
const DAYS_AHEAD_MAX = 400

type Calendar = Pick<LawPack, 'hours' | 'specialDays'>

/** Hours of one day of the callee, counted from 1970-01-01 by his calendar: the usual ones and each special day's, together. */
export function hoursOn({ hours, specialDays }: Calendar, dayNumber: number): CallingHours {
  return specialDays.reduce((left, special) => (isOn(special, dayNumber) ? narrow(left, special.hours) : left), hours)
}

/** 1970-01-01 was a Thursday, ISO weekday 4. */
const weekdayOf = (dayNumber: number): number => ((((dayNumber + 3) % 7) + 7) % 7) + 1

function isOn({ weekdays, dates }: SpecialDays, dayNumber: number): boolean {
  return weekdays.includes(weekdayOf(dayNumber)) || (dates.length > 0 && dates.includes(dayName(dayNumber)))
}

/** Whether a call may start at this instant by the callee's clock and calendar; null for a zone that does not exist. */
export function isOpen(calendar: Calendar, own: CallingHours | 'any', { zones, zone, instant }: { zones: ZoneClock; zone: string; instant: number }): boolean | null {
  if (calendar.specialDays.length === 0) {
    const inside = zones.isInside(zone, calendar.hours, instant)
    return inside === true && own !== 'any' ? zones.isInside(zone, own, instant) : inside
  }
  const local = zones.localDay(zone, instant)
  return local === null ? null : isInside(both(hoursOn(calendar, local.dayNumber), own), local.minutesOfDay)
}

/** First instant at or after `from` at which a call may start; null when there is none, or no such zone. */
export function nextOpen(calendar: Calendar, own: CallingHours | 'any', { zones, zone, from }: { zones: ZoneClock; zone: string; from: number }): number | null {
  if (calendar.specialDays.length === 0) return zones.nextInside(zone, both(calendar.hours, own), from)
  let instant = from
  for (let days = 0; days < DAYS_AHEAD_MAX; days += 1) {
    const today = zones.localDay(zone, instant)
    if (today === null) return null
    const open = zones.nextInside(zone, both(hoursOn(calendar, today.dayNumber), own), instant)
    if (open !== null && zones.localDay(zone, open)?.dayNumber === today.dayNumber) return open
    const tomorrow = zones.nextDay(zone, instant)
    if (tomorrow === null) return null
    instant = tomorrow
  }
  return null
}

const both = (law: CallingHours, own: CallingHours | 'any'): CallingHours => (own === 'any' ? law : narrow(law, own))

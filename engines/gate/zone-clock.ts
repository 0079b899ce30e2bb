import { MINUTES_PER_DAY, isInside, minutesUntilInside } from './calling-hours.ts'
import type { CallingHours } from './calling-hours.ts'
import { dayName } from './day-name.ts'

/** Wall clock of the callee: the local day, "2026-11-22", and minutes since its midnight, 0..1439. */
export interface LocalTime {
  readonly day: string
  readonly minutesOfDay: number
}

const MINUTE_MS = 60_000
/** No zone in use changes its offset but at a quarter of an hour in UTC, so within one slot the offset is constant. */
const SLOT_MS = 15 * MINUTE_MS
/** Two days hold every wait for an hour that comes daily, with a clock change in between. */
const SLOTS_AHEAD_MAX = (2 * 24 * 60) / 15
const ZONES_MAX = 1_000
const SLOTS_PER_ZONE_MAX = 1_024

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** Slot number → offset from UTC in ms. */
  readonly offsets: Map<number, number>
}

/**
 * Local time anywhere, from the time-zone data that the JavaScript engine carries. The answer depends on the arguments
 * only; the object exists to remember offsets, because one look-up costs 2–4 µs and the gate asks a thousand times a second.
 */
export class ZoneClock {
  readonly #zones = new Map<string, Zone | null>()

  /** Null for a zone that does not exist. */
  localTime(zone: string, instant: number): LocalTime | null {
    const offset = this.#offset(zone, instant)
    if (offset === null) return null
    return { day: dayName(dayNumber(instant + offset)), minutesOfDay: minuteOf(instant + offset) }
  }

  /** The same with the day counted from 1970-01-01 by the callee's calendar. */
  localDay(zone: string, instant: number): { dayNumber: number; minutesOfDay: number } | null {
    const offset = this.#offset(zone, instant)
    return offset === null ? null : { dayNumber: dayNumber(instant + offset), minutesOfDay: minuteOf(instant + offset) }
  }

  /** Whether the local minute lies in the hours; null for a zone that does not exist. */
  isInside(zone: string, hours: CallingHours, instant: number): boolean | null {
    const offset = this.#offset(zone, instant)
    return offset === null ? null : isInside(hours, minuteOf(instant + offset))
  }

  /**
   * First instant at or after `from` that lies in the hours, also across a clock change (DST); null when the zone does
   * not exist or there are no hours at all.
   */
  nextInside(zone: string, hours: CallingHours, from: number): number | null {
    return this.#next(zone, from, (local) => minutesUntilInside(hours, minuteOf(local)))
  }

  /** First instant of the callee's next day, also where the clock changes at midnight; null for an unknown zone. */
  nextDay(zone: string, from: number): number | null {
    const offset = this.#offset(zone, from)
    if (offset === null) return null
    const today = dayNumber(from + offset)
    return this.#next(zone, from, (local) => (dayNumber(local) > today ? 0 : MINUTES_PER_DAY - minuteOf(local)))
  }

  /** Walks to the first instant where `minutesToGo(local ms)` is 0; one step unless the offset changes on the way. */
  #next(zone: string, from: number, minutesToGo: (local: number) => number | null): number | null {
    let instant = from
    for (let slots = 0; slots <= SLOTS_AHEAD_MAX; slots += 1) {
      const offset = this.#offset(zone, instant)
      if (offset === null) return null
      const wait = minutesToGo(instant + offset)
      if (wait === null || wait === 0) return wait === null ? null : instant
      const target = startOfMinute(instant) + wait * MINUTE_MS
      if (this.#offset(zone, target) === offset && this.#offset(zone, midway(instant, target)) === offset) return target
      // The clock changes on the way: the wait holds only to the end of this slot.
      instant = Math.min(target, (Math.floor(instant / SLOT_MS) + 1) * SLOT_MS)
    }
    return null
  }

  #offset(zone: string, instant: number): number | null {
    let known = this.#zones.get(zone)
    if (known === undefined) {
      if (this.#zones.size >= ZONES_MAX) this.#zones.clear()
      known = openZone(zone)
      this.#zones.set(zone, known)
    }
    if (known === null) return null
    const slot = Math.floor(instant / SLOT_MS)
    const cached = known.offsets.get(slot)
    if (cached !== undefined) return cached
    if (known.offsets.size >= SLOTS_PER_ZONE_MAX) known.offsets.clear()
    const offset = offsetAt(known.format, slot * SLOT_MS)
    known.offsets.set(slot, offset)
    return offset
  }
}

function openZone(zone: string): Zone | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', calendar: 'gregory',
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    })
    return { format, offsets: new Map() }
  } catch {
    return null // RangeError: no such zone
  }
}

function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant
}

const startOfMinute = (instant: number): number => Math.floor(instant / MINUTE_MS) * MINUTE_MS
const midway = (from: number, to: number): number => Math.floor((from + to) / 2)
const dayNumber = (local: number): number => Math.floor(local / (MINUTES_PER_DAY * MINUTE_MS))
const minuteOf = (local: number): number => Math.floor(local / MINUTE_MS) - dayNumber(local) * MINUTES_PER_DAY

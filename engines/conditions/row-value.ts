import { DAY_MS } from './condition.ts'

/** A row of facts: a customer as it travels in events, or with Dates as the database driver gives it. */
export type Row = object

/** How far a zone's wall clock is ahead of UTC at an instant, in ms; passed in, since engines know no time-zone tables. */
export type ZoneOffset = (zone: string, unixMs: number) => number

/** The value of a field in a row; absent and null are the same. */
export function valueOf(row: Row, name: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[name] ?? null
}

/** An instant of a row in ms since 1970, from a number, a Date or an ISO text; NaN when it is none of these. */
export function instantOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (value instanceof Date) return value.getTime()
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}

/** The local calendar day of an instant, counted from 1970-01-01. */
export function localDay(unixMs: number, zone: string, offset: ZoneOffset): number {
  return Math.floor((unixMs + offset(zone, unixMs)) / DAY_MS)
}

/**
 * An instant after `now` at which the local day may turn; never later than it does. Clocks that are put forward or back
 * around midnight make the two guesses differ, and the earlier one is safe.
 */
export function nextMidnight(now: number, zone: string, offset: ZoneOffset): number {
  const wallClock = (localDay(now, zone, offset) + 1) * DAY_MS
  const first = wallClock - offset(zone, now)
  const second = wallClock - offset(zone, first)
  return second > now ? Math.min(first, second) : first
}

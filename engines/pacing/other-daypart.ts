/** A stretch of the callee's day, minutes since local midnight, as in engines/gate. */
export interface Daypart {
  readonly name: 'morning' | 'midday' | 'afternoon' | 'evening'
  readonly fromMinute: number
  readonly toMinute: number
}

/** Parts in which the same person is likely in a different place. Before 08:00 and after 21:00 the gate says no anyway. */
export const DAYPARTS: readonly Daypart[] = [
  { name: 'morning', fromMinute: 0, toMinute: 11 * 60 + 30 },
  { name: 'midday', fromMinute: 11 * 60 + 30, toMinute: 14 * 60 },
  { name: 'afternoon', fromMinute: 14 * 60, toMinute: 18 * 60 },
  { name: 'evening', fromMinute: 18 * 60, toMinute: 24 * 60 },
]

/** The callee's clock; `ZoneClock` of engines/gate bound to a zone and its allowed hours fits. Unknown zone: null. */
export interface CalleeClock {
  minutesOfDay(instant: number): number | null
  /** First instant at or after `from` inside both the allowed hours and the window. */
  nextInside(window: { readonly fromMinute: number; readonly toMinute: number }, from: number): number | null
}

/**
 * The first instant at or after `from` in a part of the callee's day where no try was made yet, else in any part but
 * the last try's. `triedAt`: unix ms of earlier tries, newest last. Null when the clock cannot tell.
 */
export function inOtherDaypart(from: number, triedAt: readonly number[], clock: CalleeClock): number | null {
  const tried = triedAt.map((instant) => daypartAt(clock.minutesOfDay(instant)))
  const last = tried.at(-1)
  const untried = DAYPARTS.filter((part) => !tried.includes(part.name))
  return earliest(from, untried, clock) ?? earliest(from, DAYPARTS.filter((part) => part.name !== last), clock)
}

function earliest(from: number, parts: readonly Daypart[], clock: CalleeClock): number | null {
  const found = parts.map((part) => clock.nextInside(part, from)).filter((instant) => instant !== null)
  return found.length === 0 ? null : Math.min(...found)
}

function daypartAt(minute: number | null): Daypart['name'] | null {
  if (minute === null) return null
  return DAYPARTS.find((part) => minute >= part.fromMinute && minute < part.toMinute)?.name ?? null
}

import { assert } from '@loopline/vocabulary/assert'

/** A stretch of the callee's day in minutes since local midnight: `fromMinute` allowed, `toMinute` (≤ 1,440) not. */
export interface HourWindow {
  readonly fromMinute: number
  readonly toMinute: number
}

/** Windows of the day in which calls may start; several leave out, say, the midday rest. None: never. */
export type CallingHours = readonly HourWindow[]

export const MINUTES_PER_DAY = 1_440
export const ALL_DAY: CallingHours = [{ fromMinute: 0, toMinute: MINUTES_PER_DAY }]

export function isInside(hours: CallingHours, minuteOfDay: number): boolean {
  return hours.some((window) => minuteOfDay >= window.fromMinute && minuteOfDay < window.toMinute)
}

/** The windows in which both allow a call. */
export function narrow(hours: CallingHours, by: CallingHours): CallingHours {
  return hours.flatMap((one) => by.map((other) => overlap(one, other))).filter((window) => window.fromMinute < window.toMinute)
}

function overlap(one: HourWindow, other: HourWindow): HourWindow {
  return { fromMinute: Math.max(one.fromMinute, other.fromMinute), toMinute: Math.min(one.toMinute, other.toMinute) }
}

/** Minutes from `minuteOfDay` to the next start of an allowed minute, 0 when inside; null when there is no window. */
export function minutesUntilInside(hours: CallingHours, minuteOfDay: number): number | null {
  assert(minuteOfDay >= 0 && minuteOfDay < MINUTES_PER_DAY, 'a minute of the day is 0 up to 1,440')
  if (isInside(hours, minuteOfDay)) return 0
  let best: number | null = null
  for (const window of hours) {
    if (window.fromMinute >= window.toMinute) continue
    const wait = (window.fromMinute - minuteOfDay + MINUTES_PER_DAY) % MINUTES_PER_DAY
    if (best === null || wait < best) best = wait
  }
  return best
}

/** Time as services see it. Engines never see a clock: they are given the instant. */
export interface Clock {
  /** Wall time, milliseconds since 1970. May jump. */
  now(): number
  /** Milliseconds that only grow; for durations and time-outs. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/**
 * The instant that counts as now at the callee: calling hours and local days are judged by it. Demo and tests shift it
 * by the `callee-clock` setting; 0 is the real time. Leases, deadlines and stored instants always use the real clock.
 */
export function calleeNow(offsetMs: number, clock: Clock = systemClock): number {
  return clock.now() + offsetMs
}

export interface VirtualClock extends Clock {
  /** Moves both clocks forward. */
  advance(ms: number): void
  /** Sets the wall clock only, as an operator or NTP would; the monotonic clock does not notice. */
  setWall(unixMs: number): void
}

/** A clock that stands still until told otherwise. */
export function virtualClock(startUnixMs = Date.UTC(2026, 0, 5, 2, 0)): VirtualClock {
  let wall = startUnixMs
  let monotonic = 0
  return {
    now: () => wall,
    monotonic: () => monotonic,
    advance(ms) {
      wall += ms
      monotonic += ms
    },
    setWall(unixMs) {
      wall = unixMs
    },
  }
}

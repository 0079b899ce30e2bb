import { assert } from '@loopline/vocabulary/assert'

/** One tick of a campaign without agents. `carry` is what the last tick returned, 0 at the start. */
export interface PacingSnapshot {
  readonly running: boolean
  readonly ratePerSecond: number
  readonly maxConcurrent: number
  /** Calls ordered and not ended. */
  readonly inFlight: number
  /** Time since the last tick, ms, monotonic. */
  readonly elapsedMs: number
  readonly carry: number
}

export interface PacingAnswer {
  readonly place: number
  /** Calls earned and not placed, with their fraction. */
  readonly carry: number
  /** Which of the campaign's own bounds keeps it from placing more now; null when it does not run. */
  readonly boundBy: 'rate' | 'concurrency' | null
}

/**
 * A loop that was held up may make good this much and no more: a stall must not end in a burst, but ticks of up to half
 * a second still add up to the asked rate.
 */
const CATCH_UP_MS = 500

/** How many calls an agentless campaign places now: its rate, spread evenly, under its concurrency. Stopped means none. */
export function callsToPlace(now: PacingSnapshot): PacingAnswer {
  assert(now.elapsedMs >= 0 && now.carry >= 0, 'time and carry never go back')
  if (!now.running || now.ratePerSecond <= 0) return { place: 0, carry: 0, boundBy: null }
  const earned = now.carry + (now.ratePerSecond * now.elapsedMs) / 1_000
  // One more than the catch-up, or a slow rate would lose the fraction by which each tick overshoots a whole call.
  const atMost = 1 + (now.ratePerSecond * CATCH_UP_MS) / 1_000
  const room = Math.max(0, now.maxConcurrent - now.inFlight)
  // The fraction is forgiven a rounding error, or 0.1 + … + 0.1 would be one call late for ever.
  const due = Math.floor(Math.min(earned, atMost) + 1e-9)
  const place = Math.min(due, room)
  return { place, carry: Math.max(0, Math.min(earned, atMost) - place), boundBy: due > room ? 'concurrency' : 'rate' }
}

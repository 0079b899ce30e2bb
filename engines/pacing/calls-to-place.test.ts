import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callsToPlace } from './calls-to-place.ts'
import type { PacingSnapshot } from './calls-to-place.ts'

const snapshot = (but: Partial<PacingSnapshot>): PacingSnapshot => ({
  running: true, ratePerSecond: 100, maxConcurrent: 1_000, inFlight: 0, elapsedMs: 50, carry: 0, ...but,
})

describe('one tick', () => {
  const cases: { name: string; but: Partial<PacingSnapshot>; place: number; carry: number }[] = [
    { name: 'the rate times the time', but: {}, place: 5, carry: 0 },
    { name: 'a fraction is carried', but: { ratePerSecond: 30 }, place: 1, carry: 0.5 },
    { name: 'and placed with the next', but: { ratePerSecond: 30, carry: 0.5 }, place: 2, carry: 0 },
    { name: 'only as many as there is room for', but: { inFlight: 998 }, place: 2, carry: 3 },
    { name: 'none above the concurrency, lowered meanwhile', but: { inFlight: 2_000 }, place: 0, carry: 5 },
    { name: 'after a stall of ten seconds half a second’s worth and one', but: { elapsedMs: 10_000 }, place: 51, carry: 0 },
    { name: 'what was held back does not pile up', but: { inFlight: 1_000, carry: 50 }, place: 0, carry: 51 },
    { name: 'paused: nothing, and nothing kept', but: { running: false, carry: 40 }, place: 0, carry: 0 },
    { name: 'rate 0', but: { ratePerSecond: 0 }, place: 0, carry: 0 },
    { name: 'one call in ten seconds, not yet', but: { ratePerSecond: 0.1, elapsedMs: 9_000 }, place: 0, carry: 0.9 },
    { name: 'one call in ten seconds, now', but: { ratePerSecond: 0.1, elapsedMs: 1_000, carry: 0.9 }, place: 1, carry: 0 },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const answer = callsToPlace(snapshot(c.but))
      expect(answer.place).toBe(c.place)
      expect(answer.carry).toBeCloseTo(c.carry, 6)
    })
  }
})

describe('what bounds the pace', () => {
  const cases: { name: string; but: Partial<PacingSnapshot>; want: 'rate' | 'concurrency' | null }[] = [
    { name: 'the rate while there is room', but: { inFlight: 990 }, want: 'rate' },
    { name: 'the rate between two calls of a slow campaign', but: { ratePerSecond: 0.1 }, want: 'rate' },
    { name: 'the concurrency when nothing more may be up', but: { inFlight: 1_000 }, want: 'concurrency' },
    { name: 'the concurrency when only some of the due ones may', but: { inFlight: 998 }, want: 'concurrency' },
    { name: 'nothing of its own while it does not run', but: { running: false }, want: null },
  ]
  for (const c of cases) test(c.name, () => expect(callsToPlace(snapshot(c.but)).boundBy).toBe(c.want))
})

test('over a minute of uneven ticks the rate is kept to one call, and never much is placed at once', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 50 }), fc.integer({ min: 1, max: 500 }), (ticks, rate) => {
    let carry = 0, placed = 0, elapsed = 0, mostAtOnce = 0
    for (let round = 0; elapsed < 60_000; round += 1) {
      const elapsedMs = ticks[round % ticks.length] as number
      const answer = callsToPlace(snapshot({ ratePerSecond: rate, elapsedMs, carry, maxConcurrent: 1e9 }))
      mostAtOnce = Math.max(mostAtOnce, answer.place - (rate * elapsedMs) / 1_000)
      carry = answer.carry; placed += answer.place; elapsed += elapsedMs
    }
    expect(mostAtOnce).toBeLessThanOrEqual(1.001)
    expect(Math.abs(placed - (rate * elapsed) / 1_000)).toBeLessThanOrEqual(1.001)
  }), { numRuns: 30 })
})

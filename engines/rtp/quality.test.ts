import { describe, expect, test } from 'vitest'
import { burstRatioOf, G711_CONCEALED, G711_PLAIN, mosOf, mosOfRating, oneWayDelayMs, ratingOf, type Path } from './quality.ts'

const path = (over: Partial<Path>): Path => ({ loss: 0, burstRatio: 1, delayMs: 0, codec: G711_PLAIN, ...over })

/** G.107 Table B.1: R and the mean opinion score at the borders of the categories of user satisfaction (G.109). */
test.each([[100, 4.5], [90, 4.34], [80, 4.03], [70, 3.6], [60, 3.1], [50, 2.58], [0, 1], [-5, 1], [120, 4.5]])('R %i is MOS %d', (rating, mos) => {
  expect(Math.abs(mosOfRating(rating) - mos)).toBeLessThan(0.01)
})

test('MOS never leaves its scale: the cubic dips below 1 at small R', () => {
  for (let rating = 0; rating < 100; rating += 0.5) {
    expect(mosOfRating(rating)).toBeGreaterThanOrEqual(1)
    expect(mosOfRating(rating + 0.5)).toBeGreaterThanOrEqual(mosOfRating(rating))
  }
})

test('all defaults: R 93.2, MOS 4.41 (G.107 §7.7)', () => {
  expect(ratingOf(path({}))).toBe(93.2)
  expect(mosOf(path({}))).toBeCloseTo(4.41, 2)
})

/** Worked by hand from G.107's Idd; the curve is that of G.114 Figure 1: flat to 150 ms, about 69 at 400 ms. */
test.each([[0, 93.2], [100, 93.2], [150, 93.0], [200, 90.2], [300, 78.4], [400, 69.1], [500, 62.6]])('%i ms of pure delay leave R %d', (delayMs, rating) => {
  expect(ratingOf(path({ delayMs }))).toBeCloseTo(rating, 0)
})

describe('loss', () => {
  /** Ie,eff = 95 · Ppl / (Ppl + Bpl), G.107 (7-29), Bpl of G.113 Table I.3: 4.3 without, 25.1 with concealment. */
  test.each([
    { percent: 1, codec: G711_PLAIN, ie: 17.9 }, { percent: 2, codec: G711_PLAIN, ie: 30.2 }, { percent: 5, codec: G711_PLAIN, ie: 51.1 },
    { percent: 1, codec: G711_CONCEALED, ie: 3.6 }, { percent: 2, codec: G711_CONCEALED, ie: 7.0 }, { percent: 5, codec: G711_CONCEALED, ie: 15.8 },
    { percent: 10, codec: G711_CONCEALED, ie: 27.1 },
  ])('$percent % with Bpl $codec.bpl costs $ie', ({ percent, codec, ie }) => {
    expect(93.2 - ratingOf(path({ loss: percent / 100, codec }))).toBeCloseTo(ie, 1)
  })

  test('bursts hurt more than as much random loss', () => {
    expect(ratingOf(path({ loss: 0.05, burstRatio: 2, codec: G711_CONCEALED }))).toBeCloseTo(93.2 - (95 * 5) / (2.5 + 25.1), 5)
  })

  test('all lost is the end of the scale', () => expect(mosOf(path({ loss: 1, delayMs: 2_000 }))).toBe(1))
})

test('the burst ratio is 1 for random loss and for none', () => {
  expect(burstRatioOf({ lost: 0, bursts: 0, expected: 100 })).toBe(1)
  expect(burstRatioOf({ lost: 10, bursts: 9, expected: 100 })).toBeCloseTo(1, 5)
  expect(burstRatioOf({ lost: 10, bursts: 2, expected: 100 })).toBe(4.5)
  expect(burstRatioOf({ lost: -3, bursts: 1, expected: 100 })).toBe(1)
})

test('the delay adds half the round trip, the buffer and the packet', () => {
  expect(oneWayDelayMs({ roundTripMs: 80, bufferMs: 30 })).toBe(90)
  expect(oneWayDelayMs({ roundTripMs: null, bufferMs: 20 })).toBe(40)
})

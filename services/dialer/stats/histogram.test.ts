import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FineHistogram } from './histogram.ts'

test('a percentile is never more than a step away from the exact one, nor above the largest', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0.2, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }), fc.constantFrom(0.5, 0.9, 0.99, 1), (values, share) => {
    const histogram = new FineHistogram()
    for (const value of values) histogram.record(value)
    const exact = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] as number
    expect(histogram.percentile(share)).toBeGreaterThanOrEqual(exact * 0.999)
    expect(histogram.percentile(share)).toBeLessThanOrEqual(Math.min(Math.max(...values), exact * 1.0221))
  }))
})

test('nothing recorded is zero, and a reset forgets', () => {
  const histogram = new FineHistogram()
  expect(histogram.summary()).toEqual({ count: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 })
  histogram.record(5)
  histogram.reset()
  expect(histogram.percentile(0.99)).toBe(0)
})

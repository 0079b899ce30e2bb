import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addEvent, noneLeft, nothing } from './poisson-binomial.ts'
import type { CountLaw } from './poisson-binomial.ts'

const lawOf = (probabilities: readonly number[]): CountLaw => {
  const law = nothing()
  for (const probability of probabilities) addEvent(law, probability)
  return law
}
/** Adds up every combination of events. */
const byEnumeration = (wanted: readonly number[], freed: readonly number[], free: number): number => {
  const all = [...wanted.map((p) => ({ p, step: 1 })), ...freed.map((p) => ({ p, step: -1 }))]
  const walk = (index: number, balance: number): number => {
    const event = all[index]
    if (!event) return balance >= free ? 1 : 0
    return event.p * walk(index + 1, balance + event.step) + (1 - event.p) * walk(index + 1, balance)
  }
  return walk(0, 0)
}
const probability = fc.double({ min: 0, max: 1, noNaN: true })

test('agrees with adding up every combination', () => {
  fc.assert(fc.property(fc.array(probability, { maxLength: 6 }), fc.array(probability, { maxLength: 5 }), fc.integer({ min: -3, max: 6 }), (wanted, freed, free) => {
    expect(noneLeft(lawOf(wanted), lawOf(freed), free)).toBeCloseTo(byEnumeration(wanted, freed, free), 9)
  }), { numRuns: 150 })
})

test('falls with each free agent and rises with each call', () => {
  fc.assert(fc.property(fc.array(probability, { maxLength: 60 }), fc.array(probability, { maxLength: 60 }), fc.integer({ min: -2, max: 20 }), probability, (wanted, freed, free, more) => {
    const now = noneLeft(lawOf(wanted), lawOf(freed), free)
    expect(noneLeft(lawOf(wanted), lawOf(freed), free + 1)).toBeLessThanOrEqual(now + 1e-9)
    // Where the normal law takes over there is a step of less than two points.
    expect(noneLeft(lawOf([...wanted, more]), lawOf(freed), free)).toBeGreaterThanOrEqual(now - 0.02)
  }), { numRuns: 100 })
})

describe('large teams', () => {
  test('the normal law is within a point of the exact one where it takes over', () => {
    const small = { wanted: Array.from({ length: 40 }, () => 0.28), freed: Array.from({ length: 80 }, () => 0.1) }
    const exact = { wanted: lawOf(small.wanted), freed: lawOf(small.freed) }
    expect(exact.wanted.exact).not.toBeNull()
    for (const free of [0, 3, 6, 10]) {
      const normal = noneLeft({ ...exact.wanted, exact: null }, exact.freed, free)
      expect(Math.abs(normal - noneLeft(exact.wanted, exact.freed, free))).toBeLessThan(0.01)
    }
  })
})

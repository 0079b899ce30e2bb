import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { learnOutcome, newOutcomeForecast, openForecast, outcomeProbability } from './outcome-forecast.ts'
import type { OutcomePlan } from './outcome-forecast.ts'
import { countForecast, newReliability, reportOn } from './reliability.ts'

const PLAN: OutcomePlan = {
  fields: ['level', 'region'], crosses: [[], ['level'], ['region'], ['level', 'region']], rates: [{ of: ['level'], halfLife: 100, weight: 5 }], prior: 0.1, bits: 10,
}
const codes = fc.tuple(fc.integer(), fc.integer({ min: -3, max: 3 })).map((pair) => Int32Array.from(pair))

describe('the forecast of outcomes', () => {
  test('is a probability whatever comes, late labels and times out of order included, and the same for the same cases', () => {
    fc.assert(fc.property(fc.array(fc.tuple(codes, fc.double({ min: -1e6, max: 1e12, noNaN: true }), fc.boolean())), (cases) => {
      const [first, second] = [newOutcomeForecast(PLAN), newOutcomeForecast(PLAN)]
      const open = cases.map(([code, at, happened]) => ({ one: openForecast(first, code, at), two: openForecast(second, code, at), happened }))
      for (const { one, two, happened } of open.toReversed()) {
        expect(one.probability).toBeGreaterThan(0)
        expect(one.probability).toBeLessThan(1)
        learnOutcome(first, one, happened)
        learnOutcome(second, two, happened)
      }
      const ask = Int32Array.of(1, 2)
      expect(outcomeProbability(first, ask, 0)).toBe(outcomeProbability(second, ask, 0))
      expect(outcomeProbability(first, ask, 0)).not.toBeNaN()
    }), { numRuns: 60 })
  })

  test('begins with the prior and follows what comes true lately', () => {
    const forecast = newOutcomeForecast(PLAN)
    expect(outcomeProbability(forecast, Int32Array.of(1, 1), 0)).toBeCloseTo(0.1)
    for (let at = 0; at < 300; at += 1) learnOutcome(forecast, openForecast(forecast, Int32Array.of(at % 2, at % 3), at), at % 2 === 1)
    expect(outcomeProbability(forecast, Int32Array.of(1, 1), 300)).toBeGreaterThan(0.7)
    expect(outcomeProbability(forecast, Int32Array.of(0, 1), 300)).toBeLessThan(0.1)
  })

  test('a plan that names a field it has not is a mistake', () => {
    expect(() => newOutcomeForecast({ ...PLAN, crosses: [['colour']] })).toThrow('colour')
  })
})

describe('reliability', () => {
  test('says of those given about p which share came true, and what the forecast has to beat', () => {
    const reliability = newReliability()
    expect(reportOn(reliability)).toMatchObject({ cases: 0, brier: null, calibrationError: null })
    for (let at = 0; at < 100; at += 1) countForecast(reliability, at < 50 ? 0.15 : 0.85, at % 50 < (at < 50 ? 5 : 40))
    const report = reportOn(reliability)
    expect((report.bins[1] as (typeof report.bins)[number]).happened).toBeCloseTo(0.1, 1)
    expect((report.bins[8] as (typeof report.bins)[number]).happened).toBeCloseTo(0.8, 1)
    expect(report.calibrationError).toBeCloseTo(0.05, 2)
    expect(report.brier as number).toBeLessThan(report.brierOfMean as number)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerProbability, learnAnswer, newAnswerForecast } from './answer-forecast.ts'
import type { AnswerForecast, Callee, Moment } from './answer-forecast.ts'
import { restoreAnswerForecast, saveAnswerForecast } from './answer-state.ts'

const moment = fc.record({ day: fc.integer({ min: 0, max: 900 }), hour: fc.double({ min: 0, max: 23.99, noNaN: true }), weekend: fc.boolean() })
const callee = fc.record({ id: fc.integer({ min: 0, max: 20 }).map(String), groups: fc.array(fc.constantFrom('', 'a', 'b', '北京'), { maxLength: 9 }) })
const attempts = fc.array(fc.tuple(callee, moment, fc.boolean()), { maxLength: 200 })

/** A stream of numbers in (0, 1), the same in every run. */
function stream(): () => number {
  let state = 12_345
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state + 0.5) / 0x80000000
  }
}

describe('the forecast of answers', () => {
  test('is a probability whatever comes, and the same for the same attempts; restored, it goes on to the last digit alike', () => {
    fc.assert(fc.property(attempts, attempts, callee, moment, (before, after, someone, then) => {
      const first = newAnswerForecast({ peopleMost: 15 })
      const second = newAnswerForecast({ peopleMost: 15 })
      for (const one of before) {
        learnAnswer(first, ...one)
        learnAnswer(second, ...one)
      }
      const restored = restoreAnswerForecast(saveAnswerForecast(second), { peopleMost: 15 }) as AnswerForecast
      for (const one of after) {
        learnAnswer(first, ...one)
        learnAnswer(restored, ...one)
      }
      const probability = answerProbability(first, someone, then)
      expect(probability).toBeGreaterThan(0)
      expect(probability).toBeLessThan(1)
      expect(answerProbability(restored, someone, then)).toBe(probability)
    }), { numRuns: 60 })
  })

  test('asking changes nothing', () => {
    const forecast = newAnswerForecast()
    learnAnswer(forecast, { id: 'a', groups: ['x'] }, { day: 1, hour: 10, weekend: false }, true)
    const saved = saveAnswerForecast(forecast)
    for (let hour = 0; hour < 24; hour += 1) answerProbability(forecast, { id: `${hour}`, groups: ['x', 'y'] }, { day: 9, hour, weekend: true })
    expect(saveAnswerForecast(forecast)).toEqual(saved)
  })

  test('begins with the prior', () => {
    for (const prior of [0.1, 0.3, 0.6]) expect(answerProbability(newAnswerForecast({ prior }), { id: 'a', groups: [] }, { day: 0, hour: 12, weekend: false })).toBeCloseTo(prior, 1)
  })

  test('finds the hours of a person, neighbours included, and forgets who was called longest ago', () => {
    const forecast = newAnswerForecast({ peopleMost: 2 })
    const at = (hour: number, day = 30): Moment => ({ day, hour, weekend: false })
    const early: Callee = { id: 'early', groups: ['x'] }
    for (let day = 0; day < 20; day += 1) learnAnswer(forecast, early, at(day % 2 === 0 ? 10 : 18, day), day % 2 === 0)
    const asked = (hour: number): number => answerProbability(forecast, early, at(hour))
    expect(asked(10)).toBeGreaterThan(2 * asked(18))
    expect(asked(11)).toBeGreaterThan(asked(17))
    const known = asked(10)
    for (const id of ['second', 'third']) learnAnswer(forecast, { id, groups: [] }, at(12), false)
    expect(forecast.people.size).toBe(2)
    expect(asked(10)).toBeLessThan(known)
  })

  test('a number that never answers sinks fast, and one answer brings it back', () => {
    const forecast = newAnswerForecast()
    const dead: Callee = { id: 'dead', groups: ['x'] }
    const living: Callee = { id: 'new', groups: ['x'] }
    for (let day = 0; day < 15; day += 1) learnAnswer(forecast, dead, { day, hour: 9 + (day % 12), weekend: false }, false)
    const at: Moment = { day: 15, hour: 12, weekend: false }
    expect(answerProbability(forecast, dead, at)).toBeLessThan(answerProbability(forecast, living, at) / 2)
    const before = answerProbability(forecast, dead, at)
    learnAnswer(forecast, dead, at, true)
    expect(answerProbability(forecast, dead, { ...at, day: 20 })).toBeGreaterThan(2 * before)
  })

  test('is calibrated: of those given p, p answer', () => {
    const next = stream()
    const forecast = newAnswerForecast()
    const bins = Array.from({ length: 10 }, () => ({ cases: 0, forecast: 0, answered: 0 }))
    for (let index = 0; index < 30_000; index += 1) {
      const [person, hour] = [Math.floor(next() * 800), 9 + Math.floor(next() * 12)]
      const truth = 1 / (1 + Math.exp(-(-1.2 + ((person % 7) - 3) * 0.3 + (hour > 16 ? 0.9 : 0) * (person % 2 ? 1 : -1))))
      const callee: Callee = { id: String(person), groups: [`segment ${person % 2}`] }
      const at: Moment = { day: Math.floor(index / 400), hour, weekend: false }
      const answered = next() < truth
      const probability = answerProbability(forecast, callee, at)
      const bin = (bins[Math.floor(probability * 10)] as (typeof bins)[number])
      if (index > 5_000) Object.assign(bin, { cases: bin.cases + 1, forecast: bin.forecast + probability, answered: bin.answered + (answered ? 1 : 0) })
      learnAnswer(forecast, callee, at, answered)
    }
    const gap = bins.reduce((sum, bin) => sum + Math.abs(bin.forecast - bin.answered), 0) / bins.reduce((sum, bin) => sum + bin.cases, 0)
    expect(gap).toBeLessThan(0.02)
  })
})

describe('a stored state', () => {
  const forecast = newAnswerForecast()
  learnAnswer(forecast, { id: 'a', groups: ['x'] }, { day: 1, hour: 10, weekend: false }, true)
  const saved = saveAnswerForecast(forecast)

  test('is refused when it is cut, longer, or of another version', () => {
    expect(restoreAnswerForecast(saved.slice(0, -1))).toBeNull()
    expect(restoreAnswerForecast(Uint8Array.of(...saved, 0))).toBeNull()
    expect(restoreAnswerForecast(Uint8Array.of(1, 2, 3))).toBeNull()
    const other = saved.slice()
    other[4] = 99
    expect(restoreAnswerForecast(other)).toBeNull()
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { QualityWindow, WINDOW_MINUTES, addTally, emptyTally, figuresOf } from './quality-window.ts'
import type { QualityTally } from './quality-window.ts'

const tally = (but: Partial<QualityTally>): QualityTally => ({ ...emptyTally(), ...but })

describe('what a tally says', () => {
  test('shares of seizures and of answers, means of what was measured', () => {
    const figures = figuresOf(tally({
      seizures: 10, answers: 4, reached: 3, short: 1, pddMs: 9_000, pddCount: 6, talkMs: 80_000, sounds: 2, mos: 8.2, mosCount: 2, loss: 0.02, jitterMs: 12, roundTripMs: 90, roundTrips: 1, causes: { 200: 4, 486: 5, 503: 1 },
    }))
    expect(figures).toEqual({
      seizures: 10, asr: 0.4, connectRate: 0.3, pddMs: 1_500, talkMs: 20_000, shortShare: 0.25, sounds: 2, mos: 4.1, loss: 0.01, jitterMs: 6, roundTripMs: 90,
      causes: [{ status: 486, count: 5 }, { status: 200, count: 4 }, { status: 503, count: 1 }],
    })
  })
  test('nothing, where nothing was', () => {
    expect(figuresOf(emptyTally())).toMatchObject({ seizures: 0, asr: null, pddMs: null, shortShare: null, mos: null, roundTripMs: null, causes: [] })
  })
})

describe('the window', () => {
  test('sums the last 1, 5 and 60 minutes, and forgets what is older', () => {
    const window = new QualityWindow()
    for (let minute = 1_000; minute < 1_090; minute += 1) {
      const now = window.at(minute)
      if (now) now.seizures += 1
    }
    expect([1, 5, 60].map((minutes) => window.over(1_089, minutes).seizures)).toEqual([1, 5, 60])
    expect(window.over(1_091, 5).seizures).toBe(3)
    expect(window.over(1_200, 60).seizures).toBe(0)
    expect(window.at(1_029)).toBeNull()
  })

  test('is at every minute what a list of all calls says', () => {
    const calls = fc.array(fc.record({ after: fc.nat(7), answered: fc.boolean(), status: fc.constantFrom(200, 486, 503) }), { maxLength: 200 })
    fc.assert(fc.property(calls, fc.constantFrom(1, 5, 60), (made, minutes) => {
      const window = new QualityWindow()
      const all: { minute: number; part: QualityTally }[] = []
      let minute = 500
      for (const { after, answered, status } of made) {
        minute += after
        const part = tally({ seizures: 1, answers: answered ? 1 : 0, causes: { [status]: 1 } })
        addTally(window.at(minute) ?? emptyTally(), part)
        all.push({ minute, part })
      }
      const want = emptyTally()
      for (const { minute: at, part } of all) if (at > minute - minutes) addTally(want, part)
      expect(window.over(minute, minutes)).toEqual(want)
    }))
  })

  test('draws the hour in steps, with holes where nobody was called', () => {
    const window = new QualityWindow()
    addTally(window.at(100 + WINDOW_MINUTES) ?? emptyTally(), tally({ seizures: 2, answers: 1 }))
    addTally(window.at(100 + WINDOW_MINUTES - 3) ?? emptyTally(), tally({ seizures: 4, answers: 1 }))
    const series = window.series(100 + WINDOW_MINUTES, 30)
    expect(series).toHaveLength(30)
    expect(series.slice(-3).map((point) => point?.asr ?? null)).toEqual([null, 0.25, 0.5])
  })
})

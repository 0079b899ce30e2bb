import { describe, expect, test } from 'vitest'
import { judgeSpan, UNSEEN } from './health.ts'
import type { Health, Watched } from './health.ts'
import { rampedChannels } from './ramp.ts'

const DAY_MS = 86_400_000
const SPAN_MS = 300_000
/** 144 spans of five minutes: 9:00 to 21:00. */
const SPANS_A_DAY = 144

/** mulberry32: the same draws each time. */
function drawsOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Story {
  numbers: number
  callsADay: number
  days: number
  seed: number
  /** The share of answers of a number at an instant; `day` counts from 0. */
  rate: (number: number, day: number, span: number) => number
}

/** Runs days of calls on virtual time. A suspected number goes on: the story counts each time it is suspected anew. */
function tell({ numbers, callsADay, days, seed, rate }: Story): { number: number; day: number; callsAfter: number[] }[] {
  const draw = drawsOf(seed)
  const healths: Health[] = Array.from({ length: numbers }, () => UNSEEN)
  const calls = Array.from({ length: numbers }, () => 0)
  const alarms: { number: number; day: number; callsAfter: number[] }[] = []
  for (let day = 0; day < days; day += 1) {
    for (let span = 0; span < SPANS_A_DAY; span += 1) {
      const at = day * DAY_MS + 32_400_000 + span * SPAN_MS
      const watched = healths.map((health, number): Watched => {
        let made = 0
        let answered = 0
        for (let chance = callsADay / SPANS_A_DAY; chance > 0; chance -= 1) {
          if (draw() >= chance) continue
          made += 1
          if (draw() < rate(number, day, span)) answered += 1
        }
        calls[number] = (calls[number] as number) + made
        return { id: String(number), poolId: 'line', health, calls: made, answered, watched: true }
      })
      for (const { id, health, suspected } of judgeSpan(watched, at)) {
        const number = Number(id)
        healths[number] = suspected ? UNSEEN : health
        if (suspected) alarms.push({ number, day, callsAfter: [...calls] })
      }
    }
  }
  return alarms
}

describe('the answer rate of a number', () => {
  test('steady numbers are hardly ever suspected: fewer than one in a hundred a month', () => {
    // 40 numbers of 60 calls a day over 90 days: 120 number-months, each number with a habit of its own, and a bad evening each day.
    const alarms = [1, 2, 3].flatMap((seed) => tell({ numbers: 40, callsADay: 60, days: 90, seed, rate: (number, _day, span) => (0.14 + (number % 5) * 0.03) * (span > 120 ? 0.6 : 1) }))
    expect(alarms.length / 360).toBeLessThan(0.01)
  })

  test('a fall from 20 % to 7 % is seen within days, and its neighbours are not blamed', () => {
    const delays: number[] = []
    let blamed = 0
    for (let seed = 1; seed <= 40; seed += 1) {
      const alarms = tell({ numbers: 10, callsADay: 60, days: 30, seed, rate: (number, day) => (number === 3 && day >= 20 ? 0.07 : 0.2) })
      const first = alarms.find(({ number, day }) => number === 3 && day >= 20)
      blamed += alarms.filter(({ number }) => number !== 3).length
      delays.push(first === undefined ? Number.POSITIVE_INFINITY : (first.callsAfter[3] as number) - 20 * 60)
    }
    expect(blamed / (40 * 9)).toBeLessThan(0.015)
    const sorted = delays.toSorted((one, other) => one - other)
    expect(sorted[20]).toBeLessThan(160) // the median, in calls; information theory: 10 / KL(0.07, 0.2) = 150 less the head start of the sum
    expect(sorted[37]).toBeLessThan(320)
  })

  test('a bad day of everybody blames nobody', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      expect(tell({ numbers: 20, callsADay: 60, days: 20, seed, rate: (_number, day) => (day >= 15 && day < 18 ? 0.06 : 0.2) })).toEqual([])
    }
  })

  test('a number that always reached fewer is left alone', () => {
    let blamed = 0
    for (let seed = 1; seed <= 10; seed += 1) blamed += tell({ numbers: 20, callsADay: 60, days: 30, seed, rate: (number) => (number === 0 ? 0.12 : 0.2) }).length
    expect(blamed / 200).toBeLessThan(0.015)
  })

  test('a number alone is held against its own past', () => {
    const alarms = tell({ numbers: 1, callsADay: 60, days: 40, seed: 5, rate: (_number, day) => (day < 20 ? 0.2 : 0.06) })
    expect(alarms[0]?.day).toBeGreaterThanOrEqual(20)
    expect(alarms[0]?.day).toBeLessThan(26)
  })

  test('says since when, and what was reached and expected', () => {
    let health = UNSEEN
    let found = null
    for (let span = 0; span < 400 && found === null; span += 1) {
      const [mine] = judgeSpan([
        { id: 'a', poolId: 'l', health, calls: 2, answered: span < 200 ? span % 3 === 0 ? 1 : 0 : 0, watched: true },
      ], span * SPAN_MS)
      health = mine?.health ?? health
      found = mine?.suspected ?? null
    }
    expect(found).toMatchObject({ answered: 0 })
    expect(found?.expected).toBeGreaterThan(4)
    expect(found?.from).toBeGreaterThanOrEqual(190 * SPAN_MS)
  })

  test('one that is not watched is counted and never suspected', () => {
    let health: Health = UNSEEN
    for (let span = 0; span < 500; span += 1) {
      const [mine] = judgeSpan([{ id: 'a', poolId: 'l', health, calls: 3, answered: 0, watched: false }], span * SPAN_MS)
      expect(mine?.suspected).toBeNull()
      health = mine?.health as Health
    }
    expect(health.sum).toBeGreaterThan(10)
  })
})

describe('how a number is let grow', () => {
  const cases: { name: string; channels: number | null; but?: object; want: number | null }[] = [
    { name: 'one more after its calls', channels: 1, want: 2 },
    { name: 'not before', channels: 1, but: { callsSince: 19 }, want: 1 },
    { name: 'not while it is doubted', channels: 1, but: { isDoubted: true }, want: 1 },
    { name: 'not above what the group allows', channels: 5, but: { channelsMax: 5 }, want: 5 },
    { name: 'never less than it has', channels: 7, but: { channelsMax: 5 }, want: 7 },
    { name: 'let go at ten where the group has no limit', channels: 9, want: null },
    { name: 'without a limit it stays so', channels: null, want: null },
  ]
  for (const c of cases) test(c.name, () => expect(rampedChannels(c.channels, { callsSince: 20, rampCalls: 20, channelsMax: null, isDoubted: false, ...c.but })).toBe(c.want))
})

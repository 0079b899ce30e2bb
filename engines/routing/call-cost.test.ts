import { expect, test } from 'vitest'
import { callCost, tariffAt, type Tariff } from './call-cost.ts'

const per = (firstSeconds: number, stepSeconds: number): Tariff => ({ microsPerMinute: 60_000, currency: 'CNY', firstSeconds, stepSeconds })

const cases = [
  { name: 'nobody answered', tariff: per(60, 60), ms: null, want: 0 },
  { name: 'a second of a minute is a minute', tariff: per(60, 60), ms: 1, want: 60_000 },
  { name: 'a minute to the end', tariff: per(60, 60), ms: 60_000, want: 60_000 },
  { name: 'and one millisecond more', tariff: per(60, 60), ms: 60_001, want: 120_000 },
  { name: 'six seconds after the first minute', tariff: per(60, 6), ms: 61_000, want: 66_000 },
  { name: 'by the second', tariff: per(1, 1), ms: 12_300, want: 13_000 },
  { name: 'an answer that was over at once', tariff: per(6, 6), ms: 0, want: 6_000 },
]

test.each(cases)('a call costs what its tariff says: $name', ({ tariff, ms, want }) => {
  expect(callCost(tariff, ms)).toBe(want)
})

test('a call pays by the tariff that held when it began', () => {
  const old = { ...per(60, 60), since: 100 }
  const tariffs = [old, { ...per(6, 6), since: 200 }, { since: 300, microsPerMinute: null }]
  expect(tariffAt(tariffs, 99)).toBeNull()
  expect(tariffAt(tariffs, 199)).toBe(old)
  expect(tariffAt(tariffs, 200)).toMatchObject({ firstSeconds: 6 })
  expect(tariffAt(tariffs, 300)).toBeNull()
})

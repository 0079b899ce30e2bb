import { describe, expect, test } from 'vitest'
import type { HappeningKind } from '../happening.ts'
import { chance, humanTimeMs, pick } from './chance.ts'
import { happeningAt } from './happening-at.ts'
import { personAt } from './person.ts'
import { REGIONS, regionOf } from './region.ts'

const SEED = 7
/** 08:00 in Beijing on a Monday. */
const MORNING = Date.UTC(2026, 10, 23, 0, 0)
const HOUR = 3_600_000
const numbers = Array.from({ length: 3_000 }, (_, index) => `+86138${(10_000_000 + index * 2_731).toString()}`)

/** Share of each kind when everybody is called once in the hour. */
function sharesAt(instant: number, among = numbers): Record<HappeningKind, number> {
  const shares: Record<HappeningKind, number> = {
    'answers': 0, 'rejects': 0, 'rings-out': 0, 'busy': 0, 'invalid': 0, 'suspended': 0, 'powered-off': 0, 'out-of-reach': 0, 'network-fault': 0,
  }
  for (const number of among) shares[happeningAt(number, instant, SEED).kind] += 1 / among.length
  return shares
}

test('the same question has the same answer', () => {
  for (const number of numbers.slice(0, 50)) {
    expect(happeningAt(number, MORNING, SEED)).toEqual(happeningAt(number, MORNING, SEED))
  }
  const differ = numbers.filter((number) => happeningAt(number, MORNING, 1).kind !== happeningAt(number, MORNING, 2).kind)
  expect(differ.length).toBeGreaterThan(1_000)
})

describe('a working day', () => {
  test('has the shares of a real list', () => {
    const day = Array.from({ length: 13 }, (_, hour) => sharesAt(MORNING + hour * HOUR))
    const mean = (kind: HappeningKind): number => day.reduce((sum, shares) => sum + shares[kind], 0) / day.length
    const within: Record<HappeningKind, readonly [number, number]> = {
      'answers': [0.28, 0.42], 'rejects': [0.1, 0.25], 'rings-out': [0.2, 0.38], 'busy': [0.04, 0.07], 'invalid': [0.035, 0.055],
      'suspended': [0.015, 0.035], 'powered-off': [0.02, 0.06], 'out-of-reach': [0.015, 0.05], 'network-fault': [0.001, 0.006],
    }
    for (const [kind, [least, most]] of Object.entries(within) as [HappeningKind, readonly [number, number]][]) {
      expect(mean(kind), kind).toBeGreaterThan(least)
      expect(mean(kind), kind).toBeLessThan(most)
    }
  })

  test('at night hardly anybody answers', () => {
    expect(sharesAt(MORNING - 5 * HOUR).answers).toBeLessThan(0.08)
  })

  test('office people answer at noon and in the evening, shops in the afternoon', () => {
    const office = numbers.filter((number) => personAt(number, SEED).routine === 'office')
    const shop = numbers.filter((number) => personAt(number, SEED).routine === 'shop')
    expect(sharesAt(MORNING + 11 * HOUR, office).answers).toBeGreaterThan(sharesAt(MORNING + 2 * HOUR, office).answers + 0.05)
    expect(sharesAt(MORNING + 6.5 * HOUR, shop).answers).toBeGreaterThan(sharesAt(MORNING + 10 * HOUR, shop).answers + 0.05)
  })
})

test('an invalid number stays invalid, a busy one gets free', () => {
  const invalid = numbers.filter((number) => happeningAt(number, MORNING, SEED).kind === 'invalid')
  expect(invalid.every((number) => happeningAt(number, MORNING + 77 * HOUR, SEED).kind === 'invalid')).toBe(true)
  const busy = numbers.filter((number) => happeningAt(number, MORNING, SEED).kind === 'busy')
  expect(busy.filter((number) => happeningAt(number, MORNING + 60_000, SEED).kind === 'busy').length).toBeGreaterThan(busy.length * 0.95)
  expect(busy.filter((number) => happeningAt(number, MORNING + HOUR, SEED).kind === 'busy').length).toBeLessThan(busy.length * 0.2)
})

test('people of one area live in one region, and all regions are inhabited', () => {
  expect(regionOf('+8613800010000')).toBe(regionOf('+8613800019999'))
  expect(new Set(numbers.map(regionOf)).size).toBe(REGIONS.length)
})

test('people ring, pick up and talk for human times', () => {
  const rings: number[] = []
  const talks: number[] = []
  for (const number of numbers) {
    const happening = happeningAt(number, MORNING + 4 * HOUR, SEED)
    if (happening.kind !== 'answers') continue
    rings.push(happening.ringMs)
    talks.push(happening.talkMs ?? 0)
  }
  const median = (times: number[]): number => times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0
  expect(median(rings)).toBeGreaterThan(5_000)
  expect(median(rings)).toBeLessThan(11_000)
  expect(median(talks)).toBeGreaterThan(12_000)
  expect(median(talks)).toBeLessThan(40_000)
})

describe('chance', () => {
  test('is even over 0 to 1 and independent of its neighbours', () => {
    const draws = Array.from({ length: 20_000 }, (_, index) => chance('+8613800000000', index))
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = draws.filter((draw) => Math.floor(draw * 10) === tenth).length / draws.length
      expect(Math.abs(share - 0.1)).toBeLessThan(0.01)
    }
    const risesTwice = draws.filter((draw, index) => draw < (draws[index + 1] ?? 0) && (draws[index + 1] ?? 0) < (draws[index + 2] ?? 0))
    expect(risesTwice.length / draws.length).toBeCloseTo(1 / 6, 1)
  })
  test('picks by weight', () => {
    expect(pick([['a', 1], ['b', 3]], 0.2)).toBe('a')
    expect(pick([['a', 1], ['b', 3]], 0.3)).toBe('b')
    expect(pick([['a', 1], ['b', 3]], 1)).toBe('b')
  })
  test('human times keep their median and bounds', () => {
    expect(humanTimeMs(0.5, 8_000, 0.5, [0, 60_000])).toBe(8_000)
    expect(humanTimeMs(0, 8_000, 0.5, [2_000, 60_000])).toBe(2_000)
    expect(humanTimeMs(1, 8_000, 0.5, [2_000, 60_000])).toBe(60_000)
  })
})

test('a number that telephones show as a nuisance is answered by a third of those who would have; everything else stays', () => {
  const at = MORNING + 2 * HOUR
  const plain = numbers.map((number) => happeningAt(number, at, SEED))
  const flagged = numbers.map((number) => happeningAt(number, at, SEED, true))
  const answers = (all: typeof plain): number => all.filter(({ kind }) => kind === 'answers').length
  expect(answers(flagged) / answers(plain)).toBeGreaterThan(0.28)
  expect(answers(flagged) / answers(plain)).toBeLessThan(0.42)
  for (const [index, happening] of plain.entries()) if (happening.kind !== 'answers') expect(flagged[index]).toEqual(happening)
})

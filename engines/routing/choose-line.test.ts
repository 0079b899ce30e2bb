import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callerIdFor } from './caller-id.ts'
import { chooseLine } from './choose-line.ts'
import { drawBeta } from './learned.ts'
import type { LineNow, LineWish, Routing } from './line.ts'
import { fullBucket, takeToken, tokensAt } from './token-bucket.ts'

const line = (lineId: string, but: Partial<LineNow> = {}): LineNow => ({
  lineId, type: 'voip', permitted: true, enabled: true, up: true, sandbox: true, priority: 1, weight: 1,
  maxConcurrent: 10, maxPerSecond: 5, inFlight: 0, bucket: fullBucket(5, 0), callerIds: [{ number: `+8610${lineId}`, proven: true }], ...but,
})
const wish = (but: Partial<LineWish> = {}): LineWish => ({ wanted: null, customerId: 'customer-1', sandbox: true, now: 0, ...but })

describe('the line that is chosen', () => {
  const cases: { name: string; lines: LineNow[]; wish?: Partial<LineWish>; want: string; reason: string }[] = [
    { name: 'the type a rule wants', lines: [line('a', { priority: 0 }), line('b', { type: '4g' })], wish: { wanted: '4g' }, want: 'b', reason: 'as-wanted' },
    { name: 'another type when the wanted one is full', lines: [line('a'), line('b', { type: '4g', inFlight: 10 })], wish: { wanted: '4g' }, want: 'a', reason: 'wanted-type-busy' },
    { name: 'another type when there is none', lines: [line('a'), line('b', { type: '4g', permitted: false })], wish: { wanted: '4g' }, want: 'a', reason: 'wanted-type-missing' },
    { name: 'the lower priority number', lines: [line('a', { priority: 2 }), line('b', { inFlight: 9 })], want: 'b', reason: 'by-priority' },
    { name: 'the next priority when the first is down', lines: [line('a', { priority: 2 }), line('b', { up: false })], want: 'a', reason: 'by-priority' },
    { name: 'the least filled for its weight', lines: [line('a', { inFlight: 2 }), line('b', { inFlight: 5, weight: 3 })], want: 'b', reason: 'by-priority' },
    { name: 'the heavier of two idle ones', lines: [line('a'), line('b', { weight: 2 })], want: 'b', reason: 'by-priority' },
    { name: 'by name between equals', lines: [line('b'), line('a')], want: 'a', reason: 'by-priority' },
  ]
  for (const c of cases) {
    test(c.name, () => expect(chooseLine(c.lines, wish(c.wish))).toMatchObject({ lineId: c.want, callerId: `+8610${c.want}`, reason: c.reason }))
  }
})

describe('no line', () => {
  const empty = takeToken(fullBucket(5, 0), 5, 0)
  const cases: { name: string; lines: LineNow[]; wish?: Partial<LineWish>; want: string }[] = [
    { name: 'none configured', lines: [], want: 'no-line-permitted' },
    { name: 'none permitted to this campaign', lines: [line('a', { permitted: false })], want: 'no-line-permitted' },
    { name: 'a real person, sandbox lines only', lines: [line('a')], wish: { sandbox: false }, want: 'sandbox-mismatch' },
    { name: 'a synthetic person, real lines only', lines: [line('a', { sandbox: false })], want: 'sandbox-mismatch' },
    { name: 'a caller ID that is not proven ours', lines: [line('a', { callerIds: [{ number: '+861000', proven: false }] })], want: 'no-proven-caller-id' },
    { name: 'switched off', lines: [line('a', { enabled: false })], want: 'line-down' },
    { name: 'tripped', lines: [line('a', { up: false })], want: 'line-down' },
    { name: 'full', lines: [line('a', { inFlight: 10 })], want: 'line-full' },
    { name: 'too fast', lines: [line('a', { bucket: empty })], want: 'line-rate' },
    { name: 'the furthest hurdle is named', lines: [line('a', { up: false }), line('b', { inFlight: 10 })], want: 'line-full' },
  ]
  for (const c of cases) test(c.name, () => expect(chooseLine(c.lines, wish(c.wish))).toEqual({ none: c.want }))
})

describe('by policy', () => {
  const seeded = (seed: number) => (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 4_294_967_296
  }
  const records: Record<string, { tried: number; reached: number }> = { good: { tried: 400, reached: 160 }, poor: { tried: 400, reached: 40 }, fresh: { tried: 0, reached: 0 } }
  const learned = (lineId: string): ReturnType<Routing['learned']> => ({ here: records[lineId] ?? { tried: 0, reached: 0 }, line: records[lineId] ?? { tried: 0, reached: 0 } })
  const shares = (lines: LineNow[], policy: Routing['policy'], calls = 2_000): Record<string, number> => {
    const routing: Routing = { policy, random: seeded(7), learned }
    const counts: Record<string, number> = {}
    for (let call = 0; call < calls; call += 1) {
      const choice = chooseLine(lines, wish({ routing }))
      if (!('none' in choice)) counts[choice.lineId] = (counts[choice.lineId] ?? 0) + 1 / calls
    }
    return counts
  }

  test('least cost takes the cheapest, and one of unknown cost last', () => {
    const lines = [line('a', { costPerMinute: 0.12 }), line('b', { costPerMinute: 0.06 }), line('c')]
    expect(chooseLine(lines, wish({ routing: { policy: 'least-cost', random: () => 0.5, learned } }))).toMatchObject({ lineId: 'b', reason: 'least-cost' })
    expect(chooseLine([lines[0] as LineNow, line('b', { costPerMinute: 0.06, up: false }), line('c')], wish({ routing: { policy: 'least-cost', random: () => 0.5, learned } }))).toMatchObject({ lineId: 'a' })
  })
  test('what was learnt sends most calls over the line that reaches most people, and some over every other', () => {
    const { good = 0, poor = 0 } = shares([line('good'), line('poor')], 'learned')
    expect(good).toBeGreaterThan(0.95)
    expect(poor).toBeGreaterThan(0.015) // half of the floor of exploration
    expect(poor).toBeLessThan(0.04)
  })
  test('a line that nobody knows is tried much more than a poor one', () => {
    const { fresh = 0, poor = 0 } = shares([line('good'), line('fresh'), line('poor')], 'learned')
    expect(fresh).toBeGreaterThan(3 * poor)
  })
  test('twice the people for four times the money is not chosen', () => {
    const { poor = 0 } = shares([line('good', { costPerMinute: 0.6 }), line('poor', { costPerMinute: 0.1 })], 'learned')
    expect(poor).toBeGreaterThan(0.9)
  })
  test('a rule’s wish comes before any policy', () => {
    expect(chooseLine([line('good'), line('poor', { type: '4g' })], wish({ wanted: '4g', routing: { policy: 'learned', random: seeded(1), learned } }))).toMatchObject({ lineId: 'poor', reason: 'as-wanted' })
  })
  test('a line that comes back draws with the share it has', () => {
    const { good = 0 } = shares([line('good', { share: 0.1 }), line('poor')], 'learned')
    expect(good).toBeLessThan(0.1)
  })
  test('a draw keeps within 0 and 1 and about its mean', () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 500, noNaN: true }), fc.double({ min: 0.5, max: 500, noNaN: true }), fc.nat(), (a, b, seed) => {
      const random = seeded(seed)
      let sum = 0
      for (let index = 0; index < 300; index += 1) {
        const draw = drawBeta(a, b, random)
        expect(draw).toBeGreaterThanOrEqual(0)
        expect(draw).toBeLessThanOrEqual(1)
        sum += draw
      }
      const deviation = Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1)))
      expect(Math.abs(sum / 300 - a / (a + b))).toBeLessThan(0.02 + deviation / 3)
    }))
  })
})

describe('the token bucket', () => {
  test('refills with time, to a tenth of a second', () => {
    const empty = takeToken(takeToken(takeToken(fullBucket(20, 0), 20, 0), 20, 0), 20, 0)
    expect(tokensAt(empty, 20, 0)).toBe(0)
    expect(tokensAt(empty, 20, 50)).toBe(1)
    expect(tokensAt(empty, 20, 60_000)).toBe(3)
  })
  test('a slow line may still start one call', () => {
    const called = takeToken({ tokens: 1, at: 0 }, 0.5, 0)
    expect(tokensAt(called, 0.5, 1_999)).toBeLessThan(1)
    expect(tokensAt(called, 0.5, 2_000)).toBe(1)
    expect(tokensAt(called, 0.5, 60_000)).toBe(1.05)
  })
  test('over a minute no more calls start than the rate allows', () => {
    let carrier = line('a', { maxPerSecond: 7, bucket: fullBucket(7, 0) })
    let placed = 0
    for (let now = 0; now < 60_000; now += 3) {
      if ('none' in chooseLine([carrier], wish({ now }))) continue
      placed += 1
      carrier = { ...carrier, bucket: takeToken(carrier.bucket, 7, now) }
    }
    expect(placed).toBeGreaterThanOrEqual(60 * 7 - 1)
    expect(placed).toBeLessThanOrEqual(60 * 7 + 2)
  })
})

describe('the caller ID', () => {
  const pool = Array.from({ length: 8 }, (_, index) => ({ number: `+86105550000${index}`, proven: true }))

  test('stays the same for a customer, and moves only those of a number that is taken away', () => {
    fc.assert(fc.property(fc.uuid(), fc.nat(7), (customerId, gone) => {
      const before = callerIdFor(customerId, pool)
      const after = callerIdFor(customerId, pool.toSpliced(gone, 1))
      if (before !== pool[gone]?.number) expect(after).toBe(before)
      expect(callerIdFor(customerId, pool.toReversed())).toBe(before)
    }))
  })

  test('spreads customers evenly', () => {
    const counts = new Map<string | null, number>()
    for (let index = 0; index < 8_000; index += 1) {
      const number = callerIdFor(`0192f0c1-0000-7000-8000-${index.toString(16).padStart(12, '0')}`, pool)
      counts.set(number, (counts.get(number) ?? 0) + 1)
    }
    expect(counts.size).toBe(8)
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  test('is never one that is not proven', () => {
    expect(callerIdFor('customer', [{ number: '+861', proven: false }])).toBeNull()
  })
})

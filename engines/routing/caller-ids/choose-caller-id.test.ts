import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callerIdFor } from '../caller-id.ts'
import type { CallerId } from '../line.ts'
import { chooseCallerId, obstacleOf } from './choose-caller-id.ts'
import { nearness, numberDigits, regionOf, regionOfNumber } from './region.ts'
import { RollingCount } from './rolling-count.ts'
import { shareOf } from './share-of.ts'

const guangzhou = regionOf('广州')
const shenzhen = regionOf('深圳')
const beijing = regionOf('北京')
const caller = (number: string, but: Partial<CallerId> = {}): CallerId => ({ number, proven: true, quotaHour: 20, quotaDay: 80, usedHour: 0, usedDay: 0, inFlight: 0, channels: 2, ...but })
const wish = (but: object = {}) => ({ customerId: 'customer-1', now: 1_000, region: shenzhen, shown: null, isKnown: false, ...but })

describe('the number that is chosen', () => {
  const cases: { name: string; callers: CallerId[]; but?: object; want: object }[] = [
    { name: 'of his city', callers: [caller('a', { region: guangzhou }), caller('b', { region: shenzhen, usedDay: 70 }), caller('c')], want: { number: 'b', reason: 'same-area', instead: null } },
    { name: 'of his province', callers: [caller('a', { region: beijing }), caller('b', { region: guangzhou, usedDay: 70 })], want: { number: 'b', reason: 'same-province' } },
    { name: 'any, the one with the most left', callers: [caller('a', { usedDay: 9 }), caller('b', { usedDay: 8 }), caller('c', { usedHour: 12 })], want: { number: 'b', reason: 'least-used' } },
    { name: 'what is left counts by share', callers: [caller('a', { usedDay: 10, quotaDay: 20 }), caller('b', { usedDay: 20, quotaDay: 80 })], want: { number: 'b' } },
    { name: 'what he saw before, though others are nearer and emptier', callers: [caller('a', { usedDay: 79, region: beijing }), caller('b', { region: shenzhen })], but: { shown: { line: 'a' } }, want: { number: 'a', reason: 'sticky' } },
    { name: 'what he saw on another line that shares it', callers: [caller('a', { usedDay: 79 }), caller('b')], but: { shown: { other: 'a' } }, want: { number: 'a', reason: 'sticky' } },
    { name: 'another one while it rests, and it is said', callers: [caller('a', { resting: true }), caller('b')], but: { shown: { line: 'a' } }, want: { number: 'b', reason: 'least-used', instead: { number: 'a', because: 'resting' } } },
    { name: 'another one when it is gone', callers: [caller('b')], but: { shown: { line: 'a' } }, want: { number: 'b', instead: { number: 'a', because: 'gone' } } },
    { name: 'another one when its day is used up', callers: [caller('a', { usedDay: 80 }), caller('b')], but: { shown: { line: 'a' } }, want: { number: 'b', instead: { number: 'a', because: 'day-quota' } } },
    { name: 'not one shortly after its call', callers: [caller('a', { pausedUntil: 1_001 }), caller('b', { usedDay: 50 })], want: { number: 'b' } },
  ]
  for (const c of cases) test(c.name, () => expect(chooseCallerId(c.callers, wish(c.but), 'line')).toMatchObject(c.want))

  const none: { name: string; callers: CallerId[]; want: string }[] = [
    { name: 'none proven', callers: [caller('a', { proven: false })], want: 'not-proven' },
    { name: 'all rest', callers: [caller('a', { resting: true }), caller('b', { proven: false })], want: 'resting' },
    { name: 'the day is used up', callers: [caller('a', { usedDay: 80 })], want: 'day-quota' },
    { name: 'the hour is used up', callers: [caller('a', { usedHour: 20 }), caller('b', { resting: true })], want: 'hour-quota' },
    { name: 'all are in calls', callers: [caller('a', { inFlight: 2 })], want: 'busy' },
    { name: 'all keep quiet after a call', callers: [caller('a', { pausedUntil: 1_001 }), caller('b', { inFlight: 2 })], want: 'pausing' },
    { name: 'no number at all', callers: [], want: 'not-proven' },
  ]
  for (const c of none) test(`none: ${c.name}`, () => expect(chooseCallerId(c.callers, wish(), 'line')).toEqual({ none: c.want }))

  test('whoever was called before it was kept sees what he saw then', () => {
    const pool = Array.from({ length: 9 }, (_, index) => caller(`+86105550000${index}`))
    fc.assert(fc.property(fc.uuid(), (customerId) => {
      expect(chooseCallerId(pool, wish({ customerId, isKnown: true }), 'line')).toMatchObject({ number: callerIdFor(customerId, pool), reason: 'sticky' })
    }))
  })
})

const anyCaller = fc.record({
  proven: fc.boolean(), resting: fc.boolean(), usedHour: fc.nat(25), quotaHour: fc.option(fc.integer({ min: 1, max: 20 })), usedDay: fc.nat(90), quotaDay: fc.option(fc.integer({ min: 1, max: 80 })),
  inFlight: fc.nat(3), channels: fc.option(fc.integer({ min: 1, max: 3 })), pausedUntil: fc.nat(2_000), region: fc.constantFrom(null, guangzhou, shenzhen, beijing),
})

describe('whatever the numbers look like', () => {
  const world = fc.record({ callers: fc.array(anyCaller, { maxLength: 12 }), customerId: fc.uuid(), region: fc.constantFrom(null, guangzhou, shenzhen), shown: fc.option(fc.nat(12)) })
  const numbered = (callers: object[]): CallerId[] => callers.map((each, index) => ({ ...each, number: `n${index}` }) as CallerId)

  test('nothing is chosen against a quota, a limit or a rest; something is when something may be', () => {
    fc.assert(fc.property(world, ({ callers: raw, customerId, region, shown }) => {
      const callers = numbered(raw)
      const choice = chooseCallerId(callers, { customerId, now: 1_000, region, shown: shown === null ? null : { line: `n${shown}` } }, 'line')
      const usable = callers.filter((each) => obstacleOf(each, 1_000) === null)
      if ('none' in choice) {
        expect(usable).toEqual([])
        return
      }
      const chosen = callers.find(({ number }) => number === choice.number) as CallerId
      expect(usable).toContain(chosen)
      expect(chosen.quotaDay === null || (chosen.usedDay ?? 0) < (chosen.quotaDay ?? 0)).toBe(true)
      // Sticky as long as it may be used.
      if (usable.some(({ number }) => number === `n${shown}`)) expect(choice).toMatchObject({ number: `n${shown}`, reason: 'sticky' })
    }))
  })

  test('the same question has the same answer, in whatever order the numbers stand', () => {
    fc.assert(fc.property(world, ({ callers: raw, customerId, region }) => {
      const callers = numbered(raw)
      const asked = { customerId, now: 1_000, region, shown: null }
      expect(chooseCallerId(callers.toReversed(), asked, 'line')).toEqual(chooseCallerId(callers, asked, 'line'))
    }))
  })

  test('new customers fill the numbers evenly, and in no step of a day is a quota passed', () => {
    const pool = Array.from({ length: 7 }, (_, index) => ({ ...caller(`n${index}`), quotaDay: 80, channels: null, count: new RollingCount() }))
    let placed = 0
    for (let minute = 0; minute < 3 * 1_440; minute += 1) {
      const at = minute * 60_000
      for (const each of pool) each.count.advance(at)
      const now = pool.map((each) => ({ ...each, usedHour: each.count.hour, usedDay: each.count.day }))
      const choice = chooseCallerId(now, { customerId: `c${minute}`, now: at, region: null, shown: null }, 'line')
      if ('none' in choice) continue
      placed += 1
      pool.find(({ number }) => number === choice.number)?.count.add(at)
      expect(Math.max(...pool.map(({ count }) => count.day))).toBeLessThanOrEqual(80)
      expect(Math.max(...pool.map(({ count }) => count.hour)) - Math.min(...pool.map(({ count }) => count.hour))).toBeLessThanOrEqual(12)
    }
    expect(placed).toBeGreaterThan(7 * 80 * 2)
  })
})

describe('calls within an hour and a day', () => {
  test('a limit kept by it is kept in every window', () => {
    fc.assert(fc.property(fc.array(fc.nat(600_000), { minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 20 }), (gaps, limit) => {
      const count = new RollingCount()
      const placed: number[] = []
      let at = 1_700_000_000_000
      for (const gap of gaps) {
        at += gap
        count.advance(at)
        if (count.hour >= limit) continue
        count.add(at)
        placed.push(at)
      }
      for (const start of placed) expect(placed.filter((each) => each >= start && each < start + 3_600_000).length).toBeLessThanOrEqual(limit)
    }))
  })

  test('leaves after its time, is taken back, and is told when there is room again', () => {
    const count = new RollingCount()
    const at = 1_700_000_100_000
    for (let call = 0; call < 3; call += 1) count.add(at)
    expect([count.hour, count.day, count.roomAt('hour', 3, at)]).toEqual([3, 3, Math.floor(at / 300_000) * 300_000 + 3_900_000])
    count.remove(at)
    expect([count.hour, count.day, count.roomAt('hour', 3, at)]).toEqual([2, 2, at])
    count.advance(at + 3_900_000)
    expect([count.hour, count.day]).toEqual([0, 2])
    count.add(at + 60_000) // told late
    expect([count.hour, count.day]).toEqual([0, 3])
    count.advance(at + 86_700_000)
    expect([count.hour, count.day]).toEqual([0, 0])
    expect(count.roomAt('day', 0, at)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a limit shared by processes', () => {
  test('is never passed and never lost', () => {
    fc.assert(fc.property(fc.nat(100), fc.nat(1_000), fc.array(fc.nat(3), { minLength: 64, maxLength: 64 }), (limit, offset, owners) => {
      const shares = [0, 1, 2, 3].map((owner) => shareOf(limit, owners.flatMap((each, slot) => (each === owner ? [slot] : [])), 64, offset))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limit)
    }))
  })
})

describe('places', () => {
  const cases = [
    ['广东', '广东', null], ['广东省深圳市', '广东', '0755'], ['深圳', '广东', '0755'], ['北京市朝阳区', '北京', '010'], ['辽宁朝阳', '辽宁', '0421'],
    ['吉林省', '吉林', null], ['吉林省吉林市', '吉林', '0432'], ['内蒙古自治区包头市', '内蒙古', '0472'], ['上海', '上海', '021'], ['海南', '海南', '0898'], ['沈阳', '辽宁', '024'],
  ] as const
  for (const [text, province, area] of cases) test(text, () => expect(regionOf(text)).toEqual({ province, area }))
  test('what names none', () => expect([regionOf('Atlantis'), regionOf(''), regionOf(null)]).toEqual([null, null, null]))

  const numbers = [
    ['+86 20 3888 0001', '2038880001', '广东', '020'], ['0755-83001234', '75583001234', '广东', '0755'], ['0086-10-12345678', '1012345678', '北京', '010'],
    ['02187654321', '2187654321', '上海', '021'],
  ] as const
  for (const [number, digits, province, area] of numbers) {
    test(number, () => expect([numberDigits(number), regionOfNumber(digits)]).toEqual([digits, { province, area }]))
  }
  test('a mobile number, a service number and one abroad tell no place', () => {
    expect(['13800000001', '4008001234', '95555', '+442079460000'].map((number) => regionOfNumber(numberDigits(number)))).toEqual([null, null, null, null])
  })
  test('how near', () => expect([nearness(shenzhen, shenzhen), nearness(shenzhen, guangzhou), nearness(shenzhen, beijing), nearness(null, beijing), nearness(regionOf('广东'), guangzhou)]).toEqual(['area', 'province', 'any', 'any', 'province']))
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALL_DAY, narrow } from './calling-hours.ts'
import { ZoneClock } from './zone-clock.ts'

const zones = new ZoneClock()
const at = (iso: string): number => Date.parse(iso)
const MINUTE = 60_000

describe('local time', () => {
  const cases = [
    { zone: 'Asia/Shanghai', instant: '2026-11-22T02:12:30Z', day: '2026-11-22', minutes: 10 * 60 + 12 },
    { zone: 'Asia/Shanghai', instant: '2026-12-31T16:00:00Z', day: '2027-01-01', minutes: 0 },
    { zone: 'Asia/Kathmandu', instant: '2026-11-22T18:15:00Z', day: '2026-11-23', minutes: 0 },
    { zone: 'America/New_York', instant: '2026-03-08T06:59:00Z', day: '2026-03-08', minutes: 119 },
    { zone: 'America/New_York', instant: '2026-03-08T07:00:00Z', day: '2026-03-08', minutes: 180 },
    { zone: 'Australia/Lord_Howe', instant: '2026-10-03T15:30:00Z', day: '2026-10-04', minutes: 150 },
    { zone: 'Pacific/Kiritimati', instant: '2028-02-28T10:00:00Z', day: '2028-02-29', minutes: 0 },
  ]
  for (const c of cases) {
    test(`${c.zone} at ${c.instant}`, () => {
      expect(zones.localTime(c.zone, at(c.instant))).toEqual({ day: c.day, minutesOfDay: c.minutes })
    })
  }

  test('a zone that does not exist is unknown', () => {
    expect(zones.localTime('Asia/Atlantis', 0)).toBeNull()
    expect(zones.localTime('', 0)).toBeNull()
    expect(zones.nextInside('Asia/Atlantis', ALL_DAY, 0)).toBeNull()
  })

  test('agrees with the formatter at any minute of fifty years', () => {
    const zone = fc.constantFrom('Asia/Shanghai', 'Europe/London', 'America/New_York', 'Africa/Cairo', 'Asia/Tehran', 'America/Santiago')
    fc.assert(fc.property(zone, fc.integer({ min: 315_532_800, max: 1_893_456_000 }), (name, seconds) => {
      const seen = zones.localTime(name, seconds * 1000)
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'short' })
      const [day, time] = format.format(seconds * 1000).split(' ') as [string, string]
      const [hour, minute] = time.split(':').map(Number) as [number, number]
      expect(seen).toEqual({ day, minutesOfDay: hour * 60 + minute })
    }), { numRuns: 300 })
  })
})

describe('the next allowed instant', () => {
  const office = [{ fromMinute: 9 * 60, toMinute: 12 * 60 }, { fromMinute: 14 * 60, toMinute: 18 * 60 }]
  const cases = [
    { name: 'now, when inside', zone: 'Asia/Shanghai', hours: office, from: '2026-11-22T02:12:30.500Z', want: '2026-11-22T02:12:30.500Z' },
    { name: 'after the midday rest', zone: 'Asia/Shanghai', hours: office, from: '2026-11-22T04:00:00Z', want: '2026-11-22T06:00:00Z' },
    { name: 'tomorrow morning', zone: 'Asia/Shanghai', hours: office, from: '2026-11-22T10:00:01Z', want: '2026-11-23T01:00:00Z' },
    { name: 'a shorter night when clocks go forward', zone: 'America/New_York', hours: office, from: '2026-03-08T03:00:00Z', want: '2026-03-08T13:00:00Z' },
    { name: 'a longer night when clocks go back', zone: 'America/New_York', hours: office, from: '2026-11-01T03:00:00Z', want: '2026-11-01T14:00:00Z' },
    { name: 'the end of the hour that is left out', zone: 'America/New_York', hours: [{ fromMinute: 150, toMinute: 240 }], from: '2026-03-08T06:50:00Z', want: '2026-03-08T07:00:00Z' },
    { name: 'the next day when all of it is left out', zone: 'America/New_York', hours: [{ fromMinute: 150, toMinute: 160 }], from: '2026-03-08T06:50:00Z', want: '2026-03-09T06:30:00Z' },
    { name: 'the second time of the hour that comes twice', zone: 'America/New_York', hours: [{ fromMinute: 60, toMinute: 90 }], from: '2026-11-01T05:40:00Z', want: '2026-11-01T06:00:00Z' },
  ]
  for (const c of cases) {
    test(c.name, () => {
      expect(new Date(zones.nextInside(c.zone, c.hours, at(c.from)) ?? 0).toISOString()).toBe(new Date(at(c.want)).toISOString())
    })
  }

  test('never comes without hours', () => {
    expect(zones.nextInside('Asia/Shanghai', [], 0)).toBeNull()
    expect(zones.nextInside('Asia/Shanghai', narrow(office, [{ fromMinute: 720, toMinute: 840 }]), 0)).toBeNull()
  })

  test('is the first one of a search minute by minute, around clock changes too', () => {
    const change = fc.constantFrom(
      ['America/New_York', '2026-03-08T07:00:00Z'], ['America/New_York', '2026-11-01T06:00:00Z'],
      ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'], ['Africa/Cairo', '2026-04-23T22:00:00Z'], ['Asia/Shanghai', '2026-11-22T00:00:00Z'],
    )
    const minute = fc.integer({ min: 0, max: 1440 })
    fc.assert(fc.property(change, fc.integer({ min: -1500, max: 200 }), minute, minute, ([zone, iso], shift, one, other) => {
      const hours = [{ fromMinute: Math.min(one, other), toMinute: Math.max(one, other) }]
      const from = at(iso as string) + shift * MINUTE
      const found = zones.nextInside(zone as string, hours, from)
      if (one === other) {
        expect(found).toBeNull()
        return
      }
      let search = from
      while (!zones.isInside(zone as string, hours, search)) search += MINUTE
      expect(found).toBe(search)
    }), { numRuns: 300 })
  })
})

describe('the next day', () => {
  const cases = [
    { zone: 'Asia/Shanghai', from: '2026-11-22T02:12:30Z', want: '2026-11-22T16:00:00Z' },
    { zone: 'America/New_York', from: '2026-03-08T05:00:00Z', want: '2026-03-09T04:00:00Z' },
    { zone: 'America/New_York', from: '2026-11-01T04:00:00Z', want: '2026-11-02T05:00:00Z' },
    { zone: 'Africa/Cairo', from: '2026-04-23T20:00:00Z', want: '2026-04-23T22:00:00Z' },
    { zone: 'Africa/Cairo', from: '2026-10-29T20:30:00Z', want: '2026-10-29T22:00:00Z' },
  ]
  for (const c of cases) {
    test(`in ${c.zone} after ${c.from}`, () => {
      expect(new Date(zones.nextDay(c.zone, at(c.from)) ?? 0).toISOString()).toBe(new Date(at(c.want)).toISOString())
    })
  }
})

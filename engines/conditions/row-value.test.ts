import { expect, test } from 'vitest'
import { localDay, nextMidnight } from './row-value.ts'
import { zoneOffset } from './test/arbitrary.ts'

const cases = [
  { name: 'a day of 24 hours', zone: 'Asia/Shanghai', now: '2026-03-02T02:12:00Z', midnight: '2026-03-02T16:00:00Z' },
  { name: 'at midnight the next one', zone: 'Asia/Shanghai', now: '2026-03-02T16:00:00Z', midnight: '2026-03-03T16:00:00Z' },
  { name: 'a day of 23 hours, clocks go forward', zone: 'Europe/Berlin', now: '2026-03-29T00:10:00Z', midnight: '2026-03-29T22:00:00Z' },
  { name: 'a day of half an hour less', zone: 'Australia/Lord_Howe', now: '2026-10-03T15:00:00Z', midnight: '2026-10-04T13:00:00Z' },
]
for (const c of cases) {
  test(c.name, () => {
    const now = Date.parse(c.now)
    const at = nextMidnight(now, c.zone, zoneOffset)
    expect(new Date(at).toISOString()).toBe(new Date(c.midnight).toISOString())
    expect(localDay(at, c.zone, zoneOffset)).toBe(localDay(now, c.zone, zoneOffset) + 1)
  })
}

const early = [
  { name: 'a day of 25 hours', zone: 'Europe/Berlin', now: '2026-10-25T00:10:00Z', first: '2026-10-25T22:00:00Z', second: '2026-10-25T23:00:00Z' },
  { name: 'clocks go forward at midnight itself', zone: 'Africa/Cairo', now: '2026-04-23T20:00:00Z', first: '2026-04-23T21:00:00Z', second: '2026-04-23T22:00:00Z' },
]
for (const c of early) {
  test(`${c.name} is looked at twice: early, never late`, () => {
    const first = nextMidnight(Date.parse(c.now), c.zone, zoneOffset)
    expect(new Date(first).toISOString()).toBe(new Date(c.first).toISOString())
    expect(new Date(nextMidnight(first, c.zone, zoneOffset)).toISOString()).toBe(new Date(c.second).toISOString())
  })
}

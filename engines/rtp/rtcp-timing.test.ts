import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dlsrOf, middleOf, nextReportAt, ntpOf, reportIntervalMs, roundTripMs } from './rtcp-timing.ts'

test('NTP counts from 1900 in 2³² parts of a second', () => {
  expect(ntpOf(0)).toEqual({ seconds: 2_208_988_800, fraction: 0 })
  expect(ntpOf(1_500)).toEqual({ seconds: 2_208_988_801, fraction: 0x8000_0000 })
  expect(middleOf({ seconds: 0x1234_5678, fraction: 0x9abc_def0 })).toBe(0x5678_9abc)
})

describe('the round trip', () => {
  test('is the example of RFC 3550 Figure 2: 6.125 s', () => {
    const arrival = { seconds: 0xb710, fraction: 0x8000_0000 }
    expect(roundTripMs(arrival, { lsr: 0xb705_2000, dlsr: 0x0005_4000 })).toBe(6_125)
  })

  test('is found again whatever the clock says, over its wrap of 18 hours', () => {
    fc.assert(fc.property(fc.nat(4_000_000_000_000), fc.nat(20_000), fc.nat(20_000), (sentAt, theirDelayMs, tripMs) => {
      const lsr = middleOf(ntpOf(sentAt))
      fc.pre(lsr !== 0)
      const trip = roundTripMs(ntpOf(sentAt + theirDelayMs + tripMs), { lsr, dlsr: dlsrOf(theirDelayMs) })
      expect(Math.abs((trip ?? Number.NaN) - tripMs)).toBeLessThan(0.1)
    }))
  })

  test.each([
    { name: 'they heard no report yet', lsr: 0, dlsr: 0, want: null },
    { name: 'they claim to have waited longer than it took', lsr: middleOf(ntpOf(9_000)), dlsr: dlsrOf(5_000), want: null },
    { name: 'rounding below zero', lsr: middleOf(ntpOf(9_000)), dlsr: dlsrOf(1_001), want: 0 },
  ])('$name', ({ lsr, dlsr, want }) => expect(roundTripMs(ntpOf(10_000), { lsr, dlsr })).toBe(want))
})

describe('the next report', () => {
  const leg = { isFirst: false, members: 2, averageBytes: 130, bytesPerSecond: 400 }
  test.each([
    { name: 'between 2.1 and 6.2 s', timing: leg, from: 2_052, to: 6_156 },
    { name: 'the first in half of it', timing: { ...leg, isFirst: true }, from: 1_026, to: 3_078 },
    { name: 'later with many members', timing: { ...leg, members: 100 }, from: 13_338, to: 40_015 },
  ])('$name', ({ timing, from, to }) => {
    expect(Math.round(reportIntervalMs({ ...timing, random: 0 }))).toBe(from)
    expect(Math.round(reportIntervalMs({ ...timing, random: 1 }))).toBe(to)
  })

  test('counts from the last', () => {
    expect(nextReportAt({ lastAt: 60_000, isFirst: false, random: 0 })).toBeCloseTo(62_052, 0)
    expect(nextReportAt({ lastAt: 60_000, isFirst: true, random: 1 })).toBeCloseTo(63_078, 0)
  })
})

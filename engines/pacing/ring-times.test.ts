import { expect, test } from 'vitest'
import { addRing, ageAt, newRingTimes, readCurve, ringCurves, stillToAnswer } from './ring-times.ts'

test('before any call the curves rise to one, and a call that keeps ringing loses hope', () => {
  const curves = ringCurves(newRingTimes(25_000))
  expect(readCurve(curves.answeredBy, 0)).toBe(0)
  expect(readCurve(curves.answeredBy, 60_000)).toBeCloseTo(1, 6)
  const hope = [0, 8_000, 14_000, 20_000, 24_000].map((age) => stillToAnswer(curves, 0.3, age))
  expect(hope[0]).toBeCloseTo(0.3, 6)
  expect(hope.slice(1)).toEqual(hope.slice(1).toSorted((a, b) => b - a))
})

test('learns where answers come', () => {
  const times = newRingTimes(25_000)
  for (let call = 0; call < 500; call += 1) addRing(times, true, 4_000 + (call % 4) * 500)
  const curves = ringCurves(times)
  expect(ageAt(curves.answeredBy, 0.5)).toBeGreaterThan(4_000)
  expect(ageAt(curves.answeredBy, 0.5)).toBeLessThan(6_500)
})

test('after the quick failures are over, a call that still rings is likelier to be answered', () => {
  const times = newRingTimes(25_000)
  for (let call = 0; call < 400; call += 1) addRing(times, false, call % 2 === 0 ? 600 : 25_000)
  expect(stillToAnswer(ringCurves(times), 0.3, 3_000)).toBeGreaterThan(0.35)
})

test('ages beyond the table do not break it', () => {
  const times = newRingTimes(200_000)
  addRing(times, false, 1e9)
  addRing(times, true, -5)
  expect(stillToAnswer(ringCurves(times), 0.3, 1e9)).toBe(0)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookLoss, newBudget, riskMax, riskWanted, steer } from './abandonment-budget.ts'

const limits = { cap: 0.03, falseMachineShare: 0, ringMinMs: 17_000 }

describe('the risk wanted', () => {
  test('is small before anything was saved', () => {
    expect(riskWanted(newBudget(), { live: 0, abandoned: 0 }, limits)).toBeLessThan(0.012)
  })

  test('nears the cap when the window is on course, and falls far below it when overspent', () => {
    const onCourse = riskWanted(newBudget(), { live: 1_000, abandoned: 26 }, limits)
    expect(onCourse).toBeGreaterThan(0.015)
    expect(riskWanted(newBudget(), { live: 1_000, abandoned: 45 }, limits)).toBeLessThan(onCourse / 3)
  })

  test('one more loss moves it by less than a third', () => {
    const before = riskWanted(newBudget(), { live: 500, abandoned: 12 }, limits)
    expect(riskWanted(newBudget(), { live: 500, abandoned: 13 }, limits)).toBeGreaterThan((before * 2) / 3)
  })

  test('weeks of savings are not spent in an hour', () => {
    expect(riskWanted({ ...newBudget(), foreseen: 100, lost: 100 }, { live: 1e6, abandoned: 0 }, limits)).toBeLessThan(0.05)
  })

  test('is none when machine detection uses up the whole budget', () => {
    expect(riskWanted(newBudget(), { live: 0, abandoned: 0 }, { cap: 0.01, falseMachineShare: 0.02, ringMinMs: 17_000 })).toBe(0)
  })

  test('rises with the cap, falls with each loss', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 200 }), fc.double({ min: 0.001, max: 0.1, noNaN: true }), (live, abandoned, cap) => {
      const of = (window: { live: number; abandoned: number }, share: number): number => riskWanted(newBudget(), window, { cap: share, falseMachineShare: 0.0005, ringMinMs: 17_000 })
      expect(of({ live, abandoned }, cap * 1.2)).toBeGreaterThanOrEqual(of({ live, abandoned }, cap))
      expect(of({ live, abandoned: abandoned + 1 }, cap)).toBeLessThanOrEqual(of({ live, abandoned }, cap))
    }), { numRuns: 200 })
  })
})

test('the spread opens while calls placed carry less than the wanted risk, and closes when they carry more', () => {
  const steering = newBudget()
  const before = riskMax(steering, 0.02)
  for (let call = 0; call < 50; call += 1) steer(steering, { answers: 0.3, risk: 0.005 }, 0.02)
  expect(riskMax(steering, 0.02)).toBeGreaterThan(before)
  for (let call = 0; call < 100; call += 1) steer(steering, { answers: 0.3, risk: 0.05 }, 0.02)
  expect(riskMax(steering, 0.02)).toBeLessThan(before)
})

test('losses that nobody foresaw make it more careful', () => {
  const steering = newBudget()
  const before = riskWanted(steering, { live: 1_000, abandoned: 25 }, limits)
  for (let loss = 0; loss < 20; loss += 1) bookLoss(steering)
  expect(riskWanted(steering, { live: 1_000, abandoned: 25 }, limits)).toBeLessThan(before)
})

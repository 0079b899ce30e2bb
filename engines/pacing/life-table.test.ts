import { describe, expect, test } from 'vitest'
import { addEnd, endsWithin, hazardOf, newLifeTable } from './life-table.ts'

describe('the hazard', () => {
  test('before any end is that of the usual length', () => {
    expect(endsWithin(hazardOf(newLifeTable(100_000), []), 0, 100)).toBeCloseTo(1 - Math.exp(-1), 1)
  })

  test('finds a length that all have in common', () => {
    const table = newLifeTable(15_000)
    for (let count = 0; count < 400; count += 1) addEnd(table, 29_000 + (count % 10) * 1_000)
    const hazard = hazardOf(table, [])
    expect(endsWithin(hazard, 0, 15)).toBeLessThan(0.15)
    expect(endsWithin(hazard, 30, 10)).toBeGreaterThan(0.8)
  })

  test('counts those that go on: ten short ones that ended do not make all short', () => {
    const table = newLifeTable(60_000)
    for (let count = 0; count < 10; count += 1) addEnd(table, 5_000)
    const going = Array.from({ length: 40 }, () => 90_000)
    expect(endsWithin(hazardOf(table, going), 20, 10)).toBeLessThan(endsWithin(hazardOf(table, []), 20, 10))
  })

  test('never leaves an age without any', () => {
    const table = newLifeTable(10_000)
    for (let count = 0; count < 200; count += 1) addEnd(table, 8_000)
    expect(endsWithin(hazardOf(table, [3_600_000]), 4_000, 10)).toBeGreaterThan(0)
  })
})

import { describe, expect, test } from 'vitest'
import { TEST_NUMBERS, testScriptOf } from './test-numbers.ts'
import { outcomeSeen } from './test/outcome-seen.ts'
import { VirtualExchange } from './test/virtual-exchange.ts'

describe('a call to each test number comes to the outcome it promises', () => {
  for (const { number, does, outcome, heard } of TEST_NUMBERS) {
    test(`${number.slice(-2)} ${does.en}: ${outcome}`, () => {
      const exchange = new VirtualExchange()
      const placed = exchange.place(number)
      exchange.run(200_000)
      expect(outcomeSeen(placed, false)).toBe(outcome)
      expect(outcomeSeen(placed, true)).toBe(heard ?? outcome)
      expect(placed.call.state).toBe('done')
      expect(exchange.switchboard.open()).toEqual([])
      expect(exchange.statistics).toMatchObject({ calls: 1, ended: 1 })
    })
  }
})

test('numbers are unique, in their range, and the rest of the range is not in use', () => {
  expect(new Set(TEST_NUMBERS.map((entry) => entry.number)).size).toBe(TEST_NUMBERS.length)
  expect(TEST_NUMBERS.every((entry) => /^\+86139000000\d\d$/.test(entry.number))).toBe(true)
  expect(testScriptOf('+8613900000099')?.steps[0]).toMatchObject({ status: 404, reason: 'Q.850;cause=1' })
  expect(testScriptOf('+8613900000100')).toBeNull()
})

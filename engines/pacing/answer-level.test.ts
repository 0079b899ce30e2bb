import { expect, test } from 'vitest'
import { followLevel, newAnswerLevel, shifted } from './answer-level.ts'

/** A minute of calls at one a second, of which each is due with probability `believed` and comes with `true_`. */
function minutes(count: number, believed: number, really: number, level = newAnswerLevel()): ReturnType<typeof newAnswerLevel> {
  let owed = 0
  for (let second = 0; second < 60 * count; second += 1) {
    const p = shifted(believed, level.shift)
    owed += really
    const came = Math.floor(owed)
    owed -= came
    followLevel(level, { due: p, information: p * (1 - p), came, elapsedS: 1 })
  }
  return level
}

test('finds the true probability within minutes, and its own uncertainty shrinks', () => {
  const level = minutes(5, 0.3, 0.15)
  expect(shifted(0.3, level.shift)).toBeCloseTo(0.15, 1)
  expect(level.variance).toBeLessThan(newAnswerLevel().variance / 5)
})

test('follows a doubling', () => {
  const level = minutes(6, 0.3, 0.4, minutes(20, 0.3, 0.2))
  expect(shifted(0.3, level.shift)).toBeGreaterThan(0.34)
})

test('with no calls nothing is learnt and the uncertainty grows, up to a bound', () => {
  const level = newAnswerLevel()
  for (let second = 0; second < 100_000; second += 1) followLevel(level, { due: 0, information: 0, came: 0, elapsedS: 1 })
  expect(level.shift).toBe(0)
  expect(level.variance).toBeGreaterThan(newAnswerLevel().variance)
  expect(level.variance).toBeLessThanOrEqual(1.5)
})

test('a forecaster who is sure of himself is not believed to the end', () => {
  expect(shifted(0, 0)).toBeGreaterThan(0)
  expect(shifted(1, 0)).toBeLessThan(1)
  expect(shifted(1, 50)).toBeLessThanOrEqual(1)
})

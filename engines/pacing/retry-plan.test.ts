import { describe, expect, test } from 'vitest'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { inOtherDaypart } from './other-daypart.ts'
import type { CalleeClock } from './other-daypart.ts'
import { DEFAULT_RETRY_PLAN, countsAsTry, nextAttempt } from './retry-plan.ts'
import type { RetryAdjustments, RetryPlan } from './retry-plan.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = 1_000_000
const after = (wait: number, otherHour = false): { at: number; otherHour: boolean } => ({ at: NOW + wait, otherHour })

describe('what follows', () => {
  const cases: { name: string; outcome: Outcome; tries?: number; uncounted?: number; rules?: RetryAdjustments; want: ReturnType<typeof nextAttempt> }[] = [
    { name: 'connected', outcome: 'connected', want: 'finished' },
    { name: 'invalid', outcome: 'invalid-number', want: 'finished' },
    { name: 'busy', outcome: 'busy', want: after(10 * MINUTE) },
    { name: 'no answer', outcome: 'no-answer', want: after(2 * HOUR, true) },
    { name: 'rejected', outcome: 'rejected', want: after(24 * HOUR) },
    { name: 'unreachable', outcome: 'unreachable', want: after(4 * HOUR) },
    { name: 'abandoned', outcome: 'abandoned', want: after(72 * HOUR) },
    { name: 'hidden by a crash', outcome: 'unknown', want: after(2 * HOUR) },
    { name: 'the last attempt', outcome: 'busy', tries: 4, want: 'finished' },
    { name: 'line failed', outcome: 'line-failed', uncounted: 1, want: after(MINUTE) },
    { name: 'line failed after the last counted attempt still does not count', outcome: 'line-failed', tries: 4, uncounted: 1, want: after(MINUTE) },
    { name: 'line failed three times in a row', outcome: 'line-failed', uncounted: 3, want: after(4 * MINUTE) },
    { name: 'line failed for hours', outcome: 'line-failed', uncounted: 9, want: after(HOUR) },
    { name: 'line failed ten times in a row uses up a try', outcome: 'line-failed', tries: 3, uncounted: 10, want: after(HOUR) },
    { name: 'and is the last one when no try is left', outcome: 'line-failed', tries: 4, uncounted: 10, want: 'finished' },
    { name: 'a rule allows fewer', outcome: 'no-answer', tries: 2, rules: { attemptsMax: 2 }, want: 'finished' },
    { name: 'a rule allows more', outcome: 'busy', tries: 4, rules: { attemptsMax: 6 }, want: after(10 * MINUTE) },
    { name: 'a rule moves it', outcome: 'busy', rules: { retryAfterMs: HOUR, otherHour: true }, want: after(HOUR, true) },
    { name: 'a rule does not revive an invalid number', outcome: 'invalid-number', rules: { attemptsMax: 9, retryAfterMs: 1 }, want: 'finished' },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const tried = { outcome: c.outcome, tries: c.tries ?? 1, uncountedTries: c.uncounted ?? 0, now: NOW }
      expect(nextAttempt(tried, DEFAULT_RETRY_PLAN, c.rules)).toEqual(c.want)
    })
  }

  test('a campaign that asks for no pause after a failed line gets the shortest one, doubled each time, and comes to an end', () => {
    const eager: RetryPlan = { ...DEFAULT_RETRY_PLAN, steps: { ...DEFAULT_RETRY_PLAN.steps, 'line-failed': { afterMs: 0, otherHour: false, counts: false } } }
    const waits: number[] = []
    for (let tries = 0, uncountedTries = 0; waits.length < 1_000;) {
      const counted = countsAsTry('line-failed', eager, uncountedTries + 1)
      if (counted) tries += 1
      const next = nextAttempt({ outcome: 'line-failed', tries, uncountedTries: uncountedTries + 1, now: NOW }, eager)
      if (next === 'finished') break
      waits.push(next.at - NOW)
      uncountedTries = counted ? 0 : uncountedTries + 1
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((minutes) => minutes * MINUTE))
    expect(Math.min(...waits)).toBe(MINUTE)
    expect(waits).toHaveLength(39)
  })

  test('tries that never reached the person do not count', () => {
    expect(OUTCOMES.filter((outcome) => !countsAsTry(outcome, DEFAULT_RETRY_PLAN))).toEqual(['line-failed', 'cancelled', 'blocked'])
  })
})

describe('another part of the day', () => {
  /** A callee at UTC who may be called 08:00–21:00; time is ms since a midnight. */
  const clock: CalleeClock = {
    minutesOfDay: (instant) => Math.floor(instant / MINUTE) % 1_440,
    nextInside: (window, from) => {
      for (let instant = from; instant < from + 48 * HOUR; instant = (Math.floor(instant / MINUTE) + 1) * MINUTE) {
        const minute = Math.floor(instant / MINUTE) % 1_440
        if (minute >= Math.max(480, window.fromMinute) && minute < Math.min(1_260, window.toMinute)) return instant
      }
      return null
    },
  }
  const cases: { name: string; from: number; tried: number[]; want: number }[] = [
    { name: 'tried in the morning, due at noon: noon', from: 12 * HOUR, tried: [10 * HOUR], want: 12 * HOUR },
    { name: 'tried in the morning, due in the morning: midday', from: 11 * HOUR, tried: [9 * HOUR], want: 11.5 * HOUR },
    { name: 'morning and midday tried: afternoon', from: 13 * HOUR, tried: [9 * HOUR, 12 * HOUR], want: 14 * HOUR },
    { name: 'all but the morning tried: tomorrow morning', from: 19 * HOUR, tried: [12 * HOUR, 15 * HOUR, 18 * HOUR], want: 32 * HOUR },
    { name: 'all tried: any but the last', from: 19 * HOUR, tried: [9 * HOUR, 12 * HOUR, 15 * HOUR, 18 * HOUR], want: 32 * HOUR },
    { name: 'due at night: the next allowed part', from: 23 * HOUR, tried: [20 * HOUR], want: 32 * HOUR },
  ]
  for (const c of cases) test(c.name, () => expect(inOtherDaypart(c.from, c.tried, clock)).toBe(c.want))

  test('an unknown zone gives no answer', () => {
    expect(inOtherDaypart(0, [0], { minutesOfDay: () => null, nextInside: () => null })).toBeNull()
  })
})

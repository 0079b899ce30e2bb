import { expect, test } from 'vitest'
import { lastDays, onDutyMs, pausedMs, sumOf, type Spent } from './agent-time'

const day = (fields: Partial<Spent>): Spent => ({ calls: 0, readyMs: 0, dialingMs: 0, talkingMs: 0, holdMs: 0, wrapUpMs: 0, pausedMs: {}, ...fields })

test('pauses of all reasons are one time, and all times are the time on duty', () => {
  const one = day({ readyMs: 1, dialingMs: 2, talkingMs: 4, holdMs: 8, wrapUpMs: 16, pausedMs: { meal: 32, break: 64 } })
  expect(pausedMs(one)).toBe(96)
  expect(onDutyMs(one)).toBe(127)
})

test('days are added, pauses by their reason', () => {
  expect(sumOf([day({ calls: 1, talkingMs: 5, pausedMs: { meal: 3 } }), day({ calls: 2, talkingMs: 7, pausedMs: { meal: 4, break: 1 } })]))
    .toMatchObject({ calls: 3, talkingMs: 12, readyMs: 0, pausedMs: { meal: 7, break: 1 } })
})

test('today alone begins and ends today; a week reaches six days back', () => {
  const noon = new Date(2026, 2, 10, 12).getTime()
  expect(lastDays(1, noon)).toEqual({ from: '2026-03-10', to: '2026-03-10' })
  expect(lastDays(7, noon)).toEqual({ from: '2026-03-04', to: '2026-03-10' })
})

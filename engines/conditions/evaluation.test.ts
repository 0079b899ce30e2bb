import { describe, expect, test } from 'vitest'
import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import { evaluate } from './evaluation.ts'
import { parseCondition } from './parse-condition.ts'
import { toPredicate } from './predicate.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-02T02:12:00Z')
const ZONE = { key: 'timeZone', column: 'time_zone' }
const CATALOGUE: FieldCatalogue = {
  level: { type: 'choice', values: ['A', 'B'], column: 'level' },
  lastFollowUpAt: { type: 'timestamp', column: 'last_follow_up_at', nullMeansNever: true, zone: ZONE },
  pausedUntil: { type: 'timestamp', column: 'paused_until' },
}
/** Shanghai has kept UTC+8 without daylight saving since 1991. */
const shanghai = (): number => 8 * 3_600_000

function ask(json: unknown, row: object) {
  const parsed = parseCondition(json, CATALOGUE)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  const { matches, recheckAt } = evaluate(parsed.condition, row, NOW, shanghai)
  expect(toPredicate(parsed.condition, shanghai)(row, NOW)).toBe(matches)
  return { matches, recheckIn: recheckAt === null ? null : recheckAt - NOW }
}

const leaf = (field: string, operator: string, value?: unknown) => ({ field, operator, value })
const isA = leaf('level', '=', 'A')
const stale = leaf('lastFollowUpAt', 'olderThanDays', 7)
const aAndStale = { combinator: 'and', rules: [isA, stale] }
const aOrStale = { combinator: 'or', rules: [isA, stale] }
const notStale = { combinator: 'and', not: true, rules: [stale] }
const fresh = leaf('lastFollowUpAt', 'withinLastDays', 2)
const today = leaf('lastFollowUpAt', 'today')

describe('the answer, and when time alone can change it', () => {
  const cases: { name: string; json: unknown; row: object; matches: boolean; recheckIn: number | null }[] = [
    { name: 'an A followed up six days ago turns in one day', json: aAndStale, row: { level: 'A', lastFollowUpAt: NOW - 6 * DAY }, matches: false, recheckIn: DAY },
    { name: 'at seven days to the millisecond it has turned', json: aAndStale, row: { level: 'A', lastFollowUpAt: NOW - 7 * DAY }, matches: true, recheckIn: null },
    { name: 'a B never turns by time', json: aAndStale, row: { level: 'B', lastFollowUpAt: NOW - 6 * DAY }, matches: false, recheckIn: null },
    { name: 'an A in an or has nothing to wait for', json: aOrStale, row: { level: 'A', lastFollowUpAt: NOW - 6 * DAY }, matches: true, recheckIn: null },
    { name: 'never followed up is older than any days', json: stale, row: { lastFollowUpAt: null }, matches: true, recheckIn: null },
    { name: 'so its opposite is false', json: notStale, row: {}, matches: false, recheckIn: null },
    { name: 'the opposite of stale ends in one day', json: notStale, row: { lastFollowUpAt: NOW - 6 * DAY }, matches: true, recheckIn: DAY },
    { name: 'never paused is not older: null is not never here', json: leaf('pausedUntil', 'olderThanDays', 7), row: {}, matches: false, recheckIn: null },
    { name: 'fresh until the second day is over', json: fresh, row: { lastFollowUpAt: NOW - DAY / 2 }, matches: true, recheckIn: 1.5 * DAY },
    { name: 'not yet happened is not fresh, until it happens', json: fresh, row: { lastFollowUpAt: NOW + 5 }, matches: false, recheckIn: 5 },
    { name: 'a pause ends when it ends', json: leaf('pausedUntil', 'inFuture'), row: { pausedUntil: NOW + 1_000 }, matches: true, recheckIn: 1_000 },
    { name: 'a pause that is over stays over', json: leaf('pausedUntil', 'inFuture'), row: { pausedUntil: NOW }, matches: false, recheckIn: null },
    { name: 'both must turn: the later one counts', json: { combinator: 'and', rules: [stale, leaf('pausedUntil', 'inPast')] }, row: { lastFollowUpAt: NOW - 6 * DAY, pausedUntil: NOW + 5 }, matches: false, recheckIn: DAY },
    { name: 'either may turn: the earlier one counts', json: { combinator: 'or', rules: [stale, leaf('pausedUntil', 'inPast')] }, row: { lastFollowUpAt: NOW - 6 * DAY, pausedUntil: NOW + 5 }, matches: false, recheckIn: 5 },
    { name: 'today in Shanghai ends at its midnight', json: today, row: { lastFollowUpAt: NOW, timeZone: 'Asia/Shanghai' }, matches: true, recheckIn: Date.parse('2026-03-02T16:00:00Z') - NOW },
    { name: 'yesterday in Shanghai was three hours ago in UTC', json: today, row: { lastFollowUpAt: NOW - 11 * 3_600_000, timeZone: 'Asia/Shanghai' }, matches: false, recheckIn: null },
    { name: 'without a zone there is no today', json: today, row: { lastFollowUpAt: NOW }, matches: false, recheckIn: null },
    { name: 'dates of the database are instants too', json: stale, row: { lastFollowUpAt: new Date(NOW - 6 * DAY) }, matches: false, recheckIn: DAY },
    { name: 'and so are ISO texts', json: stale, row: { lastFollowUpAt: new Date(NOW - 6 * DAY).toISOString() }, matches: false, recheckIn: DAY },
  ]
  for (const c of cases) {
    test(c.name, () => expect(ask(c.json, c.row)).toEqual({ matches: c.matches, recheckIn: c.recheckIn }))
  }
})

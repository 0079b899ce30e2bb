import { describe, expect, test } from 'vitest'
import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import { LIMITS } from './limits.ts'
import { parseCondition } from './parse-condition.ts'

const CATALOGUE: FieldCatalogue = {
  name: { type: 'text', column: 'name' },
  level: { type: 'choice', values: ['A', 'B', 'C', 'D'], column: 'level' },
  attemptCount: { type: 'number', column: 'attempt_count' },
  neverCall: { type: 'boolean', column: 'never_call' },
  lastFollowUpAt: { type: 'timestamp', column: 'last_follow_up_at', nullMeansNever: true },
  createdAt: { type: 'timestamp', column: 'created_at', zone: { key: 'timeZone', column: 'time_zone' } },
  tags: { type: 'tags', column: 'tags' },
  ownerId: { type: 'id', column: 'owner_id' },
}

const all = (...rules: unknown[]) => ({ combinator: 'and', rules })
const leaf = (field: string, operator: string, value?: unknown) => ({ field, operator, value })
const nested = (depth: number): unknown => (depth === 1 ? all(leaf('level', '=', 'A')) : all(nested(depth - 1)))

describe('a condition is refused with a code and the place', () => {
  const cases: { name: string; json: unknown; code: string; path: string }[] = [
    { name: 'not an object', json: 'level = A', code: 'NOT_AN_OBJECT', path: '' },
    { name: 'null', json: null, code: 'NOT_AN_OBJECT', path: '' },
    { name: 'rules that are no list', json: { combinator: 'and', rules: {} }, code: 'NOT_AN_OBJECT', path: '/rules' },
    { name: 'a combinator of its own', json: { combinator: 'xor', rules: [leaf('level', '=', 'A')] }, code: 'COMBINATOR_UNKNOWN', path: '/combinator' },
    { name: 'independent combinators', json: all(leaf('level', '=', 'A'), 'or', leaf('level', '=', 'B')), code: 'NOT_AN_OBJECT', path: '/rules/1' },
    { name: 'not as a word', json: { ...all(leaf('level', '=', 'A')), not: 'yes' }, code: 'NOT_FLAG_WRONG', path: '/not' },
    { name: 'an empty group inside another', json: all(leaf('level', '=', 'A'), all()), code: 'GROUP_EMPTY', path: '/rules/1' },
    { name: 'not everyone', json: { combinator: 'and', not: true, rules: [] }, code: 'GROUP_EMPTY', path: '' },
    { name: 'a field outside the catalogue', json: leaf('phone', '=', '1'), code: 'FIELD_UNKNOWN', path: '/field' },
    { name: 'a field of Object.prototype', json: leaf('__proto__', '=', '1'), code: 'FIELD_UNKNOWN', path: '/field' },
    { name: 'an operator of Object.prototype', json: leaf('level', 'constructor', 'A'), code: 'OPERATOR_UNKNOWN', path: '/operator' },
    { name: 'an operator of another type', json: leaf('level', '<', 'A'), code: 'OPERATOR_UNKNOWN', path: '/operator' },
    { name: 'local days without a zone', json: leaf('lastFollowUpAt', 'today'), code: 'OPERATOR_UNKNOWN', path: '/operator' },
    { name: 'a comparison of two fields', json: { ...leaf('name', '=', 'level'), valueSource: 'field' }, code: 'FEATURE_UNSUPPORTED', path: '/valueSource' },
    { name: 'a muted rule', json: { ...leaf('level', '=', 'A'), muted: true }, code: 'FEATURE_UNSUPPORTED', path: '' },
    { name: 'a choice that does not exist', json: leaf('level', '=', 'E'), code: 'VALUE_NOT_IN_CHOICES', path: '/value' },
    { name: 'the third of a list', json: leaf('level', 'in', ['A', 'B', 'E']), code: 'VALUE_NOT_IN_CHOICES', path: '/value/2' },
    { name: 'an empty list', json: leaf('tags', 'hasAny', []), code: 'LIST_EMPTY', path: '/value' },
    { name: 'a number as text', json: leaf('attemptCount', '>', '3'), code: 'VALUE_WRONG_TYPE', path: '/value' },
    { name: 'a number beyond numbers', json: leaf('attemptCount', '>', Number.NaN), code: 'VALUE_WRONG_TYPE', path: '/value' },
    { name: 'a range the wrong way round', json: leaf('attemptCount', 'between', [5, 2]), code: 'RANGE_REVERSED', path: '/value' },
    { name: 'half a range', json: leaf('attemptCount', 'between', [5]), code: 'VALUE_WRONG_TYPE', path: '/value' },
    { name: 'a text with NUL', json: leaf('name', '=', 'a\u0000b'), code: 'VALUE_NOT_STORABLE', path: '/value' },
    { name: 'half a surrogate pair', json: leaf('name', 'contains', '\uD83D'), code: 'VALUE_NOT_STORABLE', path: '/value' },
    { name: 'contains nothing', json: leaf('name', 'contains', ''), code: 'VALUE_EMPTY', path: '/value' },
    { name: 'an instant without a zone', json: leaf('createdAt', 'before', '2026-03-01T10:00:00'), code: 'VALUE_WRONG_TYPE', path: '/value' },
    { name: 'an instant after the year 9999', json: leaf('createdAt', 'before', 8e15), code: 'VALUE_OUT_OF_RANGE', path: '/value' },
    { name: 'a day that does not exist', json: leaf('createdAt', 'onDay', '2026-02-30'), code: 'VALUE_OUT_OF_RANGE', path: '/value' },
    { name: 'a month that does not exist', json: leaf('createdAt', 'onDay', '2026-13-01'), code: 'VALUE_OUT_OF_RANGE', path: '/value' },
    { name: 'half a day', json: leaf('createdAt', 'withinLastDays', 0.5), code: 'VALUE_WRONG_TYPE', path: '/value' },
    { name: 'within the last no days', json: leaf('createdAt', 'withinLastDays', 0), code: 'VALUE_OUT_OF_RANGE', path: '/value' },
    { name: 'an id that is none', json: leaf('ownerId', '=', "' or 1=1 --"), code: 'VALUE_WRONG_TYPE', path: '/value' },
    { name: 'a value beside null', json: leaf('name', 'null', 'x'), code: 'VALUE_NOT_EXPECTED', path: '/value' },
    { name: 'nine levels', json: nested(LIMITS.depthMax + 1), code: 'TOO_DEEP', path: '/rules/0'.repeat(LIMITS.depthMax) },
    { name: 'too long a list', json: leaf('name', 'in', Array.from({ length: 1_001 }, String)), code: 'LIST_TOO_LONG', path: '/value' },
    { name: 'too long a text', json: leaf('name', '=', 'x'.repeat(201)), code: 'TEXT_TOO_LONG', path: '/value' },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const parsed = parseCondition(c.json, CATALOGUE)
      expect(parsed).toEqual({ ok: false, errors: [{ code: c.code, path: c.path }] })
    })
  }
})

test('every fault is told at once', () => {
  const parsed = parseCondition(all(leaf('phone', '=', 1), leaf('level', '=', 'E'), leaf('level', '=', 'A')), CATALOGUE)
  expect(parsed.ok ? [] : parsed.errors.map((error) => error.path)).toEqual(['/rules/0/field', '/rules/1/value'])
})

test('an empty root means everyone', () => {
  expect(parseCondition(all(), CATALOGUE)).toEqual({ ok: true, condition: { kind: 'all', of: [] } })
})

test('what the editor adds is ignored', () => {
  const json = { id: 'r', ...all({ id: '1', path: [0], valueSource: 'value', ...leaf('name', 'notNull', '') }) }
  expect(parseCondition(json, CATALOGUE).ok).toBe(true)
})

describe('a bomb is refused within 50 ms', () => {
  let deep: unknown = leaf('level', '=', 'A')
  for (let depth = 0; depth < 5_000; depth += 1) deep = all(deep)
  const bombs: { name: string; json: unknown; code: string }[] = [
    { name: '5,000 levels', json: deep, code: 'TOO_DEEP' },
    { name: '100,000 leaves', json: all(...Array.from({ length: 100_000 }, () => leaf('level', '=', 'A'))), code: 'TOO_MANY_NODES' },
    { name: '100,000 faults', json: all(...Array.from({ length: 100_000 }, () => leaf('phone', '=', 'A'))), code: 'FIELD_UNKNOWN' },
    { name: 'a list of a million', json: leaf('name', 'in', Array.from({ length: 1_000_000 }, () => 'x')), code: 'LIST_TOO_LONG' },
    { name: 'a text of 10 MB', json: leaf('name', '=', 'x'.repeat(10_000_000)), code: 'TEXT_TOO_LONG' },
  ]
  for (const bomb of bombs) {
    test(bomb.name, () => {
      const before = performance.now()
      const parsed = parseCondition(bomb.json, CATALOGUE)
      expect(performance.now() - before).toBeLessThan(50)
      expect(parsed.ok ? [] : parsed.errors.map((error) => error.code)).toContain(bomb.code)
      expect(parsed.ok ? 0 : parsed.errors.length).toBeLessThanOrEqual(LIMITS.errorsMax)
    })
  }
})

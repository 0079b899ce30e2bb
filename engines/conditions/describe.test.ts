import { describe as suite, expect, test } from 'vitest'
import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import { describe } from './describe.ts'
import { PHRASES } from './phrases.ts'
import { OPERATORS } from './operators.ts'
import { parseCondition } from './parse-condition.ts'

const CATALOGUE: FieldCatalogue = {
  level: { type: 'choice', values: ['A', 'B'], column: 'level' },
  intent: { type: 'choice', values: ['high', 'low'], column: 'intent' },
  lastFollowUpAt: { type: 'timestamp', column: 'last_follow_up_at', nullMeansNever: true },
  tags: { type: 'tags', column: 'tags' },
  neverCall: { type: 'boolean', column: 'never_call' },
}
const EN = { fields: { level: 'level', intent: 'intent', lastFollowUpAt: 'last follow-up', tags: 'tags', neverCall: '“never call”' } }
const ZH = {
  fields: { level: '级别', intent: '意向', lastFollowUpAt: '最近跟进', tags: '标签', neverCall: '禁呼' },
  values: { intent: { high: '高' } },
}
const leaf = (field: string, operator: string, value?: unknown) => ({ field, operator, value })
const stale = leaf('lastFollowUpAt', 'olderThanDays', 7)

suite('a condition reads as a sentence', () => {
  const cases = [
    { json: { combinator: 'and', rules: [leaf('level', '=', 'A'), stale] }, en: 'level is A and last follow-up is more than 7 days ago or never was', zh: '级别为 A，且最近跟进已超过 7 天或从未有过' },
    { json: { combinator: 'or', rules: [leaf('intent', '=', 'high'), { combinator: 'and', rules: [leaf('tags', 'hasAny', ['VIP', '老客户']), stale] }] },
      en: 'intent is high or (tags has any of “VIP”, “老客户” and last follow-up is more than 7 days ago or never was)', zh: '意向为 高，或（标签包含“VIP”、“老客户”中任意一个，且最近跟进已超过 7 天或从未有过）' },
    { json: { combinator: 'and', not: true, rules: [leaf('level', 'in', ['A', 'B'])] }, en: 'not (level is one of A, B)', zh: '不满足（级别为 A、B 之一）' },
    { json: leaf('lastFollowUpAt', 'before', '2026-03-01T00:00:00Z'), en: 'last follow-up is before 2026-03-01T00:00:00.000Z', zh: '最近跟进早于 2026-03-01T00:00:00.000Z' },
    { json: leaf('neverCall', '=', true), en: '“never call” is yes', zh: '禁呼为 是' },
    { json: leaf('lastFollowUpAt', 'notNull'), en: 'last follow-up is filled in', zh: '最近跟进不为空' },
    { json: { combinator: 'and', rules: [] }, en: 'everyone', zh: '所有客户' },
  ]
  for (const c of cases) {
    test(c.en, () => {
      const parsed = parseCondition(c.json, CATALOGUE)
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
      expect(describe(parsed.condition, 'en', EN)).toBe(c.en)
      expect(describe(parsed.condition, 'zh', ZH)).toBe(c.zh)
    })
  }
})

test('every operator has words in every language', () => {
  const ops = Object.values(OPERATORS).flatMap((operators) => Object.values(operators).map((operator) => operator.op))
  for (const phrases of Object.values(PHRASES)) {
    expect(ops.filter((op) => !phrases.tests[op])).toEqual([])
  }
})

import { describe, expect, test } from 'vitest'
import { compileCondition } from '@loopline/conditions/compile-condition'
import { describe as describeCondition } from '@loopline/conditions/describe'
import { RULE_FIELDS } from '@loopline/contracts/rule-fields'
import type { DecisionPoint } from '@loopline/vocabulary/rule-actions'
import { compileRules } from './compile-rules.ts'
import { actionOf, decide } from './decide.ts'
import { DEFAULT_RULES } from './default-pack.ts'
import { describeRule } from './describe-rule.ts'
import { DEFAULT_PRIORITY_BY_LEVEL, priorityOf } from './priority.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-02T02:12:00Z')
const book = DEFAULT_RULES.map((rule) => ({ ...rule, version: 1, name: rule.key, enabled: true }))
const compiled = compileRules(book, (condition, when) => compileCondition(condition, RULE_FIELDS[when]))
if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors))
const { ruleSet } = compiled

const customer = {
  customerId: 'c', level: 'B', status: 'following', ownerId: null, tags: [], intent: 'unknown', neverCall: false,
  timeZone: 'Asia/Shanghai', lastFollowUpAt: NOW - DAY, noAnswerStreak: 0, rejectedCount: 0, attemptNumber: 1,
}
const FOUR_G = { kind: 'prefer-line-type', lineType: '4g' }
const VOIP = { kind: 'prefer-line-type', lineType: 'voip' }
const FEWER = { kind: 'set-max-attempts', count: 2 }
const OTHER_HOUR = { kind: 'other-hour' }
const HIGH = [{ kind: 'add-priority', points: 150 }, { kind: 'set-max-attempts', count: 5 }]

describe('the six default rules', () => {
  const cases: { name: string; point: DecisionPoint; facts: object; want: object[]; recheckAt?: number }[] = [
    { name: 'an A followed up eight days ago prefers 4G', point: 'before-dial', facts: { level: 'A', lastFollowUpAt: NOW - 8 * DAY }, want: [FOUR_G] },
    { name: 'an A never followed up prefers 4G', point: 'before-dial', facts: { level: 'A', lastFollowUpAt: null }, want: [FOUR_G] },
    { name: 'an A followed up six days ago does so in a day', point: 'before-dial', facts: { level: 'A', lastFollowUpAt: NOW - 6 * DAY }, want: [], recheckAt: NOW + DAY },
    { name: 'a B followed up eight days ago does not', point: 'before-dial', facts: { lastFollowUpAt: NOW - 8 * DAY }, want: [] },
    { name: 'high intent: earlier and more often', point: 'before-dial', facts: { intent: 'high' }, want: HIGH },
    { name: 'two without an answer change nothing', point: 'before-dial', facts: { noAnswerStreak: 2 }, want: [] },
    { name: 'three without an answer: other hour, VoIP, fewer', point: 'before-dial', facts: { noAnswerStreak: 3 }, want: [OTHER_HOUR, VOIP, FEWER] },
    { name: 'a stale A without an answer keeps 4G', point: 'before-dial', facts: { level: 'A', lastFollowUpAt: null, noAnswerStreak: 4 }, want: [FOUR_G, OTHER_HOUR, FEWER] },
    { name: 'high intent without an answer keeps its attempts', point: 'before-dial', facts: { intent: 'high', noAnswerStreak: 3 }, want: [...HIGH, OTHER_HOUR, VOIP] },
    { name: 'an invalid number is the end', point: 'call-outcome', facts: { outcome: 'invalid-number' }, want: [{ kind: 'set-status', status: 'invalid' }, { kind: 'never-dial' }] },
    { name: 'a suspended one is not', point: 'call-outcome', facts: { outcome: 'suspended' }, want: [] },
    { name: 'connected goes to a senior seller', point: 'call-outcome', facts: { outcome: 'connected' }, want: [{ kind: 'assign', to: 'senior-seller' }] },
    { name: 'the second rejection changes nothing', point: 'call-outcome', facts: { outcome: 'rejected', rejectedCount: 2 }, want: [] },
    { name: 'the third pauses for thirty days', point: 'call-outcome', facts: { outcome: 'rejected', rejectedCount: 3 }, want: [{ kind: 'pause-follow-up', days: 30 }] },
    { name: 'busy after three rejections does not pause again', point: 'call-outcome', facts: { outcome: 'busy', rejectedCount: 3 }, want: [] },
    { name: 'nothing happens by an edit', point: 'customer-changed', facts: { level: 'A', intent: 'high' }, want: [] },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const decision = decide(ruleSet, c.point, { ...customer, ...c.facts }, NOW)
      expect(decision.actions).toEqual(c.want)
      expect(decision.recheckAt).toBe(c.recheckAt ?? null)
    })
  }
})

test('the seven-day rule turns true at its very millisecond, without an edit', () => {
  const facts = { ...customer, level: 'A', lastFollowUpAt: NOW - 6 * DAY }
  const { recheckAt } = decide(ruleSet, 'before-dial', facts, NOW)
  expect(decide(ruleSet, 'before-dial', facts, Number(recheckAt) - 1).actions).toEqual([])
  expect(decide(ruleSet, 'before-dial', facts, Number(recheckAt)).actions).toEqual([FOUR_G])
})

describe('priority: level, then what rules add', () => {
  const cases = [
    { name: 'an A', facts: { level: 'A' }, want: 400 },
    { name: 'a D', facts: { level: 'D' }, want: 100 },
    { name: 'a B of high intent comes before an A', facts: { level: 'B', intent: 'high' }, want: 450 },
    { name: 'a level the mapping lacks comes last', facts: { level: 'E' }, want: 0 },
  ]
  for (const c of cases) {
    test(c.name, () => {
      const facts = { ...customer, ...c.facts }
      const added = actionOf(decide(ruleSet, 'before-dial', facts, NOW), 'add-priority')?.points
      expect(priorityOf(facts.level, DEFAULT_PRIORITY_BY_LEVEL, added)).toBe(c.want)
    })
  }

  test('stays within its bounds', () => {
    expect([priorityOf('A', { A: 1_900 }, 1_000), priorityOf('D', DEFAULT_PRIORITY_BY_LEVEL, -900)]).toEqual([2_000, 0])
  })
})

test('each reads as a sentence', () => {
  const zh = { fields: { level: '级别', lastFollowUpAt: '最近跟进', outcome: '结果', rejectedCount: '拒接次数', intent: '意向', noAnswerStreak: '连续未接次数' },
    values: { outcome: { 'invalid-number': '空号', connected: '接通', rejected: '拒接' }, intent: { high: '高' } } }
  const en = { fields: { level: 'the level', lastFollowUpAt: 'the last follow-up', outcome: 'the outcome', rejectedCount: 'the number of rejections', intent: 'the intent', noAnswerStreak: 'the number of unanswered follow-ups in a row' } }
  const sentences = DEFAULT_RULES.map((rule) => {
    const condition = compileCondition(rule.condition, RULE_FIELDS[rule.when])
    if (!condition.ok) throw new Error(rule.key)
    const tree = condition.condition.condition
    return [describeRule(rule, 'zh', { condition: describeCondition(tree, 'zh', zh) }), describeRule(rule, 'en', { condition: describeCondition(tree, 'en', en) })]
  })
  expect(sentences).toEqual([
    ['拨打前，若级别为 A，且最近跟进已超过 7 天或从未有过，则优先使用 4G 线路。',
      'Before a call, if the level is A and the last follow-up is more than 7 days ago or never was, then prefer a 4G line.'],
    ['通话结束后，若结果为 空号，则状态改为“无效”，不再外呼；不再执行后续规则。',
      'After a call, if the outcome is invalid-number, then set the status to invalid, never dial again; no further rule is asked.'],
    ['通话结束后，若结果为 接通，则分配给资深销售。', 'After a call, if the outcome is connected, then assign to a senior seller.'],
    ['通话结束后，若结果为 拒接，且拒接次数不少于 3，则暂停跟进 30 天。',
      'After a call, if the outcome is rejected and the number of rejections is at least 3, then pause the follow-up for 30 days.'],
    ['拨打前，若意向为 高，则优先级提高 150，最多拨打 5 次。',
      'Before a call, if the intent is high, then raise the priority by 150, dial at most 5 times.'],
    ['拨打前，若连续未接次数不少于 3，则换一个时段再拨，优先使用 VoIP 线路，最多拨打 2 次。',
      'Before a call, if the number of unanswered follow-ups in a row is at least 3, then try again at another time of day, prefer a VoIP line, dial at most 2 times.'],
  ])
})

import { describe, expect, test } from 'vitest'
import type { DecisionPoint } from '@loopline/vocabulary/rule-actions'
import { compileRules } from './compile-rules.ts'
import { actionOf, CHAIN_LENGTH_MAX, decide } from './decide.ts'
import type { CompileCondition, Rule } from './rule.ts'

const NOW = 1_000_000

/** A condition of these tests: the fact that must be true, and when time may change that. */
const factIsTrue: CompileCondition = (condition) => {
  const { fact, recheckAt = null } = condition as { fact: string; recheckAt?: number }
  if (fact === 'broken') return { ok: false, errors: [{ code: 'FIELD_UNKNOWN', path: '/rules/0/field' }] }
  return { ok: true, condition: { evaluate: (facts) => ({ matches: (facts as Record<string, unknown>)[fact] === true, recheckAt }) } }
}

const rule = (id: string, fact: string, ...actions: unknown[]): Rule =>
  ({ id, version: 1, name: id, enabled: true, when: 'before-dial', condition: { fact }, actions, stop: false })
const ring = (seconds: number) => ({ kind: 'set-ring-time', seconds })
const tag = (name: string) => ({ kind: 'add-tag', tag: name })

function ruleSet(...rules: Rule[]) {
  const compiled = compileRules(rules, factIsTrue)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors))
  return compiled.ruleSet
}

describe('which actions stand', () => {
  const cases: { name: string; rules: Rule[]; facts: object; point?: DecisionPoint; want: object[] }[] = [
    { name: 'no rules, no actions', rules: [], facts: {}, want: [] },
    { name: 'a rule that matches', rules: [rule('1', 'a', ring(20))], facts: { a: true }, want: [ring(20)] },
    { name: 'a rule that does not', rules: [rule('1', 'a', ring(20))], facts: {}, want: [] },
    { name: 'of two of one kind the first in the book', rules: [rule('1', 'a', ring(20)), rule('2', 'a', ring(40))], facts: { a: true }, want: [ring(20)] },
    { name: 'the second when the first does not match', rules: [rule('1', 'b', ring(20)), rule('2', 'a', ring(40))], facts: { a: true }, want: [ring(40)] },
    { name: 'other kinds of the second stand beside it', rules: [rule('1', 'a', ring(20)), rule('2', 'a', ring(40), { kind: 'other-hour' })], facts: { a: true }, want: [ring(20), { kind: 'other-hour' }] },
    { name: 'several tags, each once', rules: [rule('1', 'a', tag('x'), tag('y')), rule('2', 'a', tag('x'), tag('z'))], facts: { a: true }, want: [tag('x'), tag('y'), tag('z')] },
    { name: 'stop ends the asking', rules: [{ ...rule('1', 'a', tag('x')), stop: true }, rule('2', 'a', tag('y'))], facts: { a: true }, want: [tag('x')] },
    { name: 'stop of a rule that does not match ends nothing', rules: [{ ...rule('1', 'b', tag('x')), stop: true }, rule('2', 'a', tag('y'))], facts: { a: true }, want: [tag('y')] },
    { name: 'a rule that is switched off', rules: [{ ...rule('1', 'a', tag('x')), enabled: false }], facts: { a: true }, want: [] },
    { name: 'a rule of another decision point', rules: [rule('1', 'a', tag('x'))], facts: { a: true }, point: 'assignment', want: [] },
  ]
  for (const c of cases) {
    test(c.name, () => expect(decide(ruleSet(...c.rules), c.point ?? 'before-dial', c.facts, NOW).actions).toEqual(c.want))
  }
})

test('the trace tells each rule that was asked, and which of its actions stood', () => {
  const rules = ruleSet(rule('1', 'b', tag('x')), { ...rule('2', 'a', ring(20)), version: 7, stop: true }, rule('3', 'a', ring(9)))
  expect(decide(rules, 'before-dial', { a: true }, NOW).trace).toEqual([
    { ruleId: '1', version: 1, name: '1', matched: false, stopped: false, alreadyFired: false, actions: [] },
    { ruleId: '2', version: 7, name: '2', matched: true, stopped: true, alreadyFired: false, actions: [ring(20)] },
  ])
})

describe('when to decide again by time', () => {
  const timed = (id: string, fact: string, recheckAt: number): Rule => ({ ...rule(id, fact, tag(id)), condition: { fact, recheckAt } })
  const cases = [
    { name: 'never without conditions on time', rules: [rule('1', 'a', tag('x'))], want: null },
    { name: 'the earliest of all rules, matched or not', rules: [timed('1', 'a', NOW + 9), timed('2', 'b', NOW + 5), rule('3', 'a')], want: NOW + 5 },
    { name: 'a rule behind a stop does not count until the stop may go', rules: [{ ...timed('1', 'a', NOW + 9), stop: true }, timed('2', 'b', NOW + 5)], want: NOW + 9 },
  ]
  for (const c of cases) {
    test(c.name, () => expect(decide(ruleSet(...c.rules), 'before-dial', { a: true }, NOW).recheckAt).toBe(c.want))
  }
})

describe('rules that wake one another', () => {
  const rules = ruleSet(rule('1', 'a', tag('x')), rule('2', 'a', tag('y')), rule('3', 'b', tag('z')))

  test('the chain grows by the rules that fired', () => {
    expect(decide(rules, 'before-dial', { a: true }, NOW, ['0']).chain).toEqual(['0', '1', '2'])
  })

  test('a rule of the chain does not fire again', () => {
    const decision = decide(rules, 'before-dial', { a: true }, NOW, ['1'])
    expect(decision.actions).toEqual([tag('y')])
    expect(decision.trace[0]).toMatchObject({ ruleId: '1', matched: false, alreadyFired: true })
  })

  test('a chain longer than eight stops with an alarm', () => {
    const chain = (length: number): string[] => Array.from({ length }, (_, n) => `r${n}`)
    expect(decide(rules, 'before-dial', { a: true }, NOW, chain(CHAIN_LENGTH_MAX)).stoppedBy).toBe(null)
    expect(decide(rules, 'before-dial', { a: true }, NOW, chain(CHAIN_LENGTH_MAX + 1))).toMatchObject({ actions: [], stoppedBy: 'chain-too-long' })
  })

  test('two rules that undo one another come to rest', () => {
    const pingPong = ruleSet(rule('on', 'off', tag('on')), rule('off', 'on', tag('off')))
    let chain: readonly string[] = []
    let facts: object = { off: true }
    let rounds = 0
    for (; rounds < 20; rounds += 1) {
      const decision = decide(pingPong, 'before-dial', facts, NOW, chain)
      if (decision.actions.length === 0) break
      facts = actionOf(decision, 'add-tag')?.tag === 'on' ? { on: true } : { off: true }
      chain = decision.chain
    }
    expect(rounds).toBe(2)
  })
})

describe('a book with a faulty rule is refused whole', () => {
  const cases = [
    { name: 'its condition', faulty: rule('1', 'broken'), want: { code: 'FIELD_UNKNOWN', path: '/condition/rules/0/field' } },
    { name: 'its decision point', faulty: { ...rule('1', 'a'), when: 'at-full-moon' }, want: { code: 'WHEN_UNKNOWN', path: '/when' } },
    { name: 'an action nobody knows', faulty: rule('1', 'a', tag('x'), { kind: 'call-the-police' }), want: { code: 'ACTION_UNKNOWN', path: '/actions/1' } },
    { name: 'an action of Object.prototype', faulty: rule('1', 'a', { kind: 'toString' }), want: { code: 'ACTION_UNKNOWN', path: '/actions/0' } },
    { name: 'no action at all', faulty: rule('1', 'a', null), want: { code: 'ACTION_UNKNOWN', path: '/actions/0' } },
    { name: 'a parameter out of bounds', faulty: rule('1', 'a', ring(9_999)), want: { code: 'PARAMETER_OUT_OF_RANGE', path: '/actions/0' } },
    { name: 'a parameter of another form', faulty: rule('1', 'a', { kind: 'set-ring-time', seconds: '20' }), want: { code: 'PARAMETER_WRONG', path: '/actions/0' } },
    { name: 'a line type that does not exist', faulty: rule('1', 'a', { kind: 'prefer-line-type', lineType: '5g' }), want: { code: 'PARAMETER_WRONG', path: '/actions/0' } },
    { name: 'an assignee who is no id', faulty: rule('1', 'a', { kind: 'assign', to: 'bob' }), want: { code: 'PARAMETER_WRONG', path: '/actions/0' } },
    { name: 'a tag of blanks', faulty: rule('1', 'a', tag(' ')), want: { code: 'PARAMETER_WRONG', path: '/actions/0' } },
  ]
  for (const c of cases) {
    test(c.name, () => {
      expect(compileRules([rule('0', 'a'), c.faulty], factIsTrue)).toEqual({ ok: false, errors: [{ ruleId: '1', ...c.want }] })
      expect(compileRules([rule('0', 'a'), { ...c.faulty, enabled: false }], factIsTrue).ok).toBe(true)
    })
  }
})

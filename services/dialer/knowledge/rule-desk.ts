import { compileCondition } from '@loopline/conditions/compile-condition'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RuleBook } from '@loopline/contracts/rule-event'
import { RULE_FIELDS } from '@loopline/contracts/rule-fields'
import { compileRules } from '@loopline/rules/compile-rules'
import { decide } from '@loopline/rules/decide'
import type { Decision } from '@loopline/rules/decide'
import { priorityOf } from '@loopline/rules/priority'
import type { CompileCondition, RuleCondition, RuleSet } from '@loopline/rules/rule'

/** The rule book of one version, ready to be asked. */
export interface RuleDesk {
  readonly version: number
  beforeDial(customer: CustomerState, now: number): Decision
  afterCall(facts: object, now: number): Decision
  /** Whether some rule adds priority under a condition that time alone can change. */
  readonly priorityMovesByTime: boolean
  /** Place on the dial list: the level's points and what rules add. */
  priorityOf(customer: CustomerState, pointsAdded: number): number
}

export type CompiledBook = { ok: true; desk: RuleDesk } | { ok: false; faults: string[] }

const compile: CompileCondition = (condition, when) => compileCondition(condition, RULE_FIELDS[when])

/** Rules about other decision points are crm's and not compiled here. A book that does not compile is no knowledge. */
export function openRuleBook(book: RuleBook): CompiledBook {
  const ours = book.rules.filter((rule) => rule.when === 'before-dial' || rule.when === 'call-outcome')
  const compiled = compileRules(ours, compile)
  if (!compiled.ok) return { ok: false, faults: compiled.errors.map((error) => `${error.ruleId} ${error.code} ${error.path}`) }
  return { ok: true, desk: deskOf(book, compiled.ruleSet) }
}

function deskOf(book: RuleBook, rules: RuleSet): RuleDesk {
  return {
    version: book.version,
    priorityMovesByTime: rules['before-dial'].some((rule) => rule.actions.some((action) => action.kind === 'add-priority') && movesByTime(rule.condition)),
    beforeDial: (customer, now) => decide(rules, 'before-dial', customer, now),
    afterCall: (facts, now) => decide(rules, 'call-outcome', facts, now),
    priorityOf: (customer, pointsAdded) => priorityOf(customer.level, book.priorityByLevel, pointsAdded),
  }
}

const movesByTime = (condition: RuleCondition): boolean => 'dependsOnTime' in condition && condition.dependsOnTime === true

/** For a dialer that works without crm: nobody wrote rules, and priorities come with the entries. */
export const EMPTY_BOOK: RuleBook = { version: 0, rules: [], priorityByLevel: {} }

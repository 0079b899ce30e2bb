import { DECISION_POINTS } from '@loopline/vocabulary/rule-actions'
import type { DecisionPoint, RuleAction } from '@loopline/vocabulary/rule-actions'
import { parseAction } from './parse-action.ts'
import type { ActionErrorCode } from './parse-action.ts'
import type { CompileCondition, CompiledRule, ConditionFault, Rule, RuleSet } from './rule.ts'

/** Why a rule cannot be used. `path` is a JSON pointer into the rule; a condition's own codes pass through. */
export interface RuleError {
  readonly ruleId: string
  readonly code: ActionErrorCode | 'WHEN_UNKNOWN' | (string & {})
  readonly path: string
}

export type CompiledRules =
  | { readonly ok: true; readonly ruleSet: RuleSet }
  | { readonly ok: false; readonly errors: readonly RuleError[] }

/**
 * Checks and compiles a rule book, in its order. One faulty rule that is enabled refuses the whole book: a book with a
 * hole would dial what the hole should have stopped. Rules that are switched off are left out, faulty or not.
 */
export function compileRules(rules: readonly Rule[], compileCondition: CompileCondition): CompiledRules {
  const errors: RuleError[] = []
  const ruleSet: Record<DecisionPoint, CompiledRule[]> =
    { 'before-dial': [], 'call-outcome': [], 'customer-changed': [], 'assignment': [] }
  for (const rule of rules) {
    if (!rule.enabled) continue
    const compiled = compileRule(rule, compileCondition, (code, path) => errors.push({ ruleId: rule.id, code, path }))
    if (compiled) ruleSet[compiled.when].push(compiled.rule)
  }
  return errors.length === 0 ? { ok: true, ruleSet } : { ok: false, errors }
}

type Report = (code: RuleError['code'], path: string) => void

function compileRule(rule: Rule, compileCondition: CompileCondition, report: Report):
  { when: DecisionPoint; rule: CompiledRule } | null {
  const { id, version, name, stop } = rule
  const when = DECISION_POINTS.find((point) => point === rule.when)
  const actions = readActions(rule, report)
  if (when === undefined) {
    report('WHEN_UNKNOWN', '/when')
    return null
  }
  const compiled = compileCondition(rule.condition, when)
  if (!compiled.ok) {
    reportCondition(compiled.errors, report)
    return null
  }
  return { when, rule: { id, version, name, stop, condition: compiled.condition, actions } }
}

function readActions(rule: Rule, report: Report): RuleAction[] {
  const actions: RuleAction[] = []
  for (const [index, json] of rule.actions.entries()) {
    const parsed = parseAction(json)
    if (parsed.ok) actions.push(parsed.action)
    else report(parsed.code, `/actions/${index}`)
  }
  return actions
}

function reportCondition(errors: readonly ConditionFault[], report: Report): void {
  for (const error of errors) report(error.code, `/condition${error.path}`)
}

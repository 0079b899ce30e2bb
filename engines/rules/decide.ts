import { RULE_ACTIONS } from '@loopline/vocabulary/rule-actions'
import type { DecisionPoint, RuleAction } from '@loopline/vocabulary/rule-actions'
import type { CompiledRule, RuleSet } from './rule.ts'

/** Longer than any sensible cause and effect; a chain beyond it is a loop of rules that keep waking one another. */
export const CHAIN_LENGTH_MAX = 8

/** What became of one rule, in the order they were asked. Stored with the attempt and shown on the timeline. */
export interface TraceEntry {
  readonly ruleId: string
  readonly version: number
  readonly name: string
  readonly matched: boolean
  /** It matched and let no later rule be asked. */
  readonly stopped: boolean
  /** Not asked: it has fired before in this chain of causes. */
  readonly alreadyFired: boolean
  /** Those of its actions that no earlier rule had decided otherwise. */
  readonly actions: readonly RuleAction[]
}

export interface Decision {
  /** At most one of each kind (of those that may stand several times: no two alike), in the order of the rules. */
  readonly actions: readonly RuleAction[]
  readonly trace: readonly TraceEntry[]
  /** The earliest instant (ms) at which time alone can change the decision; null when it never will. */
  readonly recheckAt: number | null
  /** Set when nothing was decided because the chain of causes is too long: raise an alarm. */
  readonly stoppedBy: 'chain-too-long' | null
  /** The chain to write into every event that carries out this decision. */
  readonly chain: readonly string[]
}

/**
 * Asks the rules of one decision point, in order. Of two actions of one kind the first wins, so that the order of the
 * book is the order of precedence; a rule with `stop` that matches ends the asking.
 *
 * @param facts a flat record: the customer's fields, and at call-outcome those of the call, already counted in.
 * @param now milliseconds since 1970.
 * @param chain ids of the rules that led here, oldest first, for this customer; empty for a person's act or a new dial.
 */
export function decide(ruleSet: RuleSet, point: DecisionPoint, facts: object, now: number, chain: readonly string[] = []): Decision {
  if (chain.length > CHAIN_LENGTH_MAX) return { actions: [], trace: [], recheckAt: null, stoppedBy: 'chain-too-long', chain }
  const actions: RuleAction[] = []
  const trace: TraceEntry[] = []
  let recheckAt: number | null = null
  for (const rule of ruleSet[point]) {
    if (chain.includes(rule.id)) {
      trace.push(entry(rule, { alreadyFired: true }))
      continue
    }
    const evaluation = rule.condition.evaluate(facts, now)
    recheckAt = earlier(recheckAt, evaluation.recheckAt)
    const kept = evaluation.matches ? rule.actions.filter((action) => isNew(action, actions)) : []
    actions.push(...kept)
    const stopped = evaluation.matches && rule.stop
    trace.push(entry(rule, { matched: evaluation.matches, stopped, actions: kept }))
    if (stopped) break
  }
  const fired = trace.filter((asked) => asked.matched).map((asked) => asked.ruleId)
  return { actions, trace, recheckAt, stoppedBy: null, chain: [...chain, ...fired] }
}

/** The action of one kind in a decision, if there is one. */
export function actionOf<Kind extends RuleAction['kind']>(decision: Pick<Decision, 'actions'>, kind: Kind): Extract<RuleAction, { kind: Kind }> | undefined {
  return decision.actions.find((action): action is Extract<RuleAction, { kind: Kind }> => action.kind === kind)
}

function entry(rule: CompiledRule, what: Partial<TraceEntry>): TraceEntry {
  const { id: ruleId, version, name } = rule
  return { ruleId, version, name, matched: false, stopped: false, alreadyFired: false, actions: [], ...what }
}

function isNew(action: RuleAction, decided: readonly RuleAction[]): boolean {
  const { several, parameter } = RULE_ACTIONS[action.kind]
  return !decided.some((other) => other.kind === action.kind &&
    (!several || parameter === null || parameterOf(other, parameter.name) === parameterOf(action, parameter.name)))
}

function parameterOf(action: RuleAction, name: string): unknown {
  return (action as unknown as Readonly<Record<string, unknown>>)[name]
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

import type { DecisionPoint, RuleAction } from '@loopline/vocabulary/rule-actions'

/** A rule as it is stored and as it travels in the rule book: nothing in it is trusted before compileRules. */
export interface Rule {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly enabled: boolean
  /** The decision point at which it is asked. */
  readonly when: string
  /** A condition tree; only the compiler handed to compileRules looks inside. */
  readonly condition: unknown
  readonly actions: readonly unknown[]
  /** When it matches, no later rule is asked at this point. */
  readonly stop: boolean
}

/** A condition ready to be asked; engines/conditions' compileCondition gives this. */
export interface RuleCondition {
  evaluate(facts: object, now: number): { readonly matches: boolean; readonly recheckAt: number | null }
}

export interface ConditionFault {
  readonly code: string
  readonly path: string
}

/** Compiles the condition of a rule over the facts known at its decision point. */
export type CompileCondition = (condition: unknown, when: DecisionPoint) =>
  | { readonly ok: true; readonly condition: RuleCondition }
  | { readonly ok: false; readonly errors: readonly ConditionFault[] }

/** A rule that has been checked, with its condition compiled. */
export interface CompiledRule {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly condition: RuleCondition
  readonly actions: readonly RuleAction[]
  readonly stop: boolean
}

/** Enabled rules by decision point, each in the order of the book. */
export type RuleSet = Readonly<Record<DecisionPoint, readonly CompiledRule[]>>

import type { FieldCatalogue } from '@loopline/vocabulary/fields'
import type { Condition } from './condition.ts'
import { toEvaluator } from './evaluation.ts'
import type { Evaluator } from './evaluation.ts'
import { fieldsUsed } from './fields-used.ts'
import { LIMITS } from './limits.ts'
import { parseCondition } from './parse-condition.ts'
import type { ConditionError } from './parse-condition.ts'
import { dependsOnTime, toPredicate } from './predicate.ts'
import type { Predicate } from './predicate.ts'
import type { ZoneOffset } from './row-value.ts'

/** Everything one asks of a condition again and again. */
export interface CompiledCondition {
  readonly condition: Condition
  readonly matches: Predicate
  readonly evaluate: Evaluator
  /** An edit that touches none of these cannot change the answer. */
  readonly fields: ReadonlySet<string>
  /** Whether rows must be looked at again by time. */
  readonly dependsOnTime: boolean
}

export type CompilationResult =
  | { readonly ok: true; readonly condition: CompiledCondition }
  | { readonly ok: false; readonly errors: readonly ConditionError[] }

/** Parses and compiles in one step: what engines/rules is handed, and what a campaign keeps for its audience. */
export function compileCondition(json: unknown, catalogue: FieldCatalogue, zoneOffset?: ZoneOffset): CompilationResult {
  const parsed = parseCondition(json, catalogue, LIMITS)
  if (!parsed.ok) return parsed
  const { condition } = parsed
  return {
    ok: true,
    condition: {
      condition,
      matches: toPredicate(condition, zoneOffset),
      evaluate: toEvaluator(condition, zoneOffset),
      fields: fieldsUsed(condition),
      dependsOnTime: dependsOnTime(condition),
    },
  }
}

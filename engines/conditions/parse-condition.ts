import type { Field, FieldCatalogue } from '@loopline/vocabulary/fields'
import type { Condition } from './condition.ts'
import { LIMITS } from './limits.ts'
import type { Limits } from './limits.ts'
import { NEEDS_ZONE, OPERATORS } from './operators.ts'
import type { Operator } from './operators.ts'
import { Fault, readTest } from './parse-value.ts'
import type { ValueFault } from './parse-value.ts'

/** Why a condition is refused. Codes are stable; the console translates them. */
export type ConditionErrorCode =
  | ValueFault | 'NOT_AN_OBJECT' | 'COMBINATOR_UNKNOWN' | 'NOT_FLAG_WRONG' | 'GROUP_EMPTY' | 'FIELD_UNKNOWN'
  | 'OPERATOR_UNKNOWN' | 'FEATURE_UNSUPPORTED' | 'TOO_DEEP' | 'TOO_MANY_NODES'

/** One fault and its place as a JSON pointer (RFC 6901) into the given tree: '' is the root, '/rules/0/value'. */
export interface ConditionError {
  readonly code: ConditionErrorCode
  readonly path: string
}

export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly errors: readonly ConditionError[] }

interface Reading {
  readonly catalogue: FieldCatalogue
  readonly limits: Limits
  readonly errors: ConditionError[]
  nodes: number
}

type Json = Readonly<Record<string, unknown>>

/** Stands in for a part that was refused; the tree it ends up in is thrown away. */
const REFUSED: Condition = { kind: 'all', of: [] }

/**
 * Checks a react-querybuilder tree against a catalogue and gives it types. Fields absent from the catalogue are unknown:
 * hand in a smaller catalogue to someone who may not ask about a field.
 *
 * An empty root means everyone. An empty group anywhere else is refused, since inside `or` it would silently mean everyone.
 * Keys the editor adds (`id`, `valueSource: 'value'`, …) are ignored; those that change the meaning are refused.
 *
 * @returns the typed condition, or every error found up to `limits.errorsMax`.
 */
export function parseCondition(json: unknown, catalogue: FieldCatalogue, limits: Limits = LIMITS): ParsedCondition {
  const reading: Reading = { catalogue, limits, errors: [], nodes: 0 }
  const condition = isEmptyRoot(json) ? REFUSED : readNode(reading, json, '', 1)
  return reading.errors.length === 0 ? { ok: true, condition } : { ok: false, errors: reading.errors }
}

function isEmptyRoot(json: unknown): boolean {
  if (!isObject(json) || !Array.isArray(json['rules']) || json['rules'].length > 0) return false
  return (json['combinator'] === 'and' || json['combinator'] === 'or') && (json['not'] ?? false) === false
}

function readNode(reading: Reading, json: unknown, path: string, depth: number): Condition {
  reading.nodes += 1
  if (reading.nodes > reading.limits.nodesMax) return refuse(reading, 'TOO_MANY_NODES', path)
  if (!isObject(json)) return refuse(reading, 'NOT_AN_OBJECT', path)
  if (json['muted'] === true || json['disabled'] === true) return refuse(reading, 'FEATURE_UNSUPPORTED', path)
  return 'rules' in json ? readGroup(reading, json, path, depth) : readLeaf(reading, json, path)
}

function readGroup(reading: Reading, json: Json, path: string, depth: number): Condition {
  const { combinator, not = false, rules } = json
  if (depth > reading.limits.depthMax) return refuse(reading, 'TOO_DEEP', path)
  if (!Array.isArray(rules)) return refuse(reading, 'NOT_AN_OBJECT', `${path}/rules`)
  if (combinator !== 'and' && combinator !== 'or') return refuse(reading, 'COMBINATOR_UNKNOWN', `${path}/combinator`)
  if (typeof not !== 'boolean') return refuse(reading, 'NOT_FLAG_WRONG', `${path}/not`)
  if (rules.length === 0) return refuse(reading, 'GROUP_EMPTY', path)
  const of: Condition[] = []
  for (const [index, rule] of rules.entries()) {
    if (isExhausted(reading)) break
    of.push(readNode(reading, rule, `${path}/rules/${index}`, depth + 1))
  }
  const group: Condition = { kind: combinator === 'and' ? 'all' : 'any', of }
  return not ? { kind: 'not', of: group } : group
}

function readLeaf(reading: Reading, json: Json, path: string): Condition {
  const { field: name, operator: operatorName, value, valueSource = 'value' } = json
  if (valueSource !== 'value') return refuse(reading, 'FEATURE_UNSUPPORTED', `${path}/valueSource`)
  if (typeof name !== 'string' || !Object.hasOwn(reading.catalogue, name)) return refuse(reading, 'FIELD_UNKNOWN', `${path}/field`)
  const field = reading.catalogue[name] as Field
  const operator = operatorOf(field, operatorName)
  if (!operator) return refuse(reading, 'OPERATOR_UNKNOWN', `${path}/operator`)
  const test = readTest(operator, field, value, reading.limits)
  if (test instanceof Fault) return refuse(reading, test.code, `${path}/value${test.at}`)
  return { kind: 'leaf', name, field, negated: operator.negated, test }
}

function operatorOf(field: Field, name: unknown): Operator | undefined {
  const operators = OPERATORS[field.type]
  if (typeof name !== 'string' || !Object.hasOwn(operators, name)) return undefined
  const hasZone = field.type === 'timestamp' && field.zone !== undefined
  return NEEDS_ZONE.has(name) && !hasZone ? undefined : operators[name]
}

function refuse(reading: Reading, code: ConditionErrorCode, path: string): Condition {
  if (reading.errors.length < reading.limits.errorsMax) reading.errors.push({ code, path })
  return REFUSED
}

function isExhausted(reading: Reading): boolean {
  return reading.nodes > reading.limits.nodesMax || reading.errors.length >= reading.limits.errorsMax
}

function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

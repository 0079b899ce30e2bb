import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import type { FieldType } from '@loopline/vocabulary/fields'

/**
 * The simple half of the condition language: one group of leaves, all or any of them. What is nested (from the API, from
 * a later editor) is kept as it is and shown as such.
 */
export interface Leaf {
  field: FieldName
  operator: string
  value: unknown
}

export interface Group {
  combinator: 'and' | 'or'
  rules: Leaf[]
}

export type FieldName = keyof typeof CUSTOMER_FIELDS

export const EVERYONE: Group = { combinator: 'and', rules: [] }

/** In the order people look for them. */
export const OFFERED: readonly FieldName[] = [
  'level', 'status', 'intent', 'tags', 'region', 'industry', 'ownerId', 'lastFollowUpAt', 'lastCalledAt', 'lastOutcome',
  'noAnswerStreak', 'rejectedCount', 'attemptCount', 'marketingConsent', 'recordingConsent', 'neverCall', 'name', 'company', 'createdAt', 'sandbox',
]

/** Operators by type, the usual first (engines/conditions knows more). */
export const OPERATORS_OFFERED: Readonly<Record<FieldType, readonly Operator[]>> = {
  choice: ['in', 'notIn'],
  tags: ['hasAny', 'hasAll', 'hasNone'],
  text: ['contains', '=', '!=', 'beginsWith', 'doesNotContain', 'null', 'notNull'],
  timestamp: ['olderThanDays', 'withinLastDays', 'null', 'notNull'],
  number: ['>=', '<=', '='],
  boolean: ['='],
  id: ['in', 'notIn', 'null', 'notNull'],
}

export type Operator =
  | '=' | '!=' | 'in' | 'notIn' | 'contains' | 'doesNotContain' | 'beginsWith' | 'null' | 'notNull' | '<' | '<=' | '>' | '>='
  | 'hasAny' | 'hasAll' | 'hasNone' | 'olderThanDays' | 'withinLastDays' | 'inPast' | 'inFuture'

export const typeOf = (field: FieldName): FieldType => CUSTOMER_FIELDS[field].type

export const takesNothing = (operator: string): boolean => operator === 'null' || operator === 'notNull'
export const takesList = (operator: string): boolean => ['in', 'notIn', 'hasAny', 'hasAll', 'hasNone'].includes(operator)
export const takesDays = (operator: string): boolean => operator === 'olderThanDays' || operator === 'withinLastDays'

/** A leaf of the field with its first operator and nothing filled in, or false for a yes-or-no. */
export function freshLeaf(field: FieldName): Leaf {
  const type = typeOf(field)
  const operator = OPERATORS_OFFERED[type][0] ?? '='
  return { field, operator, value: freshValue(field, operator) }
}

export function freshValue(field: FieldName, operator: string): unknown {
  if (takesNothing(operator)) return null
  if (takesList(operator)) return []
  if (takesDays(operator)) return 7
  if (typeOf(field) === 'boolean') return true
  return typeOf(field) === 'number' ? 1 : ''
}

/** Whether the leaf says something yet; what does not is left out of the question, not sent to be refused. */
export function isComplete({ operator, value }: Leaf): boolean {
  if (takesNothing(operator)) return true
  return Array.isArray(value) ? value.length > 0 : value !== '' && value !== null && value !== undefined
}

/** The tree as it is asked, or undefined when it asks for nothing. */
export function asked(group: Group): Group | undefined {
  const rules = group.rules.filter(isComplete).map(({ field, operator, value }) => ({ field, operator, value: takesNothing(operator) ? null : value }))
  return rules.length === 0 ? undefined : { combinator: group.combinator, rules }
}

/** A simple group from JSON; null when it is something this editor cannot show. */
export function simpleGroup(tree: unknown): Group | null {
  if (tree === null || tree === undefined) return EVERYONE
  const { combinator, rules, not } = tree as { combinator?: unknown; rules?: unknown; not?: unknown }
  if ((combinator !== 'and' && combinator !== 'or') || !Array.isArray(rules) || not === true) return null
  const simple = rules.every((rule: Partial<Leaf>) => typeof rule.operator === 'string' && typeof rule.field === 'string' && rule.field in CUSTOMER_FIELDS)
  return simple ? { combinator, rules: (rules as Leaf[]).map(({ field, operator, value }) => ({ field, operator, value })) } : null
}

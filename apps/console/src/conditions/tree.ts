import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import type { FieldType } from '@loopline/vocabulary/fields'

/**
 * The half of the condition language (react-querybuilder's JSON) that people edit: groups of conditions and groups, all or
 * any of them, three levels deep. What is beyond (negated groups, deeper ones from the API) is kept as it is and shown as
 * such. The library itself is not used: it brings a Redux store along, for an editor of a hundred lines.
 */
export interface Leaf {
  field: FieldName
  operator: string
  value: unknown
}

export interface Group {
  combinator: 'and' | 'or'
  rules: Node[]
}

export type Node = Leaf | Group

export const isGroup = (node: Node): node is Group => 'rules' in node

/** The outermost group is level 1. Deeper ones nobody reads. */
export const LEVELS_MAX = 3

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

/** The tree as it is asked, or undefined when it asks for nothing. A group in which nothing is said is left out too. */
export function asked(group: Group): Group | undefined {
  const rules = group.rules.flatMap((node): Node[] => {
    if (isGroup(node)) {
      const inner = asked(node)
      return inner ? [inner] : []
    }
    const { field, operator, value } = node
    return isComplete(node) ? [{ field, operator, value: takesNothing(operator) ? null : value }] : []
  })
  return rules.length === 0 ? undefined : { combinator: group.combinator, rules }
}

/** How many conditions stand in the tree, at any level. */
export function countLeaves(node: Node): number {
  return isGroup(node) ? node.rules.reduce((sum, inner) => sum + countLeaves(inner), 0) : 1
}

/** A group from JSON; null when it is something this editor cannot show. */
export function readGroup(tree: unknown, level = 1): Group | null {
  if (tree === null || tree === undefined) return EVERYONE
  const { combinator, rules, not } = tree as { combinator?: unknown; rules?: unknown; not?: unknown }
  if ((combinator !== 'and' && combinator !== 'or') || !Array.isArray(rules) || not === true || level > LEVELS_MAX) return null
  const nodes = rules.map((rule: unknown) => readNode(rule, level))
  return nodes.includes(null) ? null : { combinator, rules: nodes as Node[] }
}

function readNode(rule: unknown, level: number): Node | null {
  if (typeof rule !== 'object' || rule === null) return null
  if ('rules' in rule) return readGroup(rule, level + 1)
  const { field, operator, value } = rule as Partial<Leaf>
  return typeof operator === 'string' && typeof field === 'string' && field in CUSTOMER_FIELDS ? { field, operator, value } : null
}

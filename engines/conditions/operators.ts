import type { FieldType } from '@loopline/vocabulary/fields'
import type { Test } from './condition.ts'

/** The form of the value beside an operator, as JSON. */
export type Takes = 'nothing' | 'value' | 'list' | 'pair' | 'text' | 'days' | 'day'

/** An operator as it is written, resolved to a test and whether the leaf is negated. */
export interface Operator {
  readonly op: Test['op']
  readonly negated: boolean
  readonly takes: Takes
}

const is = (op: Test['op'], takes: Takes): Operator => ({ op, negated: false, takes })
const isNot = (op: Test['op'], takes: Takes): Operator => ({ op, negated: true, takes })

const NULLNESS = { null: is('null', 'nothing'), notNull: isNot('null', 'nothing') }
const SAMENESS = { '=': is('=', 'value'), '!=': isNot('=', 'value') }
const MEMBERSHIP = { in: is('in', 'list'), notIn: isNot('in', 'list') }
const RANGE = { between: is('between', 'pair'), notBetween: isNot('between', 'pair') }
const ORDER = { '<': is('<', 'value'), '<=': is('<=', 'value'), '>': is('>', 'value'), '>=': is('>=', 'value') }
const PARTS = {
  contains: is('contains', 'text'), doesNotContain: isNot('contains', 'text'),
  beginsWith: is('beginsWith', 'text'), doesNotBeginWith: isNot('beginsWith', 'text'),
}
const WORDS = { hasAny: is('hasAny', 'list'), hasAll: is('hasAll', 'list'), hasNone: isNot('hasAny', 'list') }
const INSTANTS = {
  before: is('<', 'value'), after: is('>', 'value'), inPast: is('inPast', 'nothing'), inFuture: is('inFuture', 'nothing'),
  withinLastDays: is('withinLastDays', 'days'), olderThanDays: is('olderThanDays', 'days'),
}
const LOCAL_DAYS = { onDay: is('onDay', 'day'), today: is('today', 'nothing') }

/** Every operator that a field of a type understands, by the name react-querybuilder writes where it has one. */
export const OPERATORS: Readonly<Record<FieldType, Readonly<Record<string, Operator>>>> = {
  text: { ...SAMENESS, ...MEMBERSHIP, ...PARTS, ...NULLNESS },
  choice: { ...SAMENESS, ...MEMBERSHIP, ...NULLNESS },
  number: { ...SAMENESS, ...ORDER, ...RANGE, ...MEMBERSHIP, ...NULLNESS },
  boolean: { ...SAMENESS, ...NULLNESS },
  timestamp: { ...INSTANTS, ...RANGE, ...LOCAL_DAYS, ...NULLNESS },
  tags: { ...WORDS, ...NULLNESS },
  id: { ...SAMENESS, ...MEMBERSHIP, ...NULLNESS },
}

/** Operators that need to know the customer's zone: offered only by timestamp fields that declare where it is. */
export const NEEDS_ZONE: ReadonlySet<string> = new Set(Object.keys(LOCAL_DAYS))

import type { Field } from '@loopline/vocabulary/fields'

/** A day of relative time is 24 hours, in ms; only onDay and today know of local days. */
export const DAY_MS = 86_400_000

/** A value that a leaf compares with. Instants are milliseconds since 1970. */
export type Scalar = string | number | boolean

/** What a leaf asks of one value. There are no negative tests: a leaf is negated as a whole. */
export type Test =
  | { readonly op: 'null' | 'inPast' | 'inFuture' | 'today' }
  | { readonly op: '='; readonly value: Scalar }
  | { readonly op: 'in' | 'hasAny' | 'hasAll'; readonly list: readonly Scalar[] }
  | { readonly op: '<' | '<=' | '>' | '>='; readonly value: number }
  | { readonly op: 'between'; readonly from: number; readonly to: number }
  | { readonly op: 'contains' | 'beginsWith'; readonly text: string }
  | { readonly op: 'withinLastDays' | 'olderThanDays'; readonly days: number }
  | { readonly op: 'onDay'; readonly day: string }

/**
 * One question about one field. It is true or false, never unknown: on null its test is false (but for `null` itself,
 * and olderThanDays where null means never), and `negated` turns that into true.
 */
export interface Leaf {
  readonly kind: 'leaf'
  /** The field's name in the catalogue and in a row. */
  readonly name: string
  readonly field: Field
  readonly negated: boolean
  readonly test: Test
}

/** A checked condition; made by parseCondition only. `all` of nothing is true: an empty condition means everyone. */
export type Condition =
  | Leaf
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }

/** A condition in negation normal form: no `not` left, it has moved into the leaves. */
export type NormalForm = Leaf | { readonly kind: 'all' | 'any'; readonly of: readonly NormalForm[] }

const TIME_TESTS: ReadonlySet<string> = new Set<Test['op']>(['inPast', 'inFuture', 'today', 'withinLastDays', 'olderThanDays'])

/** Whether time alone can change the leaf, with the row untouched. */
export function isTimeDependent(leaf: Leaf): boolean {
  return TIME_TESTS.has(leaf.test.op)
}

/** What the test says of null, before negation. */
export function testOfNull(leaf: Leaf): boolean {
  if (leaf.test.op === 'null') return true
  return leaf.test.op === 'olderThanDays' && leaf.field.type === 'timestamp' && leaf.field.nullMeansNever === true
}

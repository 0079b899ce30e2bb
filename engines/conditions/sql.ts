import { assert } from '@loopline/vocabulary/assert'
import { isTimeDependent } from './condition.ts'
import type { Condition, Leaf, NormalForm } from './condition.ts'
import { leafSql } from './leaf-sql.ts'
import type { LeafContext } from './leaf-sql.ts'
import { normalForm } from './normal-form.ts'

/** A boolean expression for a where clause; `values[0]` belongs to `$firstParameter`. */
export interface SqlCondition {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface SqlPlace {
  /** The number of the first placeholder, 1 unless the statement has parameters before it. */
  readonly firstParameter?: number
  /** The table's alias in the statement; without it columns stand unqualified. */
  readonly alias?: string
}

const NAME = /^[a-z_][a-z0-9_]*$/

/**
 * The condition as parameterised SQL for PostgreSQL, true for exactly the rows toPredicate accepts at `now` (ms).
 * Names come from the catalogue only, values are always parameters; the text depends on the tree alone, so that it can
 * be a prepared statement.
 */
export function toSql(condition: Condition, place: SqlPlace & { readonly now: number }): SqlCondition {
  assert(Number.isInteger(place.now), 'now is whole milliseconds')
  return write(condition, place, place.now, (leaf, context) => leafSql(leaf, context))
}

/**
 * SQL true for every row that matches now or could come to match by time alone: each leaf that depends on time counts
 * as true. The audience of a campaign is loaded with it, and time then decides row by row.
 */
export function toPossibleSql(condition: Condition, place: SqlPlace = {}): SqlCondition {
  return write(condition, place, 0, (leaf, context) => (isTimeDependent(leaf) ? 'true' : leafSql(leaf, context)))
}

function write(condition: Condition, place: SqlPlace, now: number,
  writeLeaf: (leaf: Leaf, context: LeafContext) => string): SqlCondition {
  const { firstParameter = 1, alias } = place
  assert(alias === undefined || NAME.test(alias), 'an alias is a bare lower-case name of our own')
  const values: unknown[] = []
  const context: LeafContext = {
    now,
    column(name) {
      assert(NAME.test(name), 'a catalogue names bare lower-case columns')
      return alias === undefined ? `"${name}"` : `${alias}."${name}"`
    },
    parameter: (value, type) => `$${firstParameter + values.push(value) - 1}::${type}`,
  }
  const nodeSql = (node: NormalForm): string => {
    if (node.kind === 'leaf') return writeLeaf(node, context)
    if (node.of.length === 0) return node.kind === 'all' ? 'true' : 'false'
    return `(${node.of.map(nodeSql).join(node.kind === 'all' ? ' and ' : ' or ')})`
  }
  return { text: nodeSql(normalForm(condition)), values }
}

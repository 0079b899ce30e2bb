import { AssertionError } from '@loopline/vocabulary/assert'
import type { Field } from '@loopline/vocabulary/fields'
import { DAY_MS, testOfNull } from './condition.ts'
import type { Leaf, Test } from './condition.ts'
import { zoneOf } from './leaf-test.ts'

/** What a leaf needs to write itself: its quoted names, a place for each value, and the instant it is asked for. */
export interface LeafContext {
  /** The quoted, qualified form of a catalogue column. */
  column(name: string): string
  /** Keeps a value and gives its placeholder with a cast, `$3::text`. */
  parameter(value: unknown, type: string): string
  readonly now: number
}

/** The type a parameter is cast to, so that PostgreSQL never guesses it from the column. */
const SQL_TYPE: Readonly<Record<Field['type'], string>> = {
  text: 'text', choice: 'text', number: 'double precision', boolean: 'boolean', timestamp: 'timestamptz', tags: 'text', id: 'uuid',
}

/** SQL of one leaf, in which null never decides by accident: a negated leaf says `is null or not`. */
export function leafSql(leaf: Leaf, context: LeafContext): string {
  const column = context.column(leaf.field.column)
  if (leaf.test.op === 'null') return `${column} is ${leaf.negated ? 'not null' : 'null'}`
  const test = testSql(leaf, column, context)
  if (testOfNull(leaf)) return leaf.negated ? `not ${test}` : `(${column} is null or ${test})`
  if (!leaf.negated) return test
  const absent = [column, ...zoneColumns(leaf, context)].map((name) => `${name} is null`)
  return `(${absent.join(' or ')} or not ${test})`
}

function testSql(leaf: Leaf, column: string, context: LeafContext): string {
  const { field, test } = leaf
  const type = SQL_TYPE[field.type]
  const value = (given: unknown): string => context.parameter(sqlValue(field, given), type)
  switch (test.op) {
    case '=': return `(${compared(field, column)} = ${value(test.value)})`
    case 'in': return `(${compared(field, column)} = any(${context.parameter(test.list, `${type}[]`)}))`
    case '<': case '<=': case '>': case '>=': return `(${column} ${test.op} ${value(test.value)})`
    case 'between': return `(${column} between ${value(test.from)} and ${value(test.to)})`
    case 'contains': return `(${compared(field, column)} like ${value(`%${escapeLike(test.text)}%`)})`
    case 'beginsWith': return `(${compared(field, column)} like ${value(`${escapeLike(test.text)}%`)})`
    case 'hasAny': return `(${column} && ${context.parameter(test.list, 'text[]')})`
    case 'hasAll': return `(${column} @> ${context.parameter(test.list, 'text[]')})`
    default: return timeSql(leaf, test, column, context)
  }
}

function timeSql(leaf: Leaf, test: Test, column: string, context: LeafContext): string {
  const instant = (ms: number): string => context.parameter(sqlInstant(ms), 'timestamptz')
  switch (test.op) {
    case 'inPast': return `(${column} <= ${instant(context.now)})`
    case 'inFuture': return `(${column} > ${instant(context.now)})`
    case 'olderThanDays': return `(${column} <= ${instant(context.now - test.days * DAY_MS)})`
    case 'withinLastDays':
      return `(${column} > ${instant(context.now - test.days * DAY_MS)} and ${column} <= ${instant(context.now)})`
    case 'onDay': return `(${localDate(leaf, column, context)} = ${context.parameter(test.day, 'date')})`
    case 'today': return `(${localDate(leaf, column, context)} = ${localDate(leaf, instant(context.now), context)})`
    default: throw new AssertionError(`no SQL for ${test.op}`)
  }
}

/** `at time zone` fails on a name PostgreSQL does not know: whoever stores a zone checks it first. */
function localDate(leaf: Leaf, instant: string, context: LeafContext): string {
  return `(${instant} at time zone ${zoneColumns(leaf, context).join('')})::date`
}

function zoneColumns(leaf: Leaf, context: LeafContext): string[] {
  if (leaf.test.op !== 'onDay' && leaf.test.op !== 'today') return []
  return [context.column(zoneOf(leaf).column)]
}

/**
 * Free text is compared byte by byte whatever the database's collation. A choice is only ever tested for equality,
 * which every deterministic collation decides by bytes, and stays bare so that any index on it serves.
 */
function compared(field: Field, column: string): string {
  return field.type === 'text' ? `${column} collate "C"` : column
}

function sqlValue(field: Field, value: unknown): unknown {
  return field.type === 'timestamp' ? sqlInstant(value as number) : value
}

function sqlInstant(unixMs: number): string {
  return new Date(unixMs).toISOString()
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`)
}

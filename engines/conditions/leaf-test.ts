import { AssertionError, assert } from '@loopline/vocabulary/assert'
import { DAY_MS, testOfNull } from './condition.ts'
import type { Leaf, Scalar, Test } from './condition.ts'
import { instantOf, localDay, valueOf } from './row-value.ts'
import type { Row, ZoneOffset } from './row-value.ts'

export type LeafPredicate = (row: Row, now: number) => boolean

/** Above this many elements a hash set beats looking along the list. */
const SCAN_MAX = 8

/** Compiles one leaf to a closure, negation included. Its meaning on null is the leaf's, never JavaScript's. */
export function leafPredicate(leaf: Leaf, zoneOffset: ZoneOffset | undefined): LeafPredicate {
  const { name, negated } = leaf
  const onNull = testOfNull(leaf) !== negated
  if (leaf.test.op === 'null') return (row) => (valueOf(row, name) === null) !== negated
  const holds = leaf.field.type === 'timestamp' ? instantTest(leaf, zoneOffset) : valueTest(leaf.test)
  return (row, now) => {
    const value = valueOf(row, name)
    return value === null ? onNull : holds(value, row, now) !== negated
  }
}

type Holds = (value: unknown, row: Row, now: number) => boolean

function valueTest(test: Test): Holds {
  switch (test.op) {
    case '=': return (value) => value === test.value
    case 'in': return contains(test.list)
    case '<': case '<=': case '>': case '>=': case 'between': return order(test, (value) => value as number)
    case 'contains': return (value) => (value as string).includes(test.text)
    case 'beginsWith': return (value) => (value as string).startsWith(test.text)
    case 'hasAny': {
      const isAsked = contains(test.list)
      return (value, row, now) => (value as readonly string[]).some((tag) => isAsked(tag, row, now))
    }
    case 'hasAll': return (value) => test.list.every((tag) => (value as readonly Scalar[]).includes(tag))
    default: throw new AssertionError(`no test ${test.op} for this type`)
  }
}

function contains(list: readonly Scalar[]): Holds {
  if (list.length <= SCAN_MAX) return (value) => list.includes(value as Scalar)
  const set: ReadonlySet<unknown> = new Set(list)
  return (value) => set.has(value)
}

function order(test: Test, read: (value: unknown) => number): Holds {
  switch (test.op) {
    case '<': return (value) => read(value) < test.value
    case '<=': return (value) => read(value) <= test.value
    case '>': return (value) => read(value) > test.value
    case '>=': return (value) => read(value) >= test.value
    case 'between': return (value) => between(read(value), test.from, test.to)
    default: throw new AssertionError(`${test.op} does not order`)
  }
}

function between(value: number, from: number, to: number): boolean {
  return value >= from && value <= to
}

function instantTest(leaf: Leaf, zoneOffset: ZoneOffset | undefined): Holds {
  const { test } = leaf
  switch (test.op) {
    case 'inPast': return (value, _, now) => instantOf(value) <= now
    case 'inFuture': return (value, _, now) => instantOf(value) > now
    case 'olderThanDays': return (value, _, now) => instantOf(value) <= now - test.days * DAY_MS
    case 'withinLastDays': return (value, _, now) => {
      const instant = instantOf(value)
      return instant > now - test.days * DAY_MS && instant <= now
    }
    case 'onDay': {
      const day = Date.parse(`${test.day}T00:00:00Z`) / DAY_MS
      return onLocalDay(leaf, zoneOffset, () => day)
    }
    case 'today': return onLocalDay(leaf, zoneOffset, (zone, now, offset) => localDay(now, zone, offset))
    default: return order(test, instantOf)
  }
}

/** A row without a zone has no local day: the test is then false. */
function onLocalDay(leaf: Leaf, zoneOffset: ZoneOffset | undefined,
  dayWanted: (zone: string, now: number, offset: ZoneOffset) => number): Holds {
  assert(zoneOffset, 'a condition about local days is compiled with a zone offset function')
  const { key } = zoneOf(leaf)
  return (value, row, now) => {
    const zone = valueOf(row, key)
    return typeof zone === 'string' && localDay(instantOf(value), zone, zoneOffset) === dayWanted(zone, now, zoneOffset)
  }
}

/** Where the zone of a field with local days is found: a key of the row, a column of the table. */
export function zoneOf(leaf: Leaf): { readonly key: string; readonly column: string } {
  assert(leaf.field.type === 'timestamp' && leaf.field.zone, 'parse offers local days only where a zone is declared')
  return leaf.field.zone
}

import { AssertionError, assert } from '@loopline/vocabulary/assert'
import { DAY_MS, isTimeDependent, testOfNull } from './condition.ts'
import type { Condition, Leaf, NormalForm } from './condition.ts'
import { leafPredicate, zoneOf } from './leaf-test.ts'
import { normalForm } from './normal-form.ts'
import { staticFirst } from './predicate.ts'
import { instantOf, localDay, nextMidnight, valueOf } from './row-value.ts'
import type { Row, ZoneOffset } from './row-value.ts'

/** What a condition says of a row now, and when to ask again although nobody touched the row. */
export interface Evaluation {
  readonly matches: boolean
  /** Never later than the first instant (ms) at which time alone changes `matches`; null when it never will. */
  readonly recheckAt: number | null
}

export type Evaluator = (row: Row, now: number) => Evaluation

/**
 * A verdict in one number: its sign says true or false, its size until when that surely holds (ms since 1970, Infinity
 * for good). `all` is then the minimum, `any` the maximum and `not` the minus sign: a false `all` stays false at least
 * until the last of its false parts may turn, a true one until the first of its parts may.
 */
type Verdict = number
type Judge = (row: Row, now: number) => Verdict

const FOR_GOOD = Number.POSITIVE_INFINITY

/** Compiles a condition to a function that also tells when its answer can change by time alone. `now` is positive. */
export function toEvaluator(condition: Condition, zoneOffset?: ZoneOffset): Evaluator {
  const judge = compile(normalForm(condition), zoneOffset)
  return (row, now) => {
    const verdict = judge(row, now)
    const until = Math.abs(verdict)
    return { matches: verdict > 0, recheckAt: until === FOR_GOOD ? null : until }
  }
}

/** One evaluation of a condition that is not worth compiling first. */
export function evaluate(condition: Condition, row: Row, now: number, zoneOffset?: ZoneOffset): Evaluation {
  return toEvaluator(condition, zoneOffset)(row, now)
}

function compile(node: NormalForm, zoneOffset: ZoneOffset | undefined): Judge {
  if (node.kind === 'leaf') return isTimeDependent(node) ? timeJudge(node, zoneOffset) : staticJudge(node, zoneOffset)
  const parts = staticFirst(node.of).map((part) => compile(part, zoneOffset))
  return node.kind === 'all' ? (row, now) => -largest(parts, row, now, -1) : (row, now) => largest(parts, row, now, 1)
}

/** The largest of the parts' verdicts times `sign`; stops at one that nothing can exceed. */
function largest(parts: readonly Judge[], row: Row, now: number, sign: 1 | -1): Verdict {
  let verdict = -FOR_GOOD
  for (let index = 0; index < parts.length && verdict < FOR_GOOD; index += 1) {
    verdict = Math.max(verdict, sign * (parts[index] as Judge)(row, now))
  }
  return verdict
}

function staticJudge(leaf: Leaf, zoneOffset: ZoneOffset | undefined): Judge {
  const holds = leafPredicate(leaf, zoneOffset)
  return (row, now) => (holds(row, now) ? FOR_GOOD : -FOR_GOOD)
}

function timeJudge(leaf: Leaf, zoneOffset: ZoneOffset | undefined): Judge {
  const sign = leaf.negated ? -1 : 1
  const onNull = testOfNull(leaf) ? FOR_GOOD : -FOR_GOOD
  const judgeInstant = instantJudge(leaf, zoneOffset)
  return (row, now) => {
    const value = valueOf(row, leaf.name)
    if (value === null) return sign * onNull
    const instant = instantOf(value)
    return sign * (Number.isNaN(instant) ? -FOR_GOOD : judgeInstant(instant, row, now))
  }
}

function instantJudge(leaf: Leaf, zoneOffset: ZoneOffset | undefined): (instant: number, row: Row, now: number) => Verdict {
  const { test } = leaf
  switch (test.op) {
    case 'inPast': return (instant, _, now) => fromThenOn(instant, now)
    case 'inFuture': return (instant, _, now) => -fromThenOn(instant, now)
    case 'olderThanDays': return (instant, _, now) => fromThenOn(instant + test.days * DAY_MS, now)
    case 'withinLastDays': return (instant, _, now) =>
      instant > now ? -instant : -fromThenOn(instant + test.days * DAY_MS, now)
    case 'today': return todayJudge(leaf, zoneOffset)
    default: throw new AssertionError(`${test.op} does not depend on time`)
  }
}

/** False before `turn`, true from it on and for good. */
function fromThenOn(turn: number, now: number): Verdict {
  return now >= turn ? FOR_GOOD : -turn
}

/** A local day turns at the customer's midnight; a day that is over never comes back. */
function todayJudge(leaf: Leaf, zoneOffset: ZoneOffset | undefined): (instant: number, row: Row, now: number) => Verdict {
  assert(zoneOffset, 'a condition about local days is compiled with a zone offset function')
  const { key } = zoneOf(leaf)
  return (instant, row, now) => {
    const zone = valueOf(row, key)
    if (typeof zone !== 'string') return -FOR_GOOD
    const daysAhead = localDay(instant, zone, zoneOffset) - localDay(now, zone, zoneOffset)
    if (daysAhead < 0) return -FOR_GOOD
    return (daysAhead === 0 ? 1 : -1) * nextMidnight(now, zone, zoneOffset)
  }
}

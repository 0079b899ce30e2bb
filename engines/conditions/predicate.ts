import { isTimeDependent } from './condition.ts'
import type { Condition, NormalForm } from './condition.ts'
import { leafPredicate } from './leaf-test.ts'
import { normalForm } from './normal-form.ts'
import type { Row, ZoneOffset } from './row-value.ts'

/** Whether a row meets the condition at `now` (ms since 1970). */
export type Predicate = (row: Row, now: number) => boolean

/**
 * Compiles a condition to closures; agrees with toSql on every row (property test on PostgreSQL). Budget: 1 µs for five
 * leaves, see predicate.bench.ts.
 *
 * @param zoneOffset needed only when the condition asks about local days (onDay, today).
 */
export function toPredicate(condition: Condition, zoneOffset?: ZoneOffset): Predicate {
  return compile(normalForm(condition), zoneOffset)
}

function compile(node: NormalForm, zoneOffset: ZoneOffset | undefined): Predicate {
  if (node.kind === 'leaf') return leafPredicate(node, zoneOffset)
  const parts = staticFirst(node.of).map((part) => compile(part, zoneOffset))
  const decides = node.kind === 'any'
  if (parts.length === 1) return parts[0] as Predicate
  return (row, now) => {
    for (let index = 0; index < parts.length; index += 1) {
      if ((parts[index] as Predicate)(row, now) === decides) return decides
    }
    return !decides
  }
}

/** Parts that only an edit can change come first: they are cheaper, and settle the verdict for good. */
export function staticFirst(parts: readonly NormalForm[]): readonly NormalForm[] {
  return parts.toSorted((a, b) => Number(dependsOnTime(a)) - Number(dependsOnTime(b)))
}

/** Whether time alone can change what the condition says of some row. */
export function dependsOnTime(condition: Condition): boolean {
  switch (condition.kind) {
    case 'leaf': return isTimeDependent(condition)
    case 'not': return dependsOnTime(condition.of)
    default: return condition.of.some(dependsOnTime)
  }
}

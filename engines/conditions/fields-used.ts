import type { Condition } from './condition.ts'
import { zoneOf } from './leaf-test.ts'

/**
 * The names of the fields a condition looks at, zones included: an edit that touches none of them cannot change what
 * it says.
 */
export function fieldsUsed(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>()
  collect(condition, names)
  return names
}

function collect(condition: Condition, names: Set<string>): void {
  switch (condition.kind) {
    case 'leaf':
      names.add(condition.name)
      if (condition.test.op === 'onDay' || condition.test.op === 'today') names.add(zoneOf(condition).key)
      return
    case 'not': return collect(condition.of, names)
    default: for (const part of condition.of) collect(part, names)
  }
}

import type { Level } from '@loopline/vocabulary/customer'

/** Level to dial priority, higher first; the part of the rule book that is a table. People edit it. */
export type PriorityByLevel = Readonly<Record<string, number>>

export const DEFAULT_PRIORITY_BY_LEVEL: Readonly<Record<Level, number>> = { A: 400, B: 300, C: 200, D: 100 }

/** Priorities fit the smallint that the dial list is sorted by, and leave room on either side of the mapping. */
const PRIORITY_MIN = 0
const PRIORITY_MAX = 2_000

/**
 * The priority of a customer on the dial list: the level's own, plus what rules add (`add-priority`, may be negative).
 * A level that the mapping lacks counts as 0, so that it is dialled last and not lost.
 */
export function priorityOf(level: string | null, mapping: PriorityByLevel, pointsAdded = 0): number {
  const base = level !== null && Object.hasOwn(mapping, level) ? (mapping[level] ?? 0) : 0
  return Math.min(PRIORITY_MAX, Math.max(PRIORITY_MIN, base + pointsAdded))
}

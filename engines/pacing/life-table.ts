/**
 * How long something lasts (a talk, a wrap-up, a pause) as a life table: ends and time spent, per interval of age. The
 * quotient is the hazard; what is still going on counts as time spent without an end, so that a cold start does not take
 * the short ones, which end first, for all. Plain data.
 */
export interface LifeTable {
  readonly ends: number[]
  /** Seconds. */
  readonly spent: number[]
}

/** Ages at which intervals begin, seconds: narrow where hazards change, the last open-ended. */
const EDGES: readonly number[] = [0, 2, 4, 6, 8, 10, 12.5, 15, 17.5, 20, 25, 30, 40, 50, 65, 80, 100, 125, 160, 200, 260, 340, 450, 600, 900]
const HALF_LIFE_ENDS = 600
const PRIOR_ENDS = 6

/** A table that knows only a usual length, with as much evidence as six ended ones. */
export function newLifeTable(usualMs: number): LifeTable {
  const mean = usualMs / 1_000
  const spent = EDGES.map((from, index) => PRIOR_ENDS * mean * (Math.exp(-from / mean) - Math.exp(-edge(index + 1) / mean)))
  return { spent, ends: spent.map((seconds) => seconds / mean) }
}

/** Adds one that ended at this age. Changes the table in place. */
export function addEnd(table: LifeTable, ageMs: number): void {
  const age = Math.max(0, ageMs / 1_000)
  const keep = 2 ** (-1 / HALF_LIFE_ENDS)
  for (let index = 0; index < EDGES.length; index += 1) {
    const from = edge(index)
    const inside = Math.max(0, Math.min(age, edge(index + 1)) - from)
    table.spent[index] = (table.spent[index] as number) * keep + inside
    table.ends[index] = (table.ends[index] as number) * keep + (age >= from && age < edge(index + 1) ? 1 : 0)
  }
}

/** Cumulative hazard, readable at any age. */
export interface Hazard {
  /** Per second, by interval. */
  readonly rate: readonly number[]
  /** At the beginning of each interval. */
  readonly before: readonly number[]
}

/** The hazard from the table and from those that have lasted this long already, ms. */
export function hazardOf(table: LifeTable, ongoingMs: readonly number[]): Hazard {
  const spent = [...table.spent]
  for (const ms of ongoingMs) {
    const age = ms / 1_000
    for (let index = 0; index < EDGES.length && edge(index) < age; index += 1) {
      spent[index] = (spent[index] as number) + Math.min(age, edge(index + 1)) - edge(index)
    }
  }
  // Each interval borrows from the whole: old ages are rare, and an interval without an end is not one without a hazard.
  const overall = sum(table.ends) / Math.max(1e-9, sum(spent))
  const rate = spent.map((seconds, index) => ((table.ends[index] as number) + overall * BORROWED_S) / (seconds + BORROWED_S))
  const before: number[] = []
  let total = 0
  for (let index = 0; index < EDGES.length; index += 1) {
    before.push(total)
    total += (rate[index] as number) * (Math.min(edge(index + 1), 1e6) - edge(index))
  }
  return { rate, before }
}
const BORROWED_S = 20

/** Probability that what has lasted `ageS` ends within the next `withinS`. Seconds. */
export function endsWithin(hazard: Hazard, ageS: number, withinS: number): number {
  return 1 - Math.exp(cumulativeHazard(hazard, ageS) - cumulativeHazard(hazard, ageS + withinS))
}

/** Hazard summed from the beginning to this age, seconds. */
export function cumulativeHazard({ rate, before }: Hazard, ageS: number): number {
  let index = 0
  while (index < EDGES.length - 1 && (EDGES[index + 1] as number) <= ageS) index += 1
  return (before[index] as number) + (rate[index] as number) * Math.max(0, ageS - edge(index))
}

function edge(index: number): number {
  return EDGES[index] ?? Infinity
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

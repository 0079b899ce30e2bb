/**
 * Counts that halve with time, in a hashed table: how often something was seen lately, and how often it came true. What two
 * keys share by chance they count together; the table is wide enough for that to be rare.
 */
export interface HalvingCounts {
  readonly halfLife: number
  readonly mask: number
  /** At `when` of the slot; 32 bits, so that what is stored is what was used. */
  readonly seen: Float32Array
  readonly happened: Float32Array
  readonly when: Float64Array
}

/** `halfLife` in the units of the caller's time. */
export function newHalvingCounts(halfLife: number, bits: number): HalvingCounts {
  const size = 2 ** bits
  return { halfLife, mask: size - 1, seen: new Float32Array(size), happened: new Float32Array(size), when: new Float64Array(size) }
}

/** What is left at `at` of what was counted before; times may come out of order, then nothing is added to old counts. */
export function leftAt(counts: HalvingCounts, slot: number, at: number): number {
  const age = at - (counts.when[slot] as number)
  return age <= 0 ? 1 : 2 ** (-age / counts.halfLife)
}

/** Share that came true, drawn to `prior` as if that had been seen `weight` times. 0..1. */
export function rateAt(counts: HalvingCounts, slot: number, at: number, prior: number, weight: number): number {
  const left = leftAt(counts, slot, at)
  return ((counts.happened[slot] as number) * left + prior * weight) / ((counts.seen[slot] as number) * left + weight)
}

export function countAt(counts: HalvingCounts, slot: number, at: number, happened: boolean): void {
  const left = leftAt(counts, slot, at)
  counts.seen[slot] = (counts.seen[slot] as number) * left + 1
  counts.happened[slot] = (counts.happened[slot] as number) * left + (happened ? 1 : 0)
  counts.when[slot] = Math.max(at, (counts.when[slot] as number))
}

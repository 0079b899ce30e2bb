/**
 * When calls are answered and when the others end, by age of ringing. Two histograms: ages at answer (of calls that were
 * answered) and ages at the end of calls nobody answered. Together with one probability per call they make the cure model of
 * survival analysis (Berkson and Gage 1952): the longer a phone rings, the likelier nobody will come. Plain data.
 */
export interface RingTimes {
  /** Weighted counts per bin of BIN_MS, the last bin open-ended; older calls are forgotten. */
  readonly answered: number[]
  readonly unanswered: number[]
}

export const BIN_MS = 500
const BINS = 180
/** A call counts half after so many later ones: long enough for a smooth curve, short enough for another list. */
const HALF_LIFE_CALLS = 600
/** What is assumed of ringing before the first calls: as much evidence as so many calls. */
const PRIOR_CALLS = 12

/** Before any call: answers around ten seconds, a third of the rest ends at once, the others ring until the time-out. */
export function newRingTimes(ringTimeoutMs: number): RingTimes {
  const answered = Array.from({ length: BINS }, () => 0)
  const unanswered = Array.from({ length: BINS }, () => 0)
  const last = binOf(ringTimeoutMs)
  for (let bin = 0; bin <= last; bin += 1) answered[bin] = gammaLike((bin + 0.5) * BIN_MS)
  scaleTo(answered, PRIOR_CALLS)
  for (let bin = 0; bin <= last; bin += 1) unanswered[bin] = (0.5 * PRIOR_CALLS) / (last + 1)
  unanswered[last] = (unanswered[last] ?? 0) + 0.5 * PRIOR_CALLS
  return { answered, unanswered }
}

/** Adds one call that was answered, or that ended unanswered, at this age. Changes the table in place. */
export function addRing(times: RingTimes, answered: boolean, ageMs: number): void {
  const table = answered ? times.answered : times.unanswered
  const keep = 2 ** (-1 / HALF_LIFE_CALLS)
  for (let bin = 0; bin < table.length; bin += 1) table[bin] = (table[bin] as number) * keep
  const bin = binOf(ageMs)
  table[bin] = (table[bin] as number) + 1
}

/** Share already answered (of those that will be), and share already ended (of those that will not), by age. */
export interface RingCurves {
  /** Value at the end of each bin, ascending to 1. */
  readonly answeredBy: Float64Array
  readonly endedBy: Float64Array
}

export function ringCurves(times: RingTimes): RingCurves {
  return { answeredBy: cumulative(smoothed(times.answered)), endedBy: cumulative(times.unanswered) }
}

/** A curve read at an age, linear between bins. */
export function readCurve(curve: Float64Array, ageMs: number): number {
  const at = ageMs / BIN_MS
  const whole = Math.floor(at)
  if (whole >= BINS) return 1
  const below = whole === 0 ? 0 : (curve[whole - 1] as number)
  return below + (at - whole) * ((curve[whole] as number) - below)
}

/** The age by which this share is reached, ms. */
export function ageAt(curve: Float64Array, share: number): number {
  let bin = 0
  while (bin < BINS - 1 && (curve[bin] as number) < share) bin += 1
  const below = bin === 0 ? 0 : (curve[bin - 1] as number)
  const inside = (curve[bin] as number) - below
  return (bin + (inside > 0 ? Math.min(1, (share - below) / inside) : 1)) * BIN_MS
}

/** Probability that a call still ringing at this age will be answered at all, when it was `probability` at its start. */
export function stillToAnswer(curves: RingCurves, probability: number, ageMs: number): number {
  const yes = probability * (1 - readCurve(curves.answeredBy, ageMs))
  const no = (1 - probability) * (1 - readCurve(curves.endedBy, ageMs))
  return yes + no < 1e-9 ? 0 : yes / (yes + no)
}

function binOf(ageMs: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.floor(ageMs / BIN_MS)))
}

/** Shape t² e^(−t/3.5 s): most answers between 3 and 20 seconds. */
function gammaLike(ms: number): number {
  const seconds = ms / 1_000
  return seconds * seconds * Math.exp(-seconds / 3.5)
}

function scaleTo(table: number[], sum: number): void {
  const now = table.reduce((total, value) => total + value, 0)
  for (let bin = 0; bin < table.length; bin += 1) table[bin] = ((table[bin] as number) * sum) / now
}

/** Triangle of ±1.5 s: a few dozen answers must not leave holes between them. */
function smoothed(table: readonly number[]): number[] {
  const at = (bin: number): number => table[Math.max(0, Math.min(BINS - 1, bin))] as number
  return table.map((value, bin) => 3 * value + 2 * (at(bin - 1) + at(bin + 1)) + at(bin - 2) + at(bin + 2))
}

function cumulative(table: readonly number[]): Float64Array {
  const curve = new Float64Array(table.length)
  let sum = 0
  for (let bin = 0; bin < table.length; bin += 1) { sum += table[bin] as number; curve[bin] = sum }
  for (let bin = 0; bin < table.length; bin += 1) curve[bin] = (curve[bin] as number) / sum
  return curve
}

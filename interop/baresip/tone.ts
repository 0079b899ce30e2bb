/** How long a tone is heard in a sound, by Goertzel over windows of 50 ms: what the product says of itself is not asked. */
import type { Sound } from './baresip.ts'

const WINDOW_S = 0.05
/** Of a pure tone through G.711 nearly everything; of speech, music and ring-back much less. */
const SHARE_MIN = 0.9
/** Quieter is silence. */
const MEAN_SQUARE_MIN = 10_000

/** Seconds in which almost nothing but this tone is heard. */
export function secondsOf(hz: number, { samples, rate }: Sound): number {
  const length = Math.round(rate * WINDOW_S)
  let windows = 0
  for (let from = 0; from + length <= samples.length; from += length) if (isTone(hz, samples.subarray(from, from + length), rate)) windows += 1
  return windows * WINDOW_S
}

function isTone(hz: number, window: Int16Array, rate: number): boolean {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let [previous, before, squares] = [0, 0, 0]
  for (const sample of window) {
    squares += sample * sample
    const now: number = sample + coefficient * previous - before
    before = previous
    previous = now
  }
  const power = (2 * (previous * previous + before * before - coefficient * previous * before)) / window.length ** 2
  const meanSquare = squares / window.length
  return meanSquare >= MEAN_SQUARE_MIN && power / meanSquare >= SHARE_MIN
}

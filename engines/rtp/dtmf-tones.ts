import { assert } from '@loopline/vocabulary/assert'
import { sequenceOf } from './tone.ts'

/** ITU-T Q.23: each key is one tone of either group. */
export const LOW_HZ: readonly number[] = [697, 770, 852, 941]
export const HIGH_HZ: readonly number[] = [1209, 1336, 1477, 1633]
export const KEYS: readonly string[] = ['123A', '456B', '789C', '*0#D']

/** Receivers take 0 to −25 dBm0 (Q.24); the high tone is sent louder, because lines take more of it (TBR 21: −9 and −11 dBV). */
const LOW_DBM0 = -10
const HIGH_DBM0 = -8

/** The sound of a key as linear samples at 8 kHz: 0-9 * # A-D. */
export function digitTone(digit: string, durationMs: number): Int16Array {
  const row = KEYS.findIndex((keys) => keys.includes(digit))
  assert(digit.length === 1 && row >= 0, 'a key of a telephone')
  const low = sequenceOf([{ hz: [LOW_HZ[row] as number], levelDbm0: LOW_DBM0, durationMs }])
  const high = sequenceOf([{ hz: [HIGH_HZ[KEYS[row]?.indexOf(digit) ?? 0] as number], levelDbm0: HIGH_DBM0, durationMs }])
  return low.map((sample, at) => sample + (high[at] as number))
}

/**
 * Digits heard in the sound itself (ITU-T Q.23, Q.24), for lines that send no telephone-events. Blocks of 102 samples
 * (12.75 ms) keep the eight frequencies apart; a digit begins with two equal blocks, so that 40 ms are always heard and
 * 20 ms never, and ends with three blocks of anything else, so that a break of 10 ms does not split it.
 */
import { goertzelCoefficient } from './goertzel.ts'
import { amplitudeOf } from './tone.ts'

const BLOCK_SAMPLES = 102
const BLOCK_MS = BLOCK_SAMPLES / 8
const LOW_HZ = [697, 770, 852, 941]
const HIGH_HZ = [1209, 1336, 1477, 1633]
const KEYS = ['123A', '456B', '789C', '*0#D']
const COEFFICIENTS = Float64Array.from([...LOW_HZ, ...HIGH_HZ], goertzelCoefficient)

/** Q.24 has tones of 0 to −25 dBm0 heard (AT&T), somewhat less elsewhere; below −36 we take them for crosstalk. */
const POWER_MIN = amplitudeOf(-36) ** 2 / 2
/** Twist, Q.24: the high tone may be 4 dB above the low one and 8 dB below; the stronger leaks into the weaker's bin, up to 1.2 dB. */
const HIGH_ABOVE = ratioOf(5)
const HIGH_BELOW = ratioOf(9.5)
/** Each tone stands out of its group. */
const PEAK_OVER_GROUP = ratioOf(6)
/** Talk-off guard: of all the power in the block, so much is in the two tones; 1.5 % off frequency still leaves 0.78. */
const SHARE_MIN = 0.77
/** Talk-off guards: a telephone's tones are steady from block to block, together and each (leaks move them), a vowel's are not. */
const STEADINESS = ratioOf(1.5)
const TWIST_STEADINESS = ratioOf(3)
/**
 * Talk-off guard: the phase from block to block tells each true frequency. Q.24 wants 1.5 % heard and 3.5 % refused, and with
 * the loss off frequency given back, real tones are all there is. Half an hour of the tests' babble, which is more tonal
 * than speech: 14 digits, 29 without this.
 */
const DEVIATION_MAX = 0.025
const PURITY_MIN = 0.9
/** Both halves of a block carry the tone: two blocks that 20 ms fill in part are none. Beats alone make it 0.69. */
const HALVES_MIN = 0.6
const BLOCKS_TO_BEGIN = 2
const BLOCKS_TO_END = 3

export type DtmfHeard = { kind: 'began'; digit: string } | { kind: 'ended'; digit: string; durationMs: number }

const NOTHING: readonly DtmfHeard[] = []

export class DtmfDetector {
  readonly #previous = new Float64Array(COEFFICIENTS.length)
  readonly #before = new Float64Array(COEFFICIENTS.length)
  readonly #power = new Float64Array(COEFFICIENTS.length)
  readonly #phase = new Float64Array(COEFFICIENTS.length)
  /** Phase against the block before, beyond what the frequency itself turns: −π..π. */
  readonly #drift = new Float64Array(COEFFICIENTS.length)
  readonly #energy = new Float64Array(2)
  #samples = 0
  /** The candidate of the last block, '' for none, with its power, its twist and how many blocks it has lasted. */
  #candidate = ''
  #candidatePower = 0
  #candidateTwist = 0
  #twist = 0
  #isPure = false
  #candidateBlocks = 0
  /** The digit that lasts, '' for none. */
  #digit = ''
  #digitBlocks = 0
  #missedBlocks = 0

  /** The next linear samples at 8 kHz, any number of them. */
  listen(samples: Int16Array): readonly DtmfHeard[] {
    let heard = NOTHING
    for (let at = 0; at < samples.length;) {
      const end = Math.min(samples.length, at + BLOCK_SAMPLES - this.#samples)
      this.#accumulate(samples, at, end)
      at = end
      if (this.#samples < BLOCK_SAMPLES) continue
      const told = this.#endBlock()
      if (told.length > 0) heard = [...heard, ...told]
    }
    return heard
  }

  /** goertzel.ts for eight frequencies at once, across the borders of frames. */
  #accumulate(samples: Int16Array, start: number, end: number): void {
    for (let f = 0; f < COEFFICIENTS.length; f += 1) {
      const coefficient = COEFFICIENTS[f] as number
      let previous = this.#previous[f] as number
      let before = this.#before[f] as number
      for (let n = start; n < end; n += 1) {
        const now = (samples[n] as number) + coefficient * previous - before
        before = previous
        previous = now
      }
      this.#previous[f] = previous
      this.#before[f] = before
    }
    for (let n = start; n < end; n += 1) {
      const half = this.#samples < BLOCK_SAMPLES / 2 ? 0 : 1
      this.#energy[half] = (this.#energy[half] as number) + (samples[n] as number) ** 2
      this.#samples += 1
    }
  }

  #endBlock(): readonly DtmfHeard[] {
    for (let f = 0; f < COEFFICIENTS.length; f += 1) {
      const [p, b] = [this.#previous[f] as number, this.#before[f] as number]
      this.#power[f] = (2 * (p * p + b * b - (COEFFICIENTS[f] as number) * p * b)) / BLOCK_SAMPLES ** 2
      const turn = radiansOf(f)
      const phase = Math.atan2(b * Math.sin(turn), p - b * Math.cos(turn))
      this.#drift[f] = wrapped(phase - (this.#phase[f] as number) - turn * BLOCK_SAMPLES)
      this.#phase[f] = phase
    }
    const [first, second] = this.#energy as unknown as [number, number]
    const total = (first + second) / BLOCK_SAMPLES
    const isEven = Math.min(first, second) >= Math.max(first, second) * HALVES_MIN
    this.#previous.fill(0)
    this.#before.fill(0)
    this.#energy.fill(0)
    this.#samples = 0
    return this.#follow(isEven ? this.#keyOf(total) : '', total)
  }

  /** The key of this block alone, or ''. */
  #keyOf(total: number): string {
    const low = strongest(this.#power, 0)
    const high = strongest(this.#power, 4)
    const lowPower = this.#power[low] as number
    const highPower = this.#power[high] as number
    this.#twist = highPower / lowPower
    this.#isPure = this.#onFrequency(low) && this.#onFrequency(high) && this.#truePower(low) + this.#truePower(high) >= total * PURITY_MIN
    if (lowPower < POWER_MIN || highPower < POWER_MIN) return ''
    if (highPower > lowPower * HIGH_ABOVE || lowPower > highPower * HIGH_BELOW) return ''
    if (!standsOut(this.#power, low) || !standsOut(this.#power, high)) return ''
    return lowPower + highPower >= total * SHARE_MIN ? (KEYS[low]?.[high - 4] ?? '') : ''
  }

  #onFrequency(f: number): boolean {
    return Math.abs(this.#drift[f] as number) <= radiansOf(f) * BLOCK_SAMPLES * DEVIATION_MAX
  }

  /** What the bin would hold had the tone been in its middle: a bin loses sin² x / x² at half the drift. */
  #truePower(f: number): number {
    const x = (this.#drift[f] as number) / 2
    return Math.abs(x) < 0.01 ? (this.#power[f] as number) : (this.#power[f] as number) * (x / Math.sin(x)) ** 2
  }

  #follow(key: string, power: number): readonly DtmfHeard[] {
    const isSteady = key === this.#candidate && within(power, this.#candidatePower, STEADINESS) && within(this.#twist, this.#candidateTwist, TWIST_STEADINESS)
    this.#candidateBlocks = isSteady ? this.#candidateBlocks + 1 : 1
    this.#candidate = key
    this.#candidatePower = power
    this.#candidateTwist = this.#twist
    if (this.#digit !== '') return this.#followDigit(key)
    return this.#isBegun(key) ? [this.#begin(key)] : NOTHING
  }

  #isBegun(key: string): boolean {
    return key !== '' && this.#candidateBlocks >= BLOCKS_TO_BEGIN && this.#isPure
  }

  #followDigit(key: string): readonly DtmfHeard[] {
    if (key === this.#digit) {
      this.#digitBlocks += 1 + this.#missedBlocks
      this.#missedBlocks = 0
      return NOTHING
    }
    this.#missedBlocks += 1
    const isNext = this.#isBegun(key)
    if (this.#missedBlocks < BLOCKS_TO_END && !isNext) return NOTHING
    const ended: DtmfHeard = { kind: 'ended', digit: this.#digit, durationMs: this.#digitBlocks * BLOCK_MS }
    this.#digit = ''
    return isNext ? [ended, this.#begin(key)] : [ended]
  }

  #begin(digit: string): DtmfHeard {
    this.#digit = digit
    this.#digitBlocks = BLOCKS_TO_BEGIN
    this.#missedBlocks = 0
    return { kind: 'began', digit }
  }
}

function strongest(power: Float64Array, group: number): number {
  let best = group
  for (let f = group + 1; f < group + 4; f += 1) if ((power[f] as number) > (power[best] as number)) best = f
  return best
}

function standsOut(power: Float64Array, peak: number): boolean {
  const group = peak < 4 ? 0 : 4
  for (let f = group; f < group + 4; f += 1) if (f !== peak && (power[f] as number) * PEAK_OVER_GROUP > (power[peak] as number)) return false
  return true
}

function radiansOf(f: number): number {
  return (2 * Math.PI * (f < 4 ? LOW_HZ[f] as number : HIGH_HZ[f - 4] as number)) / 8_000
}

function wrapped(radians: number): number {
  return radians - 2 * Math.PI * Math.round(radians / (2 * Math.PI))
}

function within(one: number, other: number, ratio: number): boolean {
  return one < other * ratio && other < one * ratio
}

function ratioOf(decibels: number): number {
  return 10 ** (decibels / 10)
}

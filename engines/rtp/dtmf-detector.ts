/**
 * Digits heard in the sound itself (ITU-T Q.23, Q.24), for lines that send no telephone-events. Blocks of 102 samples
 * (12.75 ms) keep the eight frequencies apart; a digit begins with two equal blocks, so that 40 ms are always heard and
 * 20 ms never, and ends with three blocks of anything else, so that a break of 10 ms does not split it.
 */
import { HIGH_HZ, KEYS, LOW_HZ } from './dtmf-tones.ts'
import { goertzelCoefficient } from './goertzel.ts'
import { amplitudeOf } from './tone.ts'

const BLOCK_SAMPLES = 102
const BLOCK_MS = BLOCK_SAMPLES / 8
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
  /** The filters at the end of the block before. */
  readonly #lastPrevious = new Float64Array(COEFFICIENTS.length)
  readonly #lastBefore = new Float64Array(COEFFICIENTS.length)
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

  #accumulate(samples: Int16Array, start: number, end: number): void {
    this.#filter(samples, start, end, 0)
    this.#filter(samples, start, end, 4)
    const halfway = Math.min(end, Math.max(start, start + BLOCK_SAMPLES / 2 - this.#samples))
    this.#energy[0] = (this.#energy[0] as number) + energyOf(samples, start, halfway)
    this.#energy[1] = (this.#energy[1] as number) + energyOf(samples, halfway, end)
    this.#samples += end - start
  }

  /**
   * goertzel.ts for the four frequencies of a group at once, across the borders of frames. Each step of one filter waits for
   * the step before; four side by side wait together (with the arc tangents left out: 1.25 µs a frame, 3.2 one after the other).
   */
  #filter(samples: Int16Array, start: number, end: number, group: number): void {
    const [previous, before] = [this.#previous, this.#before]
    const c0 = COEFFICIENTS[group] as number
    const c1 = COEFFICIENTS[group + 1] as number
    const c2 = COEFFICIENTS[group + 2] as number
    const c3 = COEFFICIENTS[group + 3] as number
    let p0 = previous[group] as number
    let p1 = previous[group + 1] as number
    let p2 = previous[group + 2] as number
    let p3 = previous[group + 3] as number
    let b0 = before[group] as number
    let b1 = before[group + 1] as number
    let b2 = before[group + 2] as number
    let b3 = before[group + 3] as number
    for (let n = start; n < end; n += 1) {
      const sample = samples[n] as number
      const n0 = sample + c0 * p0 - b0
      const n1 = sample + c1 * p1 - b1
      const n2 = sample + c2 * p2 - b2
      const n3 = sample + c3 * p3 - b3
      b0 = p0
      b1 = p1
      b2 = p2
      b3 = p3
      p0 = n0
      p1 = n1
      p2 = n2
      p3 = n3
    }
    previous[group] = p0
    previous[group + 1] = p1
    previous[group + 2] = p2
    previous[group + 3] = p3
    before[group] = b0
    before[group + 1] = b1
    before[group + 2] = b2
    before[group + 3] = b3
  }

  #endBlock(): readonly DtmfHeard[] {
    for (let f = 0; f < COEFFICIENTS.length; f += 1) {
      const [p, b] = [this.#previous[f] as number, this.#before[f] as number]
      this.#power[f] = (2 * (p * p + b * b - (COEFFICIENTS[f] as number) * p * b)) / BLOCK_SAMPLES ** 2
    }
    const first = this.#energy[0] as number
    const second = this.#energy[1] as number
    const total = (first + second) / BLOCK_SAMPLES
    const isEven = Math.min(first, second) >= Math.max(first, second) * HALVES_MIN
    const told = this.#follow(isEven ? this.#keyOf(total) : '', total)
    this.#lastPrevious.set(this.#previous)
    this.#lastBefore.set(this.#before)
    this.#previous.fill(0)
    this.#before.fill(0)
    this.#energy.fill(0)
    this.#samples = 0
    return told
  }

  /** The key of this block alone, or ''. */
  #keyOf(total: number): string {
    const low = strongest(this.#power, 0)
    const high = strongest(this.#power, 4)
    const lowPower = this.#power[low] as number
    const highPower = this.#power[high] as number
    this.#twist = highPower / lowPower
    if (lowPower < POWER_MIN || highPower < POWER_MIN) return ''
    if (highPower > lowPower * HIGH_ABOVE || lowPower > highPower * HIGH_BELOW) return ''
    if (!standsOut(this.#power, low) || !standsOut(this.#power, high)) return ''
    if (lowPower + highPower < total * SHARE_MIN) return ''
    this.#isPure = this.#arePure(low, high, total)
    return KEYS[low]?.[high - 4] ?? ''
  }

  /** Looked at only where the powers make a key: sixteen arc tangents a block cost a tenth of it all. */
  #arePure(low: number, high: number, total: number): boolean {
    const [lowDrift, highDrift] = [this.#driftOf(low), this.#driftOf(high)]
    return isOnFrequency(low, lowDrift) && isOnFrequency(high, highDrift) && this.#truePower(low, lowDrift) + this.#truePower(high, highDrift) >= total * PURITY_MIN
  }

  /** Phase against the block before, beyond what the frequency itself turns: −π..π. */
  #driftOf(f: number): number {
    const phase = phaseOf(f, this.#previous[f] as number, this.#before[f] as number)
    const last = phaseOf(f, this.#lastPrevious[f] as number, this.#lastBefore[f] as number)
    return wrapped(phase - last - radiansOf(f) * BLOCK_SAMPLES)
  }

  /** What the bin would hold had the tone been in its middle: a bin loses sin² x / x² at half the drift. */
  #truePower(f: number, drift: number): number {
    const x = drift / 2
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

function energyOf(samples: Int16Array, start: number, end: number): number {
  let sum = 0
  for (let n = start; n < end; n += 1) sum += (samples[n] as number) ** 2
  return sum
}

function phaseOf(f: number, previous: number, before: number): number {
  const turn = radiansOf(f)
  return Math.atan2(before * Math.sin(turn), previous - before * Math.cos(turn))
}

function isOnFrequency(f: number, drift: number): boolean {
  return Math.abs(drift) <= radiansOf(f) * BLOCK_SAMPLES * DEVIATION_MAX
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

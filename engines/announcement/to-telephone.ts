import type { ReadSound } from './read-sound.ts'

export const TELEPHONE_RATE = 8_000
/** The band of a telephone ends at 3.4 kHz (ITU-T G.712); above it nothing may stay that would fold back below 4 kHz. */
const CUTOFF_HZ = 3_600
/** Zero crossings of the kernel on each side: 60 dB down at 4.2 kHz. */
const CROSSINGS = 24

/**
 * The sound at 8 kHz, a second of it at a time, so that whoever converts a long one can do other things between: a second
 * from 48 kHz takes about 5 ms. Windowed-sinc low-pass and resampling in one step.
 */
export function* toTelephone({ rate, samples }: ReadSound): Generator<Int16Array, void, void> {
  const total = Math.floor((samples.length * TELEPHONE_RATE) / rate)
  const kernel = rate === TELEPHONE_RATE ? null : kernelOf(rate)
  for (let at = 0; at < total; at += TELEPHONE_RATE) {
    const end = Math.min(total, at + TELEPHONE_RATE)
    yield kernel === null ? samples.slice(at, end) : resampled(samples, rate, { kernel, at, end })
  }
}

/** For each place between two samples of the input that an output can fall on, the weights of its neighbours. */
interface Kernel {
  readonly phases: readonly Float64Array[]
  /** Neighbours on each side. */
  readonly reach: number
}

function kernelOf(rate: number): Kernel {
  const count = TELEPHONE_RATE / greatestCommonDivisor(rate, TELEPHONE_RATE)
  const cutoff = CUTOFF_HZ / rate
  const reach = Math.ceil(CROSSINGS / (2 * cutoff))
  const phases = Array.from({ length: count }, (_, phase) => {
    const weights = Float64Array.from({ length: 2 * reach }, (_, tap) => weight(tap - reach + 1 - phase / count, cutoff, reach))
    const sum = weights.reduce((all, each) => all + each, 0)
    return weights.map((each) => each / sum)
  })
  return { phases, reach }
}

/** Blackman's window over sinc. @param cutoff in cycles per sample of the input. */
function weight(distance: number, cutoff: number, reach: number): number {
  if (Math.abs(distance) >= reach) return 0
  const turn = 2 * Math.PI * cutoff * distance
  const sinc = distance === 0 ? 1 : Math.sin(turn) / turn
  const place = Math.PI * (distance / reach + 1)
  return sinc * (0.42 - 0.5 * Math.cos(place) + 0.08 * Math.cos(2 * place))
}

function resampled(samples: Int16Array, rate: number, { kernel: { phases, reach }, at, end }: { kernel: Kernel; at: number; end: number }): Int16Array {
  const out = new Int16Array(end - at)
  for (let index = at; index < end; index += 1) {
    const place = (index * rate) / TELEPHONE_RATE
    const before = Math.floor(place)
    const weights = phases[Math.round((place - before) * phases.length) % phases.length] as Float64Array
    let sum = 0
    for (let tap = 0; tap < weights.length; tap += 1) sum += (weights[tap] as number) * (samples[before - reach + 1 + tap] ?? 0)
    out[index - at] = Math.max(-32_768, Math.min(32_767, Math.round(sum)))
  }
  return out
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

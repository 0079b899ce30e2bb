/** Sines and pairs of sines as linear samples at 8 kHz: ring-back, digits, and what tests listen for. */
const SAMPLE_RATE_HZ = 8_000
/** G.711 §5 (A-law): a sine of full scale is +3.14 dBm0. */
const FULL_SCALE_DBM0 = 3.14

export interface Tone {
  /** One or more frequencies, each at the level. */
  hz: readonly number[]
  levelDbm0: number
  durationMs: number
}

/** Rounded and clipped to 16 bits; phases begin at zero. */
export function toneSamples({ hz, levelDbm0, durationMs }: Tone): Int16Array {
  const amplitude = amplitudeOf(levelDbm0)
  return Int16Array.from({ length: samplesOf(durationMs) }, (_, n) => {
    const sum = hz.reduce((total, frequency) => total + Math.sin((2 * Math.PI * frequency * n) / SAMPLE_RATE_HZ), 0)
    return Math.max(-32_768, Math.min(32_767, Math.round(amplitude * sum)))
  })
}

/** Peak of a sine of this level, as a linear sample. */
export function amplitudeOf(levelDbm0: number): number {
  return 32_767 * 10 ** ((levelDbm0 - FULL_SCALE_DBM0) / 20)
}

/** Tones and pauses one after the other; a pause has no frequency. */
export function sequenceOf(tones: readonly Tone[]): Int16Array {
  const parts = tones.map(toneSamples)
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Ring-back of China (GB 3380: 450 Hz, 1 s on, 4 s off), one period, to be looped. */
export function ringBack(levelDbm0 = -10): Int16Array {
  return sequenceOf([{ hz: [450], levelDbm0, durationMs: 1_000 }, { hz: [], levelDbm0, durationMs: 4_000 }])
}

function samplesOf(durationMs: number): number {
  return Math.round((durationMs * SAMPLE_RATE_HZ) / 1_000)
}

/** How much of one frequency is in a stretch of linear samples: a single bin of a Fourier transform, one multiplication a sample. */
const SAMPLE_RATE_HZ = 8_000

/** 2 cos ω, computed once for each frequency listened for. */
export function goertzelCoefficient(hz: number): number {
  return 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE_HZ)
}

/**
 * Power of the frequency in `samples` from `start` up to `end`, as the mean square of a sine: half the square of its
 * amplitude. The bin is as wide as the stretch is short: 102 samples, 78 Hz.
 */
export function goertzelPower(samples: Int16Array, start: number, end: number, coefficient: number): number {
  let previous = 0
  let before = 0
  for (let n = start; n < end; n += 1) {
    const now = (samples[n] as number) + coefficient * previous - before
    before = previous
    previous = now
  }
  const count = end - start
  return (2 * (previous * previous + before * before - coefficient * previous * before)) / (count * count)
}

/** Mean square of all frequencies together. */
export function meanSquare(samples: Int16Array, start: number, end: number): number {
  let sum = 0
  for (let n = start; n < end; n += 1) sum += (samples[n] as number) ** 2
  return end > start ? sum / (end - start) : 0
}

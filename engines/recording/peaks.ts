/** A tenth of a second: finer than any waveform on a page shows of a call of minutes. */
const STEP_SAMPLES = 800
export const PEAKS = 200

/** Remembers how loud each tenth of a second was, and draws 200 values of any length of call. */
export class PeakMeter {
  readonly #customer: number[] = []
  readonly #seller: number[] = []

  hear(at: number, customer: number, seller: number): void {
    const step = Math.floor(at / STEP_SAMPLES)
    this.#customer[step] = Math.max(this.#customer[step] ?? 0, Math.abs(customer))
    this.#seller[step] = Math.max(this.#seller[step] ?? 0, Math.abs(seller))
  }

  /** The loudest of each 200th, 0..1, to two digits; what was not recorded is 0. */
  peaks(samples: number): { customer: number[]; seller: number[] } {
    const steps = Math.ceil(samples / STEP_SAMPLES)
    return { customer: drawn(this.#customer, steps), seller: drawn(this.#seller, steps) }
  }
}

function drawn(loudest: readonly (number | undefined)[], steps: number): number[] {
  return Array.from({ length: Math.min(PEAKS, steps) }, (_, bar) => {
    const from = Math.floor((bar * steps) / Math.min(PEAKS, steps))
    const to = Math.max(from + 1, Math.floor(((bar + 1) * steps) / Math.min(PEAKS, steps)))
    let peak = 0
    for (let step = from; step < to; step += 1) peak = Math.max(peak, loudest[step] ?? 0)
    return Math.round((peak / 32_768) * 100) / 100
  })
}

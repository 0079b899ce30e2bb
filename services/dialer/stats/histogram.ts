/** Steps per doubling: a percentile is right to 1/32, about 3 %. */
const STEPS = 32
/** From 1/8 ms to more than an hour. */
const DOUBLINGS = 26
const SMALLEST_MS = 0.125

/** Durations in logarithmic steps, as HdrHistogram does: fixed memory, percentiles of any run, O(1) to record. */
export class FineHistogram {
  readonly #counts = new Uint32Array(STEPS * DOUBLINGS + 1)
  #count = 0
  #max = 0

  record(ms: number): void {
    const value = Math.max(ms, SMALLEST_MS)
    const at = Math.min(this.#counts.length - 1, Math.floor(Math.log2(value / SMALLEST_MS) * STEPS))
    this.#counts[at] = (this.#counts[at] as number) + 1
    this.#count += 1
    if (ms > this.#max) this.#max = ms
  }

  /** The value below which this share (0..1) of the durations lies, in ms; 0 when nothing was recorded. */
  percentile(share: number): number {
    if (this.#count === 0) return 0
    const wanted = Math.ceil(this.#count * share)
    let seen = 0
    for (let at = 0; at < this.#counts.length; at += 1) {
      seen += this.#counts[at] as number
      if (seen >= wanted) return Math.min(this.#max, SMALLEST_MS * 2 ** ((at + 1) / STEPS))
    }
    return this.#max
  }

  summary(): { count: number; p50Ms: number; p90Ms: number; p99Ms: number; maxMs: number } {
    const round = (ms: number): number => Math.round(ms * 100) / 100
    return { count: this.#count, p50Ms: round(this.percentile(0.5)), p90Ms: round(this.percentile(0.9)), p99Ms: round(this.percentile(0.99)), maxMs: round(this.#max) }
  }

  reset(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#max = 0
  }
}

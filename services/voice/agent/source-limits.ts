/**
 * Decides how much one source, and all together, may ask before anything is parsed or remembered for them (reliability.md §3,
 * threats 1 and 8). Buckets refill by time; nothing here has a timer. Times: ms, monotonic.
 */
export interface Rate {
  /** What may come at once. */
  burst: number
  perSecond: number
}

/** Sources remembered apart; behind them all strangers share one bucket, so that a forged address costs no memory. */
const SOURCES_MAX = 10_000

interface Bucket {
  level: number
  at: number
}

export class Buckets {
  readonly #rate: Rate
  readonly #buckets = new Map<string, Bucket>()
  readonly #shared: Bucket

  constructor(rate: Rate) {
    this.#rate = rate
    this.#shared = { level: rate.burst, at: 0 }
  }

  /** Takes one; false when the source has used up what it may. */
  take(source: string, now: number): boolean {
    const bucket = this.#bucketOf(source, now)
    if (bucket.level < 1) return false
    bucket.level -= 1
    return true
  }

  /** Whether `take` would succeed. */
  has(source: string, now: number): boolean {
    const known = this.#buckets.get(source)
    return known === undefined || this.#filled(known, now).level >= 1
  }

  #bucketOf(source: string, now: number): Bucket {
    const known = this.#buckets.get(source)
    if (known !== undefined) return this.#filled(known, now)
    if (this.#buckets.size >= SOURCES_MAX) this.#forgetFull(now)
    if (this.#buckets.size >= SOURCES_MAX) return this.#filled(this.#shared, now)
    const fresh = { level: this.#rate.burst, at: now }
    this.#buckets.set(source, fresh)
    return fresh
  }

  #filled(bucket: Bucket, now: number): Bucket {
    bucket.level = Math.min(this.#rate.burst, bucket.level + ((now - bucket.at) / 1_000) * this.#rate.perSecond)
    bucket.at = now
    return bucket
  }

  /** A full bucket says nothing that a fresh one would not. */
  #forgetFull(now: number): void {
    for (const [source, bucket] of this.#buckets) if (this.#filled(bucket, now).level >= this.#rate.burst) this.#buckets.delete(source)
  }
}

export interface ConnectionLimits {
  total: number
  perSource: number
  /** Connections that have not yet proven whose they are. */
  halfOpen: number
}

/** Counts connections; a refused one is closed before anything is made for it. */
export class ConnectionCount {
  readonly #limits: ConnectionLimits
  readonly #bySource = new Map<string, number>()
  #total = 0
  #halfOpen = 0

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
  }

  get total(): number {
    return this.#total
  }

  /** Admits a connection that has proven nothing yet, or not. */
  open(source: string): boolean {
    const ofSource = this.#bySource.get(source) ?? 0
    const { total, perSource, halfOpen } = this.#limits
    if (this.#total >= total || ofSource >= perSource || this.#halfOpen >= halfOpen) return false
    this.#total += 1
    this.#halfOpen += 1
    this.#bySource.set(source, ofSource + 1)
    return true
  }

  proven(): void {
    this.#halfOpen -= 1
  }

  close(source: string, wasProven: boolean): void {
    this.#total -= 1
    if (!wasProven) this.#halfOpen -= 1
    const left = (this.#bySource.get(source) ?? 1) - 1
    if (left <= 0) this.#bySource.delete(source)
    else this.#bySource.set(source, left)
  }
}

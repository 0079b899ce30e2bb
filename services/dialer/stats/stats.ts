import { loopHistograms } from '@loopline/telemetry/metrics'
import type { LoopHistograms, Registry } from '@loopline/telemetry/metrics'
import { FineHistogram } from './histogram.ts'

const COUNTERS = [
  'attempts', 'outcomes', 'duplicates', 'claims', 'claimed', 'writeAheads', 'stale', 'lost', 'refused', 'neverSent', 'expired',
  'retransmissions', 'commitUnknown', 'adopted', 'events', 'givenUp', 'failovers',
] as const
export type Counter = (typeof COUNTERS)[number]

/** What the benches and the metrics page read: counters and durations since start or the last reset. */
export class Stats {
  readonly #counters = Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Record<Counter, number>
  readonly #histograms: LoopHistograms
  readonly #fine = {
    editToPool: new FineHistogram(), finalAfter: new FineHistogram(), decision: new FineHistogram(),
    writeAhead: new FineHistogram(), settle: new FineHistogram(), claim: new FineHistogram(), endToCommit: new FineHistogram(), pacing: new FineHistogram(),
  }
  #since: number
  readonly #now: () => number

  constructor(registry: Registry, now: () => number) {
    this.#histograms = loopHistograms(registry)
    this.#now = now
    this.#since = now()
  }

  count(name: Counter, by = 1): void {
    this.#counters[name] += by
  }

  get(name: Counter): number {
    return this.#counters[name]
  }

  /** From the change of a customer to its effect on list and pool. */
  editToPool(ms: number): void {
    this.#fine.editToPool.record(ms)
    this.#histograms.editToPool.observe(Math.max(0, ms) / 1_000)
  }

  /** INVITE sent to final response handled, as voice measured it. */
  finalAfter(ms: number): void {
    this.#fine.finalAfter.record(ms)
    this.#histograms.inviteToFinal.observe(ms / 1_000)
  }

  /** Gate, rules and routing of one attempt. */
  decision(ms: number): void {
    this.#fine.decision.record(ms)
    this.#histograms.decision.observe(ms / 1_000)
  }

  /** Durations of batches, ms; `endToCommit`: from the end of a call to its committed outcome; `pacing`: one campaign in one tick. */
  took(what: 'writeAhead' | 'settle' | 'claim' | 'endToCommit' | 'pacing', ms: number): void {
    this.#fine[what].record(ms)
  }

  snapshot(): object {
    const durations = Object.fromEntries(Object.entries(this.#fine).map(([name, histogram]) => [name, histogram.summary()]))
    return { sinceMs: this.#now() - this.#since, ...this.#counters, ...durations }
  }

  reset(): void {
    for (const name of COUNTERS) this.#counters[name] = 0
    for (const histogram of Object.values(this.#fine)) histogram.reset()
    this.#since = this.#now()
  }
}

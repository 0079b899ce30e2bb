import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { legOf } from './ending.ts'
import type { Ending } from './ending.ts'
import { holdResults } from './hold-results.ts'
import { settle } from './settle.ts'

const BATCH = 100
/** How long a result waits for others to share a transaction with. */
const WITHIN_MS = 20
const RETRY_MS = 250
const RETRY_MAX_MS = 2_000

/**
 * Collects how calls ended and has them committed in batches, one at a time. What cannot be committed now (the database
 * is away) stays here and is tried again; voice keeps it as well until it is acknowledged.
 */
export class OutcomeDesk {
  readonly #waiting = new Map<AttemptId, Ending>()
  readonly #held = new Set<AttemptId>()
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> | undefined
  #pauseMs = RETRY_MS
  #dialer: Dialer | undefined

  /** The desk and the dialer know each other. */
  attach(dialer: Dialer): void {
    this.#dialer = dialer
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** A result beats what was believed without one; a later leg beats the one before it. */
  take(ending: Ending): void {
    const known = this.#waiting.get(ending.attemptId)
    if (known?.kind === 'result' && legOf(known) >= legOf(ending)) return
    this.#waiting.set(ending.attemptId, ending)
    if (this.#working) return
    if (this.#waiting.size >= BATCH) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), WITHIN_MS)
  }

  /** Committed results of a line that was tripped: they are taken back behind the batch at hand. */
  hold(attemptIds: readonly AttemptId[]): void {
    for (const id of attemptIds) this.#held.add(id)
  }

  /** Commits what waits now. Resolves when the batches at hand are through or have failed once. */
  async drain(): Promise<void> {
    if (this.#isBusy()) this.#start()
    await this.#working
  }

  stop(): Promise<void> | undefined {
    clearTimeout(this.#timer)
    return this.#working
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      if (this.#isBusy()) this.#timer ??= setTimeout(() => this.#start(), this.#pauseMs)
    })
  }

  #isBusy(): boolean {
    return this.#waiting.size > 0 || this.#held.size > 0
  }

  async #work(): Promise<void> {
    const dialer = this.#dialer
    if (!dialer) return
    try {
      while (this.#isBusy()) {
        await this.#settleBatch(dialer)
        await this.#takeBack(dialer)
        this.#pauseMs = WITHIN_MS
      }
    } catch (error) {
      dialer.log.warn({ err: error, waiting: this.#waiting.size, held: this.#held.size }, 'outcomes could not be committed; they are tried again')
      this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, RETRY_MS), RETRY_MAX_MS)
    }
  }

  async #settleBatch(dialer: Dialer): Promise<void> {
    const batch = [...this.#waiting.values()].slice(0, BATCH)
    if (batch.length === 0) return
    await settle(dialer, batch)
    for (const ending of batch) if (this.#waiting.get(ending.attemptId) === ending) this.#waiting.delete(ending.attemptId)
  }

  async #takeBack(dialer: Dialer): Promise<void> {
    const held = [...this.#held]
    if (held.length === 0) return
    await holdResults(dialer, held)
    for (const id of held) this.#held.delete(id)
  }
}

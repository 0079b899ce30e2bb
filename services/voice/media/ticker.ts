/** One clock of 20 ms for everything that is played, mixed and recorded: a timer per leg cost ten times as much. */
const FRAME_MS = 20
/** After a longer stall the frames in between are left out: playing them late would delay all that follows. */
const BEHIND_MAX_MS = 100

export interface Ticking {
  /** @param due ms, monotonic: when this frame was planned, not when the event loop came to it. */
  tick(due: number): void
}

export class Ticker {
  readonly #all = new Set<Ticking>()
  #timer: NodeJS.Timeout | null = null
  #nextAt = 0

  add(ticking: Ticking): void {
    this.#all.add(ticking)
    if (this.#timer !== null) return
    this.#nextAt = performance.now() + FRAME_MS
    this.#arm()
  }

  remove(ticking: Ticking): void {
    this.#all.delete(ticking)
    if (this.#all.size > 0 || this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, this.#nextAt - performance.now()))
  }

  #fire(): void {
    const now = performance.now()
    if (now - this.#nextAt > BEHIND_MAX_MS) this.#nextAt = now
    while (this.#nextAt <= now) {
      const due = this.#nextAt
      this.#nextAt += FRAME_MS
      for (const ticking of this.#all) ticking.tick(due)
    }
    if (this.#timer !== null) this.#arm()
  }
}

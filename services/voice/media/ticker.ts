/** One clock of 20 ms for everything that is played, mixed and recorded: a timer per leg cost ten times as much. */
const FRAME_MS = 20
/** After a longer stall the frames in between are not played: playing them late would delay all that follows. */
const BEHIND_MAX_MS = 100
/** So far back what was said is still in jitter buffers (half a second); of a longer stall recordings have a hole. */
export const KEPT_MAX_MS = 480
/** What nobody hears now is done for five frames at once, a fifth of all in each: its memory is fetched once for them. */
const PATIENT_FRAMES = 5

export interface Ticking {
  /** @param due ms, monotonic: when this frame was planned, not when the event loop came to it. */
  tick(due: number): void
  /** A frame that a stall left out: too late to be played, but not to be kept. */
  missed?(due: number): void
}

export class Ticker {
  readonly #all = new Set<Ticking>()
  readonly #patient = Array.from({ length: PATIENT_FRAMES }, () => new Set<Ticking>())
  #frame = 0
  readonly #now: () => number
  #timer: NodeJS.Timeout | null = null
  #reading: NodeJS.Immediate | null = null
  #nextAt = 0

  /** @param now ms, monotonic. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** When the last frame was planned. */
  get lastDue(): number {
    return this.#nextAt - FRAME_MS
  }

  /** Ticks at every frame. */
  add(ticking: Ticking): void {
    for (const some of this.#patient) some.delete(ticking)
    this.#all.add(ticking)
    this.#start()
  }

  /** Ticks at every fifth frame: `tick` does those before it too. */
  addPatient(ticking: Ticking): void {
    this.#all.delete(ticking)
    if (!this.#patient.some((some) => some.has(ticking))) this.#patient.reduce((least, some) => (some.size < least.size ? some : least)).add(ticking)
    this.#start()
  }

  remove(ticking: Ticking): void {
    this.#all.delete(ticking)
    for (const some of this.#patient) some.delete(ticking)
    if (this.#all.size > 0 || this.#timer === null || this.#patient.some(({ size }) => size > 0)) return
    clearTimeout(this.#timer)
    if (this.#reading !== null) clearImmediate(this.#reading)
    this.#timer = this.#reading = null
  }

  #start(): void {
    if (this.#timer !== null) return
    this.#nextAt = this.#now() + FRAME_MS
    this.#arm()
  }

  /** In whole ms, upwards: node cuts fractions off, so that the timer came too early and had to be set once more. */
  #arm(): void {
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, Math.ceil(this.#nextAt - this.#now())))
  }

  /** What came during a stall still waits in the sockets: it is read first. */
  #fire(): void {
    if (this.#now() - this.#nextAt <= BEHIND_MAX_MS) return this.#tick()
    this.#reading = setImmediate(() => {
      this.#reading = null
      this.#leaveOut()
      this.#tick()
    })
  }

  /** All but the last of the frames that are due. */
  #leaveOut(): void {
    const now = this.#now()
    const isKept = now - this.#nextAt <= KEPT_MAX_MS
    for (; this.#nextAt + FRAME_MS <= now; this.#nextAt += FRAME_MS) {
      if (isKept) for (const ticking of this.#all) ticking.missed?.(this.#nextAt)
    }
  }

  #tick(): void {
    const now = this.#now()
    while (this.#nextAt <= now) {
      const due = this.#nextAt
      this.#nextAt += FRAME_MS
      for (const ticking of this.#all) ticking.tick(due)
      this.#frame = (this.#frame + 1) % PATIENT_FRAMES
      for (const ticking of this.#patient[this.#frame] ?? []) ticking.tick(due)
    }
    if (this.#timer !== null) this.#arm()
  }
}

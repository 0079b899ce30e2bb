/** 24 hours in steps of five minutes. */
const STEP_MS = 300_000
const STEPS = 288
const STEPS_AN_HOUR = 12

/**
 * How many calls began within the last hour and the last day, in steps of five minutes: a call counts until the step it began
 * in has wholly left the window, so a limit kept by it is kept in every window of 60 minutes and of 24 hours, wherever they begin.
 * Times: unix ms; one that goes back counts in the newest step. 580 bytes.
 */
export class RollingCount {
  readonly #steps = new Uint16Array(STEPS + 1)
  #step = Number.NEGATIVE_INFINITY
  hour = 0
  day = 0

  add(at: number, count = 1): void {
    const step = Math.floor(at / STEP_MS)
    if (step > this.#step) this.advance(at)
    const age = this.#step - step
    if (age > STEPS) return
    this.#change(step, count)
    this.day += count
    if (age <= STEPS_AN_HOUR) this.hour += count
  }

  /** Takes back what was counted at `at` and did not come to be. */
  remove(at: number): void {
    const step = Math.min(Math.floor(at / STEP_MS), this.#step)
    const age = this.#step - step
    if (age > STEPS || this.#at(step) === 0) return
    this.#change(step, -1)
    this.day -= 1
    if (age <= STEPS_AN_HOUR) this.hour -= 1
  }

  /** Lets the windows move on to `at`. */
  advance(at: number): void {
    const step = Math.floor(at / STEP_MS)
    if (step <= this.#step) return
    if (step - this.#step > STEPS) {
      this.#steps.fill(0)
      this.hour = 0
      this.day = 0
      this.#step = step
      return
    }
    while (this.#step < step) {
      this.#step += 1
      this.hour -= this.#at(this.#step - STEPS_AN_HOUR - 1)
      this.day -= this.#at(this.#step - STEPS - 1)
      this.#steps[this.#step % (STEPS + 1)] = 0
    }
  }

  /** The first instant at which fewer than `limit` calls count in the window, if none is added; `at` itself when that is so now. */
  roomAt(window: 'hour' | 'day', limit: number, at: number): number {
    this.advance(at)
    let counted = window === 'hour' ? this.hour : this.day
    if (counted < limit) return at
    const length = window === 'hour' ? STEPS_AN_HOUR : STEPS
    for (let step = this.#step - length; step <= this.#step; step += 1) {
      counted -= this.#at(step)
      if (counted < limit) return (step + length + 1) * STEP_MS
    }
    return Number.POSITIVE_INFINITY // a limit of none
  }

  #at(step: number): number {
    return this.#steps[((step % (STEPS + 1)) + STEPS + 1) % (STEPS + 1)] ?? 0
  }

  #change(step: number, by: number): void {
    const index = ((step % (STEPS + 1)) + STEPS + 1) % (STEPS + 1)
    this.#steps[index] = (this.#steps[index] as number) + by
  }
}

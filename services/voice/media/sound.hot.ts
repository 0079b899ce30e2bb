/** A sound being played: where it stands, and what happens at its end. Budget: 0.2 µs per frame, no allocation. */
import { FRAME_SAMPLES } from '@loopline/rtp/packet.hot'

export class Sound {
  readonly #samples: Int16Array
  readonly #onEnd: (() => void) | null
  #at = 0

  /** @param onEnd null: played for ever. */
  constructor(samples: Int16Array, onEnd: (() => void) | null) {
    this.#samples = samples
    this.#onEnd = onEnd
  }

  /** Writes the next 20 ms, silence after the end. @returns whether this frame reached the end. */
  next(frame: Int16Array): boolean {
    const samples = this.#samples
    for (let index = 0; index < FRAME_SAMPLES; index += 1) {
      frame[index] = samples[this.#at] ?? 0
      this.#at += 1
      if (this.#onEnd === null && this.#at >= samples.length) this.#at = 0
    }
    return this.#onEnd !== null && this.#at >= samples.length
  }

  ended(): void {
    this.#onEnd?.()
  }
}

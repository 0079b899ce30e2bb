/** Plays a clip to one leg: linear samples become G.711 once, then one frame of 20 ms at a time, at 8 kHz. */
import { encode, SILENCE, type Law } from './g711.ts'
import { FRAME_SAMPLES } from './packet.hot.ts'

/** A frame in which nobody speaks. RFC 3389 is not used: carriers drop it, and a listener takes its gaps for a lost call. */
export const SILENCE_FRAME: Readonly<Record<Law, Uint8Array>> = {
  PCMA: new Uint8Array(FRAME_SAMPLES).fill(SILENCE.PCMA),
  PCMU: new Uint8Array(FRAME_SAMPLES).fill(SILENCE.PCMU),
}

/** Whole frames of one law: many players share one. */
export interface Clip {
  law: Law
  bytes: Uint8Array
  frames: number
}

/** The last frame is filled up with silence. */
export function newClip(samples: Int16Array, law: Law): Clip {
  const frames = Math.ceil(samples.length / FRAME_SAMPLES)
  const bytes = new Uint8Array(frames * FRAME_SAMPLES).fill(SILENCE[law])
  encode(law, samples, bytes, 0)
  return { law, bytes, frames }
}

export class Player {
  readonly clip: Clip
  readonly #isLooped: boolean
  #frame = 0

  constructor(clip: Clip, isLooped: boolean) {
    this.clip = clip
    this.#isLooped = isLooped && clip.frames > 0
  }

  get isDone(): boolean {
    return this.#frame >= this.clip.frames
  }

  get playedMs(): number {
    return this.#frame * 20
  }

  /** Writes 160 bytes into `out` at `offset`; silence, and false, when the clip is over. A loop is never over. */
  next(out: Uint8Array, offset: number): boolean {
    if (this.isDone) {
      out.fill(SILENCE[this.clip.law], offset, offset + FRAME_SAMPLES)
      return false
    }
    const from = this.#frame * FRAME_SAMPLES
    for (let n = 0; n < FRAME_SAMPLES; n += 1) out[offset + n] = this.clip.bytes[from + n] as number
    this.#frame = this.#isLooped ? (this.#frame + 1) % this.clip.frames : this.#frame + 1
    return true
  }
}

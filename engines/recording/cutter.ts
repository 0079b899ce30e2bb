import { assert } from '@loopline/vocabulary/assert'
import { PeakMeter } from './peaks.ts'

export const SAMPLES_PER_SECOND = 8_000
/** A kill loses at most two seconds (promise P8): the open chunk, and the third of a second that is on its way to it. */
export const CHUNK_SAMPLES = 1.5 * SAMPLES_PER_SECOND

/** A stretch of both channels: pairs of linear 16, the customer first. */
export interface Chunk {
  readonly number: number
  /** Offset of its first sample from the start of the recording. */
  readonly at: number
  readonly samples: number
  readonly pairs: Int16Array
}

export interface Gap {
  readonly from: number
  readonly to: number
  readonly why: 'paused' | 'lost'
}

/** What is in the store of a recording that somebody else began, and which stretches were paused meanwhile. */
export interface Begun {
  /** In order of their numbers. */
  readonly chunks: readonly Pick<Chunk, 'number' | 'at' | 'samples'>[]
  readonly pauses: readonly Stretch[]
  /** Since when it is paused now; null when it goes on. */
  readonly pausedAt: number | null
}

export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Cuts one recording. Offsets are samples of 8 kHz on the axis that began with the recording. */
export class Cutter {
  readonly #meter = new PeakMeter()
  readonly #gaps: Gap[] = []
  #pairs = new Int16Array(2 * CHUNK_SAMPLES)
  #filled = 0
  #chunkAt = 0
  #cursor = 0
  #number = 0
  #pausedAt: number | null = null
  #recorded = 0

  /** Goes on with what another recorder began and did not end: what it had heard and not stored becomes a hole. */
  static continued({ chunks, pauses, pausedAt }: Begun): Cutter {
    const cutter = new Cutter()
    for (const { number, at, samples } of chunks) {
      cutter.#missUntil(at, pauses)
      cutter.#cursor = at + samples
      cutter.#recorded += samples
      cutter.#number = number + 1
    }
    cutter.#missUntil(Math.max(pausedAt ?? 0, ...pauses.map(({ to }) => to)), pauses)
    if (pausedAt !== null) cutter.#pausedAt = cutter.#cursor
    cutter.#chunkAt = cutter.#cursor
    return cutter
  }

  /** How many samples per channel are in chunks. */
  get recorded(): number {
    return this.#recorded
  }

  /** Where the axis has come to. */
  get cursor(): number {
    return this.#cursor
  }

  get chunks(): number {
    return this.#number
  }

  gaps(): readonly Gap[] {
    return this.#gaps
  }

  /** Both channels of a stretch that begins at `at`; a stretch that was recorded already is left out. */
  push(at: number, customer: Int16Array, seller: Int16Array): Chunk[] {
    assert(customer.length === seller.length, 'both channels of a block are equally long')
    if (this.#pausedAt !== null) return []
    const done: Chunk[] = at > this.#cursor ? this.#skipTo(at, 'lost') : []
    for (let index = Math.max(0, this.#cursor - at); index < customer.length; index += 1) {
      const [left, right] = [customer[index] as number, seller[index] as number]
      this.#pairs[2 * this.#filled] = left
      this.#pairs[2 * this.#filled + 1] = right
      this.#meter.hear(this.#cursor, left, right)
      this.#filled += 1
      this.#cursor += 1
      if (this.#filled === CHUNK_SAMPLES) done.push(this.#close())
    }
    return done
  }

  /** From here on nothing is kept until `resume`. */
  pause(at: number): Chunk[] {
    if (this.#pausedAt !== null) return []
    const done = at > this.#cursor ? this.#skipTo(at, 'lost') : []
    this.#pausedAt = this.#cursor
    return this.#filled === 0 ? done : [...done, this.#close()]
  }

  resume(at: number): void {
    if (this.#pausedAt === null) return
    this.#pausedAt = null
    if (at > this.#cursor) this.#skipTo(at, 'paused')
  }

  /** A chunk that could not be stored becomes a hole. */
  lose(chunk: Pick<Chunk, 'at' | 'samples'>): void {
    this.#recorded -= chunk.samples
    this.#addGap({ from: chunk.at, to: chunk.at + chunk.samples, why: 'lost' })
  }

  /** The last, shorter chunk, if there is one. */
  end(at: number): Chunk[] {
    if (this.#pausedAt !== null) this.resume(at)
    const done = at > this.#cursor ? this.#skipTo(at, 'lost') : []
    return this.#filled === 0 ? done : [...done, this.#close()]
  }

  peaks(): { customer: number[]; seller: number[] } {
    return this.#meter.peaks(this.#cursor)
  }

  /** Moves to `at`: what was paused of the way is a pause, the rest a hole. */
  #missUntil(at: number, pauses: readonly Stretch[]): void {
    for (const { from, to } of pauses) {
      if (to <= this.#cursor || from >= at) continue
      if (from > this.#cursor) this.#addGap({ from: this.#cursor, to: from, why: 'lost' })
      this.#addGap({ from: Math.max(from, this.#cursor), to: Math.min(to, at), why: 'paused' })
      this.#cursor = Math.min(to, at)
    }
    if (at > this.#cursor) this.#addGap({ from: this.#cursor, to: at, why: 'lost' })
    this.#cursor = Math.max(this.#cursor, at)
  }

  /** What an earlier recorder stored is heard again, for the waveform. @param pairs linear 16, from sample `at` on. */
  hearAgain(at: number, pairs: Int16Array): void {
    for (let index = 0; 2 * index + 1 < pairs.length; index += 1) this.#meter.hear(at + index, pairs[2 * index] as number, pairs[2 * index + 1] as number)
  }

  #skipTo(at: number, why: Gap['why']): Chunk[] {
    const done = this.#filled === 0 ? [] : [this.#close()]
    this.#addGap({ from: this.#cursor, to: at, why })
    this.#cursor = at
    this.#chunkAt = at
    return done
  }

  #addGap(gap: Gap): void {
    const before = this.#gaps.at(-1)
    if (before && before.to === gap.from && before.why === gap.why) this.#gaps[this.#gaps.length - 1] = { ...before, to: gap.to }
    else this.#gaps.push(gap)
    this.#gaps.sort((a, b) => a.from - b.from)
  }

  #close(): Chunk {
    const chunk: Chunk = { number: this.#number, at: this.#chunkAt, samples: this.#filled, pairs: this.#pairs.slice(0, 2 * this.#filled) }
    this.#number += 1
    this.#recorded += this.#filled
    this.#chunkAt = this.#cursor
    this.#filled = 0
    return chunk
  }
}

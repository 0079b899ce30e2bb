/**
 * Recorded audio on its way from a media thread to the recorder: many blocks in one piece of memory, because to name each with
 * two arrays of its own cost more than what is in them (0.8 ms for a message of 25 blocks at 50 calls; a tenth of it so).
 */
import type { AttemptId } from '@loopline/vocabulary/ids'

/** A stretch of both sides, the person's first. `at` counts samples of 8 kHz from the start of the recording. */
export interface RecordedBlock {
  attemptId: AttemptId
  at: number
  customer: Int16Array
  seller: Int16Array
}

/** `memory`: what `Parcel` wrote, for the recordings named, in order. Handed over with the message. */
export interface RecordedBlocks {
  type: 'blocks'
  attemptIds: AttemptId[]
  memory: ArrayBuffer
}

export const BLOCK_SAMPLES = 1_600
const BLOCKS_MAX = 64
/** 32 full blocks of both sides: 64 calls in a tenth of a second. */
const SAMPLES_MAX = 32 * 2 * BLOCK_SAMPLES
/** Before the samples: where each block begins and how long it is. */
const HEAD = 2 * BLOCKS_MAX * Int32Array.BYTES_PER_ELEMENT
const PARCEL_BYTES = HEAD + SAMPLES_MAX * Int16Array.BYTES_PER_ELEMENT
/** Memory that came back and waits for the next message: fresh pages cost a millisecond a message where the kernel is slow to give them. */
const SPARE_MAX = 4

/** Gathers blocks until they are sent. */
export class Parcel {
  #attemptIds: AttemptId[] = []
  #memory: ArrayBuffer | null = null
  #head = new Int32Array(0)
  #samples = new Int16Array(0)
  #used = 0
  readonly #spare: ArrayBuffer[] = []

  get isEmpty(): boolean {
    return this.#memory === null
  }

  /** @param length samples of each side, at most BLOCK_SAMPLES. */
  hasRoomFor(length: number): boolean {
    return this.#attemptIds.length < BLOCKS_MAX && this.#used + 2 * length <= SAMPLES_MAX
  }

  /** Copies the first `length` samples of both. The caller asked for room. */
  add(attemptId: AttemptId, at: number, { customer, seller, length }: { customer: Int16Array; seller: Int16Array; length: number }): void {
    if (this.#memory === null) this.#open(this.#spare.pop() ?? new ArrayBuffer(PARCEL_BYTES))
    const index = 2 * this.#attemptIds.length
    this.#head[index] = at
    this.#head[index + 1] = length
    this.#attemptIds.push(attemptId)
    this.#samples.set(customer.subarray(0, length), this.#used)
    this.#samples.set(seller.subarray(0, length), this.#used + length)
    this.#used += 2 * length
  }

  /** What was gathered, to be posted with its memory; the parcel is empty again. */
  take(): RecordedBlocks | null {
    const [memory, attemptIds] = [this.#memory, this.#attemptIds]
    this.#memory = null
    this.#attemptIds = []
    this.#used = 0
    return memory === null ? null : { type: 'blocks', attemptIds, memory }
  }

  /** Memory that the recorder gave back. */
  reuse(memory: ArrayBuffer): void {
    if (memory.byteLength === PARCEL_BYTES && this.#spare.length < SPARE_MAX) this.#spare.push(memory)
  }

  #open(memory: ArrayBuffer): void {
    this.#memory = memory
    this.#head = new Int32Array(memory, 0, 2 * BLOCKS_MAX)
    this.#samples = new Int16Array(memory, HEAD)
  }
}

/** The blocks of a message, in order; views of its memory. */
export function blocksOf({ attemptIds, memory }: RecordedBlocks): RecordedBlock[] {
  const head = new Int32Array(memory, 0, 2 * BLOCKS_MAX)
  let from = HEAD
  return attemptIds.map((attemptId, index) => {
    const [at, length] = [head[2 * index] as number, head[2 * index + 1] as number]
    const side = (): Int16Array => {
      const samples = new Int16Array(memory, from, length)
      from += samples.byteLength
      return samples
    }
    return { attemptId, at, customer: side(), seller: side() }
  })
}

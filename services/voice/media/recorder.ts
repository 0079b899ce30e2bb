/**
 * Hands the two sides of a recorded call to the recorder thread, in blocks of 200 ms, and never waits for it: while it is
 * behind, blocks are left out and the next one says from which sample on it goes on, so that the hole is marked (F12).
 */
import type { MessagePort } from 'node:worker_threads'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'

export type RecordingBasis = 'granted' | 'announced'

/** To the recorder thread. `at` counts samples of 8 kHz from the start of the recording. */
export type ToRecorder =
  | { type: 'start'; attemptId: AttemptId; customerId: CustomerId; basis: RecordingBasis; startedAt: number }
  /** One block: what the customer said, then what the seller said. Its memory is the receiver's. */
  | { type: 'block'; attemptId: AttemptId; at: number; customer: Int16Array; seller: Int16Array }
  | { type: 'pause'; attemptId: AttemptId; at: number }
  | { type: 'resume'; attemptId: AttemptId; at: number }
  /** `lostSamples`: how many were left out because the recorder was behind. */
  | { type: 'end'; attemptId: AttemptId; at: number; endedAt: number; lostSamples: number }

/** From the recorder thread: so many blocks are taken in, in the order they were posted. */
export interface FromRecorder {
  type: 'taken'
  blocks: number
}

/** Where recorded audio goes; never waits. */
export interface RecorderSink {
  start(attemptId: AttemptId, customerId: CustomerId, basis: RecordingBasis): void
  /** 20 ms of both sides. @param at samples since the start. */
  frame(attemptId: AttemptId, at: number, customer: Int16Array, seller: Int16Array): void
  pause(attemptId: AttemptId, at: number): void
  resume(attemptId: AttemptId, at: number): void
  end(attemptId: AttemptId, at: number): void
}

const BLOCK_SAMPLES = 1_600
/** What may wait for the recorder: 300 calls for 3 s, 29 MB. */
const WAITING_MAX = 4_500

interface Block {
  at: number
  length: number
  customer: Int16Array
  seller: Int16Array
  lostSamples: number
}

const newBlock = (at: number): Block => ({ at, length: 0, customer: new Int16Array(BLOCK_SAMPLES), seller: new Int16Array(BLOCK_SAMPLES), lostSamples: 0 })

export class RecorderPort implements RecorderSink {
  readonly #port: MessagePort
  readonly #blocks = new Map<AttemptId, Block>()
  #waiting = 0

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: FromRecorder) => {
      this.#waiting -= message.blocks
    })
    // The recorder died: nothing takes what waits, so nothing more is posted. The calls go on.
    port.on('close', () => {
      this.#waiting = Number.POSITIVE_INFINITY
    })
  }

  start(attemptId: AttemptId, customerId: CustomerId, basis: RecordingBasis): void {
    this.#blocks.set(attemptId, newBlock(0))
    this.#say({ type: 'start', attemptId, customerId, basis, startedAt: Date.now() })
  }

  frame(attemptId: AttemptId, at: number, customer: Int16Array, seller: Int16Array): void {
    const block = this.#blocks.get(attemptId)
    if (block === undefined) return
    if (block.at + block.length !== at) this.#post(attemptId, block, at)
    block.customer.set(customer, block.length)
    block.seller.set(seller, block.length)
    block.length += customer.length
    if (block.length >= BLOCK_SAMPLES) this.#post(attemptId, block, at + customer.length)
  }

  pause(attemptId: AttemptId, at: number): void {
    this.#flush(attemptId, at)
    this.#say({ type: 'pause', attemptId, at })
  }

  resume(attemptId: AttemptId, at: number): void {
    this.#flush(attemptId, at)
    this.#say({ type: 'resume', attemptId, at })
  }

  end(attemptId: AttemptId, at: number): void {
    this.#flush(attemptId, at)
    const lostSamples = this.#blocks.get(attemptId)?.lostSamples ?? 0
    this.#blocks.delete(attemptId)
    this.#say({ type: 'end', attemptId, at, endedAt: Date.now(), lostSamples })
  }

  #flush(attemptId: AttemptId, nextAt: number): void {
    const block = this.#blocks.get(attemptId)
    if (block !== undefined) this.#post(attemptId, block, nextAt)
  }

  /** Posts what the block holds and begins it anew at `nextAt`. */
  #post(attemptId: AttemptId, block: Block, nextAt: number): void {
    const { at, length } = block
    if (length > 0 && this.#waiting >= WAITING_MAX) block.lostSamples += length
    else if (length > 0) {
      const [customer, seller] = [block.customer.slice(0, length), block.seller.slice(0, length)]
      this.#waiting += 1
      this.#port.postMessage({ type: 'block', attemptId, at, customer, seller } satisfies ToRecorder, [customer.buffer, seller.buffer])
    }
    block.at = nextAt
    block.length = 0
  }

  #say(message: ToRecorder): void {
    this.#port.postMessage(message)
  }
}

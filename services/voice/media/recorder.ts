/**
 * Hands the two sides of a recorded call to the recorder thread, in blocks of 200 ms, and never waits for it: while it is
 * behind, blocks are left out and the next one says from which sample on it goes on, so that the hole is marked (F12).
 */
import type { MessagePort } from 'node:worker_threads'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { Stretch } from '@loopline/recording/cutter'
import { BLOCK_SAMPLES, Parcel } from './recorded-blocks.ts'
import type { RecordedBlocks } from './recorded-blocks.ts'

export type RecordingBasis = 'granted' | 'announced'

/** To the recorder thread. `at` counts samples of 8 kHz from the start of the recording. */
export type ToRecorder =
  | { type: 'start'; attemptId: AttemptId; customerId: CustomerId; basis: RecordingBasis; startedAt: number }
  /** A recording that a recorder before this one began: it goes on after what is in the store. */
  | { type: 'go-on'; attemptId: AttemptId; customerId: CustomerId; basis: RecordingBasis; startedAt: number; pauses: Stretch[]; pausedAt: number | null }
  /** Of several calls: a message wakes two threads, so that what is filled within a tenth of a second travels in one. */
  | RecordedBlocks
  | { type: 'pause'; attemptId: AttemptId; at: number }
  | { type: 'resume'; attemptId: AttemptId; at: number }
  /** `lostSamples`: how many were left out because the recorder was behind. */
  | { type: 'end'; attemptId: AttemptId; at: number; endedAt: number; lostSamples: number }
  /** All that go on have been named: what a former recorder left beside them, nobody goes on with. */
  | { type: 'all-named' }

/** From the recorder thread. */
export type FromRecorder =
  /** So many blocks are taken in, in the order they were posted. Their memory comes back to be used again. */
  | { type: 'taken'; blocks: number; memory: ArrayBuffer }
  /** This recording has ended, in the store or as lost: whatever becomes of the recorder, it needs to hear no more of it. */
  | { type: 'closed'; attemptId: AttemptId }

/** What answers blocks, and what of it is handed over with it. The blocks are unreadable afterwards. */
export function takenOf({ attemptIds, memory }: RecordedBlocks): [FromRecorder, ArrayBuffer[]] {
  return [{ type: 'taken', blocks: attemptIds.length, memory }, [memory]]
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

/**
 * How long a full block waits for those of other calls. Measured at 50 calls on a busy machine, µs a packet that recording adds:
 * 10.8 with a message for each block, 8.2 with one for each tick, 4.6 with one for each tenth of a second.
 */
const TOGETHER_MS = 100
/** How old what was said may be before the recorder has it: a whole block, and its wait for others. */
export const ON_THE_WAY_MS = BLOCK_SAMPLES / 8 + TOGETHER_MS
/** What may wait for the recorder: 300 calls for 3 s, 29 MB. */
const WAITING_MAX = 4_500

interface Block {
  at: number
  length: number
  customer: Int16Array
  seller: Int16Array
  lostSamples: number
}

/** One recording as this side knows it: enough to have another recorder go on with it. */
interface Running {
  readonly of: { attemptId: AttemptId; customerId: CustomerId; basis: RecordingBasis; startedAt: number }
  readonly block: Block
  readonly pauses: Stretch[]
  pausedAt: number | null
  /** Set when the conversation has ended; kept until the recorder has closed it. */
  end: { at: number; endedAt: number; lostSamples: number } | null
}

const newBlock = (at: number): Block => ({ at, length: 0, customer: new Int16Array(BLOCK_SAMPLES), seller: new Int16Array(BLOCK_SAMPLES), lostSamples: 0 })

/** What ended while there is no recorder waits for the next one; so many of them, then the oldest are left to the store. */
const ENDED_MAX = 10_000

export class RecorderPort implements RecorderSink {
  readonly #running = new Map<AttemptId, Running>()
  #port: MessagePort | null = null
  readonly #parcel = new Parcel()
  #timer: NodeJS.Timeout | null = null
  #waiting = Number.POSITIVE_INFINITY

  /** @param port null: there is no recorder yet. */
  constructor(port: MessagePort | null) {
    if (port !== null) this.adopt(port)
  }

  /** A recorder is there, the first or a successor: it hears of every recording that is not closed. */
  adopt(port: MessagePort): void {
    this.#port?.close()
    this.#forgetGathered()
    this.#port = port
    this.#waiting = 0
    port.on('message', (message: FromRecorder) => {
      if (message.type === 'closed') this.#running.delete(message.attemptId)
      else {
        if (this.#port === port) this.#waiting -= message.blocks
        this.#parcel.reuse(message.memory)
      }
    })
    // The recorder died: nothing takes what waits, so nothing more is posted. The calls go on, and so do their axes of time.
    port.on('close', () => {
      if (this.#port !== port) return
      this.#port = null
      this.#waiting = Number.POSITIVE_INFINITY
    })
    for (const running of this.#running.values()) {
      this.#say({ type: 'go-on', ...running.of, pauses: [...running.pauses], pausedAt: running.pausedAt })
      if (running.end !== null) this.#say({ type: 'end', attemptId: running.of.attemptId, ...running.end })
    }
    this.#say({ type: 'all-named' })
  }

  start(attemptId: AttemptId, customerId: CustomerId, basis: RecordingBasis): void {
    const of = { attemptId, customerId, basis, startedAt: Date.now() }
    this.#running.set(attemptId, { of, block: newBlock(0), pauses: [], pausedAt: null, end: null })
    if (this.#running.size > ENDED_MAX) this.#forgetOldest()
    this.#say({ type: 'start', ...of })
  }

  frame(attemptId: AttemptId, at: number, customer: Int16Array, seller: Int16Array): void {
    const block = this.#running.get(attemptId)?.block
    if (block === undefined) return
    if (block.at + block.length !== at) this.#post(attemptId, block, at)
    block.customer.set(customer, block.length)
    block.seller.set(seller, block.length)
    block.length += customer.length
    if (block.length >= BLOCK_SAMPLES) this.#post(attemptId, block, at + customer.length)
  }

  pause(attemptId: AttemptId, at: number): void {
    const running = this.#flush(attemptId, at)
    if (running !== null) running.pausedAt = at
    this.#say({ type: 'pause', attemptId, at })
  }

  resume(attemptId: AttemptId, at: number): void {
    const running = this.#flush(attemptId, at)
    if (running !== null && running.pausedAt !== null) running.pauses.push({ from: running.pausedAt, to: at })
    if (running !== null) running.pausedAt = null
    this.#say({ type: 'resume', attemptId, at })
  }

  end(attemptId: AttemptId, at: number): void {
    const running = this.#flush(attemptId, at)
    if (running === null) return
    running.end = { at, endedAt: Date.now(), lostSamples: running.block.lostSamples }
    this.#say({ type: 'end', attemptId, ...running.end })
  }

  #flush(attemptId: AttemptId, nextAt: number): Running | null {
    const running = this.#running.get(attemptId)
    if (running === undefined) return null
    this.#post(attemptId, running.block, nextAt)
    return running
  }

  /** Posts what the block holds and begins it anew at `nextAt`. */
  #post(attemptId: AttemptId, block: Block, nextAt: number): void {
    const { at, length } = block
    if (length > 0 && this.#waiting >= WAITING_MAX) block.lostSamples += length
    else if (length > 0) {
      this.#waiting += 1
      if (!this.#parcel.hasRoomFor(length)) this.#send()
      this.#parcel.add(attemptId, at, block)
      this.#timer ??= setTimeout(() => this.#send(), TOGETHER_MS)
    }
    block.at = nextAt
    block.length = 0
  }

  #forgetOldest(): void {
    for (const [attemptId, { end }] of this.#running) {
      if (end === null) continue
      this.#running.delete(attemptId)
      return
    }
  }

  /** What the calls have filled since the first of them. */
  #send(): void {
    const blocks = this.#forgetGathered()
    if (blocks !== null) this.#port?.postMessage(blocks satisfies ToRecorder, [blocks.memory])
  }

  #forgetGathered(): RecordedBlocks | null {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    return this.#parcel.take()
  }

  /** After the blocks before it. */
  #say(message: ToRecorder): void {
    this.#send()
    this.#port?.postMessage(message)
  }
}

/**
 * One recording on its way to the store: cut, turned into A-law, sealed, chained, written in order. Decides what becomes of
 * a chunk that cannot be stored: it is tried again for some seconds, then it is a hole that the recording's end tells of.
 */
import { createHash } from 'node:crypto'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import { CHUNK_SAMPLES, Cutter } from '@loopline/recording/cutter'
import type { Chunk } from '@loopline/recording/cutter'
import { chunkKey, isComplete, manifestKey } from '@loopline/recording/manifest'
import type { Manifest, StoredChunk } from '@loopline/recording/manifest'
import { encode } from '@loopline/rtp/g711'

export interface RecordingDeps {
  store: ObjectStore
  keyring: Keyring
  tell(event: VoiceCallEvent): void
  now(): number
  /** Bytes of all recordings that wait to be written; asks for room, or is told that there is none. */
  reserve(bytes: number): boolean
  release(bytes: number): void
  /** Resolves after so many ms. */
  pause(ms: number): Promise<void>
}

export interface RecordingOf {
  attemptId: AttemptId
  customerId: CustomerId
  basis: 'granted' | 'announced'
  startedAt: number
}

const RETRY_MS = [100, 300, 1_000, 2_000, 4_000]

/** SHA-256 in hex over the hash before it and the sealed bytes: what verification recomputes. */
export const chainHash = (before: string, sealed: Uint8Array): string => createHash('sha256').update(before).update(sealed).digest('hex')

/** Two A-law bytes a sample, the customer's first. */
export function alawOf({ pairs }: Pick<Chunk, 'pairs'>): Uint8Array {
  const bytes = new Uint8Array(pairs.length)
  encode('PCMA', pairs, bytes, 0)
  return bytes
}

export class Recording {
  readonly #of: RecordingOf
  readonly #deps: RecordingDeps
  readonly #cutter = new Cutter()
  readonly #stored: StoredChunk[] = []
  #head = ''
  #writing: Promise<void> = Promise.resolve()

  constructor(of: RecordingOf, deps: RecordingDeps) {
    this.#of = of
    this.#deps = deps
    deps.tell({ kind: 'recording-started', attemptId: of.attemptId, at: of.startedAt, basis: of.basis })
  }

  block(at: number, customer: Int16Array, seller: Int16Array): void {
    this.#take(this.#cutter.push(at, customer, seller))
  }

  pause(at: number): void {
    this.#take(this.#cutter.pause(at))
  }

  resume(at: number): void {
    this.#cutter.resume(at)
  }

  /**
   * Resolves when everything is in the store, or is known to be lost; then the end was told.
   * @param told the sample at which the conversation ended; null where nobody knows and the last one counts.
   */
  async end(told: number | null): Promise<void> {
    const at = told ?? this.#cutter.cursor
    this.#take(this.#cutter.end(at))
    await this.#writing
    const endedAt = this.#deps.now()
    const manifest: Manifest = {
      attemptId: this.#of.attemptId, startedAt: this.#of.startedAt, endedAt, basis: this.#of.basis, length: at, chunks: this.#stored, gaps: this.#cutter.gaps(), peaks: this.#cutter.peaks(),
    }
    const name = manifestKey(this.#of.attemptId)
    const isKept = await this.#put(name, this.#deps.keyring.sealBytes(Buffer.from(JSON.stringify(manifest)), name))
    const { startedAt, basis, attemptId } = this.#of
    this.#deps.tell({
      kind: 'recording-ended', attemptId, at: endedAt,
      end: {
        startedAt, endedAt, basis, chunks: this.#stored.length, samples: this.#cutter.recorded, complete: isKept && isComplete(manifest),
        gaps: [...manifest.gaps], head: this.#head === '' ? null : this.#head,
      },
    })
  }

  #take(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      const bytes = chunk.pairs.length
      if (!this.#deps.reserve(bytes)) {
        this.#cutter.lose(chunk) // the store is slower than the people talk: memory stays bounded, and the hole is told
        continue
      }
      this.#writing = this.#writing.then(() => this.#write(chunk)).finally(() => this.#deps.release(bytes))
    }
  }

  async #write(chunk: Chunk): Promise<void> {
    const { attemptId } = this.#of
    const name = chunkKey(attemptId, chunk.number)
    const sealed = this.#deps.keyring.sealBytes(alawOf(chunk), name)
    if (!(await this.#put(name, sealed))) return this.#cutter.lose(chunk)
    this.#head = chainHash(this.#head, sealed)
    const { number, at, samples } = chunk
    this.#stored.push({ number, at, samples, hash: this.#head })
    this.#deps.tell({ kind: 'recorded', attemptId, at: this.#deps.now(), chunk: { number, samples, at, bytes: sealed.length, hash: this.#head } })
  }

  async #put(name: string, bytes: Uint8Array): Promise<boolean> {
    for (const wait of [...RETRY_MS, null]) {
      try {
        await this.#deps.store.put(name, bytes)
        return true
      } catch {
        if (wait === null) return false
        await this.#deps.pause(wait)
      }
    }
    return false
  }
}

/** What one chunk takes while it waits: A-law of both channels, at most. */
export const CHUNK_BYTES = 2 * CHUNK_SAMPLES

/**
 * One recording on its way to the store: cut, turned into A-law, sealed, chained, written in order. Decides what becomes of
 * a chunk that cannot be stored: it is tried again for some seconds, then it is a hole that the recording's end tells of.
 */
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import { chainHash } from '@loopline/keys/chain-hash'
import type { Keyring } from '@loopline/keys/keyring'
import { ObjectStoreError } from '@loopline/objects/object-store'
import type { ObjectStore } from '@loopline/objects/object-store'
import type { RecordingEnd } from '@loopline/contracts/recording'
import { CHUNK_SAMPLES, Cutter } from '@loopline/recording/cutter'
import type { Begun, Chunk } from '@loopline/recording/cutter'
import { beginningKey, chunkKey, isComplete, manifestKey } from '@loopline/recording/manifest'
import type { Beginning, Manifest, StoredChunk } from '@loopline/recording/manifest'
import { LINEAR_OF, encode } from '@loopline/rtp/g711'

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
  /** A put went well (null), or was given up for this reason. */
  onStore(fault: string | null): void
}

export interface RecordingOf {
  attemptId: AttemptId
  customerId: CustomerId
  basis: 'granted' | 'announced'
  startedAt: number
}

/** What a recorder before this one had stored of it. */
export interface Left extends Omit<Begun, 'chunks'> {
  chunks: readonly StoredChunk[]
}

const RETRY_MS = [100, 300, 1_000, 2_000, 4_000]

/** Two A-law bytes a sample, the customer's first. */
export function alawOf({ pairs }: Pick<Chunk, 'pairs'>): Uint8Array {
  const bytes = new Uint8Array(pairs.length)
  encode('PCMA', pairs, bytes, 0)
  return bytes
}

/** Pairs of linear 16 of what `alawOf` made. */
export const pairsOf = (alaw: Uint8Array): Int16Array => Int16Array.from(alaw, (byte) => LINEAR_OF.PCMA[byte] as number)

export class Recording {
  readonly #of: RecordingOf
  readonly #deps: RecordingDeps
  readonly #cutter: Cutter
  readonly #stored: StoredChunk[]
  /** How many of `#stored` another recorder wrote: their sound is heard again for the waveform. */
  readonly #leftChunks: number
  #head = ''
  #writing: Promise<void> = Promise.resolve()
  /** The gaps that the store knows of, as JSON; empty: not even that the recording began. */
  #gapsTold = ''

  /** @param left null: it begins now. */
  constructor(of: RecordingOf, deps: RecordingDeps, left: Left | null = null) {
    this.#of = of
    this.#deps = deps
    this.#cutter = left === null ? new Cutter() : Cutter.continued(left)
    this.#stored = [...(left?.chunks ?? [])]
    this.#leftChunks = this.#stored.length
    this.#head = this.#stored.at(-1)?.hash ?? ''
    this.#writing = this.#writeBeginning()
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
   * @param cut nobody heard it to its end: it is not whole.
   */
  async end(told: number | null, cut = false): Promise<void> {
    const at = told ?? this.#cutter.cursor
    this.#take(this.#cutter.end(at))
    await this.#writing
    await this.#hearAgain()
    const endedAt = this.#deps.now()
    const { startedAt, basis, attemptId } = this.#of
    const manifest: Manifest = {
      attemptId, startedAt, endedAt, basis, length: at, chunks: this.#stored, gaps: this.#cutter.gaps(), peaks: this.#cutter.peaks(), ...(cut ? { cut } : {}),
    }
    const isKept = await this.#putSealed(manifestKey(attemptId), manifest)
    this.#deps.tell({ kind: 'recording-ended', attemptId, at: endedAt, end: endOf(manifest, isKept) })
  }

  #take(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      const bytes = chunk.pairs.length
      if (!this.#deps.reserve(bytes)) {
        this.#deps.onStore('STORE_SLOW')
        this.#cutter.lose(chunk) // the store is slower than the people talk: memory stays bounded, and the hole is told
        continue
      }
      this.#writing = this.#writing.then(() => this.#write(chunk)).finally(() => this.#deps.release(bytes))
    }
  }

  async #write(chunk: Chunk): Promise<void> {
    const { attemptId } = this.#of
    if (JSON.stringify(this.#cutter.gaps()) !== this.#gapsTold) await this.#writeBeginning()
    const name = chunkKey(attemptId, chunk.number)
    const sealed = this.#deps.keyring.sealBytes(alawOf(chunk), name)
    if (!(await this.#put(name, sealed))) return this.#cutter.lose(chunk)
    this.#head = chainHash(this.#head, sealed)
    const { number, at, samples } = chunk
    this.#stored.push({ number, at, samples, hash: this.#head })
    this.#deps.tell({ kind: 'recorded', attemptId, at: this.#deps.now(), chunk: { number, samples, at, bytes: sealed.length, hash: this.#head } })
  }

  /** Without it a killed recorder's chunks have no place on the axis; one that cannot be written is written with the next chunk. */
  async #writeBeginning(): Promise<void> {
    const { attemptId, startedAt, basis } = this.#of
    const gaps = [...this.#cutter.gaps()]
    if (await this.#putSealed(beginningKey(attemptId), { attemptId, startedAt, basis, gaps } satisfies Beginning)) this.#gapsTold = JSON.stringify(gaps)
  }

  async #hearAgain(): Promise<void> {
    for (const { number, at } of this.#stored.slice(0, this.#leftChunks)) {
      const name = chunkKey(this.#of.attemptId, number)
      const sealed = await this.#deps.store.get(name).catch(() => null)
      if (sealed !== null) this.#cutter.hearAgain(at, pairsOf(this.#deps.keyring.openBytes(sealed, name)))
    }
  }

  #putSealed(name: string, value: object): Promise<boolean> {
    return this.#put(name, this.#deps.keyring.sealBytes(Buffer.from(JSON.stringify(value)), name))
  }

  #put(name: string, bytes: Uint8Array): Promise<boolean> {
    return putAgain(this.#deps, name, bytes)
  }
}

/** Puts, again and again for some seconds. @returns false when the store took it in none of them. */
export async function putAgain({ store, pause, onStore }: Pick<RecordingDeps, 'store' | 'pause' | 'onStore'>, name: string, bytes: Uint8Array): Promise<boolean> {
  for (const wait of [...RETRY_MS, null]) {
    try {
      await store.put(name, bytes)
      onStore(null)
      return true
    } catch (error) {
      if (wait === null) onStore(error instanceof ObjectStoreError ? error.code : 'STORE_UNREACHABLE')
      else await pause(wait)
    }
  }
  return false
}

/** What is told of a recording that has ended. @param isKept whether its manifest is in the store. */
export function endOf(manifest: Manifest, isKept: boolean): RecordingEnd {
  const { startedAt, endedAt, basis, chunks, gaps } = manifest
  return {
    startedAt, endedAt, basis, chunks: chunks.length, samples: chunks.reduce((sum, { samples }) => sum + samples, 0), complete: isKept && isComplete(manifest), gaps: [...gaps],
    head: chunks.at(-1)?.hash ?? null,
  }
}

/** What one chunk takes while it waits: A-law of both channels, at most. */
export const CHUNK_BYTES = 2 * CHUNK_SAMPLES

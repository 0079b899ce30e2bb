import type { Gap } from './cutter.ts'

/** What the store keeps of one chunk. `hash`: SHA-256 in hex over the hash before it (as text; '' at first) and the sealed bytes. */
export interface StoredChunk {
  readonly number: number
  readonly at: number
  readonly samples: number
  readonly hash: string
}

/** Written when a recording ends, sealed, beside its chunks. Instants are unix ms, offsets samples of 8 kHz. */
export interface Manifest {
  readonly attemptId: string
  readonly startedAt: number
  readonly endedAt: number
  readonly basis: 'granted' | 'announced'
  /** Length of the axis, pauses and holes included. */
  readonly length: number
  readonly chunks: readonly StoredChunk[]
  readonly gaps: readonly Gap[]
  readonly peaks: { readonly customer: readonly number[]; readonly seller: readonly number[] }
  /** The recorder died in the middle: where the conversation ended is not known, `length` is where the last chunk ends. */
  readonly cut?: true
}

/** Written when a recording begins, and anew with each gap, sealed: what is needed to close it when its recorder is dead. */
export interface Beginning {
  readonly attemptId: string
  /** Unix ms. */
  readonly startedAt: number
  readonly basis: Manifest['basis']
  /** Those before the chunk that is written next. */
  readonly gaps: readonly Gap[]
}

export const folderOf = (attemptId: string): string => `recordings/${attemptId}`
export const chunkKey = (attemptId: string, number: number): string => `${folderOf(attemptId)}/${String(number).padStart(6, '0')}`
export const beginningKey = (attemptId: string): string => `${folderOf(attemptId)}/beginning`
export const manifestKey = (attemptId: string): string => `${folderOf(attemptId)}/manifest`

/** The numbers of the chunks among the names of a folder, in order. */
export function chunksAmong(attemptId: string, names: readonly string[]): number[] {
  const start = folderOf(attemptId).length + 1
  return names.map((name) => name.slice(start)).filter((name) => /^\d{6,}$/.test(name)).map(Number).toSorted((a, b) => a - b)
}

/** Where chunks of these lengths lie on the axis: each follows the one before, past the gap that begins there. */
export function placed(lengths: readonly { readonly number: number; readonly samples: number }[], gaps: readonly Gap[]): { number: number; at: number; samples: number }[] {
  let cursor = 0
  return lengths.map(({ number, samples }) => {
    for (const { from, to } of gaps.toSorted((a, b) => a.from - b.from)) if (from === cursor) cursor = to
    const at = cursor
    cursor += samples
    return { number, at, samples }
  })
}

/** Whether every sample of the axis is in a chunk or in a pause. */
export function isComplete({ length, chunks, gaps, cut }: Pick<Manifest, 'length' | 'chunks' | 'gaps' | 'cut'>): boolean {
  return cut !== true && chunks.every((chunk, index) => chunk.number === index) && covered(length, [...chunks.map(({ at, samples }) => ({ from: at, to: at + samples })), ...gaps.filter(({ why }) => why === 'paused')])
}

function covered(length: number, stretches: { from: number; to: number }[]): boolean {
  let reached = 0
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    if (from > reached) return false
    reached = Math.max(reached, to)
  }
  return reached >= length
}

/** `manifest`: what was written down at the end is missing or does not open; `count`: it speaks of another recording than was told. */
export type Finding =
  | { readonly kind: 'missing' | 'short' | 'changed'; readonly number: number }
  | { readonly kind: 'manifest-missing' | 'manifest-changed' | 'count-differs' | 'head-differs' }

/** What was told of a recording when it ended, kept apart from the store. */
export interface Told {
  readonly chunks: number
  readonly samples: number
  /** Null when it was never told. */
  readonly head: string | null
}

/** Walks the chain over the chunks as they are found now, one after the other. */
export class ChainCheck {
  readonly findings: Finding[] = []
  readonly #hash: (before: string, sealed: Uint8Array) => string
  readonly #sealBytes: number
  #before = ''

  /** @param hash SHA-256 hex of the text and the bytes after it. @param sealBytes by how much a sealed chunk is longer than its sound. */
  constructor(hash: (before: string, sealed: Uint8Array) => string, sealBytes: number) {
    this.#hash = hash
    this.#sealBytes = sealBytes
  }

  see({ number, samples, hash: told }: StoredChunk, sealed: Uint8Array | null): void {
    if (sealed === null) this.findings.push({ kind: 'missing', number })
    else if (sealed.length < 2 * samples + this.#sealBytes) this.findings.push({ kind: 'short', number })
    else if (this.#hash(this.#before, sealed) !== told) this.findings.push({ kind: 'changed', number })
    this.#before = told
  }

  end({ chunks }: Pick<Manifest, 'chunks'>, told: Told): Finding[] {
    const samples = chunks.reduce((sum, chunk) => sum + chunk.samples, 0)
    if (told.head !== null && (told.chunks !== chunks.length || told.samples !== samples)) this.findings.push({ kind: 'count-differs' })
    if (told.head !== null && told.head !== this.#before) this.findings.push({ kind: 'head-differs' })
    return this.findings
  }
}

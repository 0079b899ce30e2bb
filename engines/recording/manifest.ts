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
}

export const folderOf = (attemptId: string): string => `recordings/${attemptId}`
export const chunkKey = (attemptId: string, number: number): string => `${folderOf(attemptId)}/${String(number).padStart(6, '0')}`
export const manifestKey = (attemptId: string): string => `${folderOf(attemptId)}/manifest`

/** Whether every sample of the axis is in a chunk or in a pause. */
export function isComplete({ length, chunks, gaps }: Pick<Manifest, 'length' | 'chunks' | 'gaps'>): boolean {
  return chunks.every((chunk, index) => chunk.number === index) && covered(length, [...chunks.map(({ at, samples }) => ({ from: at, to: at + samples })), ...gaps.filter(({ why }) => why === 'paused')])
}

function covered(length: number, stretches: { from: number; to: number }[]): boolean {
  let reached = 0
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    if (from > reached) return false
    reached = Math.max(reached, to)
  }
  return reached >= length
}

export type Finding = { readonly kind: 'missing' | 'changed'; readonly number: number } | { readonly kind: 'head-differs' }

/**
 * Walks the chain over the chunks as they are found now. `hash`: SHA-256 hex of the text and the bytes after it.
 * @param head what was told when the recording ended, kept apart from the store; null when it was never told.
 */
export function verify(manifest: Manifest, sealedOf: (number: number) => Uint8Array | null, hash: (before: string, sealed: Uint8Array) => string, head: string | null): Finding[] {
  const findings: Finding[] = []
  let before = ''
  for (const { number, hash: told } of manifest.chunks) {
    const sealed = sealedOf(number)
    if (sealed === null) findings.push({ kind: 'missing', number })
    else if (hash(before, sealed) !== told) findings.push({ kind: 'changed', number })
    before = told
  }
  if (head !== null && head !== before) findings.push({ kind: 'head-differs' })
  return findings
}

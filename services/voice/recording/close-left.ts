/**
 * Closes a recording whose recorder was killed, with what the store holds of it: the chunks are chained and placed anew, and
 * its end says that it is cut. One that was closed already has its end told again, as its manifest has it.
 */
import type { VoiceCallEvent, RecordingToClose } from '@loopline/contracts/voice-link'
import { chainHash } from '@loopline/keys/chain-hash'
import { KeyError } from '@loopline/keys/key-file'
import { SEAL_BYTES } from '@loopline/keys/keyring'
import { PeakMeter } from '@loopline/recording/peaks'
import { beginningKey, chunkKey, chunksAmong, folderOf, manifestKey, placed } from '@loopline/recording/manifest'
import type { Beginning, Manifest, StoredChunk } from '@loopline/recording/manifest'
import { endOf, pairsOf, putAgain, type RecordingDeps } from './recording.ts'

type CloseDeps = Pick<RecordingDeps, 'store' | 'keyring' | 'now' | 'pause' | 'onStore'>

/** The end that is to be told; null when the store holds nothing of it and nobody can say that it began. */
export async function closeLeft(left: RecordingToClose, deps: CloseDeps): Promise<VoiceCallEvent | null> {
  const { attemptId } = left
  const told = await readSealed<Manifest>(deps, manifestKey(attemptId))
  if (told !== null) return { kind: 'recording-ended', attemptId, at: told.endedAt, end: endOf(told, true) }
  const begun = await readSealed<Beginning>(deps, beginningKey(attemptId)) ?? asTold(left)
  if (begun === null) return null
  const manifest = await manifestOf(begun, deps)
  const name = manifestKey(attemptId)
  const isKept = await putAgain(deps, name, deps.keyring.sealBytes(Buffer.from(JSON.stringify(manifest)), name))
  return { kind: 'recording-ended', attemptId, at: manifest.endedAt, end: endOf(manifest, isKept) }
}

function asTold({ attemptId, basis, startedAt }: RecordingToClose): Beginning | null {
  return basis === null || startedAt === null ? null : { attemptId, basis, startedAt, gaps: [] }
}

async function manifestOf({ attemptId, startedAt, basis, gaps }: Beginning, deps: CloseDeps): Promise<Manifest> {
  const found: { number: number; samples: number; hash: string; alaw: Uint8Array | null }[] = []
  let head = ''
  for (const number of chunksAmong(attemptId, await deps.store.list(folderOf(attemptId)))) {
    const name = chunkKey(attemptId, number)
    const sealed = await deps.store.get(name)
    if (sealed === null) continue
    head = chainHash(head, sealed)
    found.push({ number, samples: (sealed.length - SEAL_BYTES) >> 1, hash: head, alaw: open(deps, sealed, name) })
  }
  const meter = new PeakMeter()
  const chunks = placed(found, gaps).map((place, index): StoredChunk => {
    const { hash, alaw } = found[index] as (typeof found)[number]
    if (alaw !== null) pairsOf(alaw).forEach((_, at, pairs) => { if (at % 2 === 0) meter.hear(place.at + at / 2, pairs[at] as number, pairs[at + 1] as number) })
    return { ...place, hash }
  })
  const last = chunks.at(-1)
  const length = Math.max(last ? last.at + last.samples : 0, ...gaps.map(({ to }) => to))
  return { attemptId, startedAt, endedAt: deps.now(), basis, length, chunks, gaps, peaks: meter.peaks(length), cut: true }
}

/** A chunk that was changed still has its place; what it holds nobody hears, and verification names it. */
function open({ keyring }: CloseDeps, sealed: Uint8Array, name: string): Uint8Array | null {
  try {
    return keyring.openBytes(sealed, name)
  } catch (error) {
    if (error instanceof KeyError) return null
    throw error
  }
}

async function readSealed<Value>({ store, keyring }: CloseDeps, name: string): Promise<Value | null> {
  const sealed = await store.get(name)
  return sealed === null ? null : (JSON.parse(keyring.openBytes(sealed, name).toString('utf8')) as Value)
}

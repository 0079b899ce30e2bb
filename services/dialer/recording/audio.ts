import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import { chunkKey, manifestKey } from '@loopline/recording/manifest'
import type { Manifest, StoredChunk } from '@loopline/recording/manifest'
import { BYTES_PER_SAMPLE, WAV_HEADER_BYTES, wavBytes, wavHeader } from '@loopline/recording/wav'
import { LINEAR_OF } from '@loopline/rtp/g711'

/** A recording as one WAV file that is made while it is read: pauses and holes are silence, so that times stay true. */
export interface Audio {
  readonly manifest: Manifest
  readonly bytes: number
  /** The bytes from `from` up to `to`, two seconds of sound at a time. */
  read(from: number, to: number): AsyncGenerator<Uint8Array, void, void>
}

/** null when the recording did not end yet, or there is none. @throws KeyError when it was sealed by other keys. */
export async function openAudio(store: ObjectStore, keyring: Keyring, attemptId: AttemptId): Promise<Audio | null> {
  const manifest = await readManifest(store, keyring, attemptId)
  if (manifest === null) return null
  const soundOf = async (chunk: StoredChunk): Promise<Uint8Array | null> => {
    const key = chunkKey(attemptId, chunk.number)
    const bytes = await store.get(key)
    return bytes === null ? null : keyring.openBytes(bytes, key)
  }
  return { manifest, bytes: wavBytes(manifest.length), read: (from, to) => read(manifest, soundOf, from, to) }
}

/** What was written down when the recording ended; null before. */
export async function readManifest(store: ObjectStore, keyring: Keyring, attemptId: AttemptId): Promise<Manifest | null> {
  const name = manifestKey(attemptId)
  const sealed = await store.get(name)
  return sealed === null ? null : (JSON.parse(keyring.openBytes(sealed, name).toString('utf8')) as Manifest)
}

/** What lies between two chunks is given out in pieces of this many samples. */
const SILENCE_SAMPLES = 16_000

async function* read(manifest: Manifest, soundOf: (chunk: StoredChunk) => Promise<Uint8Array | null>, from: number, to: number): AsyncGenerator<Uint8Array, void, void> {
  if (from < WAV_HEADER_BYTES) yield wavHeader(manifest.length).subarray(from, to)
  let at = Math.max(0, Math.floor((from - WAV_HEADER_BYTES) / BYTES_PER_SAMPLE))
  const end = Math.min(manifest.length, Math.ceil((to - WAV_HEADER_BYTES) / BYTES_PER_SAMPLE))
  for (const stretch of stretchesOf(manifest)) {
    if (stretch.to <= at) continue
    if (at >= end) return
    const alaw = stretch.chunk === null ? null : await soundOf(stretch.chunk)
    const until = Math.min(end, stretch.to)
    const pcm = alaw === null ? new Uint8Array((until - at) * BYTES_PER_SAMPLE) : pcmOf(alaw, at - stretch.from, until - stretch.from)
    yield within(pcm, WAV_HEADER_BYTES + at * BYTES_PER_SAMPLE, from, to)
    at = until
  }
}

interface Stretch {
  from: number
  to: number
  chunk: StoredChunk | null
}

/** The axis from 0 to its end: chunks, and pieces of silence between them. */
function* stretchesOf({ chunks, length }: Manifest): Generator<Stretch, void, void> {
  let at = 0
  const silence = function* (until: number): Generator<Stretch, void, void> {
    for (; at < until; at = Math.min(until, at + SILENCE_SAMPLES)) yield { from: at, to: Math.min(until, at + SILENCE_SAMPLES), chunk: null }
  }
  for (const chunk of chunks.toSorted((a, b) => a.at - b.at)) {
    yield* silence(chunk.at)
    yield { from: chunk.at, to: chunk.at + chunk.samples, chunk }
    at = chunk.at + chunk.samples
  }
  yield* silence(length)
}

/** Samples `from` up to `to` of a chunk as pairs of linear 16, little endian. */
function pcmOf(alaw: Uint8Array, from: number, to: number): Uint8Array {
  const linear = LINEAR_OF.PCMA
  const pcm = new Uint8Array((to - from) * BYTES_PER_SAMPLE)
  const view = new DataView(pcm.buffer)
  for (let at = 2 * from; at < 2 * to; at += 1) view.setInt16(2 * (at - 2 * from), linear[alaw[at] as number] as number, true)
  return pcm
}

/** The part of a piece that begins at byte `at` of the file and lies within the range. */
function within(piece: Uint8Array, at: number, from: number, to: number): Uint8Array {
  return piece.subarray(Math.max(0, from - at), Math.max(0, to - at))
}

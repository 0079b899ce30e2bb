import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AttemptId } from '@loopline/vocabulary/ids'
import { readOrCreateKeyFile } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import { chunkKey, manifestKey } from '@loopline/recording/manifest'
import type { Manifest } from '@loopline/recording/manifest'
import { WAV_HEADER_BYTES } from '@loopline/recording/wav'
import { LINEAR_OF } from '@loopline/rtp/g711'
import { openAudio } from './audio.ts'
import type { Audio } from './audio.ts'

const folder = mkdtempSync(join(tmpdir(), 'loopline audio '))
const keyring = createKeyring(readOrCreateKeyFile(join(folder, 'keys.json')))
const store = await openObjects(pathToFileURL(join(folder, 'objects')).href)
const ID = '0192f000-0000-7000-8000-000000000001' as AttemptId
afterAll(() => rmSync(folder, { recursive: true }))

let audio: Audio
const put = (name: string, bytes: Uint8Array): Promise<void> => store.put(name, keyring.sealBytes(bytes, name))
const allOf = async (from: number, to: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = []
  for await (const piece of audio.read(from, to)) pieces.push(piece)
  return Buffer.concat(pieces)
}

beforeAll(async () => {
  const chunk = (value: number, samples: number): Uint8Array => Uint8Array.from({ length: 2 * samples }, (_, at) => (at % 2 === 0 ? value : 0xd5))
  const manifest: Manifest = {
    attemptId: ID, startedAt: 0, endedAt: 1, basis: 'granted', length: 40_000, peaks: { customer: [], seller: [] },
    chunks: [{ number: 0, at: 0, samples: 16_000, hash: 'a' }, { number: 1, at: 20_000, samples: 4_000, hash: 'b' }], gaps: [{ from: 16_000, to: 20_000, why: 'paused' }, { from: 24_000, to: 40_000, why: 'lost' }],
  }
  await put(chunkKey(ID, 0), chunk(0x12, 16_000))
  await put(chunkKey(ID, 1), chunk(0x92, 4_000))
  await put(manifestKey(ID), Buffer.from(JSON.stringify(manifest)))
  audio = (await openAudio(store, keyring, ID)) as Audio
})

test('the file is as long as the call, with silence where nothing was kept', async () => {
  const file = await allOf(0, audio.bytes)
  expect(file.length).toBe(audio.bytes)
  const customerAt = (sample: number): number => file.readInt16LE(WAV_HEADER_BYTES + sample * 4)
  expect([customerAt(0), customerAt(15_999), customerAt(16_000), customerAt(20_000), customerAt(24_000)])
    .toEqual([LINEAR_OF.PCMA[0x12], LINEAR_OF.PCMA[0x12], 0, LINEAR_OF.PCMA[0x92], 0])
})

test('any range is the same bytes as of the whole', async () => {
  const whole = await allOf(0, audio.bytes)
  await fc.assert(fc.asyncProperty(fc.nat(audio.bytes - 1), fc.nat(70_000), async (from, length) => {
    const to = Math.min(audio.bytes, from + length + 1)
    return Buffer.compare(await allOf(from, to), whole.subarray(from, to)) === 0
  }), { numRuns: 60 })
})

test('there is no audio of a call that was not recorded', async () => {
  expect(await openAudio(store, keyring, '0192f000-0000-7000-8000-000000000002' as AttemptId)).toBeNull()
})

import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import { afterAll, expect, test } from 'vitest'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import { readOrCreateKeyFile } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import { ObjectStoreError } from '@loopline/objects/object-store'
import type { ObjectStore } from '@loopline/objects/object-store'
import { chunkKey, manifestKey, verify } from '@loopline/recording/manifest'
import type { Manifest } from '@loopline/recording/manifest'
import { LINEAR_OF } from '@loopline/rtp/g711'
import { Recording, chainHash } from './recording.ts'
import type { ToRecorder } from '../media/recorder.ts'
import { RecorderClient } from './recorder-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'loopline recordings '))
const keys = readOrCreateKeyFile(join(folder, 'keys.json'))
const keyring = createKeyring(keys)
const store = await openObjects(pathToFileURL(join(folder, 'objects')).href)
afterAll(() => rmSync(folder, { recursive: true }))

const sine = (hertz: number, samples: number): Int16Array => Int16Array.from({ length: samples }, (_, at) => Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / 8_000)))
const attempt = (name: string): AttemptId => name as AttemptId
const of = (attemptId: AttemptId) => ({ attemptId, customerId: 'c1' as CustomerId, basis: 'granted' as const, startedAt: 1_000 })
const depsOn = (into: ObjectStore, events: VoiceCallEvent[], room = () => true) => ({
  store: into, keyring, tell: (event: VoiceCallEvent) => void events.push(event), now: () => 5_000, reserve: room, release: () => undefined, pause: () => Promise.resolve(),
})
const endOf = (events: readonly VoiceCallEvent[]) => events.find((event) => event.kind === 'recording-ended')?.end

async function manifestOf(attemptId: AttemptId): Promise<Manifest> {
  const name = manifestKey(attemptId)
  return JSON.parse(keyring.openBytes((await store.get(name)) as Uint8Array, name).toString()) as Manifest
}

test('what is in the store is exactly what each side said, sealed, and the chain holds', async () => {
  const id = attempt('whole')
  const events: VoiceCallEvent[] = []
  const recording = new Recording(of(id), depsOn(store, events))
  const [customer, seller] = [sine(440, 40_000), sine(1_000, 40_000)]
  for (let at = 0; at < 40_000; at += 1_600) recording.block(at, customer.slice(at, at + 1_600), seller.slice(at, at + 1_600))
  await recording.end(40_000)
  expect(endOf(events)).toMatchObject({ chunks: 3, samples: 40_000, complete: true, gaps: [] })
  const heard = await Promise.all([0, 1, 2].map(async (number) => keyring.openBytes((await store.get(chunkKey(id, number))) as Uint8Array, chunkKey(id, number))))
  const alaw = Buffer.concat(heard)
  const worst = (channel: number, said: Int16Array): number => said.reduce((most, sample, at) => Math.max(most, Math.abs((LINEAR_OF.PCMA[alaw[2 * at + channel] as number] as number) - sample)), 0)
  expect(worst(0, customer)).toBeLessThan(300)
  expect(worst(1, seller)).toBeLessThan(300)
  const sealed = new Map(await Promise.all([0, 1, 2].map(async (number) => [number, (await store.get(chunkKey(id, number))) as Uint8Array] as const)))
  expect(verify(await manifestOf(id), (number) => sealed.get(number) ?? null, chainHash, endOf(events)?.head ?? null)).toEqual([])
  const path = join(folder, 'objects', chunkKey(id, 1))
  const bytes = readFileSync(path)
  bytes[100] = (bytes[100] as number) ^ 1
  writeFileSync(path, bytes)
  sealed.set(1, bytes)
  expect(verify(await manifestOf(id), (number) => sealed.get(number) ?? null, chainHash, null)).toEqual([{ kind: 'changed', number: 1 }])
})

test('f12 a store that fails costs a hole that is told, and nothing of what comes after', async () => {
  const id = attempt('hole')
  const events: VoiceCallEvent[] = []
  const failing: ObjectStore = { ...store, put: (name, bytes) => (name.endsWith('/000001') ? Promise.reject(new ObjectStoreError('STORE_FULL', 'full')) : store.put(name, bytes)) }
  const recording = new Recording(of(id), depsOn(failing, events))
  recording.block(0, sine(440, 48_000), sine(440, 48_000))
  await recording.end(48_000)
  expect(endOf(events)).toMatchObject({ chunks: 2, samples: 32_000, complete: false, gaps: [{ from: 16_000, to: 32_000, why: 'lost' }] })
})

test('f12 a store slower than the people talk: memory stays bounded, the hole is told', async () => {
  const id = attempt('slow')
  const events: VoiceCallEvent[] = []
  let room = 1
  const recording = new Recording(of(id), depsOn(store, events, () => (room -= 1) >= 0))
  recording.block(0, sine(440, 48_000), sine(440, 48_000))
  await recording.end(48_000)
  expect(endOf(events)).toMatchObject({ chunks: 1, complete: false, gaps: [{ from: 16_000, to: 48_000, why: 'lost' }] })
})

const recorderOf = (events: VoiceCallEvent[]): RecorderClient => new RecorderClient(
  { store: pathToFileURL(join(folder, 'objects')).href, keys: JSON.stringify(keys), pendingBytesMax: 1_000_000 },
  { onCalls: (told) => void events.push(...told), onDeath: (error) => { throw error } },
)

test('f2 what a media thread said until it died is kept, and its end is told', async () => {
  const id = attempt('cut')
  const events: VoiceCallEvent[] = []
  const recorder = recorderOf(events)
  await recorder.start()
  const port = recorder.connect() as MessagePort
  const taken = new Promise<void>((resolve) => { port.once('message', () => resolve()) })
  port.postMessage({ type: 'start', attemptId: id, customerId: 'c1' as CustomerId, basis: 'granted', startedAt: 10 } satisfies ToRecorder)
  port.postMessage({ type: 'block', attemptId: id, at: 0, customer: sine(440, 8_000), seller: sine(1_000, 8_000) } satisfies ToRecorder)
  await taken
  port.close()
  await expect.poll(() => endOf(events)).toMatchObject({ samples: 8_000, complete: true })
  await recorder.stop()
})

test('the recorder thread keeps a paused recording, and stops when all is written', async () => {
  const id = attempt('thread')
  const events: VoiceCallEvent[] = []
  const recorder = recorderOf(events)
  await recorder.start()
  const port = recorder.connect() as MessagePort
  const say = (message: ToRecorder): void => port.postMessage(message)
  const taken = new Promise<void>((resolve) => {
    let blocks = 0
    port.on('message', () => { if ((blocks += 1) === 3) resolve() })
  })
  say({ type: 'start', attemptId: id, customerId: 'c1' as CustomerId, basis: 'announced', startedAt: 10 })
  say({ type: 'block', attemptId: id, at: 0, customer: sine(440, 8_000), seller: sine(1_000, 8_000) })
  say({ type: 'pause', attemptId: id, at: 8_000 })
  say({ type: 'block', attemptId: id, at: 8_000, customer: sine(440, 8_000), seller: sine(1_000, 8_000) })
  say({ type: 'resume', attemptId: id, at: 16_000 })
  say({ type: 'block', attemptId: id, at: 16_000, customer: sine(440, 8_000), seller: sine(1_000, 8_000) })
  say({ type: 'end', attemptId: id, at: 24_000, endedAt: 20, lostSamples: 0 })
  await taken
  await recorder.stop()
  expect(events.map(({ kind }) => kind)).toEqual(['recording-started', 'recorded', 'recorded', 'recording-ended'])
  expect(endOf(events)).toMatchObject({ complete: true, samples: 16_000, gaps: [{ from: 8_000, to: 16_000, why: 'paused' }] })
  expect((await manifestOf(id)).peaks.customer.length).toBeGreaterThan(10)
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import { afterAll, expect, test } from 'vitest'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import { chainHash } from '@loopline/keys/chain-hash'
import { readOrCreateKeyFile } from '@loopline/keys/key-file'
import { SEAL_BYTES, createKeyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import { ObjectStoreError } from '@loopline/objects/object-store'
import type { ObjectStore } from '@loopline/objects/object-store'
import { CHUNK_SAMPLES } from '@loopline/recording/cutter'
import { ChainCheck, chunkKey, manifestKey } from '@loopline/recording/manifest'
import type { Finding, Manifest } from '@loopline/recording/manifest'
import { LINEAR_OF } from '@loopline/rtp/g711'
import { Recording } from './recording.ts'
import { Parcel } from '../media/recorded-blocks.ts'
import type { RecordedBlocks } from '../media/recorded-blocks.ts'
import { ON_THE_WAY_MS, RecorderPort } from '../media/recorder.ts'
import type { FromRecorder, ToRecorder } from '../media/recorder.ts'
import { RecorderClient } from './recorder-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'loopline recordings '))
const keys = readOrCreateKeyFile(join(folder, 'keys.json'))
const keyring = createKeyring(keys)
/** interop/s3 runs this file against a server of the S3 interface too. */
const objects = process.env['LOOPLINE_TEST_S3'] || pathToFileURL(join(folder, 'objects')).href
const store = await openObjects(objects)
afterAll(() => rmSync(folder, { recursive: true }))

const sine = (hertz: number, samples: number): Int16Array => Int16Array.from({ length: samples }, (_, at) => Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / 8_000)))
const LONG = { timeout: 30_000 }
const attempt = (name: string): AttemptId => name as AttemptId
const of = (attemptId: AttemptId) => ({ attemptId, customerId: 'c1' as CustomerId, basis: 'granted' as const, startedAt: 1_000 })
const depsOn = (into: ObjectStore, events: VoiceCallEvent[], room = () => true) => ({
  store: into, keyring, tell: (event: VoiceCallEvent) => void events.push(event), now: () => 5_000, reserve: room, release: () => undefined, pause: () => Promise.resolve(), onStore: () => undefined,
})
const endOf = (events: readonly VoiceCallEvent[]) => events.find((event) => event.kind === 'recording-ended')?.end

async function manifestOf(attemptId: AttemptId): Promise<Manifest> {
  const name = manifestKey(attemptId)
  return JSON.parse(keyring.openBytes((await store.get(name)) as Uint8Array, name).toString()) as Manifest
}

function verify({ chunks }: Manifest, sealedOf: (number: number) => Uint8Array | null, head: string | null): Finding[] {
  const check = new ChainCheck(chainHash, SEAL_BYTES)
  for (const chunk of chunks) check.see(chunk, sealedOf(chunk.number))
  return check.end({ chunks }, { chunks: chunks.length, samples: chunks.reduce((sum, { samples }) => sum + samples, 0), head })
}

test('what is in the store is exactly what each side said, sealed, and the chain holds', async () => {
  const id = attempt('whole')
  const events: VoiceCallEvent[] = []
  const recording = new Recording(of(id), depsOn(store, events))
  const [customer, seller] = [sine(440, 30_000), sine(1_000, 30_000)]
  for (let at = 0; at < 30_000; at += 1_500) recording.block(at, customer.slice(at, at + 1_500), seller.slice(at, at + 1_500))
  await recording.end(30_000)
  expect(endOf(events)).toMatchObject({ chunks: 3, samples: 30_000, complete: true, gaps: [] })
  const heard = await Promise.all([0, 1, 2].map(async (number) => keyring.openBytes((await store.get(chunkKey(id, number))) as Uint8Array, chunkKey(id, number))))
  const alaw = Buffer.concat(heard)
  const worst = (channel: number, said: Int16Array): number => said.reduce((most, sample, at) => Math.max(most, Math.abs((LINEAR_OF.PCMA[alaw[2 * at + channel] as number] as number) - sample)), 0)
  expect(worst(0, customer)).toBeLessThan(300)
  expect(worst(1, seller)).toBeLessThan(300)
  const sealed = new Map(await Promise.all([0, 1, 2].map(async (number) => [number, (await store.get(chunkKey(id, number))) as Uint8Array] as const)))
  expect(verify(await manifestOf(id), (number) => sealed.get(number) ?? null, endOf(events)?.head ?? null)).toEqual([])
  const bytes = Uint8Array.from(sealed.get(1) as Uint8Array)
  bytes[100] = (bytes[100] as number) ^ 1
  sealed.set(1, bytes)
  expect(verify(await manifestOf(id), (number) => sealed.get(number) ?? null, null)).toEqual([{ kind: 'changed', number: 1 }])
})

test('f12 a store that fails costs a hole that is told, and nothing of what comes after', async () => {
  const id = attempt('hole')
  const events: VoiceCallEvent[] = []
  const failing: ObjectStore = { ...store, put: (name, bytes) => (name.endsWith('/000001') ? Promise.reject(new ObjectStoreError('STORE_FULL', 'full')) : store.put(name, bytes)) }
  const recording = new Recording(of(id), depsOn(failing, events))
  recording.block(0, sine(440, 36_000), sine(440, 36_000))
  await recording.end(36_000)
  expect(endOf(events)).toMatchObject({ chunks: 2, samples: 24_000, complete: false, gaps: [{ from: 12_000, to: 24_000, why: 'lost' }] })
})

test('f12 a store slower than the people talk: memory stays bounded, the hole is told', async () => {
  const id = attempt('slow')
  const events: VoiceCallEvent[] = []
  let room = 1
  const recording = new Recording(of(id), depsOn(store, events, () => (room -= 1) >= 0))
  recording.block(0, sine(440, 36_000), sine(440, 36_000))
  await recording.end(36_000)
  expect(endOf(events)).toMatchObject({ chunks: 1, complete: false, gaps: [{ from: 12_000, to: 36_000, why: 'lost' }] })
})

interface RecorderOfTest {
  recorder: RecorderClient
  events: VoiceCallEvent[]
  states: string[]
  deaths: Error[]
  restarts: number
}

function recorderOf(at = objects): RecorderOfTest {
  const of: RecorderOfTest = { events: [], states: [], deaths: [], restarts: 0, recorder: null as never }
  of.recorder = new RecorderClient({ store: at, keys: JSON.stringify(keys), pendingBytesMax: 1_000_000 }, {
    onCalls: (told) => void of.events.push(...told), onDeath: (error) => void of.deaths.push(error), onRestart: () => { of.restarts += 1 },
    onState: (state, reason) => void of.states.push(reason ?? state),
  })
  return of
}

const started = (attemptId: AttemptId): ToRecorder => ({ type: 'start', attemptId, customerId: 'c1' as CustomerId, basis: 'granted', startedAt: 10 })
/** Three quarters of a second of both sides, in four blocks. */
function blocks(attemptId: AttemptId, at: number): ToRecorder {
  const parcel = new Parcel()
  for (let part = 0; part < 4; part += 1) parcel.add(attemptId, at + part * 1_500, { customer: sine(440, 1_500), seller: sine(1_000, 1_500), length: 1_500 })
  return parcel.take() as RecordedBlocks
}
/** Resolves when so many blocks are taken in. */
const takenBy = (port: MessagePort, blocks: number): Promise<void> => new Promise((resolve) => {
  let taken = 0
  port.on('message', (message: FromRecorder) => { if (message.type === 'taken' && (taken += message.blocks) === blocks) resolve() })
})

test('f2 what a media thread said until it died is kept, and its end is told', async () => {
  const id = attempt('cut')
  const { recorder, events } = recorderOf()
  await recorder.start()
  const port = recorder.connect() as MessagePort
  const taken = takenBy(port, 4)
  port.postMessage(started(id))
  port.postMessage(blocks(id, 0))
  await taken
  port.close()
  await expect.poll(() => endOf(events), LONG).toMatchObject({ samples: 6_000, complete: true })
  await recorder.stop()
})

/** What no media thread says: the recorder meets it as it would meet a bug of its own. */
const kill = (port: MessagePort, attemptId: AttemptId): void => port.postMessage({ type: 'blocks', attemptIds: [attemptId], memory: null })

test('f2 a recorder that dies is started anew: what goes on is recorded on with its hole told, what ended meanwhile is closed, neither as whole', async () => {
  const [running, ended] = [attempt('goes-on'), attempt('ended-meanwhile')]
  const of = recorderOf()
  await of.recorder.start()
  const sink = new RecorderPort(of.recorder.connect())
  const frames = (id: AttemptId, from: number, to: number): void => { for (let at = from; at < to; at += 160) sink.frame(id, at, sine(440, 160), sine(1_000, 160)) }
  for (const id of [running, ended]) {
    sink.start(id, 'c1' as CustomerId, 'granted')
    frames(id, 0, 16_000)
  }
  sink.pause(running, 16_000)
  sink.resume(running, 24_000)
  frames(running, 24_000, 40_000)
  await expect.poll(() => of.events.filter(({ kind }) => kind === 'recorded').length, LONG).toBe(4)
  const dying = of.recorder.connect() as MessagePort
  dying.postMessage(started(attempt('bug')))
  kill(dying, attempt('bug'))
  await expect.poll(() => of.deaths.length, LONG).toBe(1)
  // Nobody takes these in: what is said between two recorders is the hole.
  await expect.poll(() => of.states.at(-2), LONG).toBe('recorder-restarting')
  frames(running, 40_000, 48_000)
  frames(ended, 16_000, 24_000)
  sink.end(ended, 24_000)
  await expect.poll(() => of.restarts, LONG).toBe(1)
  sink.adopt(of.recorder.connect() as MessagePort)
  frames(running, 48_000, 72_000)
  sink.end(running, 72_000)
  const endsOf = (id: AttemptId) => of.events.find((event) => event.kind === 'recording-ended' && event.attemptId === id)
  await expect.poll(() => endsOf(running), LONG).toMatchObject({ end: { complete: false, chunks: 5, samples: 52_000, gaps: [{ from: 16_000, to: 24_000, why: 'paused' }, { from: 36_000, to: 48_000, why: 'lost' }] } })
  await expect.poll(() => endsOf(ended), LONG).toMatchObject({ end: { complete: false, chunks: 1, samples: 12_000, gaps: [{ from: 12_000, to: 24_000, why: 'lost' }] } })
  // Of the third nothing was stored, perhaps not even that it began: the dialer, who was told by the media thread, asks for its end.
  of.recorder.close([{ attemptId: attempt('bug'), basis: 'granted', startedAt: 10 }])
  await expect.poll(() => endsOf(attempt('bug')), LONG).toMatchObject({ end: { complete: false, chunks: 0 } })
  const manifest = await manifestOf(running)
  const sealed = new Map(await Promise.all(manifest.chunks.map(async ({ number }) => [number, (await store.get(chunkKey(running, number))) as Uint8Array] as const)))
  expect(verify(manifest, (number) => sealed.get(number) ?? null, manifest.chunks.at(-1)?.hash ?? null)).toEqual([])
  expect(manifest.peaks.customer[0]).toBeGreaterThan(0.2)
  await of.recorder.stop()
})

test('p8 a killed process had at most two seconds of what was said in no chunk: the open one and what was on its way, with a tenth of a second to write', () => {
  expect((CHUNK_SAMPLES / 8_000) * 1_000 + ON_THE_WAY_MS + 100).toBeLessThanOrEqual(2_000)
})

test('p8 what a killed process left is closed with what the store holds, in its place on the axis, and told again when asked again', async () => {
  const id = attempt('killed')
  const events: VoiceCallEvent[] = []
  const killed = new Recording(of(id), depsOn(store, events))
  killed.block(0, sine(440, 12_000), sine(440, 12_000))
  killed.pause(12_000)
  killed.resume(18_000)
  killed.block(18_000, sine(440, 15_000), sine(440, 15_000)) // its last half second is in no chunk yet
  await expect.poll(() => events.filter(({ kind }) => kind === 'recorded').length, LONG).toBe(2)
  const next = recorderOf()
  await next.recorder.start()
  const asked = [{ attemptId: id, basis: null, startedAt: null }, { attemptId: attempt('never-begun'), basis: null, startedAt: null }]
  next.recorder.close(asked)
  const end = { startedAt: 1_000, basis: 'granted', chunks: 2, samples: 24_000, complete: false, gaps: [{ from: 12_000, to: 18_000, why: 'paused' }] }
  await expect.poll(() => endOf(next.events), LONG).toMatchObject(end)
  expect((await manifestOf(id)).chunks.map(({ at }) => at)).toEqual([0, 18_000])
  next.events.length = 0
  next.recorder.close(asked)
  await expect.poll(() => endOf(next.events), LONG).toMatchObject(end)
  await next.recorder.stop()
  expect(next.events).toHaveLength(1)
})

test('f12 a store that fails is said, and said to be well again by itself when it is', async () => {
  const root = join(folder, 'away')
  writeFileSync(root, 'no folder')
  const next = recorderOf(pathToFileURL(root).href)
  await next.recorder.start()
  expect(next.recorder.fault).toBeNull()
  const port = next.recorder.connect() as MessagePort
  port.postMessage(started(attempt('no-store')))
  await expect.poll(() => next.recorder.fault, { timeout: 60_000 }).toBe('STORE_UNREACHABLE')
  rmSync(root)
  await expect.poll(() => next.recorder.fault, { timeout: 60_000 }).toBeNull()
  expect(next.states).toEqual(['up', 'STORE_UNREACHABLE', 'up'])
  await next.recorder.stop()
}, 120_000)

test('the recorder thread keeps a paused recording, and stops when all is written', async () => {
  const id = attempt('thread')
  const { recorder, events } = recorderOf()
  await recorder.start()
  const port = recorder.connect() as MessagePort
  const say = (message: ToRecorder): void => port.postMessage(message)
  const taken = takenBy(port, 12)
  say({ type: 'start', attemptId: id, customerId: 'c1' as CustomerId, basis: 'announced', startedAt: 10 })
  say(blocks(id, 0))
  say({ type: 'pause', attemptId: id, at: 6_000 })
  say(blocks(id, 6_000))
  say({ type: 'resume', attemptId: id, at: 12_000 })
  say(blocks(id, 12_000))
  say({ type: 'end', attemptId: id, at: 18_000, endedAt: 20, lostSamples: 0 })
  await taken
  await recorder.stop()
  expect(events.map(({ kind }) => kind)).toEqual(['recording-started', 'recorded', 'recorded', 'recording-ended'])
  expect(endOf(events)).toMatchObject({ complete: true, samples: 12_000, gaps: [{ from: 6_000, to: 12_000, why: 'paused' }] })
  expect((await manifestOf(id)).peaks.customer.length).toBeGreaterThan(10)
})

/** A disk of two megabytes of its own; only root may make one. */
function smallDisk(): { path: string; gone(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'loopline small disk '))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' })
  return status === 0 ? { path, gone: () => void spawnSync('umount', ['-l', path]) } : null
}

test('f12 a disk that is full costs holes that are told, says that it is full, and is used again when there is room', async (context) => {
  const disk = smallDisk()
  if (disk === null) return context.skip('only root may mount a small disk')
  try {
    const id = attempt('disk-full')
    const next = recorderOf(pathToFileURL(join(disk.path, 'objects')).href)
    await next.recorder.start()
    const port = next.recorder.connect() as MessagePort
    port.postMessage(started(id))
    writeFileSync(join(disk.path, 'filler'), new Uint8Array(2 ** 21 - 4 * 4_096)) // four pages are left: no chunk has room in them
    for (const at of [0, 6_000, 12_000, 18_000]) port.postMessage(blocks(id, at))
    await expect.poll(() => next.recorder.fault, { timeout: 60_000 }).toBe('STORE_FULL')
    rmSync(join(disk.path, 'filler'))
    await expect.poll(() => next.recorder.fault, { timeout: 60_000 }).toBeNull()
    for (const at of [24_000, 30_000]) port.postMessage(blocks(id, at))
    port.postMessage({ type: 'end', attemptId: id, at: 36_000, endedAt: 20, lostSamples: 0 } satisfies ToRecorder)
    await expect.poll(() => endOf(next.events), { timeout: 60_000 }).toMatchObject({ complete: false, chunks: 1, samples: 12_000, gaps: [{ from: 0, to: 24_000, why: 'lost' }] })
    await next.recorder.stop()
  } finally {
    disk.gone()
  }
}, 240_000)

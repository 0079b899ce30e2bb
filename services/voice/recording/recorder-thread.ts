/** The recorder thread: everything that may wait for a disk or a store happens here, never where packets pass. */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { assert } from '@loopline/vocabulary/assert'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { RecordingToClose, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { parseKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import { blocksOf } from '../media/recorded-blocks.ts'
import { takenOf } from '../media/recorder.ts'
import type { FromRecorder, ToRecorder } from '../media/recorder.ts'
import { closeLeft } from './close-left.ts'
import { Recording } from './recording.ts'
import type { NewsOfRecorder, OrderToRecorder, RecorderStart } from './recorder-messages.ts'

const start = workerData as RecorderStart
const main = parentPort
assert(main, 'runs as a worker thread')
const store = await openObjects(start.store)
const keyring = createKeyring(parseKeySet(start.keys))
/** Ends that are still being written, by attempt. */
const ending = new Map<AttemptId, Promise<void>>()
/** What a recorder before this one left, until a media thread goes on with it or has named all that go on. */
const left = new Map(start.left.map(({ attemptId, chunks }) => [attemptId, chunks]))
/** Every port's recordings, to be ended when it closes. */
const ofPorts = new Set<Map<AttemptId, Recording>>()
let pendingBytes = 0
let storeFault: string | null = null
let isStopping = false
let told: VoiceCallEvent[] = []

const say = (news: NewsOfRecorder): void => main.postMessage(news)

function tell(event: VoiceCallEvent): void {
  told.push(event)
  if (told.length > 1) return
  setImmediate(() => {
    const events = told
    told = []
    say({ type: 'calls', events })
  })
}

const deps = {
  store, keyring, tell, now: () => Date.now(), pause: (ms: number) => pause(ms),
  reserve(bytes: number): boolean {
    if (pendingBytes + bytes > start.pendingBytesMax) return false
    pendingBytes += bytes
    return true
  },
  release(bytes: number): void {
    pendingBytes -= bytes
  },
  onStore(fault: string | null): void {
    if (fault === storeFault) return
    storeFault = fault
    say({ type: 'store', fault })
    if (fault !== null) void probe()
  },
}

/** Asks a store that failed whether it can be written again: no call may be there to find out. */
async function probe(): Promise<void> {
  const name = `probe/recorder-${process.pid}`
  while (storeFault !== null && !isStopping) {
    await pause(PROBE_MS)
    try {
      await store.put(name, new Uint8Array(PROBE_BYTES))
      await store.remove(name)
      deps.onStore(null)
    } catch {
      // It still cannot: what was said stands.
    }
  }
}
/** As large as a chunk: a full disk may have room for less. */
const PROBE_BYTES = 32_768
const PROBE_MS = 2_000

function hear(port: MessagePort): void {
  const recordings = new Map<AttemptId, Recording>()
  ofPorts.add(recordings)
  const speaker: Speaker = { recordings, closed: (attemptId) => port.postMessage({ type: 'closed', attemptId } satisfies FromRecorder) }
  port.on('message', (message: ToRecorder) => {
    take(speaker, message)
    if (message.type === 'blocks') port.postMessage(...takenOf(message))
  })
  // The media thread is gone: what was said until its last block is what there is.
  port.on('close', () => {
    for (const [attemptId, recording] of recordings) end(attemptId, recording, null)
    ofPorts.delete(recordings)
  })
}

interface Speaker {
  recordings: Map<AttemptId, Recording>
  closed(attemptId: AttemptId): void
}

function take({ recordings, closed }: Speaker, message: ToRecorder): void {
  if (message.type === 'all-named') return closeAbandoned()
  if (message.type === 'blocks') {
    for (const { attemptId, at, customer, seller } of blocksOf(message)) recordings.get(attemptId)?.block(at, customer, seller)
    return
  }
  const { attemptId } = message
  if (message.type === 'start') {
    const { customerId, basis, startedAt } = message
    return void recordings.set(attemptId, new Recording({ attemptId, customerId, basis, startedAt }, deps))
  }
  if (message.type === 'go-on') {
    const { customerId, basis, startedAt, pauses, pausedAt } = message
    const chunks = left.get(attemptId) ?? []
    left.delete(attemptId)
    return void recordings.set(attemptId, new Recording({ attemptId, customerId, basis, startedAt }, deps, { chunks, pauses, pausedAt }))
  }
  const recording = recordings.get(attemptId)
  if (!recording) return
  switch (message.type) {
    case 'pause': return recording.pause(message.at)
    case 'resume': return recording.resume(message.at)
    case 'end':
      recordings.delete(attemptId)
      return end(attemptId, recording, message.at, () => closed(attemptId))
  }
}

function end(attemptId: AttemptId, recording: Recording, at: number | null, onDone: () => void = () => undefined): void {
  ending.set(attemptId, recording.end(at).finally(() => {
    ending.delete(attemptId)
    onDone()
  }))
}

/** Nobody goes on with these: their media thread died together with their recorder. */
function closeAbandoned(): void {
  const abandoned = [...left.keys()]
  left.clear()
  close(abandoned.map((attemptId) => ({ attemptId, basis: null, startedAt: null })))
}

function close(recordings: readonly RecordingToClose[]): void {
  for (const recording of recordings) {
    const { attemptId } = recording
    if (left.has(attemptId) || ending.has(attemptId) || [...ofPorts].some((running) => running.has(attemptId))) continue
    ending.set(attemptId, closeOne(recording).finally(() => ending.delete(attemptId)))
  }
}

/** A store that cannot be read is asked again: whoever was not told of the end asks again. */
async function closeOne(recording: RecordingToClose): Promise<void> {
  try {
    const told = await closeLeft(recording, deps)
    if (told) tell(told)
  } catch {
    deps.onStore('STORE_UNREACHABLE')
  }
}

/** What was recorded until now is kept. */
async function shutDown(): Promise<void> {
  isStopping = true
  for (const recordings of ofPorts) {
    for (const [attemptId, recording] of recordings) end(attemptId, recording, null)
    recordings.clear()
  }
  await Promise.allSettled(ending.values())
  await store.close()
  setImmediate(() => say({ type: 'stopped' }))
}

main.on('message', (order: OrderToRecorder) => {
  if (order.type === 'hear') hear(order.port)
  else if (order.type === 'close') close(order.recordings)
  else void shutDown()
})
say({ type: 'ready' })

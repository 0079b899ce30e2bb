/** The recorder thread: everything that may wait for a disk or a store happens here, never where packets pass. */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { assert } from '@loopline/vocabulary/assert'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import { parseKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import type { FromRecorder, ToRecorder } from '../media/recorder.ts'
import { Recording } from './recording.ts'
import type { NewsOfRecorder, OrderToRecorder, RecorderStart } from './recorder-messages.ts'

const start = workerData as RecorderStart
const main = parentPort
assert(main, 'runs as a worker thread')
const store = await openObjects(start.store)
const keyring = createKeyring(parseKeySet(start.keys))
/** Ends that are still being written. */
const ending = new Set<Promise<void>>()
/** Every port's recordings, to be ended when it closes. */
const ofPorts = new Set<Map<AttemptId, Recording>>()
let pendingBytes = 0
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
}

function hear(port: MessagePort): void {
  const recordings = new Map<AttemptId, Recording>()
  ofPorts.add(recordings)
  port.on('message', (message: ToRecorder) => {
    take(recordings, message)
    if (message.type === 'block') port.postMessage({ type: 'taken', blocks: 1 } satisfies FromRecorder)
  })
  // The media thread is gone: what was said until its last block is what there is.
  port.on('close', () => {
    for (const recording of recordings.values()) end(recording, null)
    ofPorts.delete(recordings)
  })
}

function take(recordings: Map<AttemptId, Recording>, message: ToRecorder): void {
  const { attemptId } = message
  if (message.type === 'start') {
    const { customerId, basis, startedAt } = message
    return void recordings.set(attemptId, new Recording({ attemptId, customerId, basis, startedAt }, deps))
  }
  const recording = recordings.get(attemptId)
  if (!recording) return
  switch (message.type) {
    case 'block': return recording.block(message.at, message.customer, message.seller)
    case 'pause': return recording.pause(message.at)
    case 'resume': return recording.resume(message.at)
    case 'end':
      recordings.delete(attemptId)
      return end(recording, message.at)
  }
}

function end(recording: Recording, at: number | null): void {
  const done = recording.end(at).finally(() => ending.delete(done))
  ending.add(done)
}

/** What was recorded until now is kept. */
async function shutDown(): Promise<void> {
  for (const recordings of ofPorts) {
    for (const recording of recordings.values()) end(recording, null)
    recordings.clear()
  }
  await Promise.allSettled(ending)
  await store.close()
  setImmediate(() => say({ type: 'stopped' }))
}

main.on('message', (order: OrderToRecorder) => {
  if (order.type === 'hear') hear(order.port)
  else void shutDown()
})
say({ type: 'ready' })

/** The recorder thread: everything that may wait for a disk or a store happens here, never where packets pass. */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '@loopline/vocabulary/assert'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import { parseKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import { Recording } from './recording.ts'
import type { FromRecorder, RecorderStart, ToRecorder } from './recorder-messages.ts'

const start = workerData as RecorderStart
const port = parentPort
assert(port, 'runs as a worker thread')
const store = await openObjects(start.store)
const keyring = createKeyring(parseKeySet(start.keys))
const recordings = new Map<AttemptId, Recording>()
/** Ends that are still being written. */
const ending = new Set<Promise<void>>()
let pendingBytes = 0
let told: VoiceCallEvent[] = []

const say = (message: FromRecorder): void => port.postMessage(message)

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

function onMessage(message: ToRecorder): void {
  switch (message.type) {
    case 'start': {
      const { attemptId, customerId, basis, at } = message
      return void recordings.set(attemptId, new Recording({ attemptId, customerId, basis, startedAt: at }, deps))
    }
    case 'block': return recordings.get(message.attemptId)?.block(message.at, message.customer, message.seller)
    case 'pause': return recordings.get(message.attemptId)?.pause(message.at)
    case 'resume': return recordings.get(message.attemptId)?.resume(message.at)
    case 'end': return end(message.attemptId, message.at)
    case 'shut-down': return void shutDown()
  }
}

function end(attemptId: AttemptId, at: number): void {
  const recording = recordings.get(attemptId)
  if (!recording) return
  recordings.delete(attemptId)
  const done = recording.end(at).finally(() => ending.delete(done))
  ending.add(done)
}

/** What was recorded until now is kept; the media thread has told the ends it knows before. */
async function shutDown(): Promise<void> {
  await Promise.allSettled(ending)
  await store.close()
  setImmediate(() => say({ type: 'stopped' }))
}

port.on('message', onMessage)
say({ type: 'ready' })

/** What the main thread and the recorder thread say to each other. What is recorded comes over a port of its own (media/recorder.ts). */
import type { MessagePort } from 'node:worker_threads'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'

export interface RecorderStart {
  /** Of the object store: drivers/objects. */
  store: string
  /** The keys as JSON: the thread seals by itself. */
  keys: string
  /** What may wait to be written, all calls together; beyond it a chunk becomes a hole, told at once. */
  pendingBytesMax: number
}

export type OrderToRecorder =
  /** A media thread begins to speak over this port; when it closes, what was recorded over it ends there. */
  | { type: 'hear'; port: MessagePort }
  | { type: 'shut-down' }

export type NewsOfRecorder =
  | { type: 'ready' }
  | { type: 'calls'; events: VoiceCallEvent[] }
  | { type: 'stopped' }

/** What the media thread and the recorder thread say to each other. The media thread never waits for an answer. */
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'

export interface RecorderStart {
  /** Of the object store: drivers/objects. */
  store: string
  /** The keys as JSON: the thread seals by itself. */
  keys: string
  /** What may wait to be written, all calls together; beyond it a chunk becomes a hole, told at once. */
  pendingBytesMax: number
}

export type ToRecorder =
  /** `at`: unix ms of sample 0. */
  | { type: 'start'; attemptId: AttemptId; customerId: CustomerId; basis: 'granted' | 'announced'; at: number }
  /** Both channels from sample `at` on, equally long, linear 16; the buffers are transferred. */
  | { type: 'block'; attemptId: AttemptId; at: number; customer: Int16Array; seller: Int16Array }
  | { type: 'pause'; attemptId: AttemptId; at: number }
  | { type: 'resume'; attemptId: AttemptId; at: number }
  /** The conversation ended at sample `at`. */
  | { type: 'end'; attemptId: AttemptId; at: number }
  | { type: 'shut-down' }

export type FromRecorder =
  | { type: 'ready' }
  | { type: 'calls'; events: VoiceCallEvent[] }
  | { type: 'stopped' }

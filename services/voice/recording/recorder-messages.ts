/** What the main thread and the recorder thread say to each other. What is recorded comes over a port of its own (media/recorder.ts). */
import type { MessagePort } from 'node:worker_threads'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { RecordingToClose, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { StoredChunk } from '@loopline/recording/manifest'

export interface RecorderStart {
  /** Of the object store: drivers/objects. */
  store: string
  /** The keys as JSON: the thread seals by itself. */
  keys: string
  /** What may wait to be written, all calls together; beyond it a chunk becomes a hole, told at once. */
  pendingBytesMax: number
  /** What a recorder before this one had begun and not ended: a media thread goes on with it, or it is closed. */
  left: LeftRecording[]
}

/** The chunks of a recording that are in the store. */
export interface LeftRecording {
  attemptId: AttemptId
  chunks: StoredChunk[]
}

export type OrderToRecorder =
  /** A media thread begins to speak over this port; when it closes, what was recorded over it ends there. */
  | { type: 'hear'; port: MessagePort }
  /** Recordings that may have been left open: those nobody goes on with are closed with what the store holds. */
  | { type: 'close'; recordings: RecordingToClose[] }
  | { type: 'shut-down' }

export type NewsOfRecorder =
  | { type: 'ready' }
  | { type: 'calls'; events: VoiceCallEvent[] }
  /** A chunk could be written in all its tries, or could not: STORE_FULL, STORE_UNREACHABLE, or too slow for what waits. */
  | { type: 'store'; fault: string | null }
  | { type: 'stopped' }

import { z } from 'zod'

/**
 * A recording is a row of chunks in the object store, each of at most two seconds, written while the people talk. A chunk
 * is `recordings/<attempt id>/<number, six digits>`: AES-256-GCM (drivers/keys) over pairs of A-law bytes, the customer
 * first and the seller second, 8 kHz. `hash` is SHA-256 over the hash before it and the sealed bytes.
 */
export interface RecordedChunk {
  number: number
  /** Samples per channel; 16,000 but for the last one and those around a pause. */
  samples: number
  /** Offset from the start of the recording, in samples: a pause or a hole leaves a gap. */
  at: number
  bytes: number
  /** Hex. */
  hash: string
}

/** What is known of it when it ends. `complete`: every sample between start and end is in a chunk or in a pause. */
export interface RecordingEnd {
  startedAt: number
  endedAt: number
  basis: 'granted' | 'announced'
  chunks: number
  samples: number
  complete: boolean
  /** Stretches that are missing or paused, in samples of the axis of `at`. */
  gaps: { from: number; to: number; why: 'paused' | 'lost' }[]
  /** Hash of the last chunk, hex; null when there is none. */
  head: string | null
}

export const RECORDING_STATES = ['recording', 'complete', 'incomplete', 'not-recorded'] as const

/** GET /recordings/:attemptId. Why a call was or was not recorded, and whether the recording is whole. */
export const RecordingView = z.object({
  attemptId: z.uuid(),
  state: z.enum(RECORDING_STATES),
  /** The basis when recorded, else the reason why not, one word for the console to translate. */
  because: z.string(),
  startedAt: z.string().nullable(),
  durationMs: z.number().int(),
  gaps: z.array(z.object({ fromMs: z.number(), toMs: z.number(), why: z.enum(['paused', 'lost']) })),
  keptUntil: z.string().nullable(),
  legalHold: z.boolean(),
  /** 200 loudest values per channel, 0..1, for the waveform; empty while recording. */
  peaks: z.object({ customer: z.array(z.number()), seller: z.array(z.number()) }),
})
export type RecordingView = z.infer<typeof RecordingView>
/** GET /recordings/:attemptId/audio.wav — stereo, 8 kHz, 16 bit; byte ranges. Audited before the first byte. */

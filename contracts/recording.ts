import { z } from 'zod'
import { PageQuery, pageOf } from './page.ts'

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

/** `not-recorded`: nothing was kept, `because` says why. `deleted`: its time was over. */
export const RECORDING_STATES = ['recording', 'complete', 'incomplete', 'deleted', 'not-recorded'] as const
export type RecordingState = (typeof RECORDING_STATES)[number]

/** What is wrong with what the store holds; `number` is that of the chunk. */
export const RecordingFinding = z.object({ kind: z.enum(['missing', 'short', 'changed', 'manifest-missing', 'manifest-changed', 'count-differs', 'head-differs']), number: z.number().int().optional() })

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
  /** Why, by whom and since when it is under legal hold. */
  hold: z.object({ reason: z.string(), by: z.string(), at: z.string() }).nullable(),
  /** When nothing of it was left in the store. */
  deletedAt: z.string().nullable(),
  /** When the store was last held against what was told, and what was found. */
  verifiedAt: z.string().nullable(),
  findings: z.array(RecordingFinding),
  /** 200 loudest values per channel, 0..1, for the waveform; empty while recording. */
  peaks: z.object({ customer: z.array(z.number()), seller: z.array(z.number()) }),
})
export type RecordingView = z.infer<typeof RecordingView>
/** GET /recordings/:attemptId/audio.wav — stereo, 8 kHz, 16 bit; byte ranges. Audited before the first byte. */

/** PUT /recordings/:attemptId/hold — nothing under legal hold is deleted; set and removed with a reason, both audited. */
export const LegalHold = z.object({ on: z.boolean(), reason: z.string().trim().min(2).max(500) })

/** GET /recordings — conversations and what was kept of them, newest first. */
export const RecordingQuery = PageQuery.extend({
  customerId: z.uuid().optional(),
  agentId: z.uuid().optional(),
  campaignId: z.uuid().optional(),
  state: z.enum(RECORDING_STATES).optional(),
  legalHold: z.enum(['0', '1']).optional(),
  /** Of calls begun in [from, to). */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
})
export const RecordingItem = RecordingView.pick({ attemptId: true, state: true, because: true, keptUntil: true, legalHold: true, deletedAt: true, verifiedAt: true, findings: true, durationMs: true }).extend({
  customerId: z.uuid(),
  agentId: z.uuid().nullable(),
  campaignId: z.uuid().nullable(),
  campaignName: z.string().nullable(),
  /** Of the call. */
  startedAt: z.string(),
})
export type RecordingItem = z.infer<typeof RecordingItem>
export const RecordingPage = pageOf(RecordingItem)

/** POST /recordings/verify — holds the store against what was told, a page of recordings at a time, whenever they were looked at last. */
export const VerifyRecordings = z.object({ cursor: z.uuid().nullable().default(null), limit: z.number().int().min(1).max(50).default(20) })
export const VerifiedRecordings = z.object({
  checked: z.number().int(),
  damaged: z.array(z.object({ attemptId: z.uuid(), findings: z.array(RecordingFinding) })),
  next: z.uuid().nullable(),
})

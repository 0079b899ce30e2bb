import type { Outcome } from '@loopline/vocabulary/outcome'
import type { OutcomeReason } from './reasons.ts'

/** What was seen on the wire. Same shape as `CallEvidence` of the contracts. */
export interface Evidence {
  /** Final SIP status of the INVITE, or null when none came. */
  readonly sipStatus: number | null
  /** Q.850 cause of a Reason header, RFC 3326. */
  readonly q850: number | null
  /** SDP in a 18x: the callee heard, or would have heard, something before any answer. */
  readonly earlyMedia: boolean
  /** A recognised announcement; null when none was heard or none was understood. */
  readonly announcement: 'invalid-number' | 'suspended' | 'powered-off' | 'unreachable' | 'busy' | null
  /** `shutdown`: by us, because the process was stopped and not because anybody wished the call to end. */
  readonly endedBy: 'callee' | 'us' | 'shutdown' | 'timeout' | 'crash' | 'carrier'
  /** Why nothing could be said though the line was there. */
  readonly mediaFailure?: 'no-common-audio' | 'not-encrypted'
}

/** Unix ms. `ringingAt` is the first 180; a 183 alone is not ringing, because an announcement comes with it too. */
export interface Timing {
  readonly startedAt: number
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly endedAt: number
  /** Absent for a call that was to talk to nobody. Same shape as `TalkResult` of the contracts. */
  readonly talk?: Talk
}

/** Whom an answered person heard. */
export interface Talk {
  /** Who was connected last; null when nobody of ours ever was. */
  readonly agentId: string | null
  /** When nobody had come in time and the fallback began. */
  readonly fallbackAt: number | null
}

/** A 404 or 604 for this number that stood on its own: the line it came over and the callee's local day. */
export interface Sighting {
  readonly lineId: string
  readonly day: string
}

/** Where this result comes from and what was seen of the number before. */
export interface LineContext {
  readonly lineId: string
  readonly day: string
  /** From `lineVerdict`: a tripped line proves nothing about a number, an unproven one cannot confirm what another saw. */
  readonly line: 'proven' | 'unproven' | 'tripped'
  readonly priorInvalidEvidence: readonly Sighting[]
}

export interface OutcomeVerdict {
  readonly outcome: Outcome
  readonly reason: OutcomeReason
  /** False while one more sighting is needed before the number may be called invalid. */
  readonly conclusive: boolean
  /** Whether to keep this result as a `Sighting` of the number. */
  readonly sighting: boolean
}

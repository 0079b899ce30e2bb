import type { Announcement } from './happening.ts'
import type { Manner } from './voice/speaker.ts'

/** One response of the carrier, `atMs` after the INVITE. */
export interface Step {
  readonly atMs: number
  /** 101..199, or a final; a 200 carries the session description. */
  readonly status: number
  /** Heard in a 18x: it then carries a session description. */
  readonly announcement?: Announcement
  /** Value of a Reason header (RFC 3326, RFC 6432). */
  readonly reason?: string
  readonly retryAfterS?: number
}

/** Everything the carrier does in one call. Steps are in order of time; the last one may be final. */
export interface CallScript {
  /** Whether a 100 comes at once; without it and without steps the carrier is deaf. */
  readonly trying: boolean
  readonly steps: readonly Step[]
  /** BYE this long after the answer; null waits for the caller's. */
  readonly hangUpAfterMs: number | null
  /** What a CANCEL meets: `ends` as it should; `answers`: the callee picks up at that very moment; `ignored`: never a 487. */
  readonly onCancel: 'ends' | 'answers' | 'ignored'
  /** How the callee sounds. */
  readonly manner: Manner
}

export const script = (steps: readonly Step[], but: Partial<CallScript> = {}): CallScript => ({
  trying: true, steps, hangUpAfterMs: null, onCancel: 'ends', manner: { kind: 'person' }, ...but,
})

/** The same call with everything but the 100 so much later. */
export const delayed = (original: CallScript, byMs: number): CallScript =>
  byMs === 0 ? original : { ...original, steps: original.steps.map((step) => ({ ...step, atMs: step.atMs + byMs })) }

/** The same call with every time multiplied: a working day of calls in minutes. Rules that look at seconds see less of them. */
export function scaled(original: CallScript, timeScale: number): CallScript {
  if (timeScale === 1) return original
  return {
    ...original,
    steps: original.steps.map((step) => ({ ...step, atMs: step.atMs * timeScale })),
    hangUpAfterMs: original.hangUpAfterMs === null ? null : original.hangUpAfterMs * timeScale,
  }
}

import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Evidence, Timing } from './evidence.ts'
import type { OutcomeReason } from './reasons.ts'

/** What a row may look at, prepared once per result. */
export interface Seen {
  readonly evidence: Evidence
  /** Final status; 0 when none came. */
  readonly status: number
  /** Q.850 cause; 0 when none came. */
  readonly cause: number
  readonly answered: boolean
  /** A person answered, was to be connected, and nobody came before the fallback. */
  readonly leftAlone: boolean
  readonly rang: boolean
  /** From the first 180 to the end; 0 when it never rang. */
  readonly ringMs: number
}

export interface OutcomeRow {
  readonly when: (seen: Seen) => boolean
  readonly outcome: Outcome
  readonly reason: OutcomeReason
  /** Where the reading comes from: RFC, Q.850 clause by name, or our own rule with its ground. */
  readonly source: string
}

/** A callee needs this long to see who calls and refuse; a 486 sooner is the network's own word. */
const REJECT_AFTER_RING_MS = 2_000

const BUSY = new Set([486, 600])
const DECLINED = new Set([603, 607])
const CREDENTIALS = new Set([401, 402, 407])
const MEDIA = new Set([415, 488, 606])

/**
 * The first row that fits decides. Order: what was heard and answered, then what the network says in Q.850 (the finest
 * word there is), then the SIP status with what we saw of ringing.
 */
export const OUTCOME_TABLE: readonly OutcomeRow[] = [
  { when: (s) => s.evidence.mediaFailure === 'not-encrypted', outcome: 'line-failed', reason: 'encryption-refused', source: 'RFC 4568 §5.1.3, RFC 3261 §21.4.26: the line requires SRTP, its carrier took no key' },
  { when: (s) => s.answered && s.evidence.mediaFailure === 'no-common-audio', outcome: 'line-failed', reason: 'media-refused', source: 'RFC 3264 §6: answered with no codec that we offered; nobody was heard' },
  { when: (s) => s.answered && s.leftAlone, outcome: 'abandoned', reason: 'no-agent-in-time', source: 'Ofcom and FCC count from 2 s after the greeting; our fallback begins there' },
  { when: (s) => s.answered && s.evidence.endedBy === 'crash', outcome: 'connected', reason: 'answered-then-crash', source: 'RFC 3261 §13.2.2.4: a 2xx was seen; only its end is hidden' },
  { when: (s) => s.answered, outcome: 'connected', reason: 'answered', source: 'RFC 3261 §13.2.2.4' },

  { when: (s) => s.evidence.announcement === 'invalid-number', outcome: 'invalid-number', reason: 'announced-invalid-number', source: 'operator announcement 空号' },
  { when: (s) => s.evidence.announcement === 'suspended', outcome: 'suspended', reason: 'announced-suspended', source: 'operator announcement 停机' },
  { when: (s) => s.evidence.announcement === 'powered-off', outcome: 'powered-off', reason: 'announced-powered-off', source: 'operator announcement 关机' },
  { when: (s) => s.evidence.announcement === 'unreachable', outcome: 'unreachable', reason: 'announced-unreachable', source: 'operator announcement 无法接通' },
  { when: (s) => s.evidence.announcement === 'busy', outcome: 'busy', reason: 'announced-busy', source: 'operator announcement 正在通话中' },

  { when: (s) => s.cause === 1, outcome: 'invalid-number', reason: 'unallocated-number', source: 'Q.850 1 unallocated number, by RFC 3326' },
  { when: (s) => s.cause === 2 || s.cause === 3, outcome: 'line-failed', reason: 'no-route', source: 'Q.850 2, 3 no route: the carrier, not the number' },
  { when: (s) => s.cause === 17, outcome: 'busy', reason: 'callee-busy', source: 'Q.850 17 user busy' },
  { when: (s) => s.cause === 18 && !s.rang, outcome: 'unreachable', reason: 'no-reaction-from-callee', source: 'Q.850 18 no user responding' },
  { when: (s) => s.cause === 18 || s.cause === 19, outcome: 'no-answer', reason: 'no-answer-by-cause', source: 'Q.850 19 no answer, user alerted' },
  { when: (s) => s.cause === 20, outcome: 'unreachable', reason: 'subscriber-absent', source: 'Q.850 20: detached or out of reach, so not proof of being powered off' },
  { when: (s) => s.cause === 21 && s.status === 403 && !s.rang, outcome: 'line-failed', reason: 'carrier-refused', source: 'RFC 3398 §8.2.6.1: 21 with 403 before ringing is the network’s refusal' },
  { when: (s) => s.cause === 21, outcome: 'rejected', reason: 'rejected-by-cause', source: 'Q.850 21 call rejected' },
  { when: (s) => s.cause === 22, outcome: 'unreachable', reason: 'number-changed', source: 'Q.850 22 number changed' },
  { when: (s) => s.cause === 27, outcome: 'unreachable', reason: 'destination-out-of-order', source: 'Q.850 27' },
  { when: (s) => s.cause === 28, outcome: 'unreachable', reason: 'number-incomplete', source: 'Q.850 28 invalid number format' },
  { when: (s) => s.cause === 29 || s.cause >= 34, outcome: 'line-failed', reason: 'network-cause', source: 'Q.850 29 facility rejected; classes 010–111: resource, service, message, protocol, interworking' },

  { when: (s) => s.status === 0 && s.evidence.endedBy === 'crash', outcome: 'unknown', reason: 'crash-hid-the-end', source: 'design.md: unknown only where a crash hid the end' },
  { when: (s) => (s.status === 0 || s.status === 487) && s.evidence.endedBy === 'shutdown', outcome: 'cancelled', reason: 'voice-stopped', source: 'RFC 3261 §9.2: our CANCEL, by a process that was told to stop' },
  { when: (s) => s.status === 0 && s.evidence.endedBy === 'us', outcome: 'cancelled', reason: 'we-cancelled', source: 'RFC 3261 §9.1: no final came after our CANCEL' },
  { when: (s) => s.status === 0 && s.evidence.endedBy === 'timeout' && (s.rang || s.evidence.earlyMedia), outcome: 'no-answer', reason: 'ring-time-out', source: 'RFC 3261 §9.1: the 487 after our CANCEL was lost' },
  { when: (s) => s.status === 0, outcome: 'line-failed', reason: 'no-response', source: 'RFC 3261 §17.1.1.2 Timer B' },

  { when: (s) => s.status === 487 && s.evidence.endedBy === 'us', outcome: 'cancelled', reason: 'we-cancelled', source: 'RFC 3261 §9.2' },
  { when: (s) => s.status === 487 && (s.rang || s.evidence.earlyMedia), outcome: 'no-answer', reason: 'ring-time-out', source: 'RFC 3261 §9.2: CANCEL after our ring time; ring-back may come as early media only' },
  { when: (s) => s.status === 487 && s.evidence.endedBy === 'timeout', outcome: 'unreachable', reason: 'no-reaction-from-callee', source: 'RFC 3261 §9.2: nothing rang in our ring time' },
  { when: (s) => s.status === 487, outcome: 'unreachable', reason: 'carrier-cancelled', source: 'RFC 3261 §21.4.25 without a CANCEL of ours' },
  { when: (s) => s.evidence.endedBy === 'crash' && s.status < 400, outcome: 'unknown', reason: 'crash-hid-the-end', source: 'design.md: unknown only where a crash hid the end' },

  { when: (s) => BUSY.has(s.status) && s.ringMs >= REJECT_AFTER_RING_MS, outcome: 'rejected', reason: 'rejected-after-ringing', source: 'design.md: 486 after 2 s of ringing is the callee’s hand' },
  { when: (s) => BUSY.has(s.status), outcome: 'busy', reason: 'callee-busy', source: 'RFC 3261 §21.4.24, §21.6.1' },
  { when: (s) => DECLINED.has(s.status), outcome: 'rejected', reason: 'callee-declined', source: 'RFC 3261 §21.6.2; RFC 8197 (607)' },
  { when: (s) => s.status === 608, outcome: 'line-failed', reason: 'caller-id-blocked', source: 'RFC 8688: an intermediary, not the callee' },
  { when: (s) => s.status === 480 && s.rang, outcome: 'no-answer', reason: 'rang-without-answer', source: 'RFC 3261 §21.4.18' },
  { when: (s) => s.status === 480, outcome: 'unreachable', reason: 'temporarily-unavailable', source: 'RFC 3261 §21.4.18; a bare 480 never means powered off or suspended' },
  { when: (s) => s.status === 408 && s.rang, outcome: 'no-answer', reason: 'rang-without-answer', source: 'RFC 3261 §21.4.9' },
  { when: (s) => s.status === 408, outcome: 'unreachable', reason: 'no-reaction-from-callee', source: 'RFC 3261 §21.4.9' },
  { when: (s) => s.status === 404 || s.status === 604, outcome: 'unreachable', reason: 'number-may-be-invalid', source: 'RFC 3261 §21.4.5, §21.6.3; alone it proves nothing (carriers answer 404 when a route is missing)' },
  { when: (s) => s.status === 410, outcome: 'unreachable', reason: 'number-changed', source: 'RFC 3261 §21.4.10' },
  { when: (s) => s.status === 484 || s.status === 485, outcome: 'unreachable', reason: 'number-incomplete', source: 'RFC 3261 §21.4.22, §21.4.23' },
  { when: (s) => s.status === 503, outcome: 'line-failed', reason: 'carrier-overloaded', source: 'RFC 3261 §21.5.4' },
  { when: (s) => CREDENTIALS.has(s.status), outcome: 'line-failed', reason: 'credentials-refused', source: 'RFC 3261 §22' },
  { when: (s) => MEDIA.has(s.status), outcome: 'line-failed', reason: 'media-refused', source: 'RFC 3261 §21.4.26' },
  { when: (s) => s.status === 403, outcome: 'line-failed', reason: 'carrier-refused', source: 'RFC 3261 §21.4.4' },
  { when: (s) => s.status >= 300 && s.status < 400, outcome: 'line-failed', reason: 'redirected', source: 'RFC 3261 §8.1.3.4: we never follow, a redirect could run up toll' },
  { when: () => true, outcome: 'line-failed', reason: 'carrier-error', source: 'RFC 3261 §21.4–§21.6: every other final is the carrier’s trouble' },
]

export function seenIn(evidence: Evidence, timing: Timing): Seen {
  const status = evidence.sipStatus ?? 0
  const rang = timing.ringingAt !== null
  return {
    evidence, status, rang,
    cause: evidence.q850 ?? 0,
    answered: timing.answeredAt !== null || (status >= 200 && status < 300),
    leftAlone: timing.talk !== undefined && timing.talk.agentId === null && timing.talk.fallbackAt !== null,
    ringMs: timing.ringingAt === null ? 0 : timing.endedAt - timing.ringingAt,
  }
}

import type { Outcome } from '@loopline/vocabulary/outcome'
import type { CallEvidence } from '@loopline/contracts/call-event'
import type { Ending, Judged } from '../outcome/ending.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'

/** Why a call that came in ended as it did; the words stand beside those of engines/outcome. */
export type InboundOutcomeReason = 'caller-was-heard' | 'caller-gave-up' | 'nobody-came' | 'caller-refused' | 'crash-hid-the-end'

const NO_EVIDENCE: CallEvidence = { sipStatus: null, q850: null, reasonText: null, earlyMedia: false, announcement: null, endedBy: 'crash' }
/** Not ours, full, no common audio, not wanted: nobody of ours was to come. */
const REFUSED: ReadonlySet<number> = new Set([403, 404, 486, 488, 603])

/** What the end of a call that came in means. It says nothing about its line, and nothing about the person but that he wanted something. */
export function judgeInbound(ending: Ending, attempt: OpenAttempt): Judged {
  const { customerId, attemptId, startedAt } = attempt
  if (ending.kind !== 'result') {
    return {
      ending, attempt, sighting: false,
      ended: {
        customerId, attemptId, startedAt, ringingAt: null, answeredAt: null, endedAt: ending.at, conclusive: true, finalAfterMs: null, retransmissions: 0,
        outcome: 'unknown', outcomeReason: 'crash-hid-the-end' satisfies InboundOutcomeReason, evidence: NO_EVIDENCE,
      },
    }
  }
  const { ringingAt, answeredAt, endedAt, evidence, finalAfterMs, retransmissions, talk } = ending.result
  const { outcome, reason } = meaningOf(evidence, talk?.connectedAt ?? null, answeredAt)
  return {
    ending, attempt, sighting: false,
    ended: { customerId, attemptId, startedAt, ringingAt, answeredAt, endedAt, evidence, finalAfterMs, retransmissions, outcome, outcomeReason: reason, conclusive: true, ...(talk && { talk }) },
  }
}

function meaningOf({ sipStatus, endedBy }: CallEvidence, connectedAt: number | null, answeredAt: number | null): { outcome: Outcome; reason: InboundOutcomeReason } {
  if (connectedAt !== null) return { outcome: 'connected', reason: 'caller-was-heard' }
  if (answeredAt === null && sipStatus !== null && REFUSED.has(sipStatus)) return { outcome: 'rejected', reason: 'caller-refused' }
  return { outcome: 'abandoned', reason: answeredAt === null && endedBy === 'callee' ? 'caller-gave-up' : 'nobody-came' }
}

export const isInbound = ({ decision }: Pick<OpenAttempt, 'decision'>): boolean => decision.inbound !== undefined

import { LEGS_MAX } from '@loopline/contracts/voice-link'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { EndedLeg } from '@loopline/contracts/call-event'
import { mayFailOver } from '@loopline/routing/fail-over'
import type { LineId } from '@loopline/vocabulary/ids'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { Dialer } from '../dialer.ts'
import type { Judged } from '../outcome/ending.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import { weighCall } from '../line/weigh-call.ts'
import { writeLegs } from './fail-over.sql.ts'
import type { NextLeg } from './fail-over.sql.ts'
import { DIAL_WITHIN_MS } from './planned-attempt.ts'

/** Longer ago the attempt was decided about other facts; an agent who is reserved for it has waited long enough. */
const WITHIN_MS = 40_000
const WITHIN_FOR_AGENT_MS = 10_000

interface Change {
  judged: Judged
  attempt: OpenAttempt & { order: NonNullable<OpenAttempt['order']> }
  next: NextLeg
}

/**
 * Goes on over another line with attempts whose leg failed before anybody's phone can have rung: decided anew as every call is, written
 * down, then ordered, and only of the voice process that told us the end of the leg before. Answers those that are over.
 *
 * A crash before the commit leaves the end of the first leg with voice, which tells it again; one after it leaves a leg that
 * voice never saw, for which the attempt ends as the first leg did. Neither can call twice.
 */
export async function failOver(dialer: Dialer, judged: readonly Judged[]): Promise<readonly Judged[]> {
  const changes = judged.flatMap((one) => changeOf(dialer, one) ?? [])
  if (changes.length === 0) return judged
  let written = new Set<string>()
  try {
    written = await retryable(() => inTransaction(dialer.db, (transaction) => writeLegs(transaction, changes.map(({ next }) => next), dialer.id)))
  } finally {
    for (const { next } of changes) {
      if (written.has(next.attemptId)) continue
      dialer.lines.release(next.lineId)
      dialer.callerIds.giveBack(next.callerId, next.dialBy - DIAL_WITHIN_MS)
    }
  }
  const gone = changes.filter(({ next }) => written.has(next.attemptId))
  for (const change of gone) moveOver(dialer, change)
  dialer.crashPoint('after-leg-commit')
  order(dialer, gone)
  dialer.stats.count('failovers', gone.length)
  const goneOn = new Set(gone.map((change) => change.judged))
  return judged.filter((one) => !goneOn.has(one))
}

function changeOf(dialer: Dialer, judged: Judged): Change | null {
  const { attempt, ending, ended } = judged
  if (ending.kind !== 'result' || !attempt.order || attempt.lineId === null || attempt.leg >= LEGS_MAX || attempt.epoch !== dialer.voice.epoch) return null
  const { evidence, ringingAt, answeredAt } = ending.result
  if (!mayFailOver({ ...evidence, rang: ringingAt !== null, answered: answeredAt !== null })) return null
  // Of a line that is heard of, only the answers may have been lost: the person's phone may be ringing.
  if (evidence.sipStatus === null && evidence.endedBy === 'timeout' && dialer.lines.get(attempt.lineId)?.socket !== 'down') return null
  const begun = attempt.legs[0]?.result.startedAt ?? ending.result.startedAt
  if (dialer.clock.now() - begun > (attempt.agentId === null ? WITHIN_MS : WITHIN_FOR_AGENT_MS)) return null
  const tried = new Set<LineId>([attempt.lineId, ...attempt.legs.map((leg) => leg.lineId)])
  const verdict = attempt.order.decideAgain?.(tried)
  if (verdict?.kind !== 'dial' || verdict.phone.phoneId !== attempt.phoneId) return null
  const { lineId, lineType, callerId } = verdict
  dialer.lines.take(lineId)
  dialer.callerIds.take(callerId)
  const leg: EndedLeg = {
    lineId: attempt.lineId, lineName: attempt.lineName ?? '', lineType: attempt.lineType ?? lineType, callerId: attempt.callerId ?? '', reason: attempt.decision.lineType.reason,
    outcome: ended.outcome, outcomeReason: ended.outcomeReason, conclusive: ended.conclusive, result: ending.result,
  }
  const recording = attempt.decision.recording
  const next: NextLeg = {
    customerId: attempt.customerId, attemptId: attempt.attemptId, leg: attempt.leg + 1, lineId, lineName: dialer.lines.get(lineId)?.row.name ?? '', lineType, callerId,
    decision: { ...verdict.decision, ...(recording && { recording }) }, legs: [...attempt.legs, leg], epoch: attempt.epoch,
    dialBy: dialer.clock.now() + DIAL_WITHIN_MS, personVersion: attempt.order.personVersion,
  }
  return { judged, attempt: attempt as Change['attempt'], next }
}

/** The books follow what is written: line, deadline, and nothing heard of the new leg yet. */
function moveOver(dialer: Dialer, { attempt, next }: Change): void {
  const before = attempt.lineId as LineId
  const ended = next.legs.at(-1)
  if (ended) weighCall(dialer, attempt, ended)
  dialer.lines.release(before)
  dialer.callerIds.release(attempt.callerId)
  dialer.lines.forgive(before, attempt.attemptId)
  const { leg, legs, lineId, lineName, lineType, callerId, decision, dialBy } = next
  Object.assign(attempt, { leg, legs, lineId, lineName, lineType, callerId, decision, dialBy })
  dialer.inFlight.add(attempt)
}

function order(dialer: Dialer, gone: readonly Change[]): void {
  const calls: DialCommand[] = []
  for (const { attempt } of gone) {
    const { attemptId, customerId, campaignId, lineId, epoch, dialBy, callerId, leg, order: ordered } = attempt
    if (campaignId !== null && dialer.campaigns.get(campaignId)?.row.state !== 'running') {
      dialer.outcomes.take({ kind: 'never-sent', attemptId, at: dialer.clock.now(), refusal: 'stopped', leg })
      continue
    }
    const { leaseToken, phoneSealed, ringTimeMs, hangUpAfterMs, sandbox, talk } = ordered
    calls.push({ attemptId, customerId, campaignId, lineId: lineId as LineId, epoch, leaseToken, dialBy, phoneSealed, callerId: callerId ?? '', ringTimeMs, hangUpAfterMs, sandbox, ...(talk && { talk }), leg })
  }
  if (calls.length > 0) dialer.voice.send({ type: 'dial', calls })
}

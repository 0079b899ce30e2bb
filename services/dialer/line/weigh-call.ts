import type { LegQuality } from '@loopline/contracts/quality'
import type { CallResult } from '@loopline/contracts/voice-link'
import { POOR_MOS, SHORT_CALL_MS } from '@loopline/routing/quality-window'
import type { LineAlarm } from '@loopline/routing/line-watch'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Dialer } from '../dialer.ts'
import { DIAL_WITHIN_MS } from '../dialing/planned-attempt.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'

/** Calls that a person dialled are compared among themselves. */
const BY_HAND = 'by-hand'

/** What one ended leg says of its line: counted by minute and region, learnt from, and watched for a change. */
export function weighCall(dialer: Dialer, attempt: OpenAttempt, { lineId, outcome, result }: { lineId: LineId; outcome: Outcome; result: CallResult }): void {
  const region = attempt.person?.state.region ?? null
  dialer.quality.note({ lineId, region, outcome, result })
  const list = attempt.campaignId ?? BY_HAND
  sayAlarms(dialer, lineId, dialer.lines.sent(lineId, list, result.retransmissions > 0))
  // A line that fails calls outright is left by its circuit; what we ended ourselves speaks of nobody.
  if (outcome === 'line-failed' || outcome === 'cancelled' || outcome === 'unknown') return
  const { answeredAt, endedAt } = result
  dialer.quality.past.note({ lineId, region, day: attempt.attemptDay, hour: Number.parseInt(attempt.decision.calleeTime, 10) || 0, reached: outcome === 'connected' || outcome === 'abandoned' })
  const call = { lineId, list, region: region ?? '', answered: answeredAt !== null, short: answeredAt !== null && endedAt - answeredAt < SHORT_CALL_MS }
  sayAlarms(dialer, lineId, dialer.lines.watched(call))
}

/** Somebody's phone rings, `at` unix ms: the line does its work, and how long it took is watched at once. */
export function weighRinging(dialer: Dialer, attempt: OpenAttempt | undefined, at: number): void {
  if (!attempt?.lineId) return
  dialer.lines.works(attempt.lineId)
  // Of a later leg, its own start: the attempt's is that of the first.
  const startedAt = attempt.legs.length === 0 ? attempt.startedAt : attempt.dialBy - DIAL_WITHIN_MS
  sayAlarms(dialer, attempt.lineId, dialer.lines.rang(attempt.lineId, Math.max(0, at - startedAt)))
}

/** How an answered call sounded that came over its line; only while it is known which call it was. */
export function weighSound(dialer: Dialer, attempt: OpenAttempt | undefined, customer: LegQuality): void {
  if (!attempt?.lineId) return
  dialer.quality.sound(attempt.lineId, attempt.person?.state.region ?? null, customer)
  const { packetsReceived, mos } = customer
  sayAlarms(dialer, attempt.lineId, dialer.lines.heard({ lineId: attempt.lineId, list: attempt.campaignId ?? BY_HAND, silent: packetsReceived === 0, poor: mos !== null && mos < POOR_MOS }))
}

function sayAlarms(dialer: Dialer, lineId: LineId, alarms: readonly LineAlarm[]): void {
  for (const { kind, seen, expected, calls } of alarms) dialer.log.warn({ lineId, kind, seen, expected, calls }, `${dialer.lines.get(lineId)?.row.name ?? 'a line'}, ${kind}: other lines have it otherwise with the same lists`)
}

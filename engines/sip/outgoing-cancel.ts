import { cancelParts, sendRequest } from './client-request.ts'
import type { Cancelling, OutgoingCall } from './outgoing-call.ts'
import { report } from './outgoing-end.ts'
import { line } from './serialise.ts'
import { NEVER, TRANSACTION_MS } from './transaction/timers.ts'

/** Gives up an unanswered call. The CANCEL leaves now, or with the first provisional response (§9.1 forbids it before). */
export function cancel(call: OutgoingCall, why: Pick<Cancelling, 'by' | 'cause' | 'reason'>, now: number): void {
  if (call.cancelling !== null) return
  call.cancelling = { ...why, at: now, giveUpAt: NEVER }
  if (call.hasProvisional) sendCancel(call, now)
}

/** Sends the CANCEL, once. */
export function sendCancel(call: OutgoingCall, now: number): void {
  if (call.cancelling === null || call.cancelRequest !== null) return
  const { reason } = call.cancelling
  const parts = cancelParts(call.invite, reason === '' ? '' : line('Reason', reason))
  call.cancelRequest = sendRequest(parts, now, call.wire)
  call.cancelling = { ...call.cancelling, giveUpAt: now + TRANSACTION_MS }
}

/** §9.1: no final response 64 × T1 after the CANCEL, so the INVITE counts as cancelled. A later 200 is still ACKed and ended. */
export function onCancelTimeout(call: OutgoingCall, now: number): void {
  if (call.cancelling === null) return
  const { by, cause, at } = call.cancelling
  call.cancelling = { ...call.cancelling, giveUpAt: NEVER }
  call.lingerUntil = now + TRANSACTION_MS
  report(call, { by, cause, at, confirmed: false })
}

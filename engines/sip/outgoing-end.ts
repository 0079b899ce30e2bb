import type { Ended } from './call-effect.ts'
import { readCount } from './header/cseq.ts'
import { q850CauseOf, type Reason } from './header/reason.ts'
import { header, type SipResponse } from './message.ts'
import type { OutgoingCall } from './outgoing-call.ts'
import { reasonsOf } from './session-request.ts'
import { TRANSACTION_MS } from './transaction/timers.ts'

type EndFacts = Pick<Ended, 'by' | 'cause' | 'at' | 'confirmed'> & {
  readonly response?: SipResponse
  readonly reasons?: readonly Reason[]
}

/** Reports the end, once. */
export function report(call: OutgoingCall, facts: EndFacts): void {
  if (call.state === 'ended' || call.state === 'done') return
  call.state = 'ended'
  const { response, by, cause, at, confirmed } = facts
  const reasons = facts.reasons ?? (response === undefined ? [] : reasonsOf(response))
  call.wire.effects.push({
    kind: 'ended', at, by, cause,
    status: response?.status ?? (call.sessions.length > 0 ? 200 : null),
    phrase: response?.reason ?? '',
    reasons,
    q850: q850CauseOf(reasons),
    retryAfterS: response === undefined ? null : retryAfterOf(response),
    crossed: call.crossed,
    confirmed,
    retransmissions: call.wire.retransmissions,
    wakeLateMs: call.wire.wakeLateMs,
  })
}

/** Retry-After (RFC 3261 §20.33), seconds up to a day; its comment and parameters are passed over. */
function retryAfterOf(response: SipResponse): number | null {
  const value = header(response, 'retry-after')
  return value === null ? null : readCount((/^\d+/.exec(value) ?? [''])[0], 86_400)
}

/** The call's own dialog came to its end. */
export function reportSessionEnd(call: OutgoingCall): void {
  const session = call.sessions[0]
  if (call.state !== 'up' || session === undefined || session.state !== 'over' || session.ending === null) return
  report(call, session.ending)
}

/** Timer B, or the INVITE could not be sent. Something of it may still arrive, so that we listen for as long again. */
export function onInviteUnanswered(call: OutgoingCall, outcome: 'timed-out' | 'send-failed', now: number): void {
  if (call.state !== 'calling') return
  call.lingerUntil = now + TRANSACTION_MS
  const { cancelling } = call
  if (cancelling !== null) return report(call, { ...cancelling, confirmed: false })
  if (outcome === 'timed-out') return report(call, { by: 'timeout', cause: 'no-response', at: now, confirmed: false })
  report(call, { by: 'transport', cause: 'send-failed', at: now, confirmed: false })
}

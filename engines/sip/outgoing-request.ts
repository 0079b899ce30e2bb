import { tagOf } from './header/name-addr.ts'
import { header, type SipRequest } from './message.ts'
import type { OutgoingCall } from './outgoing-call.ts'
import { receiveRequest as receiveInSession } from './session-request.ts'
import { formatResponse } from './serialise.ts'
import { answerStray } from './stray.ts'
import { send } from './wire.ts'

/** A request of theirs with our Call-ID. */
export function receiveRequest(call: OutgoingCall, request: SipRequest, now: number): void {
  for (const session of call.sessions) if (receiveInSession(session, request, now)) return
  const answer = isEarly(call, request) ? answerEarly(call, request) : answerStray(request, call.settings.fromTag)
  if (answer !== null) send(call.wire, answer, null)
}

function isEarly(call: OutgoingCall, request: SipRequest): boolean {
  const isToUs = tagOf(header(request, 'to') as string) === call.settings.fromTag
  return call.state === 'calling' && isToUs && call.earlyTags.includes(tagOf(header(request, 'from') as string))
}

/**
 * While it rings the far end may ask (OPTIONS, INFO, UPDATE without a session). It may not change the session: our own
 * offer is still unanswered (RFC 3311 §5.2, 491), and it may not say BYE (§15.1.2).
 */
function answerEarly(call: OutgoingCall, request: SipRequest): string | null {
  const toTag = call.settings.fromTag
  switch (request.method) {
    case 'OPTIONS': case 'INFO': return formatResponse(request, 200, { toTag })
    case 'UPDATE': return formatResponse(request, request.body === '' ? 200 : 491, { toTag, headers: `Contact: ${call.settings.contact}\r\n` })
    default: return answerStray(request, toTag)
  }
}

import { isPending } from './client-request.ts'
import { acceptCseq, isOfDialog, refreshTarget, snapshotOf } from './dialog.ts'
import { parseReason, type Reason } from './header/reason.ts'
import { header, headerList, type Headers, type SipRequest } from './message.ts'
import { ALLOW, isKnownMethod } from './methods.ts'
import { answerWithSame } from './sdp.ts'
import { formatResponse, line } from './serialise.ts'
import { isRepetition, repeatRequest } from './server-request.ts'
import { awaitAck, close, reply, type Session } from './session.ts'
import { answerTimer } from './session-timer.ts'

/** A request of theirs. False when it belongs to another dialog. Everything is answered at once (RFC 3261 §12.2.2). */
export function receiveRequest(session: Session, request: SipRequest, now: number): boolean {
  if (!isOfDialog(session.dialog, request)) return false
  const known = session.inbound.find((each) => isRepetition(each, request))
  if (known !== undefined) repeatRequest(known, request, now, session.wire)
  if (request.method === 'ACK') onAck(session, request, now)
  else if (known === undefined) answer(session, request, now)
  return true
}

function onAck(session: Session, request: SipRequest, now: number): void {
  const { unacknowledged } = session
  if (unacknowledged === null || unacknowledged.cseq !== request.cseq) return
  session.unacknowledged = null
  if (unacknowledged.awaitsSdp && request.body !== '') noteRemoteSdp(session, request.body, now)
}

function answer(session: Session, request: SipRequest, now: number): void {
  if (request.method === 'CANCEL') return respond(session, request, 481, '', now) // whatever it means has been answered
  const isNext = acceptCseq(session.dialog, request.cseq)
  if (request.method === 'BYE') return onBye(session, request, now)
  if (session.state !== 'up') return respond(session, request, 481, '', now)      // re-INVITE after BYE, CVE-2021-31878
  if (!isNext) return respond(session, request, 500, line('Retry-After', '1'), now)
  const unknown = headerList(request, 'require').filter((option) => option.toLowerCase() !== 'timer')
  if (unknown.length > 0) return respond(session, request, 420, line('Unsupported', unknown.join(', ')), now)
  switch (request.method) {
    case 'OPTIONS': return respond(session, request, 200, CAPABILITIES, now)
    case 'INFO': return onInfo(session, request, now)
    case 'UPDATE': return onUpdate(session, request, now)
    case 'INVITE': return onReinvite(session, request, now)
    default: return respond(session, request, isKnownMethod(request.method) ? 405 : 501, line('Allow', ALLOW), now)
  }
}

const CAPABILITIES = line('Allow', ALLOW) + line('Accept', 'application/sdp') + line('Supported', 'timer')

function respond(session: Session, request: SipRequest, status: number, headers: string, now: number, body = ''): void {
  reply(session, request, status, formatResponse(request, status, { toTag: session.dialog.localTag, headers, body }), now)
}

function onBye(session: Session, request: SipRequest, now: number): void {
  respond(session, request, 200, '', now)
  if (session.state === 'over') return
  // Both hung up at once: the session ended by us, and now we know that they know.
  const ours = session.state === 'closing' ? session.ending : null
  close(session, ours === null
    ? { by: 'remote', cause: 'bye-received', at: now, reasons: reasonsOf(request), confirmed: true }
    : { ...ours, confirmed: true })
}

/** The Reason values of a message, in order; malformed ones are left out. */
export function reasonsOf(message: Headers): Reason[] {
  return headerList(message, 'reason').map(parseReason).filter((reason) => reason !== null)
}

function onInfo(session: Session, request: SipRequest, now: number): void {
  respond(session, request, 200, '', now)
  const contentType = header(request, 'content-type') ?? ''
  session.wire.effects.push({ kind: 'info', at: now, contentType, body: request.body })
}

/** UPDATE (RFC 3311): refreshes the timer and the target; with a session description also the media. */
function onUpdate(session: Session, request: SipRequest, now: number): void {
  const timer = answerTimer(request, session.end.minSessionS, now)
  if (timer.kind === 'too-small') return respond(session, request, 422, timer.headers, now)
  if (request.body === '') {
    applyRefresh(session, request, timer.timer)
    return respond(session, request, 200, line('Contact', session.end.contact) + timer.headers, now)
  }
  if (isNegotiating(session)) return respond(session, request, 491, '', now)
  const sdp = nextAnswer(session, request.body)
  if (sdp === null) return respond(session, request, 488, '', now)
  applyRefresh(session, request, timer.timer)
  respond(session, request, 200, sessionLines(session, timer.headers), now, sdp)
  noteRemoteSdp(session, request.body, now)
}

/** A re-INVITE (§14.2) is answered at once with our same session; one without an offer gets ours, theirs comes in the ACK. */
function onReinvite(session: Session, request: SipRequest, now: number): void {
  if (isNegotiating(session)) return respond(session, request, 491, '', now)
  const timer = answerTimer(request, session.end.minSessionS, now)
  if (timer.kind === 'too-small') return respond(session, request, 422, timer.headers, now)
  const sdp = request.body === '' ? session.end.sdp : nextAnswer(session, request.body)
  if (sdp === null) return respond(session, request, 488, '', now)
  applyRefresh(session, request, timer.timer)
  const headers = sessionLines(session, timer.headers)
  const text = formatResponse(request, 200, { toTag: session.dialog.localTag, headers, body: sdp })
  reply(session, request, 200, text, now)
  awaitAck(session, request, text, request.body === '', now)
  if (request.body !== '') noteRemoteSdp(session, request.body, now)
}

const sessionLines = (session: Session, timerLines: string): string =>
  line('Contact', session.end.contact) + line('Allow', ALLOW) + line('Supported', 'timer') + timerLines +
  line('Content-Type', 'application/sdp')

/** Our description as answer to theirs; null when nothing fits. */
function nextAnswer(session: Session, offer: string): string | null {
  const version = session.sdpVersion + 1
  const sdp = session.end.answerOffer ? session.end.answerOffer(offer, version) : answerWithSame(offer, session.end.sdp, version)
  if (sdp !== null) session.sdpVersion++
  return sdp
}

/** One offer at a time (RFC 3264 §4): a re-INVITE of ours is out, or an answer of ours waits for its ACK. */
function isNegotiating(session: Session): boolean {
  return session.unacknowledged !== null || session.outbound.some((client) => client.method === 'INVITE' && isPending(client))
}

function applyRefresh(session: Session, request: SipRequest, timer: Session['timer']): void {
  refreshTarget(session.dialog, request)
  session.timer = timer
  session.wire.effects.push({ kind: 'dialog-changed', dialog: snapshotOf(session.dialog) })
}

function noteRemoteSdp(session: Session, sdp: string, now: number): void {
  if (sdp === session.remoteSdp) return
  session.remoteSdp = sdp
  session.wire.effects.push({ kind: 'renegotiated', at: now, sdp })
}

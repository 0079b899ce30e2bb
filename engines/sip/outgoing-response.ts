import { acceptChallenge } from './authorisation.ts'
import { formatFailureAck, isResponseTo, stepClient } from './client-request.ts'
import { snapshotOf, uacDialog } from './dialog.ts'
import { tagOf } from './header/name-addr.ts'
import { header, type SipResponse } from './message.ts'
import type { OutgoingCall } from './outgoing-call.ts'
import { cancel, sendCancel } from './outgoing-cancel.ts'
import { report } from './outgoing-end.ts'
import { renewInvite } from './outgoing-invite.ts'
import { acknowledge, acknowledgeAgain, openSession, sendBye, type Session } from './session.ts'
import { allowsUpdate } from './session-refresh.ts'
import { reasonsOf } from './session-request.ts'
import { receiveResponse as receiveInSession } from './session-step.ts'
import { afterTooSmall, timerOfAnswer } from './session-timer.ts'
import { identityOf } from './sdp.ts'
import { send } from './wire.ts'

/** Dialogs one INVITE may make by forking; more is nobody's honest proxy. */
const LEGS_MAX = 8
const EARLY_TAGS_MAX = 16

export function receiveResponse(call: OutgoingCall, response: SipResponse, now: number): void {
  const input = { kind: 'response', status: response.status } as const
  if (response.cseqMethod === 'INVITE') {
    if (isResponseTo(call.invite, response)) return onInviteResponse(call, response, now)
    const former = call.formerInvites.find((each) => isResponseTo(each, response))
    if (former !== undefined) return void stepClient(former, input, response, now, call.wire)
  }
  if (call.cancelRequest !== null && isResponseTo(call.cancelRequest, response)) {
    // Whatever it says: the INVITE's own final response ends the call (§9.1).
    return void stepClient(call.cancelRequest, input, response, now, call.wire)
  }
  for (const session of call.sessions) if (receiveInSession(session, response, now)) return
}

function onInviteResponse(call: OutgoingCall, response: SipResponse, now: number): void {
  const { status } = response
  const wasOver = call.invite.transaction.tx.state === 'terminated'
  const outcome = stepClient(call.invite, { kind: 'response', status }, response, now, call.wire)
  if (status >= 200 && status < 300) return onAnswer(call, response, now)
  if (wasOver) return onLate(call, response, now)
  if (outcome !== 'deliver') return
  if (status < 200) onProvisional(call, response, now)
  else onFailure(call, response, now)
}

/** After timer B: what still rings is cancelled, what is refused is ACKed so that it stops repeating. */
function onLate(call: OutgoingCall, response: SipResponse, now: number): void {
  if (response.status >= 300) return send(call.wire, formatFailureAck(call.invite, response), call.invite.hop)
  cancel(call, { by: 'timeout', cause: 'no-response', reason: call.settings.hangUpReason }, now)
  sendCancel(call, now)
}

function onProvisional(call: OutgoingCall, response: SipResponse, now: number): void {
  const isFirst = !call.hasProvisional
  call.hasProvisional = true
  if (response.status === 100) {
    if (isFirst) call.wire.effects.push({ kind: 'trying', at: now })
  } else noteRinging(call, response, now)
  if (call.cancelling !== null) sendCancel(call, now)
}

function noteRinging(call: OutgoingCall, response: SipResponse, now: number): void {
  const { status, body } = response
  const remoteTag = tagOf(header(response, 'to') as string)
  const isNewTag = remoteTag !== '' && !call.earlyTags.includes(remoteTag)
  if (isNewTag && call.earlyTags.length < EARLY_TAGS_MAX) call.earlyTags.push(remoteTag)
  const heard = `${status} ${remoteTag} ${body}`
  if (heard === call.lastRinging) return
  call.lastRinging = heard
  const sdp = isSdp(response) ? body : ''
  const reasons = reasonsOf(response)
  call.wire.effects.push({ kind: 'ringing', at: now, status, earlyMedia: sdp !== '', sdp, remoteTag, reasons })
}

function isSdp(response: SipResponse): boolean {
  if (response.body === '') return false
  const type = header(response, 'content-type')
  return type !== null && /^application\/sdp\s*(?:;|$)/i.test(type)
}

/** A 2xx makes a dialog, or repeats one it made (§13.2.2.4). */
function onAnswer(call: OutgoingCall, response: SipResponse, now: number): void {
  const tag = tagOf(header(response, 'to') as string)
  const known = call.sessions.find((session) => session.dialog.remoteTag === tag)
  if (known !== undefined) return acknowledgeAgain(known)
  if (call.sessions.length >= LEGS_MAX) return
  const session = sessionOf(call, response)
  call.sessions.push(session)
  acknowledge(session, call.invite.cseq)
  if (session.leg > 0) return sendBye(session, { by: 'local', cause: 'hung-up' }, ELSEWHERE, now)
  if (call.state === 'calling' && call.cancelling === null) return answered(call, session, response, now)
  endAtOnce(call, session, now)
}

/** Another fork answered first (RFC 3326 §2, cause 200). */
const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'

function sessionOf(call: OutgoingCall, response: SipResponse): Session {
  const { callId, fromTag, from, requestUri } = call.settings
  const invite = { callId, fromTag, from: `${from};tag=${fromTag}`, requestUri, cseq: call.invite.cseq }
  const version = identityOf(call.settings.sdp)?.version ?? 0
  return openSession(uacDialog(invite, response), call.end, call.authorisation, call.wire, call.sessions.length, version)
}

function answered(call: OutgoingCall, session: Session, response: SipResponse, now: number): void {
  call.state = 'up'
  session.timer = timerOfAnswer(response, now)
  session.peerAllowsUpdate = allowsUpdate(response)
  session.remoteSdp = isSdp(response) ? response.body : ''
  call.wire.effects.push({ kind: 'answered', at: now, sdp: session.remoteSdp, dialog: snapshotOf(session.dialog) })
}

/** The answer crossed our CANCEL, or came after we had given up: the call is up only to be ended. */
function endAtOnce(call: OutgoingCall, session: Session, now: number): void {
  const { cancelling } = call
  if (call.state === 'calling') {
    call.state = 'up'
    call.crossed = true
    call.wire.effects.push({ kind: 'dialog-changed', dialog: snapshotOf(session.dialog) })
    if (cancelling !== null) call.cancelling = { ...cancelling, giveUpAt: Number.POSITIVE_INFINITY }
  }
  const why = cancelling ?? { by: 'timeout', cause: 'no-response' } as const
  sendBye(session, { by: why.by, cause: why.cause }, cancelling?.reason ?? call.settings.hangUpReason, now)
}

/** A final response 300..699, ACKed already by the transaction. */
function onFailure(call: OutgoingCall, response: SipResponse, now: number): void {
  if (call.state !== 'calling') return
  const { cancelling } = call
  if (cancelling !== null) {
    call.cancelling = { ...cancelling, giveUpAt: Number.POSITIVE_INFINITY }
    return report(call, { by: cancelling.by, cause: cancelling.cause, at: now, confirmed: true, response })
  }
  if (mayTryAgain(call, response) && renewInvite(call, challengesAfter(call, response), now)) return
  report(call, { by: 'rejected', cause: 'rejected', at: now, confirmed: true, response })
}

function mayTryAgain(call: OutgoingCall, response: SipResponse): boolean {
  if (response.status === 401 || response.status === 407) {
    return acceptChallenge(call.authorisation, response, call.invite.challenges)
  }
  if (response.status !== 422 || call.settings.sessionTimer === undefined) return false
  const intervalS = afterTooSmall(response, call.sessionIntervalS)
  call.sessionIntervalS = intervalS ?? call.sessionIntervalS
  return intervalS !== null
}

const challengesAfter = (call: OutgoingCall, response: SipResponse): number =>
  call.invite.challenges + (response.status === 422 ? 0 : 1)

import { CALL_PROFILE, refuse } from './admission.ts'
import { newAuthorisation } from './authorisation.ts'
import type { CallEffect, CallInput, Ended } from './call-effect.ts'
import { snapshotOf, uasDialog } from './dialog.ts'
import { q850CauseOf, type Reason } from './header/reason.ts'
import { branchOf } from './header/via.ts'
import { header, type SipRequest } from './message.ts'
import { ALLOW } from './methods.ts'
import { identityOf } from './sdp.ts'
import { formatResponse, isReliable, line } from './serialise.ts'
import { awaitAck, openSession, sendBye, type LocalEnd, type Session } from './session.ts'
import { allowsUpdate } from './session-refresh.ts'
import { reasonsOf, receiveRequest as receiveInSession } from './session-request.ts'
import { receiveResponse as receiveInSessionResponse, sessionWakeAt, stepSession } from './session-step.ts'
import { answerTimer, MIN_SE_S } from './session-timer.ts'
import { answerStray } from './stray.ts'
import * as inviteServer from './transaction/invite-server.ts'
import { NEVER } from './transaction/timers.ts'
import { newWire, resend, send, takeEffects, type Wire } from './wire.ts'

/** Our end of a call that comes in. Texts are wire text without line breaks; nothing here is chosen by the engine. */
export interface IncomingCallSettings {
  /** Our tag, unique per call. */
  readonly toTag: string
  /** Unique per call; branches of our own requests are made of it. */
  readonly branchSeed: string
  readonly contact: string
  /** `host:port` of the socket; over another transport than UDP its name before: `WSS host:port`. */
  readonly sentBy: string
  /** Reason value of a BYE when the command names none. */
  readonly hangUpReason: string
  /** The least session interval accepted, seconds; 90 when absent. */
  readonly minSessionS?: number
  /** See LocalEnd. */
  readonly answerOffer?: LocalEnd['answerOffer']
}

/** What the driver tells an incoming call. */
export type IncomingInput =
  | CallInput
  /** 100. */
  | { readonly kind: 'trying' }
  /** 180, or another 18x. */
  | { readonly kind: 'ring'; readonly status?: number; readonly headers?: string }
  /** 183 with a session: announcement or ring-back. */
  | { readonly kind: 'progress'; readonly sdp: string; readonly status?: number; readonly headers?: string }
  /** 200. `sdp` answers their offer, or is our offer when they made none. */
  | { readonly kind: 'answer'; readonly sdp: string; readonly headers?: string }
  /** 300..699. `reason`: a Reason value for the response (RFC 6432). */
  | { readonly kind: 'reject'; readonly status: number; readonly reason?: string; readonly headers?: string; readonly phrase?: string }

/** One incoming call: a user agent server core (RFC 3261 §8.2, §13.3) that does no I/O. Its fields are the engine's own. */
export interface IncomingCall {
  readonly settings: IncomingCallSettings
  readonly invite: SipRequest
  readonly branch: string
  readonly wire: Wire
  readonly tx: inviteServer.InviteServerTx
  /** `ringing` until we answer, `up` with a dialog, `ended` once reported, `done` when it may be forgotten. */
  state: 'ringing' | 'up' | 'ended' | 'done'
  /** The latest response to the INVITE, for its repetitions. */
  lastResponse: string
  session: Session | null
  isAcknowledged: boolean
  timerLines: string
}

export interface Taken {
  readonly call: IncomingCall
  readonly effects: readonly CallEffect[]
}

/**
 * Takes an INVITE that starts a call. Nothing is sent before the first command, unless the INVITE must be refused
 * (RFC 3261 §8.2: method, headers, extensions, body; RFC 4028 §9: 422): then the refusal and `ended` are the effects.
 */
export function takeCall(settings: IncomingCallSettings, invite: SipRequest, now: number): Taken {
  const call: IncomingCall = {
    settings, invite, branch: branchOf(header(invite, 'via') as string), wire: newWire(isReliable(settings.sentBy)), tx: inviteServer.start(),
    state: 'ringing', lastResponse: '', session: null, isAcknowledged: false, timerLines: '',
  }
  const refused = refuse(invite, CALL_PROFILE)
  const timer = answerTimer(invite, settings.minSessionS ?? MIN_SE_S, now)
  if (refused !== null) reject(call, refused.status, refused.headers, now)
  else if (timer.kind === 'too-small') reject(call, 422, timer.headers, now)
  else call.timerLines = timer.headers
  return { call, effects: takeEffects(call.wire) }
}

/** Moves the call on (it is changed in place) and says what to do, in order. */
export function step(call: IncomingCall, input: IncomingInput, now: number): readonly CallEffect[] {
  if (call.state === 'done') return NOTHING
  obey(call, input, now)
  reportSessionEnd(call)
  if (call.state === 'ended' && wakeAt(call) === NEVER) {
    call.state = 'done'
    call.wire.effects.push({ kind: 'done' })
  }
  return takeEffects(call.wire)
}
const NOTHING: readonly CallEffect[] = []

function obey(call: IncomingCall, input: IncomingInput, now: number): void {
  switch (input.kind) {
    case 'request': return receiveRequest(call, input.request, now)
    case 'response': return void (call.session !== null && receiveInSessionResponse(call.session, input.response, now))
    case 'trying': return provisional(call, 100, '', '', now)
    case 'ring': return provisional(call, input.status ?? 180, input.headers ?? '', '', now)
    case 'progress': return provisional(call, input.status ?? 183, input.headers ?? '', input.sdp, now)
    case 'answer': return answer(call, input.sdp, input.headers ?? '', now)
    case 'reject': return rejectByCommand(call, input, now)
    case 'hang-up': return hangUp(call, input.reason ?? call.settings.hangUpReason, now)
    case 'wake': case 'transport-error': return stepTimers(call, input, now)
  }
}

/** When `step` wants a `wake` next. NEVER (Infinity) when the call needs none. */
export function wakeAt(call: IncomingCall): number {
  if (call.state === 'done') return NEVER
  const at = inviteServer.wakeAt(call.tx)
  return call.session === null ? at : Math.min(at, sessionWakeAt(call.session))
}

/**
 * Whether an INVITE with the Call-ID of a call is a new attempt of its caller (after our 401, 407 or 422) and needs a call
 * of its own, rather than being a repetition.
 */
export function isNewAttempt(call: IncomingCall, request: SipRequest): boolean {
  return request.method === 'INVITE' && call.session === null && call.tx.state !== 'proceeding' &&
    request.cseq > call.invite.cseq && branchOf(header(request, 'via') as string) !== call.branch
}

function stepTimers(call: IncomingCall, input: { readonly kind: 'wake' } | { readonly kind: 'transport-error' }, now: number): void {
  if (input.kind === 'wake') call.wire.wakeLateMs = Math.max(call.wire.wakeLateMs, lateness(call, now))
  for (const effect of inviteServer.step(call.tx, input, now)) {
    if (effect === 'resend' && !call.wire.isReliable) resend(call.wire, call.lastResponse, null)
    if (effect === 'report-transport-error') report(call, { by: 'transport', cause: 'send-failed', at: now, confirmed: false })
  }
  if (call.session !== null) stepSession(call.session, input, now)
}

const lateness = (call: IncomingCall, now: number): number => {
  const due = wakeAt(call)
  return due <= now ? now - due : 0
}

/** Gives a response to the INVITE through its transaction. False when the transaction takes no more. */
function respond(call: IncomingCall, status: number, text: string, now: number): boolean {
  const effects = inviteServer.step(call.tx, { kind: 'respond', status }, now)
  if (!effects.includes('send')) return false
  call.lastResponse = text
  return true
}

function provisional(call: IncomingCall, status: number, headers: string, sdp: string, now: number): void {
  if (call.state !== 'ringing') return
  const isTrying = status === 100
  const lines = isTrying ? '' : line('Contact', call.settings.contact) + headers + (sdp === '' ? '' : SDP_LINE)
  const text = formatResponse(call.invite, status, { toTag: isTrying ? '' : call.settings.toTag, headers: lines, body: sdp })
  if (respond(call, status, text, now)) send(call.wire, text, null)
}
const SDP_LINE = 'Content-Type: application/sdp\r\n'

function answer(call: IncomingCall, sdp: string, headers: string, now: number): void {
  if (call.state !== 'ringing') return
  const { invite, settings, wire } = call
  const lines = line('Contact', settings.contact) + `Allow: ${ALLOW}\r\nSupported: timer\r\n` + call.timerLines + headers + SDP_LINE
  const text = formatResponse(invite, 200, { toTag: settings.toTag, headers: lines, body: sdp })
  if (!respond(call, 200, text, now)) return
  const end: LocalEnd = {
    sentBy: settings.sentBy, contact: settings.contact, branchSeed: settings.branchSeed, sdp,
    hangUpReason: settings.hangUpReason, minSessionS: settings.minSessionS ?? MIN_SE_S,
    ...(settings.answerOffer === undefined ? {} : { answerOffer: settings.answerOffer }),
  }
  const session = openSession(uasDialog(invite, settings.toTag), end, newAuthorisation(null), wire, 0, identityOf(sdp)?.version ?? 0)
  const timer = answerTimer(invite, end.minSessionS, now)
  session.timer = timer.kind === 'agreed' ? timer.timer : null
  session.peerAllowsUpdate = allowsUpdate(invite)
  session.remoteSdp = invite.body
  call.session = session
  call.state = 'up'
  send(wire, text, null)
  awaitAck(session, invite, text, invite.body === '', now)
  wire.effects.push({ kind: 'answered', at: now, sdp: invite.body, dialog: snapshotOf(session.dialog) })
}

function rejectByCommand(call: IncomingCall, input: Extract<IncomingInput, { kind: 'reject' }>, now: number): void {
  const reason = input.reason === undefined ? '' : line('Reason', input.reason)
  reject(call, input.status, reason + (input.headers ?? ''), now, input.phrase)
}

function reject(call: IncomingCall, status: number, headers: string, now: number, phrase?: string): void {
  if (call.state !== 'ringing') return
  if (refuseInvite(call, status, headers, now, phrase)) {
    report(call, { by: 'local', cause: 'rejected', at: now, confirmed: true, status })
  }
}

function refuseInvite(call: IncomingCall, status: number, headers: string, now: number, phrase?: string): boolean {
  const parts = { toTag: call.settings.toTag, headers }
  const text = formatResponse(call.invite, status, phrase === undefined ? parts : { ...parts, phrase })
  if (!respond(call, status, text, now)) return false
  send(call.wire, text, null)
  return true
}

/** BYE in a call that is up; before the answer the caller is told that we are not available. */
function hangUp(call: IncomingCall, reason: string, now: number): void {
  if (call.state === 'ringing') return reject(call, 480, reason === '' ? '' : line('Reason', reason), now)
  if (call.session !== null) sendBye(call.session, { by: 'local', cause: 'hung-up' }, reason, now)
}

function receiveRequest(call: IncomingCall, request: SipRequest, now: number): void {
  const isOfInvite = branchOf(header(request, 'via') as string) === call.branch && request.cseq === call.invite.cseq
  if (isOfInvite && request.method === 'INVITE') return repeatResponse(call, now)
  if (isOfInvite && request.method === 'CANCEL') return onCancel(call, request, now)
  if (request.method === 'ACK') return onAck(call, request, now)
  if (call.session !== null && receiveInSession(call.session, request, now)) return
  const { toTag } = call.settings
  if (request.method === 'BYE' && call.state === 'ringing') return onEarlyBye(call, request, now)
  const stray = call.state === 'ringing' && isHarmless(request) ? formatResponse(request, 200, { toTag }) : answerStray(request, toTag)
  if (stray !== null) send(call.wire, stray, null)
}

/** In an early dialog these change nothing (an UPDATE with a session would: our answer is still owed, so it falls to 481). */
const isHarmless = (request: SipRequest): boolean =>
  request.method === 'OPTIONS' || request.method === 'INFO' || (request.method === 'UPDATE' && request.body === '')

function repeatResponse(call: IncomingCall, now: number): void {
  const effects = inviteServer.step(call.tx, { kind: 'invite' }, now)
  if (effects.includes('resend') && call.lastResponse !== '') resend(call.wire, call.lastResponse, null)
}

/** §9.2: a CANCEL is answered 200 whenever its INVITE is known; it has an effect only before the final response. */
function onCancel(call: IncomingCall, cancel: SipRequest, now: number): void {
  send(call.wire, formatResponse(cancel, 200, { toTag: call.settings.toTag }), null)
  giveUpRinging(call, cancel, 'cancel-received', now)
}

/** §15: a caller may end an early dialog by BYE. */
function onEarlyBye(call: IncomingCall, bye: SipRequest, now: number): void {
  send(call.wire, formatResponse(bye, 200, { toTag: call.settings.toTag }), null)
  giveUpRinging(call, bye, 'bye-received', now)
}

function giveUpRinging(call: IncomingCall, because: SipRequest, cause: 'cancel-received' | 'bye-received', now: number): void {
  if (call.state !== 'ringing' || !refuseInvite(call, 487, '', now)) return
  report(call, { by: 'remote', cause, at: now, confirmed: true, status: 487, reasons: reasonsOf(because) })
}

/** The ACK of a failure belongs to the transaction, that of a 2xx to the dialog. */
function onAck(call: IncomingCall, ack: SipRequest, now: number): void {
  if (call.session === null) {
    inviteServer.step(call.tx, { kind: 'ack' }, now)
    return
  }
  receiveInSession(call.session, ack, now)
  if (call.isAcknowledged || ack.cseq !== call.invite.cseq || call.session.unacknowledged !== null) return
  call.isAcknowledged = true
  call.wire.effects.push({ kind: 'acknowledged', at: now })
}

function reportSessionEnd(call: IncomingCall): void {
  const { session } = call
  if (call.state !== 'up' || session === null || session.state !== 'over' || session.ending === null) return
  report(call, { ...session.ending, status: 200 })
}

type EndFacts = Pick<Ended, 'by' | 'cause' | 'at' | 'confirmed'> & { readonly status?: number; readonly reasons?: readonly Reason[] }

function report(call: IncomingCall, facts: EndFacts): void {
  if (call.state === 'ended' || call.state === 'done') return
  call.state = 'ended'
  const { by, cause, at, confirmed, status = null, reasons = [] } = facts
  const { retransmissions, wakeLateMs } = call.wire
  call.wire.effects.push({
    kind: 'ended', at, by, cause, status, phrase: '', reasons, q850: q850CauseOf(reasons), retryAfterS: null, crossed: false,
    confirmed, retransmissions, wakeLateMs,
  })
}

import { assert } from '@loopline/vocabulary/assert'
import { newAuthorisation, type Authorisation } from './authorisation.ts'
import type { CallEffect, EndCause, Ended, OutgoingInput } from './call-effect.ts'
import { isOver, stepClient, wakeAtOf, type ClientInput, type ClientRequest } from './client-request.ts'
import type { Credentials } from './digest.ts'
import { cancel, onCancelTimeout } from './outgoing-cancel.ts'
import { onInviteUnanswered, reportSessionEnd } from './outgoing-end.ts'
import { byeEarlyDialog } from './outgoing-early-bye.ts'
import { sendInvite } from './outgoing-invite.ts'
import { receiveRequest } from './outgoing-request.ts'
import { receiveResponse } from './outgoing-response.ts'
import { isOneLine, isReliable } from './serialise.ts'
import { sendBye, type LocalEnd, type Session } from './session.ts'
import { sessionWakeAt, stepSession } from './session-step.ts'
import { MIN_SE_S, type SessionTimerSettings } from './session-timer.ts'
import { NEVER } from './transaction/timers.ts'
import { newWire, takeEffects, type Wire } from './wire.ts'

/** What a call is placed with. Texts are wire text without line breaks (text.ts); nothing here is chosen by the engine. */
export interface OutgoingCallSettings {
  /** Unique for ever: it names the attempt (design: the Call-ID contains the attempt id). */
  readonly callId: string
  readonly fromTag: string
  /** Unique per call; branches are `z9hG4bK` + seed + `-` + serial. Token characters only. */
  readonly branchSeed: string
  readonly requestUri: string
  /** From value without tag, for instance `"Shop" <sip:02112345678@carrier.example>`. */
  readonly from: string
  /** To value without tag. */
  readonly to: string
  /** Contact value, `<sip:…>`. */
  readonly contact: string
  /** `host:port` of the socket, for Via; over another transport than UDP its name before: `WSS host:port`. */
  readonly sentBy: string
  /** The offer. */
  readonly sdp: string
  /** Route values to start with (outbound proxy), usually none. */
  readonly route?: readonly string[]
  /** Further header lines of the INVITE, made by `line` (P-Asserted-Identity, User-Agent). */
  readonly headers?: string
  readonly credentials?: Credentials
  /** From the INVITE to the answer, ms; then the call is cancelled. */
  readonly ringTimeMs: number
  /** As LocalEnd has it: how a later offer of theirs is answered. */
  readonly answerOffer?: LocalEnd['answerOffer']
  /** Absent: no session timer is asked for. */
  readonly sessionTimer?: SessionTimerSettings
  /** Reason value of our BYE and CANCEL when the command names none, for instance `Q.850;cause=16`. */
  readonly hangUpReason: string
}

/** One outgoing call: a user agent client core (RFC 3261 §8.1, §13.2) that does no I/O. Its fields are the engine's own. */
export interface OutgoingCall {
  readonly settings: OutgoingCallSettings
  readonly end: LocalEnd
  readonly authorisation: Authorisation
  readonly wire: Wire
  /** `calling` until a final response, `up` with a dialog, `ended` once reported, `done` when it may be forgotten. */
  state: 'calling' | 'up' | 'ended' | 'done'
  /** The latest INVITE; earlier ones (before 401, 407, 422) still ACK their repeated refusals. */
  invite: ClientRequest
  formerInvites: ClientRequest[]
  /** Session-Expires we ask for, seconds; grows with a 422. */
  sessionIntervalS: number
  /** Tags of early dialogs, latest last. */
  earlyTags: string[]
  hasProvisional: boolean
  /** Last ringing reported, so that a repeated 180 is reported once. */
  lastRinging: string
  ringUntil: number
  /** Why and when we gave up waiting for an answer; null while we wait. */
  cancelling: Cancelling | null
  cancelRequest: ClientRequest | null
  /** Dialogs by 2xx: the first is the call, others are forks being ended. */
  sessions: Session[]
  crossed: boolean
  /** After an INVITE nobody answered: a late 18x or 200 is still ended properly until then. */
  lingerUntil: number
  /** Orphans only: when the early dialog gets a BYE because its CANCEL had no effect. */
  earlyByeAt: number
}

export interface Cancelling {
  readonly by: Ended['by']
  readonly cause: EndCause
  readonly at: number
  readonly reason: string
  /** When we stop waiting for the INVITE's end (§9.1: 64 × T1 after the CANCEL); NEVER before the CANCEL is out. */
  giveUpAt: number
}

export interface Placed {
  readonly call: OutgoingCall
  readonly effects: readonly CallEffect[]
}

/** Places a call: the INVITE is the first effect. `now`: ms, monotonic, as in every other function here. */
export function placeCall(settings: OutgoingCallSettings, now: number): Placed {
  for (const text of [settings.callId, settings.fromTag, settings.branchSeed, settings.requestUri, settings.from, settings.to,
    settings.contact, settings.sentBy, settings.hangUpReason]) {
    assert(isOneLine(text), 'a line break in a call setting would write headers of its own')
  }
  const end: LocalEnd = {
    sentBy: settings.sentBy, contact: settings.contact, branchSeed: settings.branchSeed, sdp: settings.sdp,
    hangUpReason: settings.hangUpReason, minSessionS: settings.sessionTimer?.minS ?? MIN_SE_S,
    ...(settings.answerOffer === undefined ? {} : { answerOffer: settings.answerOffer }),
  }
  const authorisation = newAuthorisation(settings.credentials ?? null)
  const wire = newWire(isReliable(settings.sentBy))
  const sessionIntervalS = settings.sessionTimer?.intervalS ?? 0
  const invite = sendInvite({ settings, authorisation, wire, sessionIntervalS }, 1, 0, now)
  const call: OutgoingCall = {
    settings, end, authorisation, wire, state: 'calling', invite, formerInvites: [], sessionIntervalS, earlyTags: [],
    hasProvisional: false, lastRinging: '', ringUntil: now + settings.ringTimeMs, cancelling: null, cancelRequest: null,
    sessions: [], crossed: false, lingerUntil: NEVER, earlyByeAt: NEVER,
  }
  return { call, effects: takeEffects(wire) }
}

/** Moves the call on (it is changed in place) and says what to do, in order. */
export function step(call: OutgoingCall, input: OutgoingInput, now: number): readonly CallEffect[] {
  if (call.state === 'done') return NOTHING
  switch (input.kind) {
    case 'response': receiveResponse(call, input.response, now); break
    case 'request': receiveRequest(call, input.request, now); break
    case 'hang-up': hangUp(call, input.reason ?? call.settings.hangUpReason, now); break
    case 'stop-ringing': call.ringUntil = now; onWake(call, now); break
    case 'wake': onWake(call, now); break
    case 'transport-error': stepRequests(call, input, now); break
  }
  reportSessionEnd(call)
  finishIfQuiet(call)
  return takeEffects(call.wire)
}
const NOTHING: readonly CallEffect[] = []

/** When `step` wants a `wake` next: one timer per call. NEVER (Infinity) when the call needs none. */
export function wakeAt(call: OutgoingCall): number {
  if (call.state === 'done') return NEVER
  let at = Math.min(wakeAtOf(call.invite), call.lingerUntil)
  if (call.state === 'calling' && call.cancelling === null) at = Math.min(at, call.ringUntil)
  if (call.cancelling !== null) at = Math.min(at, call.cancelling.giveUpAt, call.earlyByeAt)
  if (call.cancelRequest !== null) at = Math.min(at, wakeAtOf(call.cancelRequest))
  for (const former of call.formerInvites) at = Math.min(at, wakeAtOf(former))
  for (const session of call.sessions) at = Math.min(at, sessionWakeAt(session))
  return at
}

/** Ended and nothing left to repeat or to wait for. */
function finishIfQuiet(call: OutgoingCall): void {
  if (call.state !== 'ended' || wakeAt(call) !== NEVER) return
  call.state = 'done'
  call.wire.effects.push({ kind: 'done' })
}

function hangUp(call: OutgoingCall, reason: string, now: number): void {
  if (call.state === 'calling') return cancel(call, { by: 'local', cause: 'cancelled', reason }, now)
  const session = call.sessions[0]
  if (call.state === 'up' && session !== undefined) sendBye(session, { by: 'local', cause: 'hung-up' }, reason, now)
}

function onWake(call: OutgoingCall, now: number): void {
  const due = wakeAt(call)
  if (due <= now) call.wire.wakeLateMs = Math.max(call.wire.wakeLateMs, now - due)
  stepRequests(call, WAKE, now)
  if (call.state === 'calling' && call.cancelling === null && now >= call.ringUntil) {
    cancel(call, { by: 'timeout', cause: 'ring-timeout', reason: call.settings.hangUpReason }, now)
  }
  if (call.cancelling !== null && now >= call.cancelling.giveUpAt) onCancelTimeout(call, now)
  if (now >= call.earlyByeAt) byeEarlyDialog(call, now)
  if (now >= call.lingerUntil) call.lingerUntil = NEVER
}
const WAKE: ClientInput = { kind: 'wake' }

function stepRequests(call: OutgoingCall, input: ClientInput, now: number): void {
  const outcome = stepClient(call.invite, input, null, now, call.wire)
  if (outcome === 'timed-out' || outcome === 'send-failed') onInviteUnanswered(call, outcome, now)
  if (call.formerInvites.length > 0) {
    for (const former of call.formerInvites) stepClient(former, input, null, now, call.wire)
    call.formerInvites = call.formerInvites.filter((former) => !isOver(former))
  }
  if (call.cancelRequest !== null) stepClient(call.cancelRequest, input, null, now, call.wire)
  for (const session of call.sessions) stepSession(session, input, now)
}

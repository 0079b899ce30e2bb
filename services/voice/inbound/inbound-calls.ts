/**
 * Decides what becomes of calls that come in on a line: each is offered to a dialer, which says whether it rings, who answers
 * it and what is played. Journaled before anything is sent, as calls that we place are; an answered one is a call like every other.
 */
import { randomBytes } from 'node:crypto'
import { newId } from '@loopline/clock/new-id'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { CallResult, KnownTalk, LineTransport, TalkPlan, TalkResult, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { InboundOffer, InboundOrder } from '@loopline/contracts/inbound'
import type { Keyring } from '@loopline/keys/keyring'
import type { CallEffect, Ended } from '@loopline/sip/call-effect'
import { stampVia } from '@loopline/sip/header/via'
import { tagOf } from '@loopline/sip/header/name-addr'
import { isNewAttempt, step, takeCall, wakeAt, type IncomingCall, type IncomingCallSettings, type IncomingInput } from '@loopline/sip/incoming-call'
import { header, type SipMessage, type SipRequest } from '@loopline/sip/message'
import { formatSdp } from '@loopline/sip/sdp'
import { serialise } from '@loopline/sip/serialise'
import { CallSrtp } from '../call-srtp.ts'
import { endedBy, transportOf } from '../call-table.ts'
import type { CallVoices } from '../call-voices.ts'
import type { Journal } from '../journal.ts'
import { contactOf } from '../line-registrar.ts'
import type { Line } from '../line-table.ts'
import type { Endpoint } from '../media/media-messages.ts'
import { createWakes } from '../wakes.ts'
import { callerOf, calledOf } from './inbound-number.ts'

/** A dialer that lives says something within this, also one that has to ask crm who calls. */
const OFFER_WITHIN_MS = 6_000
/** Q.850 31, normal, unspecified: nothing has come from there for too long. */
const NO_VOICE_REASON = 'Q.850;cause=31;text="No media"'
const HANG_UP_REASON = 'Q.850;cause=16;text="Normal call clearing"'

interface InboundCall {
  readonly attemptId: AttemptId
  readonly line: Line
  readonly engine: IncomingCall
  readonly offer: InboundOffer
  readonly startedAt: number
  readonly takenAt: number
  readonly srtp: CallSrtp
  /** How we described ourselves, once we did. */
  localSdp: string
  /** The dialer has spoken: the call is its own, and is not offered any more. */
  isTaken: boolean
  /** Without another word it is ended then; ms, monotonic. */
  decideBy: number
  endpoint: Endpoint | null
  /** Until it is answered nobody could be heard. */
  talk: TalkResult | null
  ringingAt: number | null
  answeredAt: number | null
  answeredMonotonic: number | null
  wentSilent: boolean
  over: boolean
}

export interface InboundCallsDeps {
  journal: Journal
  keys: Keyring
  voices: CallVoices
  tell(event: VoiceCallEvent): void
  /** Whether the process takes another call at all. */
  hasRoom(): boolean
  onJournalError(error: Error): void
}

export class InboundCalls {
  readonly #deps: InboundCallsDeps
  readonly #byCallId = new Map<string, InboundCall>()
  readonly #byAttempt = new Map<AttemptId, InboundCall>()
  readonly #wakes = createWakes((callId, now) => this.#wake(callId, now))
  #open = 0
  #isStopping = false

  constructor(deps: InboundCallsDeps) {
    this.#deps = deps
  }

  /** Calls that have not ended. */
  get open(): number {
    return this.#open
  }

  isAlive(attemptId: AttemptId): boolean {
    const call = this.#byAttempt.get(attemptId)
    return call !== undefined && !call.over
  }

  talkOf(attemptId: AttemptId): KnownTalk[] {
    const { agentId, connectedAt } = this.#byAttempt.get(attemptId)?.talk ?? NOBODY
    return agentId === null || connectedAt === null ? [] : [{ attemptId, agentId, connectedAt }]
  }

  /** Calls that no dialer has taken, or that still ring: told anew to whoever links. */
  offers(): VoiceCallEvent[] {
    return [...this.#byAttempt.values()].filter((call) => !call.over && call.answeredAt === null)
      .map(({ attemptId, offer }) => ({ kind: 'offered', attemptId, at: offer.at, offer }))
  }

  /**
   * A message of a call that came in, or an INVITE that begins one.
   * @returns false when it belongs to none: somebody else answers it.
   */
  receive(message: SipMessage, line: Line, now: number): boolean {
    const call = this.#byCallId.get(message.callId)
    if (call !== undefined && call.line === line) {
      if (message.kind === 'request' && isNewAttempt(call.engine, stamped(message, line))) this.#take(message, line, now)
      else this.#step(call, message.kind === 'request' ? { kind: 'request', request: stamped(message, line) } : { kind: 'response', response: message }, now)
      return true
    }
    if (call !== undefined || message.kind !== 'request' || message.method !== 'INVITE' || tagOf(header(message, 'to') as string) !== '') return false
    if (line.retired || !line.config.enabled) return false
    this.#take(stamped(message, line), line, now)
    return true
  }

  obey(order: InboundOrder, now: number): void {
    const call = this.#byAttempt.get(order.attemptId)
    if (call === undefined || call.over) return
    call.isTaken = true
    switch (order.order) {
      case 'ring': return this.#ring(call, order.forMs, now)
      case 'answer': return this.#answer(call, order, now)
      case 'refuse': return call.answeredAt === null ? this.#step(call, { kind: 'reject', status: order.status }, now) : undefined
    }
  }

  hangUp(attemptId: AttemptId, now: number, reason = HANG_UP_REASON): void {
    const call = this.#byAttempt.get(attemptId)
    if (call !== undefined && !call.over) this.#step(call, { kind: 'hang-up', reason }, now)
  }

  giveUpSilent(attemptId: AttemptId, now: number): void {
    const call = this.#byAttempt.get(attemptId)
    if (call === undefined || call.over) return
    call.wentSilent = true
    this.#step(call, { kind: 'hang-up', reason: NO_VOICE_REASON }, now)
  }

  noteTalk(attemptId: AttemptId, change: Partial<TalkResult>): void {
    const call = this.#byAttempt.get(attemptId)
    if (call === undefined || call.over) return
    call.talk = { ...(call.talk ?? NOBODY), ...change }
    this.#deps.journal.add({ kind: 'talk', attemptId, talk: call.talk })
    this.#isJournaled()
  }

  /** The media thread is gone, and with it the voices of those that were answered. */
  hangUpVoices(reason: string, now: number): void {
    for (const call of this.#byAttempt.values()) if (call.endpoint !== null && !call.over) this.#step(call, { kind: 'hang-up', reason }, now)
  }

  hangUpAll(reason: string, now: number): void {
    this.#isStopping = true
    for (const call of this.#byAttempt.values()) if (!call.over) this.#step(call, { kind: 'hang-up', reason }, now)
  }

  close(): void {
    this.#wakes.close()
  }

  #take(invite: SipRequest, line: Line, now: number): void {
    const srtp = new CallSrtp(line.config.srtp ?? 'off', (bytes) => randomBytes(bytes).toString('base64'))
    const settings = { ...inboundSettings(line.socket.sentBy, line.socket.transport), answerOffer: (offer: string, version: number): string | null => srtp.answer(offer, call.localSdp, version) }
    const { call: engine, effects } = takeCall(settings, invite, now)
    const attemptId = newId<AttemptId>()
    const at = Date.now()
    const call: InboundCall = {
      attemptId, line, engine, offer: this.#offerOf(attemptId, invite, line, at), startedAt: at, takenAt: now, isTaken: false, decideBy: now + OFFER_WITHIN_MS, srtp, localSdp: '',
      endpoint: null, talk: null, ringingAt: null, answeredAt: null, answeredMonotonic: null, wentSilent: false, over: false,
    }
    this.#byCallId.set(invite.callId, call)
    if (engine.state !== 'ringing') return this.#refuseUnheard(call, effects)
    if (!this.#deps.hasRoom() || line.inUse >= line.config.maxConcurrent) return this.#refuseUnheard(call, step(engine, { kind: 'reject', status: 486 }, now))
    this.#deps.journal.add({
      kind: 'placed', attemptId, customerId: '' as CustomerId, campaignId: null, lineId: line.config.lineId, remote: line.remoteHostPort, local: line.socket.sentBy,
      callId: invite.callId, fromTag: settings.toTag, branchSeed: settings.branchSeed, phoneSealed: '', callerId: call.offer.to, numberFormat: line.config.numberFormat, ...transportOf(line), at,
      inviteSealed: this.#deps.keys.seal(serialise({ ...invite, body: '' }), attemptId).toString('base64'), // without their SDP: it may hold keys
    })
    if (!this.#isJournaled()) {
      this.#deps.journal.forget([attemptId])
      return this.#refuseUnheard(call, step(engine, { kind: 'reject', status: 503 }, now))
    }
    this.#byAttempt.set(attemptId, call)
    line.inUse += 1
    this.#open += 1
    this.#step(call, { kind: 'trying' }, now)
    this.#deps.tell({ kind: 'offered', attemptId, at, offer: call.offer })
  }

  /** Refused before any dialer heard of it: only the refusal is kept, for repetitions. */
  #refuseUnheard(call: InboundCall, effects: readonly CallEffect[]): void {
    call.over = true
    call.decideBy = Infinity
    this.#send(call, effects)
    this.#settleWake(call, effects)
  }

  #offerOf(attemptId: AttemptId, invite: SipRequest, line: Line, at: number): InboundOffer {
    const caller = callerOf(invite)
    const { keys } = this.#deps
    const from = caller === null ? null : { sealed: keys.seal(caller, attemptId).toString('base64'), blindIndex: keys.blindIndex(caller).toString('base64') }
    return { attemptId, lineId: line.config.lineId, at, to: calledOf(invite), from }
  }

  #ring(call: InboundCall, forMs: number, now: number): void {
    if (call.answeredAt !== null) return
    call.decideBy = now + forMs
    if (call.ringingAt === null) {
      call.ringingAt = Date.now()
      this.#deps.journal.add({ kind: 'early', attemptId: call.attemptId, ringingAt: call.ringingAt, toTag: call.engine.settings.toTag, cseq: 0 })
      this.#step(call, { kind: 'ring' }, now)
      this.#deps.tell({ kind: 'ringing', attemptId: call.attemptId, at: call.ringingAt })
    } else this.#settleWake(call, [])
  }

  /** Our description first, then the media thread, then the 200: when the caller hears that we are there, we are. */
  #answer(call: InboundCall, { customerId, talk }: { customerId: CustomerId; talk: TalkPlan }, now: number): void {
    if (call.answeredAt !== null) return
    const { voices } = this.#deps
    const { attemptId, engine } = call
    const endpoint = voices.take()
    if (endpoint === null) return this.#step(call, { kind: 'reject', status: 503, headers: 'Retry-After: 2\r\n' }, now)
    const sdp = ourDescription(engine.invite.body, call.srtp, { address: voices.addresses.of(call.line.socket.remote.host), port: endpoint.port })
    if (sdp === null) {
      voices.giveBack(endpoint)
      return this.#step(call, { kind: 'reject', status: 488 }, now)
    }
    call.endpoint = endpoint
    call.localSdp = sdp
    call.talk = NOBODY
    call.decideBy = Infinity
    this.#deps.journal.add({ kind: 'talk', attemptId, talk: NOBODY })
    voices.open({ attemptId, customerId, talk }, endpoint)
    if (engine.invite.body !== '') this.#describe(call, engine.invite.body)
    this.#step(call, { kind: 'answer', sdp }, now)
  }

  #wake(callId: string, now: number): void {
    const call = this.#byCallId.get(callId)
    if (call === undefined) return
    if (now >= call.decideBy && !call.over) {
      call.decideBy = Infinity
      return this.#step(call, { kind: 'hang-up', reason: 'Q.850;cause=18;text="No user responding"' }, now)
    }
    this.#step(call, { kind: 'wake' }, now)
  }

  #step(call: InboundCall, input: IncomingInput, now: number): void {
    const effects = step(call.engine, input, now)
    for (const effect of effects) this.#note(call, effect, now)
    this.#isJournaled() // news first: the journal is written before what it explains is sent
    this.#send(call, effects)
    this.#settleWake(call, effects)
  }

  #send(call: InboundCall, effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') call.line.socket.send(effect.text, () => this.#step(call, { kind: 'transport-error' }, performance.now()))
    }
  }

  #settleWake(call: InboundCall, effects: readonly CallEffect[]): void {
    const { callId } = call.engine.invite
    if (effects.some((effect) => effect.kind === 'done')) {
      this.#wakes.cancel(callId)
      if (this.#byCallId.get(callId) === call) this.#byCallId.delete(callId)
      this.#byAttempt.delete(call.attemptId)
    } else if (this.#byCallId.get(callId) === call) this.#wakes.set(callId, Math.min(wakeAt(call.engine), call.decideBy))
  }

  #note(call: InboundCall, effect: CallEffect, now: number): void {
    const { attemptId } = call
    switch (effect.kind) {
      case 'answered': {
        call.answeredAt = Date.now()
        call.answeredMonotonic = now
        const { remoteTag, remoteTarget, routeSet, cseq } = effect.dialog
        this.#deps.journal.add({ kind: 'answered', attemptId, at: call.answeredAt, toTag: remoteTag, remoteTarget, routeSet: [...routeSet], cseq })
        this.#deps.voices.answered(attemptId, performance.timeOrigin + now)
        return this.#deps.tell({ kind: 'answered', attemptId, at: call.answeredAt })
      }
      case 'dialog-changed': {
        const { remoteTag, remoteTarget, routeSet, cseq } = effect.dialog
        return this.#deps.journal.add({ kind: 'answered', attemptId, at: call.answeredAt ?? Date.now(), toTag: remoteTag, remoteTarget, routeSet: [...routeSet], cseq })
      }
      case 'renegotiated':
        return this.#describe(call, effect.sdp)
      case 'ended': return this.#end(call, effect)
      default: return undefined
    }
  }

  /** What cannot be carried leaves the media as they were: the offer was refused, or its answer is ended by its silence. */
  #describe({ attemptId, endpoint, srtp, line }: InboundCall, sdp: string): void {
    const agreed = endpoint === null ? 'no-common-audio' : srtp.hear(sdp)
    if (typeof agreed !== 'string') this.#deps.voices.describe(attemptId, agreed, { early: false, sourceHost: line.socket.remote.host })
  }

  #end(call: InboundCall, ended: Ended): void {
    if (call.over) return
    call.over = true
    call.decideBy = Infinity
    call.line.inUse -= 1
    this.#open -= 1
    const { attemptId } = call
    if (call.endpoint !== null) this.#deps.voices.close(attemptId)
    const result: CallResult = {
      startedAt: call.startedAt, ringingAt: call.ringingAt, answeredAt: call.answeredAt, endedAt: Date.now(), retransmissions: ended.retransmissions,
      finalAfterMs: call.answeredMonotonic === null ? null : call.answeredMonotonic - call.takenAt,
      evidence: {
        sipStatus: ended.status, q850: ended.q850, reasonText: ended.reasons.find((reason) => reason.text !== '')?.text ?? null,
        earlyMedia: false, announcement: null, endedBy: this.#whoEnded(call, ended),
      },
      ...(call.talk === null ? {} : { talk: call.talk }),
    }
    this.#deps.journal.add({ kind: 'ended', attemptId, result })
    this.#deps.tell({ kind: 'ended', attemptId, at: result.endedAt, result })
  }

  #whoEnded(call: InboundCall, ended: Ended): CallResult['evidence']['endedBy'] {
    if (ended.by === 'local' && this.#isStopping) return 'shutdown'
    if (ended.by === 'local' && call.wentSilent) return 'timeout'
    return endedBy(ended, call.answeredAt !== null)
  }

  #isJournaled(): boolean {
    try {
      this.#deps.journal.flush()
      return true
    } catch (error) {
      this.#deps.onJournalError(error instanceof Error ? error : new Error(String(error)))
      return false
    }
  }
}

const NOBODY: TalkResult = { agentId: null, connectedAt: null, fallbackAt: null }

/** Our end of a call on this line; also how a successor ends it. */
export function inboundSettings(sentBy: string, transport: LineTransport, names = { toTag: randomBytes(6).toString('hex'), branchSeed: randomBytes(8).toString('hex') }): IncomingCallSettings {
  return { ...names, contact: `<${contactOf('loopline', { sentBy, transport })}>`, sentBy: transport === 'udp' ? sentBy : `${transport.toUpperCase()} ${sentBy}`, hangUpReason: HANG_UP_REASON }
}

/** Our answer to their offer, or our offer where they made none; null when we have no audio, or no keys, in common. */
function ourDescription(offer: string, srtp: CallSrtp, { address, port }: { address: string; port: number }): string | null {
  const ours = { address, port, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: Date.now(), version: 1 } as const
  return offer === '' ? formatSdp(ours, srtp.security) : srtp.answer(offer, formatSdp(ours), ours.version)
}

/** RFC 3581: responses say where the request came from, though they go to the line's one peer anyway. */
function stamped(request: SipRequest, { socket }: Line): SipRequest {
  const at = request.names.indexOf('via')
  if (at >= 0) request.values[at] = stampVia(request.values[at] as string, socket.remote.host, socket.remote.port)
  return request
}

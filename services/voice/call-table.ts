/**
 * Decides what a signalling thread does with each thing a call's engine asks for: journal it, send it, tell it. A record
 * reaches the journal before the datagram it explains. One timer serves all calls.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { AttemptId, CampaignId } from '@loopline/vocabulary/ids'
import type { NumberRules } from '@loopline/vocabulary/dialled-number'
import type { E164 } from '@loopline/vocabulary/phone'
import type { MediaFailure } from '@loopline/contracts/call-event'
import type { CallResult, DialCommand, KnownTalk, LineConfig, TalkResult, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { CallEffect, CallInput, Ended, OutgoingInput } from '@loopline/sip/call-effect'
import type { SipMessage, SipRequest, SipResponse } from '@loopline/sip/message'
import { endStrayAnswer } from '@loopline/sip/orphan'
import { placeCall, step, wakeAt, type OutgoingCall } from '@loopline/sip/outgoing-call'
import { answerStray } from '@loopline/sip/stray'
import type { DigestHash } from '@loopline/sip/digest'
import { attemptOf, callIdOf, settingsOf } from './call-settings.ts'
import { CallSrtp } from './call-srtp.ts'
import type { Journal, PlacedRecord } from './journal.ts'
import { contactOf } from './line-registrar.ts'
import { parseAddress } from './line-socket.ts'
import type { Line } from './line-table.ts'
import type { CallVoices } from './call-voices.ts'
import type { Endpoint } from './media/media-messages.ts'
import type { Wakes } from './wakes.ts'

interface LiveCall {
  readonly command: DialCommand
  readonly line: Line
  readonly engine: OutgoingCall
  /** Our media port; null for a call without voice. */
  readonly endpoint: Endpoint | null
  talk: TalkResult
  /** Unix milliseconds, and the monotonic clock at the same instant. */
  readonly startedAt: number
  readonly placedAt: number
  ringingAt: number | null
  answeredAt: number | null
  earlyMedia: boolean
  finalAt: number | null
  hangUpAt: number
  readonly srtp: CallSrtp
  /** What their latest description comes to: null when all is well. */
  described: MediaFailure | null
  /** A description of theirs that nothing can be said by: the call is ended as soon as it is acknowledged. */
  unspeakable: MediaFailure | null
  /** Why it was ended though it was answered; for the result. */
  mediaFailure: MediaFailure | null
  /** Ended because nothing came from its line any more: nobody's wish. */
  wentSilent: boolean
  over: boolean
}

/** A call of a dead process that is being ended; its attempt was settled at recovery. */
interface StrayCall {
  readonly line: Line
  readonly engine: OutgoingCall
}

/** Q.850 41, temporary failure: the call was not ended because anybody wished it. */
export const CRASH_REASON = 'Q.850;cause=41;text="Temporary failure"'

export interface CallTableDeps {
  journal: Journal
  wakes: Wakes
  tell(event: VoiceCallEvent): void
  /** Where calls without voice are told to send. */
  mediaPort(): number
  voices: CallVoices
  onJournalError(error: Error): void
}

/** Of WebRTC-free SIP: RFC 7616 by node:crypto. Wire text has one character a byte. */
export const digestHash: DigestHash = (algorithm, text) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'latin1').digest('hex')

/** An order that passed every check. */
export interface Placement {
  command: DialCommand
  number: E164
  line: Line
  /** Taken for a call with a talk plan. */
  endpoint: Endpoint | null
}

const NOBODY_YET: TalkResult = { agentId: null, connectedAt: null, fallbackAt: null }
/** Q.850 31, normal, unspecified: nothing has come from there for too long. */
const NO_VOICE_REASON = 'Q.850;cause=31;text="No media"'
/** Reason values of our BYE: Q.850 88, incompatible destination; and what we would have answered to such an offer (RFC 3326 §2). */
const UNSPEAKABLE: Readonly<Record<MediaFailure, string>> = {
  'no-common-audio': 'Q.850;cause=88;text="Incompatible destination"',
  'not-encrypted': 'SIP;cause=488;text="SRTP is required"',
}
/** Finals that refuse what an INVITE offers (RFC 3261 §21.4.13, §21.4.26, §21.6.4). */
const OFFER_REFUSED: ReadonlySet<number | null> = new Set([415, 488, 606])

export class CallTable {
  readonly #calls = new Map<string, LiveCall>()
  /** The leg at hand of attempts that went over to another line. */
  readonly #legs = new Map<AttemptId, number>()
  readonly #strays = new Map<string, StrayCall>()
  readonly #deps: CallTableDeps
  #open = 0
  #isStopping = false
  readonly counters = { invites: 0, finals: 0, retransmissions: 0, wakeLateMaxMs: 0 }

  constructor(deps: CallTableDeps) {
    this.#deps = deps
  }

  /** Calls that have not ended. One that has is kept for 32 s to answer repetitions (RFC 3261 §17), and uses up no limit. */
  get open(): number {
    return this.#open
  }

  has(attemptId: AttemptId): boolean {
    return this.#calls.has(this.#callIdOf(attemptId))
  }

  #callIdOf(attemptId: AttemptId): string {
    return callIdOf(attemptId, this.#legs.get(attemptId))
  }

  /** Whether a Call-ID is one of ours. */
  hasCall(callId: string): boolean {
    return this.#calls.has(callId) || this.#strays.has(callId)
  }

  /** Whether the call of this attempt has not ended yet. */
  isAlive(attemptId: AttemptId): boolean {
    const call = this.#calls.get(this.#callIdOf(attemptId))
    return call !== undefined && !call.over
  }

  /** Who is on this call with the person; none while nobody is. */
  talkOf(attemptId: AttemptId): KnownTalk[] {
    const { agentId, connectedAt } = this.#calls.get(this.#callIdOf(attemptId))?.talk ?? NOBODY_YET
    return agentId === null || connectedAt === null ? [] : [{ attemptId, agentId, connectedAt }]
  }

  /**
   * Places a batch: all are journaled by one write, then all INVITEs leave. Numbers are in clear only from here to the wire.
   * @param now ms, monotonic.
   */
  place(batch: Placement[], now: number): void {
    const first: { call: LiveCall; effects: readonly CallEffect[] }[] = []
    for (const { command, number, line, endpoint } of batch) {
      const names = callNames()
      const srtp = new CallSrtp(line.config.srtp ?? 'off', (bytes) => randomBytes(bytes).toString('base64'))
      const settings = settingsOf(command, number, {
        line: line.config, remoteHostPort: line.remoteHostPort, sentBy: line.socket.sentBy, via: line.socket.via, contact: contactOf('loopline', line.socket),
        media: endpoint ? { host: this.#deps.voices.addresses.of(line.socket.remote.host), port: endpoint.port } : { host: line.socket.local.host, port: this.#deps.mediaPort() },
        password: line.password, hash: digestHash, srtp,
      }, names)
      const startedAt = Date.now()
      this.#deps.journal.add({
        kind: 'placed', attemptId: command.attemptId, customerId: command.customerId, campaignId: command.campaignId, lineId: command.lineId,
        remote: line.remoteHostPort, local: line.socket.sentBy, callId: settings.callId, fromTag: names.fromTag, branchSeed: names.branchSeed,
        phoneSealed: command.phoneSealed, callerId: command.callerId, ...numberRulesOf(line.config), ...transportOf(line), at: startedAt, ...(command.leg !== undefined && { leg: command.leg }),
      })
      if (endpoint) this.#deps.journal.add({ kind: 'talk', attemptId: command.attemptId, talk: NOBODY_YET })
      const { call: engine, effects } = placeCall(settings, now)
      const call: LiveCall = {
        command, line, engine, endpoint, talk: NOBODY_YET, startedAt, placedAt: now, ringingAt: null, answeredAt: null, earlyMedia: false, finalAt: null, hangUpAt: Infinity, srtp, described: 'no-common-audio', unspeakable: null, mediaFailure: null, wentSilent: false, over: false,
      }
      this.#calls.set(settings.callId, call)
      if (command.leg !== undefined) this.#legs.set(command.attemptId, command.leg)
      line.inUse += 1
      this.#open += 1
      first.push({ call, effects })
    }
    if (!this.#isJournaled()) return this.#refuseAll(first.map(({ call }) => call))
    for (const { call, effects } of first) {
      this.counters.invites += 1
      if (call.endpoint) this.#deps.voices.open(call.command, call.endpoint)
      this.#apply(call, effects, now)
      this.#deps.tell({ kind: 'placed', attemptId: call.command.attemptId, at: call.startedAt })
    }
  }

  /** Without a journal no INVITE may leave: a successor could not end the call. */
  #refuseAll(calls: LiveCall[]): void {
    for (const { command, line, engine, endpoint } of calls) {
      if (endpoint) this.#deps.voices.giveBack(endpoint)
      this.#calls.delete(engine.settings.callId)
      line.inUse -= 1
      this.#open -= 1
      this.#deps.tell({ kind: 'refused', attemptId: command.attemptId, at: Date.now(), refusal: 'journal-unwritable', ...legOf(command) })
    }
    this.#deps.journal.forget(calls.map(({ command }) => command.attemptId))
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

  /** A message of one of our calls, or one nobody knows: an unknown request is answered 481, an unknown response is dropped. */
  receive(message: SipMessage, line: Line, now: number): void {
    const call = this.#calls.get(message.callId)
    if (call && call.line === line) {
      return this.#step(call, message.kind === 'response' ? { kind: 'response', response: message } : { kind: 'request', request: message }, now)
    }
    const stray = this.#strays.get(message.callId)
    if (stray) {
      const input: CallInput = message.kind === 'response' ? { kind: 'response', response: message } : { kind: 'request', request: message }
      return this.#stepStray(message.callId, stray, step(stray.engine, input, now))
    }
    if (message.kind === 'request') return this.#answerStray(message, line)
    if (message.cseqMethod === 'INVITE' && message.status >= 200 && message.status < 300) this.#endStray(message, line, now)
  }

  /** A 200 to an INVITE of ours that nobody remembers, of a process that died: it is ACKed and ended. */
  #endStray(response: SipResponse, line: Line, now: number): void {
    if (attemptOf(response.callId) === null) return
    const { call, effects } = endStrayAnswer(response, line.socket.via, { branchSeed: callNames().branchSeed, reason: CRASH_REASON }, now)
    const orphan: StrayCall = { line, engine: call }
    this.#strays.set(response.callId, orphan)
    this.#stepStray(response.callId, orphan, effects)
  }

  #stepStray(callId: string, stray: StrayCall, effects: readonly CallEffect[]): void {
    for (const effect of effects) if (effect.kind === 'send') stray.line.socket.send(effect.text)
    if (effects.some((effect) => effect.kind === 'done')) {
      this.#strays.delete(callId)
      this.#deps.wakes.cancel(callId)
    } else {
      this.#deps.wakes.set(callId, wakeAt(stray.engine))
    }
  }

  hangUp(attemptId: AttemptId, now: number, reason?: string): void {
    const call = this.#calls.get(this.#callIdOf(attemptId))
    if (!call || call.over) return
    this.#hush(call)
    this.#step(call, reason === undefined ? { kind: 'hang-up' } : { kind: 'hang-up', reason }, now)
  }

  /** Whoever hangs up hears no more, whatever becomes of the BYE. */
  #hush({ answeredAt, endpoint, command }: LiveCall): void {
    if (answeredAt !== null && endpoint) this.#deps.voices.close(command.attemptId)
  }

  /** Nothing has come from the line for too long: it has lost the call (reliability.md F22), and the result says so. */
  giveUpSilent(attemptId: AttemptId, now: number): void {
    const call = this.#calls.get(this.#callIdOf(attemptId))
    if (!call || call.over) return
    call.wentSilent = true
    this.#hush(call)
    this.#step(call, { kind: 'hang-up', reason: NO_VOICE_REASON }, now)
  }

  /** An agent was connected, or the fallback began: kept for the result, and for a successor. */
  noteTalk(attemptId: AttemptId, change: Partial<TalkResult>): void {
    const call = this.#calls.get(this.#callIdOf(attemptId))
    if (!call || call.over) return
    call.talk = { ...call.talk, ...change, connectedAt: call.talk.connectedAt ?? change.connectedAt ?? null }
    this.#deps.journal.add({ kind: 'talk', attemptId, talk: call.talk })
    this.#isJournaled()
  }

  /** The media thread is gone: calls whose voices were there end, the others go on. */
  hangUpVoices(reason: string, now: number): void {
    for (const call of this.#calls.values()) if (call.endpoint && !call.over) this.#step(call, { kind: 'hang-up', reason }, now)
  }

  /** Cancels the calls of these campaigns that nobody has answered yet; conversations go on. */
  stopCampaigns(campaigns: ReadonlySet<CampaignId>, now: number): void {
    for (const call of this.#calls.values()) {
      const { campaignId } = call.command
      if (campaignId !== null && campaigns.has(campaignId) && call.answeredAt === null && !call.over) this.#step(call, { kind: 'hang-up' }, now)
    }
  }

  /** As if the ring time of these ran out now; conversations go on. */
  stopRinging(attemptIds: ReadonlySet<AttemptId>, now: number): void {
    for (const call of this.#calls.values()) {
      if (attemptIds.has(call.command.attemptId) && call.answeredAt === null && !call.over) this.#step(call, { kind: 'stop-ringing' }, now)
    }
  }

  /** The process is about to end: what follows is nobody's wish, and is told as such. */
  hangUpAll(reason: string, now: number): void {
    this.#isStopping = true
    for (const call of this.#calls.values()) if (!call.over) this.#step(call, { kind: 'hang-up', reason }, now)
  }

  /** The clock says that this call wanted to be woken. */
  wake(callId: string, now: number): void {
    const stray = this.#strays.get(callId)
    if (stray) return this.#stepStray(callId, stray, step(stray.engine, { kind: 'wake' }, now))
    const call = this.#calls.get(callId)
    if (!call) return
    if (now >= call.hangUpAt && !call.over) {
      call.hangUpAt = Infinity
      return this.#step(call, { kind: 'hang-up' }, now)
    }
    this.#step(call, { kind: 'wake' }, now)
  }

  #step(call: LiveCall, input: OutgoingInput, now: number): void {
    this.#apply(call, step(call.engine, input, now), now)
  }

  /** News first, so that the journal is written before what it explains is sent. */
  #apply(call: LiveCall, effects: readonly CallEffect[], now: number): void {
    let done = false
    for (const effect of effects) {
      if (effect.kind === 'send') continue
      if (effect.kind === 'done') done = true
      else this.#note(call, effect, now)
    }
    this.#isJournaled() // a call that is up goes on even while the disk is full; its records wait
    for (const effect of effects) {
      if (effect.kind === 'send') call.line.socket.send(effect.text, () => this.#onSendError(call))
    }
    const { callId } = call.engine.settings
    if (done) {
      this.#calls.delete(callId)
      if (this.#legs.get(call.command.attemptId) === call.command.leg) this.#legs.delete(call.command.attemptId)
      this.#deps.wakes.cancel(callId)
    } else {
      this.#deps.wakes.set(callId, Math.min(wakeAt(call.engine), call.hangUpAt))
    }
    const { unspeakable } = call
    if (unspeakable === null) return
    call.unspeakable = null
    this.#step(call, { kind: 'hang-up', reason: UNSPEAKABLE[unspeakable] }, now)
  }

  #note(call: LiveCall, effect: Exclude<CallEffect, { kind: 'send' } | { kind: 'done' }>, now: number): void {
    const { attemptId, hangUpAfterMs } = call.command
    const at = Date.now()
    switch (effect.kind) {
      case 'ringing': {
        if (effect.earlyMedia) call.earlyMedia = true
        if (call.endpoint && effect.sdp !== '') this.#describe(call, effect.sdp, true)
        // 183 comes with announcements too: only 180 says that a telephone rings (engines/outcome).
        const rings = effect.status === 180 && call.ringingAt === null
        if (rings) call.ringingAt = at
        const { ringingAt } = call
        this.#deps.journal.add({ kind: 'early', attemptId, ringingAt, toTag: effect.remoteTag, cseq: call.engine.invite.cseq })
        return rings ? this.#deps.tell({ kind: 'ringing', attemptId, at }) : undefined
      }
      case 'invite-renewed':
        return this.#deps.journal.add({ kind: 'early', attemptId, ringingAt: call.ringingAt, toTag: '', cseq: effect.cseq })
      case 'answered': {
        call.answeredAt = at
        call.finalAt = now
        if (call.endpoint) this.#answerVoices(call, effect.sdp, now)
        if (hangUpAfterMs !== null) call.hangUpAt = now + hangUpAfterMs
        const { remoteTag, remoteTarget, routeSet, cseq } = effect.dialog
        this.#deps.journal.add({ kind: 'answered', attemptId, at, toTag: remoteTag, remoteTarget, routeSet: [...routeSet], cseq })
        this.counters.finals += 1
        return this.#deps.tell({ kind: 'answered', attemptId, at })
      }
      case 'dialog-changed': {
        const { remoteTag, remoteTarget, routeSet, cseq } = effect.dialog
        return this.#deps.journal.add({ kind: 'answered', attemptId, at: call.answeredAt ?? at, toTag: remoteTag, remoteTarget, routeSet: [...routeSet], cseq })
      }
      case 'renegotiated':
        // A session that has become unreadable is ended; whatever else cannot be used leaves it as it is.
        if (call.endpoint && this.#describe(call, effect.sdp, false) === 'not-encrypted') call.unspeakable = 'not-encrypted'
        return undefined
      case 'ended':
        return this.#end(call, effect, at, now)
      default:
        return undefined
    }
  }

  /** Told before anything is journaled: each millisecond here is silence in the person's ear. */
  #answerVoices(call: LiveCall, sdp: string, now: number): void {
    const { voices } = this.#deps
    const { attemptId } = call.command
    // An answer without a description confirms what a reliable 18x said before (RFC 3261 §13.2.1).
    const failure = sdp === '' ? call.described : this.#describe(call, sdp, false)
    if (failure === null) return voices.answered(attemptId, performance.timeOrigin + now)
    call.unspeakable = failure
    call.mediaFailure = failure
  }

  /** Tells the media thread of a description of theirs; why that cannot be, else null. */
  #describe(call: LiveCall, sdp: string, early: boolean): MediaFailure | null {
    const agreed = call.srtp.hear(sdp)
    const isTold = typeof agreed !== 'string' && this.#deps.voices.describe(call.command.attemptId, agreed, { early, sourceHost: call.line.socket.remote.host })
    call.described = typeof agreed === 'string' ? agreed : isTold ? null : 'no-common-audio'
    return call.described
  }

  #end(call: LiveCall, ended: Ended, at: number, now: number): void {
    call.over = true
    call.hangUpAt = Infinity
    call.line.inUse -= 1
    this.#open -= 1
    const { attemptId } = call.command
    if (call.endpoint) this.#deps.voices.close(attemptId)
    if (ended.status !== null && call.finalAt === null) {
      call.finalAt = now
      this.counters.finals += 1
    }
    this.counters.retransmissions += ended.retransmissions
    this.counters.wakeLateMaxMs = Math.max(this.counters.wakeLateMaxMs, ended.wakeLateMs)
    const result: CallResult = {
      startedAt: call.startedAt, ringingAt: call.ringingAt, answeredAt: call.answeredAt, endedAt: call.answeredAt === null ? at : Math.max(call.answeredAt, Math.round(at - (now - ended.at))),
      retransmissions: ended.retransmissions,
      finalAfterMs: call.finalAt === null ? null : call.finalAt - call.placedAt,
      evidence: {
        sipStatus: ended.status, q850: ended.q850, reasonText: ended.reasons.find((reason) => reason.text !== '')?.text ?? (ended.phrase || null),
        earlyMedia: call.earlyMedia, announcement: null, endedBy: this.#whoEnded(call, ended), ...mediaFailureOf(call, ended),
      },
      ...(call.endpoint ? { talk: call.talk } : {}),
    }
    this.#deps.journal.add({ kind: 'ended', attemptId, result })
    this.#deps.tell({ kind: 'ended', attemptId, at, result, ...legOf(call.command) })
  }

  #whoEnded(call: LiveCall, ended: Ended): CallResult['evidence']['endedBy'] {
    if (ended.by === 'local' && this.#isStopping) return 'shutdown'
    if (ended.by === 'local' && call.wentSilent) return 'timeout'
    return endedBy(ended, call.answeredAt !== null)
  }

  #onSendError(call: LiveCall): void {
    this.#step(call, { kind: 'transport-error' }, performance.now())
  }

  #answerStray(request: SipRequest, line: Line): void {
    const answer = answerStray(request, randomBytes(4).toString('hex'))
    if (answer !== null) line.socket.send(answer)
  }
}

/** A carrier that refuses what a line must offer refuses to encrypt: the INVITE offered nothing else. */
function mediaFailureOf(call: LiveCall, { status }: Ended): Pick<CallResult['evidence'], 'mediaFailure'> {
  const isRefused = call.answeredAt === null && call.line.config.srtp === 'required' && OFFER_REFUSED.has(status)
  const mediaFailure = call.mediaFailure ?? (isRefused ? 'not-encrypted' : null)
  return mediaFailure === null ? {} : { mediaFailure }
}

/** The first leg is not named: it is what all calls are. */
const legOf = ({ leg }: DialCommand): { leg?: number } => (leg === undefined ? {} : { leg })

/** As the journal keeps it; nothing for UDP. */
export function transportOf({ socket: { transport }, config }: Line): Pick<PlacedRecord, 'transport' | 'tlsName' | 'tlsCa'> {
  if (transport === 'udp') return {}
  return transport === 'tcp' ? { transport } : { transport, tlsName: parseAddress(config.remote).host, ...(config.tlsCa !== null && config.tlsCa !== undefined && { tlsCa: config.tlsCa }) }
}

/** As the journal keeps them. */
function numberRulesOf({ numberFormat, countryCode, stripPrefix, addPrefix }: LineConfig): NumberRules {
  return { numberFormat, ...(countryCode !== undefined && { countryCode }), ...(stripPrefix !== undefined && { stripPrefix }), ...(addPrefix !== undefined && { addPrefix }) }
}

function callNames(): { fromTag: string; branchSeed: string } {
  const random = randomBytes(14).toString('hex')
  return { fromTag: random.slice(0, 12), branchSeed: random.slice(12) }
}

/** Who ended it, in the words of the contract. An answered call that its far end leaves was left by the callee. */
export function endedBy(ended: Pick<Ended, 'by' | 'cause' | 'status'>, answered: boolean): CallResult['evidence']['endedBy'] {
  switch (ended.by) {
    case 'remote': return 'callee'
    case 'local': return 'us'
    case 'timeout': return 'timeout'
    case 'transport': return 'carrier'
    case 'rejected': return answered || (ended.status !== null && (ended.status === 486 || ended.status >= 600)) ? 'callee' : 'carrier'
  }
}

import type { Clock } from '@loopline/clock/clock'
import { answerToFailure } from '@loopline/sip/admission'
import type { CallEffect, Ended } from '@loopline/sip/call-effect'
import { stampVia } from '@loopline/sip/header/via'
import { parseNameAddr, tagOf } from '@loopline/sip/header/name-addr'
import { isSipUri } from '@loopline/sip/header/uri'
import { isNewAttempt } from '@loopline/sip/incoming-call'
import { header, parseMessage } from '@loopline/sip/message'
import { readAudio } from '@loopline/sip/sdp'
import type { ParseFailure, SipRequest } from '@loopline/sip/message'
import { answerStray } from '@loopline/sip/stray'
import { TimerHeap } from '@loopline/sip/timer-heap'
import type { Missed } from './calling-back/call-backs.ts'
import type { CallLog } from './call-log.ts'
import { newRecord } from './call-record.ts'
import type { CallRecord } from './call-record.ts'
import { calledNumber, numberHash } from './called-number.ts'
import { chooseScript } from './choose-script.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import type { Network, Peer } from './network.ts'
import { ScriptedCall } from './scripted-call.ts'
import { isFlagged } from './settings.ts'
import type { CarrierSettings } from './settings.ts'
import type { Statistics } from './statistics.ts'
import type { Voice, VoicePool } from './voice/voice-pool.ts'

/** A caller stops repeating an unanswered INVITE after 64 × T1 (RFC 3261 §17.1.1.2, timer B). */
const UNHEARD_MS = 33_000

/** One Call-ID. `scripted` is null while its INVITE was only overheard. */
interface Line {
  readonly record: CallRecord
  /** Where the latest request came from; a caller that crashed may come back elsewhere. */
  peer: Peer
  invites: number
  scripted: ScriptedCall | null
  /** When an overheard call is forgotten, ms, monotonic. */
  forgetAt: number
}

export interface SwitchboardParts {
  readonly clock: Clock
  readonly settings: Readonly<CarrierSettings>
  readonly misbehaviour: Readonly<Misbehaviour>
  readonly seed: number
  readonly random: () => number
  readonly log: CallLog
  readonly statistics: Statistics
  /** null: the carrier is silent. */
  readonly voices: VoicePool | null
  /** `host:port` of the socket, known once it is bound. */
  readonly sentBy: () => string
  /** A telephone rang and nobody answered. */
  readonly onMissed?: (missed: Missed) => void
  /** Called when an earlier wake-up is wanted. */
  readonly wake: (at: number) => void
}

/** All calls of the carrier: hands each datagram to its call, plays the scripts, writes the truth down. */
export class Switchboard {
  readonly #parts: SwitchboardParts
  readonly #lines = new Map<string, Line>()
  readonly #timers = new TimerHeap<Line>()
  #network: Pick<Network, 'send'> | null = null
  #serial = 0

  constructor(parts: SwitchboardParts) {
    this.#parts = parts
  }

  connect(network: Pick<Network, 'send'>): void {
    this.#network = network
  }

  /** Calls that have not ended; a call on which our BYE waits for its answer is not up any more. */
  open(): CallRecord[] {
    return [...this.#lines.values()].map((line) => line.record).filter((record) => record.endedAt === null && record.byeAt === null)
  }

  onText(text: string, from: Peer): void {
    const message = parseMessage(text)
    if (message.kind === 'failure') return this.#onFailure(message, from)
    const line = this.#lines.get(message.callId)
    if (message.kind === 'response') {
      if (line === undefined || line.scripted === null || this.#parts.misbehaviour.silent) return
      line.scripted.onResponse(message, this.#now())
      return this.#settle(line)
    }
    const via = message.names.indexOf('via')
    message.values[via] = stampVia(message.values[via] as string, from.address, from.port)
    this.#onRequest(message, line, from)
  }

  /** Wakes every call whose time has come; returns when the next one's does. */
  onTime(): number {
    const now = this.#now()
    for (let line = this.#timers.takeDue(now); line !== undefined; line = this.#timers.takeDue(now)) {
      if (line.scripted === null) this.#forget(line)
      else {
        line.scripted.onWake(now)
        this.#settle(line)
      }
    }
    return this.#timers.nextAt
  }

  /** The carrier stops: calls still open are written down as such. */
  close(): void {
    for (const { record } of this.#lines.values()) if (record.endedAt === null) this.#end(record, 'carrier-stopped')
    this.#lines.clear()
  }

  #now(): number {
    return this.#parts.clock.monotonic()
  }

  #onFailure(failure: ParseFailure, from: Peer): void {
    this.#parts.statistics.malformed += 1
    const answer = this.#parts.misbehaviour.silent ? null : answerToFailure(failure, `f${(this.#serial += 1)}`)
    if (answer !== null) this.#network?.send(answer, from)
  }

  #onRequest(request: SipRequest, known: Line | undefined, from: Peer): void {
    const startsCall = request.method === 'INVITE' && tagOf(header(request, 'to') as string) === ''
    if (startsCall) return this.#onInvite(request, known ?? this.#newLine(request, from), from)
    if (this.#parts.misbehaviour.silent) return
    if (known === undefined || known.scripted === null) {
      const stray = answerStray(request, `s${(this.#serial += 1)}`)
      if (stray !== null) this.#network?.send(stray, from)
      return
    }
    known.peer = from
    this.#note(known.record, request.method)
    known.scripted.onRequest(request, this.#now())
    this.#settle(known)
  }

  #newLine(request: SipRequest, from: Peer): Line {
    const { clock, log, statistics } = this.#parts
    const number = calledNumber(request.uri)
    const hash = number === null ? '' : numberHash(number)
    const record = newRecord(request.callId, hash, `${from.address}:${from.port}`, clock.now())
    const line: Line = { record, peer: from, invites: 0, scripted: null, forgetAt: this.#now() + UNHEARD_MS }
    this.#lines.set(request.callId, line)
    statistics.calls += 1
    log.invited(record)
    return line
  }

  #onInvite(request: SipRequest, line: Line, from: Peer): void {
    const { misbehaviour, statistics } = this.#parts
    const isRenewed = line.scripted !== null && isNewAttempt(line.scripted.call, request)
    line.invites += 1
    line.peer = from
    if (line.invites > 1 && !isRenewed) {
      line.record.inviteRetransmissions += 1
      statistics.inviteRetransmissions += 1
    }
    const unheard = misbehaviour.silent || (line.scripted === null && line.invites <= misbehaviour.ignoreInvites)
    if (unheard) {
      if (line.scripted === null) this.#wakeAt(line, line.forgetAt)
      return
    }
    if (line.scripted === null || isRenewed) line.scripted = this.#start(request)
    else line.scripted.onRequest(request, this.#now())
    this.#settle(line)
  }

  #start(request: SipRequest): ScriptedCall | null {
    const { clock, settings, misbehaviour, seed, random, sentBy, voices } = this.#parts
    const calleeNow = clock.now() + settings.calleeOffsetMs
    const script = chooseScript(calledNumber(request.uri), { settings, misbehaviour, seed, calleeNow, random, isFlagged: settings.flaggedCallers.length > 0 && isFlagged(settings, callerOf(request) ?? '') })
    if (!script.trying && script.steps.length === 0) return null
    const serial = (this.#serial += 1)
    const address = sentBy()
    const own = { toTag: `c${serial}`, branchSeed: `c${seed}-${serial}`, contact: `<sip:${address}>`, sentBy: address, hangUpReason: 'Q.850;cause=16' }
    const mediaAddress = address.slice(0, address.lastIndexOf(':'))
    const takeVoice = (): Voice | null => (readAudio(request.body)?.direction === 'inactive' ? null : (voices?.take() ?? null))
    return new ScriptedCall(own, request, { script, mediaAddress, sessionId: serial, takeVoice }, this.#now())
  }

  /** After anything happened to a call: sends, notes, and sets its next wake-up. */
  #settle(line: Line): void {
    if (line.scripted === null) return this.#wakeAt(line, line.forgetAt)
    let isDone = false
    for (const effect of line.scripted.takeEffects()) {
      this.#carryOut(line, effect)
      isDone ||= effect.kind === 'done'
    }
    if (isDone) {
      this.#timers.remove(line)
      this.#lines.delete(line.record.callId)
    } else this.#wakeAt(line, line.scripted.wakeAt)
  }

  #wakeAt(line: Line, at: number): void {
    this.#timers.set(line, at)
    this.#parts.wake(at)
  }

  #carryOut(line: Line, effect: CallEffect): void {
    switch (effect.kind) {
      case 'send': return this.#send(line, effect.text)
      case 'ended': return this.#onEnded(line, effect)
      default: return
    }
  }

  #send(line: Line, text: string): void {
    if (this.#parts.misbehaviour.silent) return
    this.#noteSent(line, text)
    this.#network?.send(text, line.peer)
  }

  #noteSent({ record, scripted }: Line, text: string): void {
    const at = this.#parts.clock.now()
    if (text.startsWith('BYE ')) {
      record.byeBy ??= 'callee'
      record.byeAt ??= at
    }
    if (record.finalAt !== null || scripted?.call.lastResponse !== text) return
    const status = Number(text.slice('SIP/2.0 '.length, 'SIP/2.0 200'.length))
    if (status === 180) record.ringingAt ??= at
    if (status < 200) return
    record.finalStatus = status
    record.finalAt = at
    this.#parts.statistics.count(status)
  }

  #note(record: CallRecord, method: string): void {
    const at = this.#parts.clock.now()
    if (method === 'CANCEL') record.cancelAt ??= at
    if (method === 'ACK' && record.ackAt === null) {
      record.ackAt = at
      if (record.endedAt !== null) this.#parts.log.acknowledged(record)
    }
    if (method === 'BYE' && record.byeAt === null) {
      record.byeAt = at
      record.byeBy = 'caller'
    }
  }

  #onEnded({ record, scripted, peer }: Line, ended: Ended): void {
    if (scripted !== null && record.ringingAt !== null && UNANSWERED.has(record.finalStatus ?? 0)) this.#tellMissed(scripted.call.invite, peer)
    record.ownRetransmissions = ended.retransmissions
    if (scripted !== null && scripted.voice !== null) {
      record.rtp = { sent: scripted.voice.sent, received: scripted.voice.received }
      this.#parts.voices?.giveBack(scripted.voice)
    }
    this.#end(record, endedBy(ended))
  }

  /** What the telephone shows afterwards: who called, if the caller named himself. */
  #tellMissed(invite: SipRequest, peer: Peer): void {
    const number = calledNumber(invite.uri)
    const caller = callerOf(invite)
    if (number !== null && caller !== null) this.#parts.onMissed?.({ number, callerId: caller, peer, at: this.#parts.clock.now() })
  }

  #end(record: CallRecord, by: NonNullable<CallRecord['endedBy']>): void {
    record.endedBy = by
    record.endedAt = this.#parts.clock.now()
    this.#parts.statistics.ended += 1
    this.#parts.log.ended(record)
  }

  #forget(line: Line): void {
    if (line.record.endedAt === null) this.#end(line.record, 'timeout')
    this.#lines.delete(line.record.callId)
  }
}

/** Not declined: the caller cancelled, or the network gave up. */
const UNANSWERED: ReadonlySet<number> = new Set([408, 480, 487])

/** Who calls, as he names himself; null where he does not. */
function callerOf(invite: SipRequest): string | null {
  const caller = parseNameAddr(header(invite, 'from') as string)?.uri
  return caller !== undefined && isSipUri(caller) ? caller.user : null
}

function endedBy(ended: Ended): NonNullable<CallRecord['endedBy']> {
  switch (ended.cause) {
    case 'cancel-received': return 'cancelled'
    case 'bye-received': return 'caller'
    case 'rejected': return 'rejected'
    case 'hung-up': return 'callee'
    default: return 'timeout'
  }
}

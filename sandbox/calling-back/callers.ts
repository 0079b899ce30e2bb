import { randomUUID } from 'node:crypto'
import type { Clock } from '@loopline/clock/clock'
import type { CallEffect } from '@loopline/sip/call-effect'
import { parseMessage } from '@loopline/sip/message'
import { placeCall, step, wakeAt } from '@loopline/sip/outgoing-call'
import type { OutgoingCall } from '@loopline/sip/outgoing-call'
import { formatSdp } from '@loopline/sip/sdp'
import type { E164 } from '@loopline/vocabulary/phone'
import { NO_MEDIA_PORT } from '../announcement-sdp.ts'
import { numberHash } from '../called-number.ts'
import type { Network, Peer } from '../network.ts'
import { testScriptOf } from '../test-numbers.ts'
import { agreedOn } from '../voice/voice-pool.ts'
import type { Voice, VoicePool } from '../voice/voice-pool.ts'

/** Somebody of the population calls a line of ours: whom he dials, and how patient he is. Times: ms. */
export interface Wish {
  readonly from: E164
  /** As it was shown to him, or as a person writes it. */
  readonly to: string
  readonly peer: Peer
  /** Hangs up this long after the answer. */
  readonly talkMs: number
  /** Hangs up when nobody has answered by then. */
  readonly patienceMs: number
}

/** What the control port shows of one call. */
export interface CallerRecord {
  readonly callId: string
  /** `numberHash` of the caller. */
  readonly from: string
  readonly to: string
  readonly at: number
  /** Provisional and final answers to the INVITE, in order. */
  readonly statuses: number[]
  answeredAt: number | null
  endedAt: number | null
  rtp: { sent: number; received: number } | null
}

interface Calling {
  readonly wish: Wish
  readonly call: OutgoingCall
  readonly record: CallerRecord
  voice: Voice | null
  hangUpAt: number
  timer: NodeJS.Timeout | null
}

export interface CallersParts {
  readonly clock: Clock
  readonly voices: VoicePool | null
  /** `host:port` of the socket, known once it is bound. */
  readonly sentBy: () => string
}

/** Distinguishes these calls from those that are made to the carrier. */
const AT = '@calls-in'
const KEPT = 200

/** People of the sandbox who call us: over the carrier's own socket, as a carrier hands calls in. */
export class Callers {
  readonly #parts: CallersParts
  readonly #calls = new Map<string, Calling>()
  #records: CallerRecord[] = []
  #network: Pick<Network, 'send'> | null = null
  #serial = 0
  #isClosed = false

  constructor(parts: CallersParts) {
    this.#parts = parts
  }

  connect(network: Pick<Network, 'send'>): void {
    this.#network = network
  }

  /** The latest first. */
  records(): readonly CallerRecord[] {
    return this.#records
  }

  place(wish: Wish): CallerRecord {
    const sentBy = this.#parts.sentBy()
    const callId = `${randomUUID()}${AT}`
    const [address = ''] = sentBy.split(':')
    const voice = this.#parts.voices?.take() ?? null
    const user = national(wish.from)
    const to = `${wish.peer.address}:${wish.peer.port}`
    this.#serial += 1
    const { call, effects } = placeCall({
      callId, fromTag: `p${this.#serial}`, branchSeed: randomUUID().slice(0, 13), requestUri: `sip:${wish.to}@${to}`, from: `<sip:${user}@${sentBy}>`, to: `<sip:${wish.to}@${to}>`,
      contact: `<sip:${sentBy}>`, sentBy, ringTimeMs: wish.patienceMs, hangUpReason: 'Q.850;cause=16',
      sdp: formatSdp({ address, port: voice?.port ?? NO_MEDIA_PORT, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: this.#serial, version: 1 }),
    }, this.#now())
    const record: CallerRecord = { callId, from: numberHash(wish.from), to: wish.to, at: this.#parts.clock.now(), statuses: [], answeredAt: null, endedAt: null, rtp: null }
    this.#records = [record, ...this.#records.slice(0, KEPT - 1)]
    const calling: Calling = { wish, call, record, voice, hangUpAt: Number.POSITIVE_INFINITY, timer: null }
    this.#calls.set(callId, calling)
    this.#carryOut(calling, effects)
    return record
  }

  /** Answers whether the datagram is of one of these calls. */
  onText(text: string): boolean {
    if (this.#calls.size === 0 || !text.includes(AT)) return false
    const message = parseMessage(text)
    if (message.kind === 'failure') return false
    const calling = this.#calls.get(message.callId)
    if (calling === undefined) return false
    const { call, record } = calling
    if (message.kind === 'response' && message.cseqMethod === 'INVITE' && record.statuses.at(-1) !== message.status) record.statuses.push(message.status)
    this.#carryOut(calling, step(call, message.kind === 'response' ? { kind: 'response', response: message } : { kind: 'request', request: message }, this.#now()))
    return true
  }

  close(): void {
    this.#isClosed = true
    for (const { timer } of this.#calls.values()) if (timer !== null) clearTimeout(timer)
    this.#calls.clear()
  }

  #now(): number {
    return this.#parts.clock.monotonic()
  }

  #carryOut(calling: Calling, effects: readonly CallEffect[]): void {
    for (const effect of effects) this.#obey(calling, effect)
    const at = Math.min(wakeAt(calling.call), calling.hangUpAt)
    if (calling.timer !== null) clearTimeout(calling.timer)
    calling.timer = at === Number.POSITIVE_INFINITY || this.#isClosed ? null : setTimeout(() => this.#wake(calling), Math.max(0, at - this.#now()))
  }

  #obey(calling: Calling, effect: CallEffect): void {
    const { record, wish, call } = calling
    switch (effect.kind) {
      case 'send': return this.#network?.send(effect.text, wish.peer)
      case 'answered': {
        record.answeredAt = this.#parts.clock.now()
        calling.hangUpAt = this.#now() + wish.talkMs
        const agreed = agreedOn(effect.sdp, call.settings.sdp)
        if (agreed !== null) calling.voice?.speak(agreed.audio, agreed.audio.codecs[0] ?? 'PCMA', testScriptOf(wish.from)?.manner ?? { kind: 'person' }, this.#serial, this.#now())
        return
      }
      case 'ended': {
        record.endedAt = this.#parts.clock.now()
        calling.hangUpAt = Number.POSITIVE_INFINITY
        if (calling.voice === null) return
        record.rtp = { sent: calling.voice.sent, received: calling.voice.received }
        this.#parts.voices?.giveBack(calling.voice)
        calling.voice = null
        return
      }
      case 'done': return void this.#calls.delete(record.callId)
      default: return
    }
  }

  #wake(calling: Calling): void {
    const now = this.#now()
    const isOver = now >= calling.hangUpAt
    if (isOver) calling.hangUpAt = Number.POSITIVE_INFINITY
    this.#carryOut(calling, step(calling.call, isOver ? { kind: 'hang-up' } : { kind: 'wake' }, now))
  }
}

/** How a carrier of the mainland shows a caller of its own country. */
const national = (number: E164): string => (number.startsWith('+86') ? number.slice(3) : `00${number.slice(1)}`)

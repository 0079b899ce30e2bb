import { virtualClock } from '@loopline/clock/clock'
import type { VirtualClock } from '@loopline/clock/clock'
import type { CallEffect, Ended } from '@loopline/sip/call-effect'
import { parseMessage } from '@loopline/sip/message'
import { placeCall, step, wakeAt } from '@loopline/sip/outgoing-call'
import type { OutgoingCall } from '@loopline/sip/outgoing-call'
import { CallLog } from '../call-log.ts'
import { WELL_BEHAVED } from '../misbehaviour.ts'
import type { Misbehaviour } from '../misbehaviour.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import type { CarrierSettings } from '../settings.ts'
import { Statistics } from '../statistics.ts'
import { Switchboard } from '../switchboard.ts'
import { callerSettings } from './caller-settings.ts'

const CALLER = { address: '192.0.2.10', port: 5070 }
const CARRIER = '192.0.2.20:5060'

/** One call as its caller saw it. */
export interface Placed {
  readonly call: OutgoingCall
  readonly saw: CallEffect[]
  ringingAt: number | null
  answeredAt: number | null
  ended: Ended | null
  hangUpAt: number
}

/** A carrier and its callers on virtual time: a 90-second ring takes a millisecond. */
export class VirtualExchange {
  readonly clock: VirtualClock = virtualClock()
  readonly settings: CarrierSettings = { ...DEFAULT_SETTINGS }
  readonly misbehaviour: Misbehaviour = { ...WELL_BEHAVED }
  readonly statistics = new Statistics()
  readonly switchboard: Switchboard
  readonly placed: Placed[] = []
  /** Request and status lines as they passed, `> INVITE`, `< 180`. */
  readonly wire: string[] = []
  #nextAt = Number.POSITIVE_INFINITY

  constructor(settings: Partial<CarrierSettings> = {}) {
    Object.assign(this.settings, settings)
    const { clock, misbehaviour, statistics } = this
    this.switchboard = new Switchboard({
      voices: null,
      clock, settings: this.settings, misbehaviour, statistics, seed: 1, random: () => 0.5, log: new CallLog(null),
      sentBy: () => CARRIER, wake: (at) => { this.#nextAt = Math.min(this.#nextAt, at) },
    })
    this.switchboard.connect({ send: (text) => this.#toCaller(text) })
  }

  place(number: string, but: { ringTimeMs?: number; talkMs?: number } = {}): Placed {
    const callId = `attempt-${this.placed.length + 1}`
    const settings = { ...callerSettings(number, callId, `${CALLER.address}:${CALLER.port}`, CARRIER), ringTimeMs: but.ringTimeMs ?? 30_000 }
    const { call, effects } = placeCall(settings, this.clock.monotonic())
    const placed: Placed = { call, saw: [], ringingAt: null, answeredAt: null, ended: null, hangUpAt: but.talkMs ?? 5_000 }
    this.placed.push(placed)
    this.#carryOut(placed, effects)
    return placed
  }

  /** Lets time pass, waking everybody exactly when they asked. */
  run(forMs: number): void {
    const until = this.clock.monotonic() + forMs
    for (;;) {
      const next = Math.min(this.#nextAt, ...this.placed.map((placed) => Math.min(wakeAt(placed.call), this.#hangUpAt(placed))))
      if (next > until) break
      this.clock.advance(Math.max(0, next - this.clock.monotonic()))
      this.#nextAt = Number.POSITIVE_INFINITY
      this.#nextAt = Math.min(this.switchboard.onTime(), this.#nextAt)
      for (const placed of this.placed) this.#wake(placed)
    }
    this.clock.advance(until - this.clock.monotonic())
  }

  #hangUpAt(placed: Placed): number {
    return placed.answeredAt === null || placed.ended !== null ? Number.POSITIVE_INFINITY : placed.answeredAt + placed.hangUpAt
  }

  #wake(placed: Placed): void {
    const now = this.clock.monotonic()
    if (this.#hangUpAt(placed) <= now) {
      placed.hangUpAt = Number.POSITIVE_INFINITY
      this.#carryOut(placed, step(placed.call, { kind: 'hang-up' }, now))
    }
    if (wakeAt(placed.call) <= now) this.#carryOut(placed, step(placed.call, { kind: 'wake' }, now))
  }

  #carryOut(placed: Placed, effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') {
        this.wire.push(`> ${effect.text.slice(0, effect.text.indexOf(' '))}`)
        this.switchboard.onText(effect.text, CALLER)
        continue
      }
      placed.saw.push(effect)
      if (effect.kind === 'ringing' && effect.status === 180) placed.ringingAt ??= effect.at
      if (effect.kind === 'answered') placed.answeredAt ??= effect.at
      if (effect.kind === 'ended') placed.ended = effect
    }
  }

  #toCaller(text: string): void {
    this.wire.push(`< ${text.startsWith('SIP/2.0') ? text.slice(8, 11) : text.slice(0, text.indexOf(' '))}`)
    const message = parseMessage(text)
    if (message.kind === 'failure') throw new Error(`the carrier sent what nobody can read: ${message.code}\n${text}`)
    const placed = this.placed.find((one) => one.call.settings.callId === message.callId)
    if (placed === undefined) return
    const input = message.kind === 'response' ? { kind: 'response' as const, response: message } : { kind: 'request' as const, request: message }
    this.#carryOut(placed, step(placed.call, input, this.clock.monotonic()))
  }
}

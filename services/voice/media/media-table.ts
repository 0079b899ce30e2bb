/** Decides what the media thread does with each thing it is told: which leg, which call, which refusal. */
import { randomBytes } from 'node:crypto'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { LegFindings } from '@loopline/contracts/agent'
import type { AudioName, TalkOrder, TalkRefusal } from '@loopline/contracts/voice-link'
import type { EndpointPool } from './endpoint-pool.ts'
import type { BrowserPort } from './browser-port.hot.ts'
import { Leg } from './leg.hot.ts'
import { LegTest, NOTHING_FOUND } from './leg-test.ts'
import { LegMeter } from './leg-meter.ts'
import type { AgreedAudio, BrowserLeg as BrowserWish, FromMedia, ToMedia } from './media-messages.ts'
import { OutStream } from './out-stream.hot.ts'
import { PlainLeg } from './plain-leg.hot.ts'
import type { RecorderSink } from './recorder.ts'
import { Room } from './room.hot.ts'
import { Seat } from './seat.ts'
import { Sound } from './sound.hot.ts'
import { Talk, type TalkSurroundings } from './talk.ts'
import { Ticker } from './ticker.ts'

export interface MediaTableDeps {
  pool: EndpointPool
  browsers: BrowserPort
  /** @param sender who is told; 0 is the main thread. */
  tell(sender: number, message: FromMedia): void
  sounds: Map<AudioName, Int16Array>
  /** Nothing at all from the person's side for so long ends the call. */
  silenceMaxMs: number
  recorder: RecorderSink
}

/** How often alarms are looked at: an alarm after two seconds comes a quarter of a second late at most. */
const WATCH_MS = 250
const LOOKS_A_SECOND = 1_000 / WATCH_MS

type Of<Type extends ToMedia['type']> = Extract<ToMedia, { type: Type }>

export class MediaTable {
  readonly #deps: MediaTableDeps
  readonly #talks = new Map<AttemptId, { talk: Talk; sender: number }>()
  readonly #seats = new Map<UserId, Seat>()
  readonly #ticker = new Ticker()
  readonly #meters = new Map<Leg, LegMeter>()
  readonly #watching: NodeJS.Timeout
  /** RFC 7022: a name that says nothing of the host. */
  readonly #cname = randomBytes(9).toString('base64')
  #legs = 0
  #looks = 0

  constructor(deps: MediaTableDeps) {
    this.#deps = deps
    this.#watching = setInterval(() => this.#watch(performance.now()), WATCH_MS)
  }

  get talks(): number {
    return this.#talks.size
  }

  hear(sender: number, message: Exclude<ToMedia, { type: 'shut-down' | 'recorder' }>, now: number): void {
    switch (message.type) {
      case 'open-call': return this.#openCall(sender, message)
      case 'call-media': return this.#onCallMedia(message)
      case 'call-answered': return this.#talks.get(message.attemptId)?.talk.answered(message.at, now)
      case 'close-call': return this.#closeCall(message.attemptId)
      case 'open-agent': return this.#openAgent(message, now)
      case 'agent-media': return this.#onAgentMedia(message, now)
      case 'close-agent': return this.#closeAgent(message, now)
      case 'sound':
        if (message.samples === null) this.#deps.sounds.delete(message.name)
        else this.#deps.sounds.set(message.name, message.samples)
        return
      case 'talk': return message.orders.forEach((order) => this.#obey(order, now))
    }
  }

  close(): void {
    clearInterval(this.#watching)
    for (const { test } of this.#seats.values()) test?.end(true)
    for (const attemptId of this.#talks.keys()) this.#closeCall(attemptId)
  }

  #openCall(sender: number, { attemptId, customerId, endpoint, talk: plan }: Of<'open-call'>): void {
    const bound = this.#deps.pool.get(endpoint)
    if (bound === null || bound.user !== null || this.#talks.has(attemptId)) return
    const meter = this.#newLeg(randomBytes(4).readUInt32BE(), this.#cname)
    const customer = new PlainLeg(bound, meter.leg, meter)
    const talk = new Talk({ attemptId, customerId, plan, customer, meter, room: new Room(this.#ticker) }, this.#around(sender))
    this.#talks.set(attemptId, { talk, sender })
  }

  #around(sender: number): TalkSurroundings {
    const { tell, sounds } = this.#deps
    return {
      tellCaller: (message) => tell(sender, message),
      tell: (event) => tell(0, { type: 'calls', events: [event] }),
      sound(name, onEnd) {
        const samples = sounds.get(name)
        return samples === undefined ? null : new Sound(samples, onEnd)
      },
      music() {
        const samples = sounds.get('hold-music')
        return samples === undefined ? null : new Sound(samples, null)
      },
      seatOf: (agentId) => this.#seats.get(agentId) ?? null,
      recorder: this.#deps.recorder,
      silenceMaxMs: this.#deps.silenceMaxMs,
      ticker: this.#ticker,
    }
  }

  #newLeg(ssrc: number, cname: string): LegMeter {
    this.#legs += 1
    const random = randomBytes(6)
    const leg = new Leg(this.#legs, new OutStream({ ssrc, sequence: random.readUInt16BE() >> 1, timestamp: random.readUInt32BE(2) }))
    const meter = new LegMeter(leg, cname, performance.now())
    this.#meters.set(leg, meter)
    return meter
  }

  #watch(now: number): void {
    for (const meter of this.#meters.values()) meter.reportIfDue(now)
    for (const { talk } of this.#talks.values()) talk.watch(now)
    this.#looks += 1
    if (this.#looks % LOOKS_A_SECOND !== 0) return
    const calls = [...this.#talks.values()].flatMap(({ talk }) => talk.quality() ?? [])
    if (calls.length > 0) this.#deps.tell(0, { type: 'quality', at: Date.now(), calls })
  }

  #onCallMedia({ attemptId, remote, audio, srtp }: Of<'call-media'>): void {
    const talk = this.#talks.get(attemptId)?.talk
    if (talk === undefined) return
    talk.customer.signal(remote, srtp)
    talk.agree(audio)
    talk.heardEarly()
  }

  #closeCall(attemptId: AttemptId): void {
    const entry = this.#talks.get(attemptId)
    if (entry === undefined) return
    this.#talks.delete(attemptId)
    const { talk, sender } = entry
    talk.close()
    talk.customer.close()
    this.#meters.delete(talk.customer.leg)
    this.#deps.pool.release(talk.customer.endpoint)
    this.#deps.tell(sender, { type: 'call-closed', attemptId })
  }

  #openAgent({ agentId, serial, audio, leg: wanted }: Of<'open-agent'>, now: number): void {
    const seat = this.#seatFor(agentId)
    if (serial <= seat.serial) return
    this.#dropLeg(seat)
    seat.serial = serial
    if (wanted.kind === 'browser') return this.#openBrowser(seat, wanted, audio)
    const endpoint = this.#deps.pool.get(wanted.endpoint)
    if (endpoint === null || endpoint.user !== null) return
    const meter = this.#newLeg(randomBytes(4).readUInt32BE(), this.#cname)
    const plain = new PlainLeg(endpoint, meter.leg, meter)
    plain.signal(wanted.remote, wanted.srtp)
    plain.leg.agree(audio)
    seat.leg = plain.leg
    seat.meter = meter
    this.#seatIsUp(seat, now)
  }

  #openBrowser(seat: Seat, wish: BrowserWish, audio: AgreedAudio): void {
    const { serial } = seat
    const meter = this.#newLeg(wish.ssrc, wish.cname)
    meter.leg.agree(audio)
    seat.leg = meter.leg
    seat.meter = meter
    this.#deps.browsers.openLeg({
      wish, leg: meter.leg, control: meter,
      onState: (isUp, reason) => {
        if (seat.serial !== serial) return
        if (isUp) this.#seatIsUp(seat, performance.now())
        else this.#seatIsLost(seat, reason, performance.now())
      },
    })
  }

  /** Consent may come back by itself (RFC 7675 §5.1): the leg stays until it is closed. */
  #seatIsLost(seat: Seat, reason: string | null, now: number): void {
    seat.isUp = false
    this.#deps.tell(0, { type: 'agent-leg', agentId: seat.agentId, serial: seat.serial, state: 'lost', reason })
    this.#seatChanged(seat, now)
  }

  #seatFor(agentId: UserId): Seat {
    const known = this.#seats.get(agentId)
    if (known !== undefined) return known
    const seat = new Seat(agentId)
    this.#seats.set(agentId, seat)
    return seat
  }

  #seatIsUp(seat: Seat, now: number): void {
    seat.isUp = true
    this.#deps.tell(0, { type: 'agent-leg', agentId: seat.agentId, serial: seat.serial, state: 'up', reason: null })
    this.#seatChanged(seat, now)
  }

  #seatChanged(seat: Seat, now: number): void {
    seat.talk?.seatChanged(seat, now)
    seat.attends?.seatChanged(seat, now)
    if (!seat.isFree) return
    for (const { talk } of this.#talks.values()) if (talk.plan.agentId === seat.agentId) talk.seatChanged(seat, now)
  }

  #onAgentMedia({ agentId, serial, audio, remote }: Of<'agent-media'>, now: number): void {
    const seat = this.#seats.get(agentId)
    if (seat === undefined || seat.serial !== serial || seat.leg === null) return
    seat.leg.agree(audio)
    if (remote !== null && seat.leg.transport instanceof PlainLeg) seat.leg.transport.signal(remote, null)
    this.#seatChanged(seat, now)
  }

  #closeAgent({ agentId, serial }: Of<'close-agent'>, now: number): void {
    const seat = this.#seats.get(agentId)
    if (seat === undefined || seat.serial !== serial) return
    this.#dropLeg(seat)
    this.#seatChanged(seat, now)
  }

  #dropLeg(seat: Seat): void {
    const { leg } = seat
    seat.isUp = false
    seat.leg = null
    seat.meter = null
    if (leg === null) return
    this.#meters.delete(leg)
    const { transport } = leg
    transport?.close()
    if (transport instanceof PlainLeg) this.#deps.pool.release(transport.endpoint)
  }

  #obey(order: Exclude<TalkOrder, { order: 'call-desk' }>, now: number): void {
    if (order.order === 'drop-leg') return this.#dropOrdered(order.agentId, order.reason, now)
    if (order.order === 'test-leg') return this.#testLeg(order)
    const talk = this.#talks.get(order.attemptId)?.talk
    const refusal = talk === undefined ? 'no-such-call' : this.#apply(talk, order, now)
    if (refusal === null) return
    this.#deps.tell(0, { type: 'calls', events: [{ kind: 'talk-refused', attemptId: order.attemptId, at: Date.now(), order: order.order, refusal }] })
  }

  #apply(talk: Talk, order: Exclude<TalkOrder, { order: 'drop-leg' | 'test-leg' | 'call-desk' }>, now: number): TalkRefusal | null {
    switch (order.order) {
      case 'connect':
      case 'hand-over': return talk.connect(this.#seats.get(order.agentId) ?? null, now)
      case 'hold': return talk.hold(order.on)
      case 'consult': return talk.consult(this.#seats.get(order.agentId) ?? null, now)
      case 'conference': return talk.conference(order.on)
      case 'leave': return talk.leave(this.#seats.get(order.agentId) ?? null, now)
      case 'fall-back': return talk.fallBack()
      case 'attend': return talk.attend(this.#seats.get(order.agentId) ?? null, order.as)
      case 'digits': return talk.digits(order.digits)
      case 'record': return talk.record(order.on)
    }
  }

  /** One that was begun before is over: its page asks anew. */
  #testLeg({ agentId, testId }: Extract<TalkOrder, { order: 'test-leg' }>): void {
    const onDone = (findings: LegFindings): void => this.#deps.tell(0, { type: 'leg-tested', agentId, testId, findings })
    const seat = this.#seats.get(agentId)
    if (seat === undefined) return onDone(NOTHING_FOUND)
    seat.test?.end(true)
    const { live: leg, meter } = seat
    if (leg === null || meter === null || !seat.isFree || seat.early !== null) return onDone(NOTHING_FOUND)
    seat.test = new LegTest({ seat, leg, meter, ticker: this.#ticker, onDone })
  }

  #dropOrdered(agentId: UserId, reason: string, now: number): void {
    const seat = this.#seats.get(agentId)
    if (seat === undefined) return
    this.#dropLeg(seat)
    this.#deps.tell(0, { type: 'agent-leg', agentId, serial: seat.serial, state: 'lost', reason })
    this.#seatChanged(seat, now)
  }
}

/**
 * One call with voice: who is on it and what stands between the answer and the two hearing each other. It decides by what
 * it was told before; at the answer it asks nobody (ADR 7).
 */
import { NO_AUDIO_MS } from '@loopline/rtp/audio-alarm'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { LegQuality } from '@loopline/contracts/quality'
import type { AudioName, TalkOrder, TalkPlan, TalkRefusal, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { AgreedAudio, FromMedia } from './media-messages.ts'
import type { Seat } from './seat.ts'
import type { Leg } from './leg.hot.ts'
import type { PlainLeg } from './plain-leg.hot.ts'
import { DigitEar, ToneEar } from './digit-ear.ts'
import { DigitSender } from './digit-sender.ts'
import { QualitySpan, type LegMeter } from './leg-meter.ts'
import type { RecorderSink } from './recorder.ts'
import { routesOf, type Attendee, type Standing } from './routes.ts'
import type { Room } from './room.hot.ts'
import type { Sound } from './sound.hot.ts'
import type { Ticker } from './ticker.ts'

/** What a talk needs of the thread it lives on. */
export interface TalkSurroundings {
  /** To the thread that opened the call. */
  tellCaller(message: FromMedia): void
  /** To the dialers. */
  tell(event: VoiceCallEvent): void
  /** null when there is no such sound. */
  sound(name: AudioName, onEnd: () => void): Sound | null
  music(): Sound | null
  seatOf(agentId: UserId): Seat | null
  recorder: RecorderSink
  /** Nothing at all from the person's side for so long: the line has lost the call (reliability.md F22). */
  silenceMaxMs: number
  ticker: Ticker
}

export interface TalkStart {
  attemptId: AttemptId
  customerId: CustomerId
  plan: TalkPlan
  customer: PlainLeg
  meter: LegMeter
  room: Room
}

/** What is watched of one side. */
interface Watch {
  span: QualitySpan
  life: QualitySpan
  /** From when on audio is owed; ms, monotonic. */
  owedSince: number
  isAlarmed: boolean
}

/** As long as the agent's session keeps the call for him (engines/agent, LEG_GRACE_MS). */
const AGENT_AWAY_MAX_MS = 3_000

type Phase = 'calling' | 'alone' | 'announced' | 'talking' | 'closed'

export class Talk {
  readonly attemptId: AttemptId
  readonly customerId: CustomerId
  readonly plan: TalkPlan
  readonly customer: PlainLeg
  readonly room: Room
  agent: Seat | null = null
  readonly attendees = new Map<Seat, Attendee['as']>()
  phase: Phase = 'calling'
  isHeld = false
  /** Unix ms of the 200. */
  answeredAt: number | null = null
  #sound: Sound | null = null
  #fallbackTimer: NodeJS.Timeout | null = null
  /** Runs while the agent's leg is away. */
  #awayTimer: NodeJS.Timeout | null = null
  #hasFallenBack = false
  #wasAnnounced = false
  readonly #around: TalkSurroundings
  readonly #digits: DigitSender
  readonly #onDigits: (digits: string) => void
  readonly #meter: LegMeter
  #customerWatch: Watch | null = null
  #agentWatch: Watch | null = null
  #agentLeg: Leg | null = null

  constructor({ attemptId, customerId, plan, customer, meter, room }: TalkStart, around: TalkSurroundings) {
    this.attemptId = attemptId
    this.customerId = customerId
    this.plan = plan
    this.customer = customer
    this.room = room
    this.#around = around
    this.#meter = meter
    this.#digits = new DigitSender(customer.leg, around.ticker)
    this.#onDigits = (digits) => around.tell({ kind: 'digits', attemptId, at: Date.now(), digits })
    customer.leg.eventEar = new DigitEar(this.#onDigits)
  }

  /** What both ends agreed on, at first or anew. */
  agree(audio: AgreedAudio): void {
    const { leg } = this.customer
    leg.agree(audio)
    leg.toneEar = audio.telephoneEvent === null ? leg.toneEar ?? new ToneEar(this.#onDigits) : null
  }

  /** Before the answer a reserved agent hears what the line says: ring-back, announcements. */
  heardEarly(): void {
    if (this.phase !== 'calling') return
    const seat = this.#reserved()
    if (seat !== null) seat.early ??= this
    this.wire()
  }

  /** @param at Unix ms of the 200. */
  answered(at: number, now: number): void {
    if (this.phase !== 'calling') return
    this.answeredAt = at
    this.phase = 'alone'
    this.#customerWatch = newWatch(this.#meter, now)
    const seat = this.#reserved()
    if (seat !== null) this.#join(seat, now)
    else this.#awaitSomebody(now)
  }

  /** @returns why not, or null. */
  connect(seat: Seat | null, now: number): TalkRefusal | null {
    if (this.phase === 'calling' || this.phase === 'closed') return 'not-answered'
    if (seat === null || !seat.isUp) return 'agent-leg-down'
    if (seat.talk === this) return null
    if (!seat.isFree) return 'agent-busy'
    this.#leave()
    this.#join(seat, now)
    return null
  }

  hold(on: boolean): TalkRefusal | null {
    if (this.phase !== 'talking' && this.phase !== 'announced') return 'not-answered'
    this.isHeld = on
    if (this.phase === 'talking') this.#sound = on ? this.#around.music() : null
    this.wire()
    return null
  }

  digits(digits: string): TalkRefusal | null {
    if (this.phase === 'calling' || this.phase === 'closed') return 'not-answered'
    this.#digits.send(digits)
    return null
  }

  /** Pauses and resumes; it never begins what the plan does not allow. */
  record(on: boolean): TalkRefusal | null {
    const { recording } = this.plan
    if (recording.record === 'no' || (recording.record === 'after-announcement' && !this.#wasAnnounced)) return on ? 'recording-not-allowed' : null
    this.room.pauseRecording(!on)
    return null
  }

  attend(seat: Seat | null, as: Extract<TalkOrder, { order: 'attend' }>['as']): TalkRefusal | null {
    if (as === 'off') {
      if (seat !== null) this.#dismiss(seat)
      this.wire()
      return null
    }
    if (this.phase === 'calling' || this.phase === 'closed') return 'not-answered'
    if (seat === null || !seat.isUp) return 'agent-leg-down'
    if (seat.talk !== null || (seat.attends !== null && seat.attends !== this)) return 'agent-busy'
    seat.attends = this
    this.attendees.set(seat, as)
    this.wire()
    return null
  }

  /** A leg of somebody on this call came up anew or was lost; a reserved agent may have come in time. */
  seatChanged(seat: Seat, now: number): void {
    if (this.phase === 'closed') return
    if (this.phase === 'alone' && !this.#hasFallenBack && seat.isFree && this.plan.agentId === seat.agentId) return this.#join(seat, now)
    if (seat === this.agent && seat.isUp && seat.meter !== null && seat.meter.leg !== this.#agentLeg) this.#watchAgent(seat.meter, now)
    // The person hears music, not silence, until the agent's leg is back (F24).
    if (seat === this.agent && this.phase === 'talking' && !this.isHeld) this.#sound = seat.isUp ? null : this.#around.music()
    if (seat === this.agent) this.#awaitReturn(seat)
    this.wire()
  }

  /** A leg that was lost may come back with the page; one that does not leaves the person with nobody, who is told so and hung up on. */
  #awaitReturn(seat: Seat): void {
    if (seat.isUp) this.#stopAwaiting()
    else this.#awayTimer ??= setTimeout(() => this.#giveUpAgent(), AGENT_AWAY_MAX_MS)
  }

  #stopAwaiting(): void {
    if (this.#awayTimer !== null) clearTimeout(this.#awayTimer)
    this.#awayTimer = null
  }

  #giveUpAgent(): void {
    this.#awayTimer = null
    if (this.phase === 'closed' || this.phase === 'calling') return
    this.#leave()
    this.phase = 'alone'
    this.isHeld = false
    this.#hasFallenBack = true // the agent's session has let the call go: it must not find him again
    const hangUp = (): void => this.#around.tellCaller({ type: 'hang-up', attemptId: this.attemptId, why: 'agent-lost' })
    const { fallback } = this.plan
    this.#sound = fallback === null ? null : this.#around.sound(fallback.play, () => { if (this.phase === 'alone') hangUp() })
    if (this.#sound === null) hangUp()
    this.wire()
  }

  close(): void {
    if (this.phase === 'closed') return
    this.phase = 'closed'
    this.#stopWaiting()
    this.#digits.stop()
    this.#tellEnd()
    this.room.close()
    this.#leave()
    const reserved = this.plan.agentId === null ? null : this.#around.seatOf(this.plan.agentId)
    if (reserved?.early === this) reserved.early = null
    for (const seat of this.attendees.keys()) seat.attends = null
    this.attendees.clear()
  }

  /** Joins the routes to where the call stands: idempotent, whatever happened. */
  wire(): void {
    if (this.phase !== 'closed') this.room.route(routesOf(this.#standing()))
  }

  #standing(): Standing<Sound> {
    const attendees = [...this.attendees].flatMap(([{ live }, as]) => (live === null ? [] : [{ leg: live, as }]))
    const base = { customer: this.customer.leg, attendees, sound: this.#sound }
    if (this.phase === 'calling') return { ...base, agent: this.#listener()?.live ?? null, state: 'early' }
    const agent = this.agent?.live ?? null
    if (this.phase !== 'talking') return { ...base, agent, state: this.phase === 'announced' ? 'announced' : 'alone' }
    return { ...base, agent, state: this.isHeld || agent === null ? 'held' : 'talking' }
  }

  /** One call at a time is heard before its answer. */
  #listener(): Seat | null {
    const seat = this.#reserved()
    return seat?.early === this ? seat : null
  }

  #reserved(): Seat | null {
    const seat = this.plan.agentId === null ? null : this.#around.seatOf(this.plan.agentId)
    return seat !== null && seat.isFree ? seat : null
  }

  #join(seat: Seat, now: number): void {
    this.#stopWaiting()
    this.agent = seat
    seat.talk = this
    const unheard = seat.early
    seat.early = null
    if (unheard !== this) unheard?.wire()
    this.isHeld = false
    this.#sound = null
    this.phase = 'talking'
    if (seat.meter !== null) this.#watchAgent(seat.meter, now)
    this.#announce()
    this.wire()
    if (this.plan.recording.record === 'yes') this.#startRecording('granted')
    const at = performance.timeOrigin + now
    const afterAnswerMs = Math.max(0, at - (this.answeredAt ?? at))
    this.#around.tellCaller({ type: 'joined', attemptId: this.attemptId, agentId: seat.agentId, at })
    this.#around.tell({ kind: 'connected', attemptId: this.attemptId, at, agentId: seat.agentId, afterAnswerMs })
  }

  /** Only an announcement that was played to its end permits recording; one that we do not have permits nothing. */
  #announce(): void {
    const { recording } = this.plan
    if (recording.record !== 'after-announcement' || this.#wasAnnounced) return
    this.#sound = this.#around.sound(recording.announcement, () => this.#announcementEnded())
    if (this.#sound !== null) this.phase = 'announced'
  }

  #announcementEnded(): void {
    if (this.phase !== 'announced') return
    this.#wasAnnounced = true
    this.phase = 'talking'
    this.#sound = this.isHeld || this.agent?.isUp !== true ? this.#around.music() : null
    this.wire()
    this.#startRecording('announced')
  }

  #startRecording(basis: 'granted' | 'announced'): void {
    const { recorder } = this.#around
    if (this.room.isRecording) return
    this.room.startRecording(recorder, { attemptId: this.attemptId, customerId: this.customerId, customer: this.customer.leg }, basis)
    this.#around.tell({ kind: 'recording-started', attemptId: this.attemptId, at: Date.now(), basis })
  }

  /** Looks after both sides: silence on the wire raises an alarm that names the side, a lost line is given up. */
  watch(now: number): void {
    if (this.#customerWatch === null || this.phase === 'closed') return
    const { leg } = this.customer
    const silentMs = this.#look('customer', leg, this.#customerWatch, now)
    if (silentMs > this.#around.silenceMaxMs) {
      this.#customerWatch.owedSince = now // told once, and again should nobody act on it
      leg.heardAt = -1
      this.#around.tellCaller({ type: 'hang-up', attemptId: this.attemptId, why: 'silent' })
    }
    const agent = this.agent?.live ?? null
    if (agent !== null && this.#agentWatch !== null) this.#look('agent', agent, this.#agentWatch, now)
  }

  /** The second that has just passed; null unless two people are on the call. */
  quality(): { attemptId: AttemptId; agentId: UserId; customer: LegQuality; agent: LegQuality } | null {
    if (this.agent === null || this.#customerWatch === null || this.#agentWatch === null) return null
    return { attemptId: this.attemptId, agentId: this.agent.agentId, customer: this.#customerWatch.span.read(), agent: this.#agentWatch.span.read() }
  }

  #look(side: 'customer' | 'agent', leg: Leg, watch: Watch, now: number): number {
    if (!leg.mayHear) watch.owedSince = now // on hold nothing is owed (RFC 3264 §8.4)
    const heardAt = Math.max(leg.heardAt, watch.owedSince)
    const isSilent = now - heardAt >= NO_AUDIO_MS
    if (isSilent !== watch.isAlarmed) {
      watch.isAlarmed = isSilent
      const since = isSilent ? performance.timeOrigin + heardAt : null
      this.#around.tell({ kind: 'no-audio', attemptId: this.attemptId, at: Date.now(), leg: side, since })
    }
    return now - heardAt
  }

  #watchAgent(meter: LegMeter, now: number): void {
    this.#agentLeg = meter.leg
    this.#agentWatch = newWatch(meter, now)
  }

  #tellEnd(): void {
    if (this.#customerWatch === null) return
    const agent = this.#agentWatch?.life.read() ?? null
    this.#around.tell({ kind: 'talk-ended', attemptId: this.attemptId, at: Date.now(), customer: this.#customerWatch.life.read(), agent })
  }

  #awaitSomebody(now: number): void {
    const { fallback } = this.plan
    if (fallback === null) return
    const waitedMs = performance.timeOrigin + now - (this.answeredAt ?? 0)
    this.#fallbackTimer = setTimeout(() => this.#fallBack(), Math.max(0, fallback.afterMs - waitedMs))
  }

  #fallBack(): void {
    const { fallback } = this.plan
    if (fallback === null || this.phase !== 'alone') return
    this.#hasFallenBack = true
    const thenHangUp = fallback.then === 'hang-up'
    const at = performance.timeOrigin + performance.now()
    this.#around.tellCaller({ type: 'fell-back', attemptId: this.attemptId, at, thenHangUp })
    this.#around.tell({ kind: 'fallback', attemptId: this.attemptId, at })
    const ended = (): void => this.#fallbackPlayed(thenHangUp)
    this.#sound = this.#around.sound(fallback.play, ended) ?? (fallback.otherwise === undefined ? null : this.#around.sound(fallback.otherwise, ended))
    if (this.#sound === null) this.#fallbackPlayed(thenHangUp)
    this.wire()
  }

  #fallbackPlayed(thenHangUp: boolean): void {
    if (this.phase !== 'alone') return
    this.#sound = null
    this.wire()
    if (thenHangUp) this.#around.tellCaller({ type: 'hang-up', attemptId: this.attemptId, why: 'fallback-played' })
  }

  #stopWaiting(): void {
    if (this.#fallbackTimer !== null) clearTimeout(this.#fallbackTimer)
    this.#fallbackTimer = null
  }

  /** The agent who was connected is free. */
  #leave(): void {
    this.#stopAwaiting()
    if (this.agent !== null) this.agent.talk = null
    this.agent = null
  }

  #dismiss(seat: Seat): void {
    if (!this.attendees.delete(seat)) return
    seat.attends = null
  }
}

function newWatch(meter: LegMeter, now: number): Watch {
  return { span: new QualitySpan(meter), life: new QualitySpan(meter), owedSince: now, isAlarmed: false }
}

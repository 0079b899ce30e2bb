/**
 * One call with voice: who is on it and what stands between the answer and the two hearing each other. It decides by what
 * it was told before; at the answer it asks nobody (ADR 7).
 */
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { LegQuality } from '@loopline/contracts/quality'
import type { AudioName, TalkOrder, TalkPlan, TalkRefusal, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { AgreedAudio, FromMedia } from './media-messages.ts'
import type { Seat } from './seat.ts'
import type { Leg } from './leg.hot.ts'
import type { PlainLeg } from './plain-leg.hot.ts'
import { DigitEar, ToneEar } from './digit-ear.ts'
import { DigitSender } from './digit-sender.ts'
import { Desertion } from './desertion.ts'
import { QualitySpan, type LegMeter } from './leg-meter.ts'
import type { RecorderSink } from './recorder.ts'
import { SideWatch } from './side-watch.ts'
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

/** Who is beside the agent is told anew so often, for a dialer that was away. */
const COMPANY_AGAIN_MS = 2_000

type Phase = 'calling' | 'alone' | 'announced' | 'talking' | 'closed'

export class Talk {
  readonly attemptId: AttemptId
  readonly customerId: CustomerId
  readonly plan: TalkPlan
  readonly customer: PlainLeg
  readonly room: Room
  agent: Seat | null = null
  /** Who came to the agent: on a consultation, or in a conference with the person. */
  colleague: Seat | null = null
  #isConference = false
  readonly attendees = new Map<Seat, Attendee['as']>()
  phase: Phase = 'calling'
  isHeld = false
  /** Unix ms of the 200. */
  answeredAt: number | null = null
  #sound: Sound | null = null
  #fallbackTimer: NodeJS.Timeout | null = null
  #hasFallenBack = false
  #wasAnnounced = false
  readonly #around: TalkSurroundings
  readonly #digits: DigitSender
  readonly #onDigits: (digits: string) => void
  readonly #meter: LegMeter
  #customerWatch: SideWatch | null = null
  #agentWatch: SideWatch | null = null
  #agentLeg: Leg | null = null
  #colleagueLife: QualitySpan | null = null
  readonly #desertion = new Desertion()
  #companyToldAt = 0

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
    this.#customerWatch = new SideWatch(this.#meter, now)
    const seat = this.#reserved()
    if (seat !== null) this.#join(seat, now)
    else this.#awaitSomebody(now)
  }

  /** @returns why not, or null. */
  connect(seat: Seat | null, now: number): TalkRefusal | null {
    if (this.phase === 'calling' || this.phase === 'closed') return 'not-answered'
    if (seat === null || !seat.isUp) return 'agent-leg-down'
    if (seat === this.colleague) this.#stepBack(now)
    if (seat.talk === this) return this.#resume(seat, now)
    if (!seat.isFree) return 'agent-busy'
    this.#leave()
    this.#join(seat, now)
    return null
  }

  /** His it was, and his it is: told anew, for whoever did not know. */
  #resume(seat: Seat, now: number): null {
    this.#desertion.end()
    this.#settle()
    this.#tellJoined(seat, now)
    return null
  }

  /** The person hears music while agent and colleague speak. @returns why not, or null. */
  consult(seat: Seat | null, now: number): TalkRefusal | null {
    if (this.phase !== 'talking') return this.phase === 'announced' ? 'announcing' : 'not-answered'
    if (seat === null || !seat.isUp) return 'agent-leg-down'
    if (seat !== this.colleague) {
      if (this.colleague !== null || !seat.isFree) return 'agent-busy'
      this.colleague = seat
      seat.talk = this
      seat.early?.wire()
      this.#colleagueLife = seat.meter === null ? null : new QualitySpan(seat.meter)
    }
    this.#isConference = false
    this.#settle()
    this.#tellCompany(now)
    return null
  }

  conference(on: boolean): TalkRefusal | null {
    if (this.colleague === null) return 'nobody-beside'
    this.#isConference = on
    if (on) this.isHeld = false
    this.#settle()
    this.#tellCompany(performance.now())
    return null
  }

  /** One of the two goes. The last one cannot: somebody comes for him, or the person falls back. */
  leave(seat: Seat | null, now: number): TalkRefusal | null {
    if (seat === null || seat.talk !== this) return null
    if (seat === this.colleague) this.#partColleague(now)
    else if (this.colleague === null) return 'last-one'
    else this.#stepBack(now)
    return null
  }

  /** Nobody of ours can be found for who talked with us: whoever is still there is free, the person is told so and hung up on. */
  fallBack(): TalkRefusal | null {
    if (this.phase === 'calling' || this.phase === 'closed') return 'not-answered'
    if (this.#hasFallenBack && this.phase === 'alone') return null
    this.#stopWaiting()
    this.#leave()
    this.phase = 'alone'
    this.isHeld = false
    this.#desertion.end()
    this.#hasFallenBack = true // the agents' sessions have let the call go: it must not find them again
    const hangUp = (): void => this.#around.tellCaller({ type: 'hang-up', attemptId: this.attemptId, why: 'agent-lost' })
    const { fallback } = this.plan
    this.#sound = fallback === null ? null : this.#around.sound(fallback.play, () => { if (this.phase === 'alone') hangUp() })
    if (this.#sound === null) hangUp()
    this.wire()
    return null
  }

  hold(on: boolean): TalkRefusal | null {
    if (this.phase !== 'talking' && this.phase !== 'announced') return 'not-answered'
    this.isHeld = on
    this.#settle()
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
    if (seat === this.agent && seat.isUp) this.#desertion.agentIsBack(now)
    if (this.phase === 'alone' && !this.#hasFallenBack && seat.isFree && this.plan.agentId === seat.agentId) return this.#join(seat, now)
    if (seat === this.agent && seat.isUp && seat.meter !== null && seat.meter.leg !== this.#agentLeg) this.#watchAgent(seat.meter, now)
    if (seat === this.colleague && this.#colleagueLife === null && seat.meter !== null) this.#colleagueLife = new QualitySpan(seat.meter)
    this.#settle()
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
    if (this.phase === 'calling') return { ...base, agents: [this.#listener()?.live ?? null].filter((leg) => leg !== null), state: 'early' }
    const agents = this.#ours()
    if (this.phase !== 'talking') return { ...base, agents, state: this.phase === 'announced' ? 'announced' : 'alone' }
    return { ...base, agents, state: this.#mustWait() ? 'held' : 'talking' }
  }

  /** The legs of ours that can hear and be heard. */
  #ours(): Leg[] {
    return [this.#desertion.isLetGo ? null : this.agent?.live, this.colleague?.live].filter((leg) => leg !== undefined && leg !== null)
  }

  /** The person hears music, not silence, while ours speak among themselves or their legs are lost (F24). */
  #mustWait(): boolean {
    return this.isHeld || this.#ours().length === 0 || (this.colleague !== null && !this.#isConference)
  }

  /** Music where the person waits, and on without a break where he waited already. */
  #settle(): void {
    if (this.phase === 'talking') this.#sound = this.#mustWait() ? this.#sound ?? this.#around.music() : null
    this.wire()
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
    this.#desertion.end()
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
    this.#tellJoined(seat, now)
  }

  #tellJoined(seat: Seat, now: number): void {
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
    this.#sound = null
    this.#settle()
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
    this.#lookForDesertion(now)
    if (this.colleague !== null && now - this.#companyToldAt >= COMPANY_AGAIN_MS) this.#tellCompany(now)
  }

  /** Somebody who talked with us is never left with music for good: dialers are told, and at last he is told himself. */
  #lookForDesertion(now: number): void {
    if (this.phase !== 'talking' && this.phase !== 'announced') return this.#desertion.end()
    switch (this.#desertion.look(now, { isAgentUp: this.agent?.isUp === true, isColleagueUp: this.colleague?.isUp === true })) {
      case 'fall-back': return void this.fallBack()
      case 'give-to-colleague': return this.#stepBack(now)
      case 'tell-dialers': return this.#around.tell({
        kind: 'waiting', attemptId: this.attemptId, at: Date.now(), since: performance.timeOrigin + (this.#desertion.since ?? now), agentId: this.agent?.agentId ?? null,
      })
      case 'nothing': return undefined
    }
  }

  #tellCompany(now: number): void {
    if (this.agent === null) return
    this.#companyToldAt = now
    const colleague = this.colleague && { agentId: this.colleague.agentId, mode: this.#isConference ? 'conference' as const : 'consult' as const }
    this.#around.tell({ kind: 'company', attemptId: this.attemptId, at: Date.now(), agentId: this.agent.agentId, colleague })
  }

  /** The second that has just passed; null unless two people are on the call. */
  quality(): { attemptId: AttemptId; agentId: UserId; customer: LegQuality; agent: LegQuality } | null {
    if (this.agent === null || this.#customerWatch === null || this.#agentWatch === null) return null
    return { attemptId: this.attemptId, agentId: this.agent.agentId, customer: this.#customerWatch.span.read(), agent: this.#agentWatch.span.read() }
  }

  /** @returns how long nothing has come from this side, ms. */
  #look(side: 'customer' | 'agent', leg: Leg, watch: SideWatch, now: number): number {
    const { silentMs, alarm } = watch.look(leg, now)
    if (alarm !== undefined) this.#around.tell({ kind: 'no-audio', attemptId: this.attemptId, at: Date.now(), leg: side, since: alarm === null ? null : performance.timeOrigin + alarm })
    return silentMs
  }

  #watchAgent(meter: LegMeter, now: number, life: QualitySpan | null = null): void {
    this.#agentLeg = meter.leg
    this.#agentWatch = new SideWatch(meter, now, life ?? undefined)
  }

  #tellEnd(): void {
    if (this.#customerWatch === null) return
    const agent = this.#agentWatch?.life.read() ?? null
    const colleague = this.colleague && this.#colleagueLife && { agentId: this.colleague.agentId, quality: this.#colleagueLife.read() }
    this.#around.tell({ kind: 'talk-ended', attemptId: this.attemptId, at: Date.now(), customer: this.#customerWatch.life.read(), agent, agentId: this.agent?.agentId ?? null, ...(colleague && { colleague }) })
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

  /** Agent and colleague are free. */
  #leave(): void {
    if (this.colleague !== null) this.#free(this.colleague, this.#colleagueLife)
    if (this.agent !== null) this.#free(this.agent, this.#agentWatch?.life ?? null)
    this.agent = null
    this.colleague = null
    this.#colleagueLife = null
    this.#isConference = false
  }

  #free(seat: Seat, life: QualitySpan | null): void {
    seat.talk = null
    if (this.phase !== 'closed') this.#around.tell({ kind: 'left', attemptId: this.attemptId, at: Date.now(), agentId: seat.agentId, quality: life?.read() ?? null })
  }

  /** The colleague goes; the agent has the person again, and at once. */
  #partColleague(now: number): void {
    if (this.colleague === null) return
    this.#free(this.colleague, this.#colleagueLife)
    this.colleague = null
    this.#colleagueLife = null
    this.#isConference = false
    this.isHeld = false
    this.#settle()
    this.#tellCompany(now)
  }

  /** The agent goes; the person is the colleague's. */
  #stepBack(now: number): void {
    const [agent, colleague] = [this.agent, this.colleague]
    if (colleague === null) return
    if (agent !== null) this.#free(agent, this.#agentWatch?.life ?? null)
    this.agent = colleague
    this.colleague = null
    this.#isConference = false
    this.isHeld = false
    if (colleague.meter !== null) this.#watchAgent(colleague.meter, now, this.#colleagueLife)
    this.#colleagueLife = null
    this.#settle()
    this.#tellJoined(colleague, now)
  }

  #dismiss(seat: Seat): void {
    if (!this.attendees.delete(seat)) return
    seat.attends = null
  }
}

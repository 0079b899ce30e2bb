/**
 * One call with voice: who is on it and what stands between the answer and the two hearing each other. It decides by what
 * it was told before; at the answer it asks nobody (ADR 7).
 */
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { AudioName, TalkOrder, TalkPlan, TalkRefusal, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { FromMedia } from './media-messages.ts'
import type { Seat } from './seat.ts'
import type { PlainLeg } from './plain-leg.hot.ts'
import { routesOf, type Attendee, type Standing } from './routes.ts'
import type { Room } from './room.hot.ts'
import type { Sound } from './sound.hot.ts'

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
}

export interface TalkStart {
  attemptId: AttemptId
  customerId: CustomerId
  plan: TalkPlan
  customer: PlainLeg
  room: Room
}

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
  #hasFallenBack = false
  #wasAnnounced = false
  readonly #around: TalkSurroundings

  constructor({ attemptId, customerId, plan, customer, room }: TalkStart, around: TalkSurroundings) {
    this.attemptId = attemptId
    this.customerId = customerId
    this.plan = plan
    this.customer = customer
    this.room = room
    this.#around = around
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
    // The person hears music, not silence, until the agent's leg is back (F24).
    if (seat === this.agent && this.phase === 'talking' && !this.isHeld) this.#sound = seat.isUp ? null : this.#around.music()
    this.wire()
  }

  close(): void {
    if (this.phase === 'closed') return
    this.phase = 'closed'
    this.#stopWaiting()
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
    this.#announce()
    this.wire()
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
    this.#sound = this.#around.sound(fallback.play, () => this.#fallbackPlayed(thenHangUp))
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
    if (this.agent !== null) this.agent.talk = null
    this.agent = null
  }

  #dismiss(seat: Seat): void {
    if (!this.attendees.delete(seat)) return
    seat.attends = null
  }
}

import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CampaignId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { InboundDecision, InboundOffer, InboundOrder, InboundReason } from '@loopline/contracts/inbound'
import type { CallResult } from '@loopline/contracts/voice-link'
import { NOTHING_YET } from '../agent/agent-row.ts'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import type { LiveLine } from '../line/line-board.ts'
import { answerFor } from '../recovery/adopt.ts'
import { answerPlan, fallbackPlan } from './inbound-plan.ts'
import { insertInbound, pastCalls, readInbound, setInboundAgent, takeOverInbound } from './inbound.sql.ts'
import type { InboundAttempt, PastCall } from './inbound.sql.ts'
import { mayComeFree, nextAgent } from './next-agent.ts'
import type { Wanted } from './next-agent.ts'
import { ourNumber } from './our-number.ts'
import { whoCalled, whoCalls } from './who-calls.ts'
import type { Caller } from './who-calls.ts'

export interface InboundTimes {
  /** How long it rings at one agent. */
  ringMs: number
  /** How long a caller waits in all before he hears the fallback. */
  queueMs: number
}

/** A caller whom nobody has answered yet, as this process works for him. */
interface Waiting {
  readonly attempt: InboundAttempt
  readonly caller: Caller
  readonly campaign: LiveCampaign | undefined
  readonly wanted: Wanted & { tried: Set<UserId> }
  readonly since: number
  isWorkedOn: boolean
  /** The answer was ordered: it is said again while voice does not confirm it. */
  answeredAt: number | null
  isAnswered: boolean
}

const DAY_MS = 86_400_000
/** Who spoke with somebody longer ago is no longer "his" seller. */
const REMEMBERED_MS = 90 * DAY_MS
/** Progressive agents are joined by themselves, when they have seen who it is. */
const SEEN_MS = 1_000
/** Voice confirms an answer within this, or is told again. */
const CONFIRM_MS = 1_000
const JOINED_WITHIN_MS = 10_000
/** Voice says that it rings within this, or is asked whether the caller is still there. */
const HEARD_WITHIN_MS = 2_000
/** Beyond the queue's own time, for a dialer that is started anew meanwhile. */
const BEYOND_QUEUE_MS = 15_000
const WRAP_UP_MS = 30_000

/**
 * Callers who wait for somebody of ours. Each is written down before he hears it ring, with the agent whom it rings first in
 * the same transaction; then it rings from one to the next until somebody takes it or its time is over. What is here can be
 * lost: voice tells a new process of every call that still rings.
 */
export class InboundDesk {
  readonly #waiting = new Map<AttemptId, Waiting>()
  /** Being looked up and written down; with its end, when that comes first. */
  readonly #taking = new Map<AttemptId, { ended: CallResult | null }>()
  readonly #times: InboundTimes

  constructor(times: InboundTimes) {
    this.#times = times
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Voice tells of a call that came in, for the first time or again after a link or a dialer was lost. */
  offered(dialer: Dialer, offer: InboundOffer): void {
    const { attemptId } = offer
    const known = this.#waiting.get(attemptId)
    if (known) return this.#saysRing(dialer, known)
    if (this.#taking.has(attemptId)) return
    const taking = { ended: null }
    this.#taking.set(attemptId, taking)
    this.#take(dialer, offer).catch((error: unknown) => {
      dialer.log.warn({ err: error, attemptId }, 'a call that came in could not be taken; it is offered again or ends')
    }).finally(() => this.#wroteDown(dialer, attemptId, taking))
  }

  /** Voice says 200, or the call is over. */
  answered(attemptId: AttemptId): void {
    const call = this.#waiting.get(attemptId)
    if (call) call.isAnswered = true
  }

  forget(attemptId: AttemptId): void {
    this.#waiting.delete(attemptId)
  }

  /** The call is over. Answers whether its result must wait: it may be written down this very moment, and an end without a beginning is lost. */
  ended(attemptId: AttemptId, result: CallResult): boolean {
    this.forget(attemptId)
    const taking = this.#taking.get(attemptId)
    if (taking) taking.ended = result
    return taking !== undefined
  }

  #wroteDown(dialer: Dialer, attemptId: AttemptId, { ended }: { ended: CallResult | null }): void {
    this.#taking.delete(attemptId)
    if (ended === null) return
    this.forget(attemptId)
    dialer.outcomes.take({ kind: 'result', attemptId, result: ended })
  }

  /** Looks after everybody who waits. Before each tick of the dial loop too: a caller comes before a call that we make. */
  round(dialer: Dialer): void {
    for (const call of this.#waiting.values()) this.#look(dialer, call)
  }

  /** The agent has taken it, by hand or by himself. */
  taken(dialer: Dialer, attemptId: AttemptId): void {
    const call = this.#waiting.get(attemptId)
    if (call) this.#sayAnswer(dialer, call)
  }

  async #take(dialer: Dialer, offer: InboundOffer): Promise<void> {
    const line = dialer.lines.get(offer.lineId)
    if (!line) return // made a moment ago, by a dialer that knows it and is told of the call too
    const to = ourNumber(dialer.lines.all(), dialer.callerIds, offer.lineId, offer.to)
    if (to === null) return void tell(dialer, { order: 'refuse', attemptId: offer.attemptId, status: 404 })
    const stored = await readInbound(dialer.db, offer.attemptId)
    if (stored?.hasEnded) return
    const caller = stored ? await whoCalled(dialer, stored) : await whoCalls(dialer, offer, line.row.sandbox)
    const past = await pastCalls(dialer.db, caller.customerId, new Date(dialer.clock.now() - REMEMBERED_MS))
    const call = this.#plan(dialer, offer, { line, to, caller, past })
    if (stored) Object.assign(call.attempt, { decision: stored.decision })
    const isOurs = stored ? await takeOverInbound(dialer.db, call.attempt, dialer.id) : await this.#writeDown(dialer, call)
    if (!isOurs) return
    answerFor(dialer, { ...call.attempt, bucket: bucketOf(caller.customerId), actorId: null, agentId: null, attemptNumber: 0, tries: 0, uncountedTries: 0, triedAt: [], person: caller.person, leg: 1, legs: [] })
    this.#waiting.set(offer.attemptId, call)
    this.#saysRing(dialer, call)
    this.#look(dialer, call)
  }

  #plan(dialer: Dialer, { attemptId, at, lineId, from }: InboundOffer, { line, to, caller, past }: { line: LiveLine; to: string; caller: Caller; past: readonly PastCall[] }): Waiting {
    const lastSellerId = past.find(({ agentId, connectedAt }) => agentId !== null && connectedAt !== null)?.agentId ?? null
    const about = past.find(({ campaignId, callerId }) => campaignId !== null && callerId === to) ?? past.find(({ campaignId }) => campaignId !== null)
    const campaign = dialer.campaigns.get(about?.campaignId ?? null)
    const inbound: InboundDecision = { to, caller: caller.kind, first: null, lastSellerId }
    const attempt: InboundAttempt = {
      attemptId, customerId: caller.customerId, phoneId: caller.phoneId, campaignId: about?.campaignId ?? null, campaignName: about?.campaignName ?? null,
      lineId, lineName: line.row.name, lineType: line.row.type, callerId: to,
      callerSealed: caller.kind === 'unknown' && from !== null ? Buffer.from(from.sealed, 'base64') : null, decision: decisionOf(dialer, caller, line, inbound), attemptDay: dayAt(dialer, caller),
      epoch: dialer.voice.epoch ?? '', dialBy: dialer.clock.now() + HEARD_WITHIN_MS, startedAt: at,
    }
    const teamIds = [caller.person?.state.teamId, lastSellerId && dialer.agents.get(lastSellerId)?.teamId].filter((id): id is TeamId => typeof id === 'string')
    const wanted = { lastSellerId, ownerId: caller.person?.state.ownerId ?? null, campaignIds: campaignsFor(dialer, line, attempt.campaignId), teamIds: new Set(teamIds), tried: new Set<UserId>() }
    return { attempt, caller, campaign, wanted, since: at, isWorkedOn: false, answeredAt: null, isAnswered: false }
  }

  /** With the agent whom it rings first, or alone. @returns false when another process has written it meanwhile. */
  async #writeDown(dialer: Dialer, call: Waiting): Promise<boolean> {
    for (let next = this.#next(dialer, call); next !== null; next = this.#next(dialer, call)) {
      const { agentId } = next.agent
      const first = { agentId, because: next.because }
      const attempt = { ...call.attempt, decision: { ...call.attempt.decision, inbound: { ...(call.attempt.decision.inbound as InboundDecision), first } } }
      const rings = await this.#ringAt(dialer, call, next, async (transaction) => {
        if (!(await insertInbound(transaction, attempt, dialer.id, agentId))) throw new WrittenElsewhere()
      })
      if (rings === 'written-elsewhere') return false
      if (rings === 'rings') {
        Object.assign(call.attempt, attempt)
        return true
      }
    }
    return insertInbound(dialer.db, call.attempt, dialer.id, null)
  }

  #next(dialer: Dialer, { wanted }: Waiting): { agent: AgentRow; because: InboundReason } | null {
    const next = nextAgent(dialer.agents.free(), wanted)
    if (next) {
      wanted.tried.add(next.agent.agentId)
      dialer.agents.take(next.agent.agentId)
    }
    return next
  }

  async #ringAt(dialer: Dialer, call: Waiting, { agent, because }: { agent: AgentRow; because: InboundReason }, within: NonNullable<Parameters<typeof changeAgent>[3]>['within']): Promise<'rings' | 'not-free' | 'written-elsewhere'> {
    const { attemptId } = call.attempt
    const until = dialer.clock.now() + this.#times.ringMs
    try {
      const changed = await changeAgent(dialer, agent.agentId, { kind: 'call-in', attemptId, until }, { served: servedOf(call, because), ...(within && { within }) })
      return changed.ok ? 'rings' : 'not-free'
    } catch (error) {
      if (error instanceof WrittenElsewhere) return 'written-elsewhere'
      throw error
    } finally {
      dialer.agents.release(agent.agentId)
    }
  }

  #look(dialer: Dialer, call: Waiting): void {
    if (call.isAnswered || call.isWorkedOn) return
    call.isWorkedOn = true
    this.#move(dialer, call).catch((error: unknown) => dialer.log.warn({ err: error, attemptId: call.attempt.attemptId }, 'a caller could not be looked after; it is tried again'))
      .finally(() => { call.isWorkedOn = false })
  }

  async #move(dialer: Dialer, call: Waiting): Promise<void> {
    const { attemptId } = call.attempt
    const now = dialer.clock.now()
    const at = dialer.agents.serving(attemptId).find(({ session }) => session.call?.phase !== 'ended')
    if (at?.session.call?.phase === 'incoming') {
      if (at.served?.inbound?.takesItself && now - at.session.since >= SEEN_MS) await this.takeFor(dialer, at.agentId, attemptId)
      return
    }
    if (at || call.answeredAt !== null) {
      if (now - (call.answeredAt ?? 0) >= CONFIRM_MS) this.#sayAnswer(dialer, call)
      return
    }
    if (now - call.since >= this.#times.queueMs) return this.#sayAnswer(dialer, call)
    const next = this.#next(dialer, call)
    if (next) return void (await this.#ringAt(dialer, call, next, (transaction) => setInboundAgent(transaction, call.attempt, next.agent.agentId)))
    if (!mayComeFree(dialer.agents.all(), call.wanted)) this.#sayAnswer(dialer, call)
  }

  /** The agent takes it. Answers false when it no longer rings at him. */
  async takeFor(dialer: Dialer, agentId: UserId, attemptId: AttemptId): Promise<boolean> {
    const taken = await changeAgent(dialer, agentId, { kind: 'take-call', attemptId, until: dialer.clock.now() + JOINED_WITHIN_MS })
    if (taken.ok) this.taken(dialer, attemptId)
    return taken.ok
  }

  #saysRing(dialer: Dialer, { attempt: { attemptId } }: Waiting): void {
    tell(dialer, { order: 'ring', attemptId, forMs: this.#times.queueMs + this.#times.ringMs + BEYOND_QUEUE_MS })
  }

  /** Joined with who took it; with nobody, the fallback. */
  #sayAnswer(dialer: Dialer, call: Waiting): void {
    const { attemptId, customerId, campaignId } = call.attempt
    const taker = dialer.agents.serving(attemptId).find(({ session }) => session.call?.phase === 'ringing')
    call.answeredAt = dialer.clock.now()
    tell(dialer, { order: 'answer', attemptId, customerId, talk: taker ? answerPlan(dialer, call.caller.person, { agentId: taker.agentId, campaignId }) : fallbackPlan(dialer, campaignId) })
  }
}

class WrittenElsewhere extends Error {}

/** What is lost with the link is said again when voice tells of the call anew. */
export function tell(dialer: Dialer, order: InboundOrder): boolean {
  return dialer.voice.send({ type: 'inbound', orders: [order] })
}

function servedOf({ attempt, caller, campaign }: Waiting, because: InboundReason): Served {
  const { attemptId, customerId, campaignId, campaignName, callerId, startedAt } = attempt
  const takesItself = campaign?.row.settings.mode === 'progressive'
  return {
    attemptId, customerId, customerName: caller.person?.state.name ?? '', campaignId, campaignName, mode: 'inbound',
    wrapUpMs: campaign?.row.settings.wrapUpMs ?? WRAP_UP_MS, wrapUpUnansweredMs: 0, startedAt, ...NOTHING_YET,
    callbackId: null, inbound: { to: callerId, because, caller: caller.kind, takesItself },
  }
}

/** The campaign that called him; for a stranger those that dial by this line. */
function campaignsFor(dialer: Dialer, { row }: LiveLine, campaignId: CampaignId | null): ReadonlySet<CampaignId> {
  if (campaignId !== null) return new Set([campaignId])
  return new Set(dialer.campaigns.all().filter(({ row: { settings } }) => settings.mode !== 'agentless' && (settings.lineIds.length === 0 || settings.lineIds.includes(row.lineId))).map(({ id }) => id))
}

/** Nothing was asked of the gate: whoever calls us may. What is recorded follows the person and the law, as with every call. */
function decisionOf(dialer: Dialer, { person }: Caller, { row }: LiveLine, inbound: InboundDecision): DialDecision {
  const local = localTime(dialer, person?.state.timeZone ?? null)
  const minutes = local?.minutesOfDay ?? 0
  const face = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return {
    gate: { allowed: true, reason: null, packVersion: dialer.knowledge.gate.pack?.version ?? 0 }, rules: [], lineType: { wanted: null, given: row.type, reason: 'inbound' },
    ringTimeMs: 0, priority: 0, calleeTime: local ? face : '', recording: answerPlan(dialer, person, { agentId: inbound.lastSellerId ?? ('' as UserId), campaignId: null }).recording, inbound,
  }
}

const localTime = ({ knowledge }: Dialer, zone: string | null): ReturnType<Dialer['knowledge']['gate']['zones']['localTime']> =>
  (zone === null ? null : knowledge.gate.zones.localTime(zone, knowledge.calleeNow()))

const dayAt = (dialer: Dialer, { person }: Caller): string =>
  localTime(dialer, person?.state.timeZone ?? null)?.day ?? new Date(dialer.clock.now()).toISOString().slice(0, 10)

import type { AttemptId, CampaignId } from '@loopline/vocabulary/ids'
import { FreeAgents } from '../agent/agents.ts'
import { NOTHING_YET } from '../agent/agent-row.ts'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import type { Dialer } from '../dialer.ts'
import { serveOf } from '../dialing/plan-attempt.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import { isCountedHere } from '../pacing/paced-agents.ts'
import { endFor } from './on-talk.ts'
import { NOBODY_AFTER_MS } from './talk-plan.ts'

/** One who has answered and hears nobody. `until`: voice begins the fallback, and he counts as abandoned; unix ms. */
interface Alone {
  campaignId: CampaignId
  until: number
  /** Somebody is being reserved for him, or voice was told to connect them. */
  isCaredFor: boolean
}

/** Longer than voice takes to connect or refuse: an agent of whom it says nothing is freed after it. */
const CONNECT_WITHIN_MS = 5_000

/** Answers told later than their connection follow within milliseconds; what never follows is forgotten by then. */
const SETTLED_MAX = 1_000

/** Who waits for an agent with the receiver at the ear, the longest first. */
export class AnsweredAlone {
  readonly #waiting = new Map<AttemptId, Alone>()
  /** Connected, or told of the fallback, before their answer was told: the two come from threads of their own. */
  readonly #settled = new Set<AttemptId>()

  get size(): number {
    return this.#waiting.size
  }

  add(attemptId: AttemptId, alone: Alone): void {
    if (!this.#settled.delete(attemptId) && !this.#waiting.has(attemptId)) this.#waiting.set(attemptId, { ...alone })
  }

  /** He is connected, or told that nobody came. */
  settle(attemptId: AttemptId): void {
    if (this.#waiting.delete(attemptId)) return
    this.#settled.add(attemptId)
    if (this.#settled.size > SETTLED_MAX) for (const oldest of this.#settled) return void this.#settled.delete(oldest)
  }

  /** He is gone. */
  remove(attemptId: AttemptId): void {
    this.#waiting.delete(attemptId)
  }

  caredFor(attemptId: AttemptId, isCaredFor: boolean): void {
    const alone = this.#waiting.get(attemptId)
    if (alone) alone.isCaredFor = isCaredFor
  }

  /** How many of this campaign hear nobody and have nobody on the way. */
  waitingOf(campaignId: CampaignId, now: number): number {
    let waiting = 0
    for (const alone of this.#waiting.values()) if (alone.campaignId === campaignId && !alone.isCaredFor && alone.until > now) waiting += 1
    return waiting
  }

  /** For whom somebody may still come; the others are forgotten. */
  due(now: number): { attemptId: AttemptId; campaignId: CampaignId }[] {
    for (const [attemptId, { until }] of this.#waiting) if (until <= now) this.#waiting.delete(attemptId)
    return [...this.#waiting].flatMap(([attemptId, { campaignId, isCaredFor }]) => (isCaredFor ? [] : [{ attemptId, campaignId }]))
  }
}

/**
 * A person answered. Whoever is reserved and can hear is connected by voice itself; otherwise the longest idle agent of the
 * campaign is looked for until the fallback begins, two seconds after the answer (regulations.md: abandoned from then on).
 */
export function onAnswered(dialer: Dialer, attemptId: AttemptId, at: number): void {
  const attempt = dialer.inFlight.get(attemptId)
  if (!attempt || attempt.campaignId === null || !isServed(dialer, attempt)) return
  if (attempt.answeredAt === undefined && attempt.agentId === null) dialer.pacing.answered(attempt, at)
  attempt.answeredAt ??= at
  const isCaredFor = dialer.agents.serving(attemptId).some(({ session }) => session.leg === 'up')
  dialer.answeredAlone.add(attemptId, { campaignId: attempt.campaignId, until: at + NOBODY_AFTER_MS, isCaredFor })
  if (!isCaredFor) serveAnswered(dialer, new FreeAgents(dialer.agents))
}

/** A call that was read back after a crash is served as its campaign says now. */
function isServed({ campaigns }: Dialer, attempt: OpenAttempt): boolean {
  if (attempt.serve === undefined && attempt.decision.recording !== undefined && attempt.decision.inbound === undefined) {
    const campaign = campaigns.get(attempt.campaignId)
    attempt.serve = campaign ? serveOf(campaign.row.settings) : null
  }
  return Boolean(attempt.serve)
}

/** The telephone of somebody reserved is gone before he was connected: another one may still come. */
export function onReservedLegLost(dialer: Dialer, { session }: AgentRow): void {
  if (session.call?.phase !== 'dialing' && session.call?.phase !== 'ringing') return
  dialer.answeredAlone.caredFor(session.call.attemptId as AttemptId, false)
}

/** Gives free agents to those who wait; they come before any new call. */
export function serveAnswered(dialer: Dialer, agents: FreeAgents): void {
  if (dialer.answeredAlone.size === 0) return
  for (const { attemptId, campaignId } of dialer.answeredAlone.due(dialer.clock.now())) {
    const attempt = dialer.inFlight.get(attemptId)
    if (!attempt) dialer.answeredAlone.remove(attemptId)
    const agent = attempt && agents.next(campaignId, (row) => isCountedHere(dialer, row))
    if (!agent) continue
    agents.take(agent)
    dialer.answeredAlone.caredFor(attemptId, true)
    void give(dialer, attempt, agent)
  }
}

async function give(dialer: Dialer, attempt: OpenAttempt, { agentId }: AgentRow): Promise<void> {
  const { attemptId } = attempt
  try {
    const until = dialer.clock.now() + CONNECT_WITHIN_MS
    const changed = await changeAgent(dialer, agentId, { kind: 'reserve', attemptId, until, byHand: false }, { served: servedOf(attempt) })
    if (!changed.ok) return dialer.answeredAlone.caredFor(attemptId, false)
    // Who was reserved at first and cannot hear is free of it: when his leg is given up he must not end another's call.
    for (const other of dialer.agents.serving(attemptId)) if (other.agentId !== agentId) endFor(dialer, other, attemptId, { noNotes: true })
    dialer.voice.send({ type: 'talk', orders: [{ order: 'connect', attemptId, agentId }] })
  } catch (error) {
    dialer.answeredAlone.caredFor(attemptId, false)
    dialer.log.warn({ err: error, attemptId }, 'nobody could be reserved for a person who has answered')
  } finally {
    dialer.agents.release(agentId)
  }
}

function servedOf({ attemptId, customerId, person, campaignId, campaignName, serve, startedAt }: OpenAttempt): Served {
  return {
    attemptId, customerId, customerName: person?.state.name ?? '', campaignId, campaignName, mode: 'progressive', wrapUpMs: 0, wrapUpUnansweredMs: 0, callbackId: null, ...serve,
    startedAt, ...NOTHING_YET,
  }
}

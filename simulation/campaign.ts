import { callsForAgents } from '@loopline/pacing/calls-for-agents'
import type { FixedPacing } from '@loopline/pacing/calls-for-agents'
import type { PacingDecision } from '@loopline/pacing/decision'
import { newPacingMemory, observe } from '@loopline/pacing/pacing-memory'
import type { PacingEvent } from '@loopline/pacing/pacing-memory'
import { newPredictivePacer, pace, placed } from '@loopline/pacing/predictive-pacer'
import type { PredictivePacer } from '@loopline/pacing/predictive-pacer'
import type { PredictiveSnapshot } from '@loopline/pacing/predictive'
import { fateOf, forecastOf } from './customer.ts'
import type { Fate } from './customer.ts'
import { EventQueue } from './event-queue.ts'
import { between, chance, exponential, logNormal } from './random.ts'
import type { Chance } from './random.ts'
import type { Scenario } from './scenario.ts'

export type Pacing = FixedPacing | { readonly mode: 'predictive'; readonly cap: number }

/** What came of a campaign. Shares 0..1. */
export interface Figures {
  /** Talk ÷ (talk + idle); wrap-up and pauses apart. */
  readonly utilisation: number
  /** Lost ÷ answered. */
  readonly abandonment: number
  readonly dialled: number
  readonly answered: number
  readonly abandoned: number
  readonly connected: number
  /** Most calls up at a time, talks included. */
  readonly callsMost: number
  /** Calls placed while nobody was at work. */
  readonly placedWithoutAgents: number
  /** Promised callbacks that came due, and their mean delay, ms. */
  readonly callbacks: number
  readonly callbackDelayMs: number
}

const TICK_MS = 500
const CONNECT_WINDOW_MS = 2_000
const PAUSE_EVERY_MS = 50 * 60_000

interface Agent {
  readonly index: number
  readonly next: Chance
  state: 'idle' | 'talk' | 'wrap' | 'paused' | 'off'
  since: number
  pauseAsked: boolean
  leaveAsked: boolean
}

interface Call {
  readonly index: number
  readonly startedAt: number
  readonly probability: number | undefined
  readonly fate: Fate
}

type Happening =
  | { readonly kind: 'call-resolves'; readonly call: Call }
  | { readonly kind: 'patience-ends'; readonly call: Call }
  | { readonly kind: 'talk-ends' | 'wrap-ends' | 'pause-begins' | 'pause-ends' | 'leaves' | 'arrives'; readonly agent: Agent }
  | { readonly kind: 'callback-due'; readonly dueAt: number }

/** A whole campaign on virtual time. Same scenario, seed and pacing: same figures. */
export function runCampaign(scenario: Scenario, seed: number, pacing: Pacing): Figures {
  return new Campaign(scenario, seed, pacing).run()
}

class Campaign {
  readonly #scenario: Scenario
  readonly #seed: number
  readonly #pacing: Pacing
  readonly #pacer: PredictivePacer
  readonly #later = new EventQueue<Happening>()
  readonly #agents: Agent[]
  readonly #ringing = new Map<number, Call>()
  /** Answered without an agent, or promised and due: served in this order. */
  #waiting: { readonly since: number; readonly call: Call | null }[] = []
  readonly #promised = new Set<number>()
  readonly #talks: Chance
  readonly #lines: number
  #now = 0
  #dialled = 0
  #callsUp = 0
  readonly #spent = { idle: 0, talk: 0, wrap: 0, paused: 0, off: 0 }
  readonly #sums = { answered: 0, abandoned: 0, connected: 0, callsMost: 0, placedWithoutAgents: 0, callbacks: 0, callbackDelayMs: 0 }

  constructor(scenario: Scenario, seed: number, pacing: Pacing) {
    this.#scenario = scenario
    this.#seed = seed
    this.#pacing = pacing
    this.#talks = chance(seed, 3, 0)
    this.#lines = scenario.lines ?? Math.ceil(scenario.agents * (1 + 2 / scenario.answerRate))
    this.#pacer = newPredictivePacer(newPacingMemory({ ringTimeoutMs: scenario.ringTimeoutS * 1_000 }), CONNECT_WINDOW_MS)
    this.#agents = Array.from({ length: scenario.agents }, (_, index) => ({ index, next: chance(seed, 4, index), state: 'off', since: 0, pauseAsked: false, leaveAsked: false }))
  }

  run(): Figures {
    const endsAt = this.#scenario.hours * 3_600_000
    for (const agent of this.#agents) {
      this.#later.add(between(agent.next, 0, 60_000), { kind: 'arrives', agent })
      if (agent.index < (this.#scenario.leavers ?? 0) * this.#agents.length) this.#later.add(endsAt / 2, { kind: 'leaves', agent })
    }
    for (let tickAt = 0; tickAt <= endsAt; tickAt += TICK_MS) {
      for (let due = this.#later.next(tickAt); due; due = this.#later.next(tickAt)) {
        this.#now = due.at
        this.#happens(due.event)
      }
      this.#now = tickAt
      this.#tick()
    }
    for (const agent of this.#agents) this.#become(agent, 'off')
    const { talk, idle } = this.#spent
    const { answered, abandoned, callbacks, callbackDelayMs } = this.#sums
    return {
      ...this.#sums, dialled: this.#dialled, utilisation: talk / Math.max(1, talk + idle), abandonment: abandoned / Math.max(1, answered),
      callbackDelayMs: callbacks === 0 ? 0 : callbackDelayMs / callbacks,
    }
  }

  #tick(): void {
    const busy = this.#agents.flatMap(({ state, since }) => (state === 'talk' || state === 'wrap' || state === 'paused' ? [{ state, ageMs: this.#now - since }] : []))
    const idle = this.#agents.filter(({ state }) => state === 'idle').length
    const present = idle + busy.filter(({ state }) => state !== 'paused').length
    const snapshot: PredictiveSnapshot = {
      idle, busy, waiting: this.#waiting.length, startsMax: this.#lines - this.#callsUp,
      ringing: Array.from(this.#ringing.values(), (call) => ({ ageMs: this.#now - call.startedAt, probability: call.probability })),
      upcoming: (index) => forecastOf(this.#scenario, this.#seed, this.#dialled + index),
      callbacksInMs: Array.from(this.#promised, (dueAt) => dueAt - this.#now),
      window: { live: this.#sums.answered, abandoned: this.#sums.abandoned },
    }
    const calls = [...this.#ringing.values()]
    const { place, giveUp } = this.#decide(snapshot, present)
    for (const index of giveUp) this.#hangUp(calls[index])
    if (present === 0) this.#sums.placedWithoutAgents += place
    for (let count = 0; count < place; count += 1) this.#dial()
  }

  #decide(snapshot: PredictiveSnapshot, present: number): PacingDecision {
    if (this.#pacing.mode !== 'predictive') return callsForAgents(this.#pacing, { ...snapshot, ringing: this.#ringing.size, present })
    const limits = { cap: this.#pacing.cap, falseMachineShare: 0, ringMinMs: 17_000 }
    const decision = pace(this.#pacer, snapshot, limits, this.#now)
    placed(this.#pacer, decision, decision.place, snapshot, limits)
    return decision
  }

  #dial(): void {
    const index = this.#dialled
    this.#dialled += 1
    const call: Call = { index, startedAt: this.#now, probability: forecastOf(this.#scenario, this.#seed, index), fate: fateOf(this.#scenario, this.#seed, index, this.#now) }
    this.#ringing.set(index, call)
    this.#callsUp += 1
    this.#sums.callsMost = Math.max(this.#sums.callsMost, this.#callsUp)
    this.#later.add(this.#now + call.fate.afterMs, { kind: 'call-resolves', call })
  }

  #happens(event: Happening): void {
    switch (event.kind) {
      case 'call-resolves': return this.#resolve(event.call)
      case 'patience-ends': return this.#giveUp(event.call)
      case 'callback-due': return this.#callBack(event.dueAt)
      case 'talk-ends': return this.#endTalk(event.agent)
      case 'wrap-ends': return this.#endWrap(event.agent)
      case 'pause-ends': return this.#endPause(event.agent)
      case 'arrives': return this.#getReady(event.agent)
      case 'pause-begins':
        if (event.agent.state === 'idle') this.#pause(event.agent)
        else event.agent.pauseAsked = true
        return
      case 'leaves':
        if (event.agent.state === 'idle' || event.agent.state === 'paused') this.#become(event.agent, 'off')
        else event.agent.leaveAsked = true
        return
    }
  }

  #resolve(call: Call): void {
    if (!this.#ringing.delete(call.index)) return // hung up meanwhile
    const ageMs = this.#now - call.startedAt
    if (call.fate.kind !== 'answers') {
      this.#callsUp -= 1
      this.#learn({ kind: call.fate.kind === 'fails' ? 'failed' : 'unanswered', ageMs })
      return
    }
    this.#sums.answered += 1
    this.#learn({ kind: 'answered', ageMs })
    this.#waiting.push({ since: this.#now, call })
    this.#later.add(this.#now + CONNECT_WINDOW_MS, { kind: 'patience-ends', call })
    this.#serve()
  }

  #hangUp(call: Call | undefined): void {
    if (!call || !this.#ringing.delete(call.index)) return
    this.#callsUp -= 1
    this.#learn({ kind: 'cancelled' })
  }

  #giveUp(call: Call): void {
    const left = this.#waiting.filter((one) => one.call !== call)
    if (left.length === this.#waiting.length) return
    this.#waiting = left
    this.#callsUp -= 1
    this.#sums.abandoned += 1
    this.#learn({ kind: 'abandoned' })
  }

  #callBack(dueAt: number): void {
    this.#promised.delete(dueAt)
    this.#waiting.push({ since: this.#now, call: null })
    this.#serve()
  }

  /** Gives whoever waits longest to the agent who has been idle longest. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const idle = this.#agents.filter(({ state }) => state === 'idle')
      const agent = idle.reduce<Agent | undefined>((first, one) => (first && first.since <= one.since ? first : one), undefined)
      if (!agent) return
      const one = this.#waiting.shift()
      if (one) this.#connect(agent, one)
    }
  }

  #connect(agent: Agent, { call, since }: { readonly call: Call | null; readonly since: number }): void {
    if (call === null) {
      this.#callsUp += 1
      this.#sums.callbacks += 1
      this.#sums.callbackDelayMs += this.#now - since
    } else this.#sums.connected += 1
    this.#become(agent, 'talk')
    this.#later.add(this.#now + Math.max(1_000, 1_000 * logNormal(this.#talks, this.#scenario.talkMeanS, 0.9)), { kind: 'talk-ends', agent })
  }

  #endTalk(agent: Agent): void {
    this.#callsUp -= 1
    this.#learn({ kind: 'talk-ended', talkMs: this.#now - agent.since })
    if (this.#talks() < (this.#scenario.callbackShare ?? 0)) this.#promise()
    this.#become(agent, 'wrap')
    this.#later.add(this.#now + 1_000 * logNormal(agent.next, this.#scenario.wrapMeanS, 0.6), { kind: 'wrap-ends', agent })
  }

  #promise(): void {
    const dueAt = this.#now + between(this.#talks, 5 * 60_000, 30 * 60_000)
    this.#promised.add(dueAt)
    this.#later.add(dueAt, { kind: 'callback-due', dueAt })
  }

  #endWrap(agent: Agent): void {
    this.#learn({ kind: 'wrap-ended', wrapMs: this.#now - agent.since, to: agent.leaveAsked || agent.pauseAsked ? 'away' : 'idle' })
    if (agent.leaveAsked) this.#become(agent, 'off')
    else if (agent.pauseAsked) this.#pause(agent)
    else { this.#become(agent, 'idle'); this.#serve() }
  }

  #pause(agent: Agent): void {
    agent.pauseAsked = false
    this.#become(agent, 'paused')
    this.#later.add(this.#now + 1_000 * logNormal(agent.next, 240, 0.7), { kind: 'pause-ends', agent })
  }

  #endPause(agent: Agent): void {
    if (agent.state !== 'paused') return
    this.#learn({ kind: 'pause-ended', pauseMs: this.#now - agent.since })
    this.#getReady(agent)
  }

  #getReady(agent: Agent): void {
    this.#become(agent, 'idle')
    this.#later.add(this.#now + exponential(agent.next, PAUSE_EVERY_MS), { kind: 'pause-begins', agent })
    this.#serve()
  }

  #become(agent: Agent, state: Agent['state']): void {
    this.#spent[agent.state] += this.#now - agent.since
    agent.state = state
    agent.since = this.#now
  }

  #learn(event: PacingEvent): void {
    if (this.#pacing.mode === 'predictive') observe(this.#pacer.memory, event)
  }
}

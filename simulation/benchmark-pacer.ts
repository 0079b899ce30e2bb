import type { PacingEvent } from '@loopline/pacing/pacing-memory'
import { newPacingMemory, observe } from '@loopline/pacing/pacing-memory'
import { newPredictivePacer, pace, placed } from '@loopline/pacing/predictive-pacer'
import type { PredictiveSnapshot } from '@loopline/pacing/predictive'

/**
 * The predictive engine behind the interface of an outside benchmark. Only translates; what is decided is decided in
 * engines/pacing. Times in ms, shares 0..1.
 */
export interface BenchmarkOptions {
  readonly abandonCap: number
  readonly ringTimeoutMs: number
  readonly minRingMs: number
  readonly connectWindowMs: number
  readonly callsPerSecond: number
  readonly amdFalsePositiveRate: number
}

export type BenchmarkEvent =
  | { readonly type: 'callStarted' | 'callConnected' | 'callAbandoned'; readonly at: number }
  | { readonly type: 'callAnswered'; readonly at: number; readonly ageMs: number }
  | { readonly type: 'callEnded'; readonly at: number; readonly ageMs: number; readonly outcome: 'busy' | 'noanswer' | 'failed' | 'machine' | 'cancelled' }
  | { readonly type: 'talkEnded'; readonly at: number; readonly talkMs: number; readonly kind: 'human' | 'machine' }
  | { readonly type: 'agentState'; readonly at: number; readonly agentId: number; readonly state: BenchmarkAgent['state'] | 'off'; readonly prev: BenchmarkAgent['state'] | 'off' }

interface BenchmarkAgent {
  readonly state: 'idle' | 'talk' | 'wrap' | 'paused'
  readonly since: number
}

export interface BenchmarkState {
  readonly agents: readonly BenchmarkAgent[]
  readonly counts: { readonly idle: number }
  readonly dialing: ReadonlyMap<number, { readonly id: number; readonly startedAt: number; readonly answerProbability?: number | undefined }>
  readonly waiting: readonly unknown[]
  readonly trunks: { readonly limit: number; readonly inUse: number }
  /** Forecasts of the next numbers in the order of dialling, where somebody made them. */
  readonly upcoming?: (count: number) => readonly number[]
}

export interface BenchmarkPacer {
  onEvent(event: BenchmarkEvent): void
  decide(state: BenchmarkState, now: number): number | { launch: number; cancel: number[] }
}

/** The benchmark hangs up only what has been under way this much longer than it must ring. */
const BEFORE_RINGING_MS = 2_000

/** A pacer with a memory of its own, from nothing. */
export function createPacer(options: BenchmarkOptions): BenchmarkPacer {
  const pacer = newPredictivePacer(newPacingMemory({ ringTimeoutMs: options.ringTimeoutMs }), options.connectWindowMs)
  const limits = { cap: options.abandonCap, falseMachineShare: options.amdFalsePositiveRate, ringMinMs: options.minRingMs + BEFORE_RINGING_MS }
  const ledger: Ledger = { live: 0, abandoned: 0 }
  const since = new Map<number, number>()
  const starts = new StartBucket(options.callsPerSecond)
  return {
    onEvent(event) {
      const learnt = translated(event, since)
      if (learnt) observe(pacer.memory, learnt)
      count(ledger, event)
    },
    decide(state, now) {
      const snapshot = snapshotOf(state, now, ledger, starts.at(now))
      const decision = pace(pacer, snapshot, limits, now)
      placed(pacer, decision, decision.place, snapshot, limits)
      starts.take(decision.place)
      if (decision.giveUp.length === 0) return decision.place
      const ids = [...state.dialing.keys()]
      return { launch: decision.place, cancel: decision.giveUp.flatMap((index) => ids[index] ?? []) }
    },
  }
}

interface Ledger { live: number; abandoned: number }

/** An event in the engine's words, or null. `since`: when each agent's state began. */
function translated(event: BenchmarkEvent, since: Map<number, number>): PacingEvent | null {
  switch (event.type) {
    case 'callAnswered': return { kind: 'answered', ageMs: event.ageMs }
    case 'callEnded':
      if (event.outcome === 'cancelled') return { kind: 'cancelled' }
      return { kind: event.outcome === 'failed' ? 'failed' : 'unanswered', ageMs: event.ageMs }
    case 'callAbandoned': return { kind: 'abandoned' }
    case 'talkEnded': return { kind: 'talk-ended', talkMs: event.talkMs }
    case 'agentState': {
      const lastedMs = event.at - (since.get(event.agentId) ?? event.at)
      since.set(event.agentId, event.at)
      if (event.prev === 'wrap') return { kind: 'wrap-ended', wrapMs: lastedMs, to: event.state === 'idle' ? 'idle' : 'away' }
      if (event.prev === 'paused' && event.state === 'idle') return { kind: 'pause-ended', pauseMs: lastedMs }
      return null
    }
    case 'callStarted': case 'callConnected': return null
  }
}

/** Answered by persons, and lost. A machine that reached an agent was no person. */
function count(ledger: Ledger, event: BenchmarkEvent): void {
  if (event.type === 'callConnected') ledger.live += 1
  if (event.type === 'talkEnded' && event.kind === 'machine') ledger.live -= 1
  if (event.type === 'callAbandoned') { ledger.live += 1; ledger.abandoned += 1 }
}

function snapshotOf(state: BenchmarkState, now: number, ledger: Ledger, startsNow: number): PredictiveSnapshot {
  let told: readonly number[] = []
  return {
    idle: state.counts.idle,
    busy: state.agents.flatMap((agent) => (agent.state === 'idle' ? [] : [{ state: agent.state, ageMs: now - agent.since }])),
    waiting: state.waiting.length,
    ringing: Array.from(state.dialing.values(), (call) => ({ ageMs: now - call.startedAt, probability: call.answerProbability })),
    upcoming: (index) => {
      if (state.upcoming && index >= told.length) told = state.upcoming(2 * index + 4)
      return told[index]
    },
    startsMax: Math.min(state.trunks.limit - state.trunks.inUse, startsNow),
    callbacksInMs: [],
    window: { ...ledger },
  }
}

/** The benchmark drops what exceeds its calls per second: counted here, so that the engine books only what is placed. */
class StartBucket {
  readonly #perSecond: number
  readonly #most: number
  #tokens: number
  #at: number | null = null

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#most = Math.max(1, perSecond)
    this.#tokens = this.#most
  }

  at(now: number): number {
    this.#tokens = Math.min(this.#most, this.#tokens + ((now - (this.#at ?? now)) * this.#perSecond) / 1_000)
    this.#at = now
    return Math.floor(this.#tokens)
  }

  take(count: number): void {
    this.#tokens -= count
  }
}

/**
 * The predictive engine behind the interface of an outside benchmark: `createPacer(options) -> { onEvent, decide }`, times in
 * ms, plain JavaScript for plain Node 24. Only translates; what is decided is decided in engines/pacing.
 */
import { newPacingMemory, observe } from '@loopline/pacing/pacing-memory'
import { newPredictivePacer, pace, placed } from '@loopline/pacing/predictive-pacer'

export const name = 'loopline'

/** The benchmark hangs up only what has been under way this much longer than it must ring. */
const BEFORE_RINGING_MS = 2_000

export function createPacer(options) {
  const memory = newPacingMemory({ ringTimeoutMs: options.ringTimeoutMs })
  const pacer = newPredictivePacer(memory, options.connectWindowMs ?? 2_000)
  const limits = { cap: options.abandonCap ?? 0.03, falseMachineShare: options.amdFalsePositiveRate ?? 0, ringMinMs: (options.minRingMs ?? 15_000) + BEFORE_RINGING_MS }
  const ledger = { live: 0, abandoned: 0 }
  const since = new Map()
  const starts = startBucket(options.callsPerSecond)

  return {
    onEvent(event) {
      const learnt = translate(event, since)
      if (learnt) observe(memory, learnt)
      count(ledger, event)
    },
    decide(state, now) {
      const snapshot = snapshotOf(state, now, ledger, starts.at(now))
      const decision = pace(pacer, snapshot, limits, now)
      placed(pacer, decision, decision.place, snapshot, limits)
      starts.take(decision.place)
      if (decision.giveUp.length === 0) return decision.place
      const ids = [...state.dialing.keys()]
      return { launch: decision.place, cancel: decision.giveUp.map((index) => ids[index]) }
    },
  }
}

/** An event in the engine's words, or null. `since`: when each agent's state began. */
function translate(event, since) {
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
    default: return null
  }
}

/** Answered by persons, and lost. A machine that reached an agent was no person. */
function count(ledger, event) {
  if (event.type === 'callConnected') ledger.live += 1
  if (event.type === 'talkEnded' && event.kind === 'machine') ledger.live -= 1
  if (event.type === 'callAbandoned') { ledger.live += 1; ledger.abandoned += 1 }
}

function snapshotOf(state, now, ledger, startsNow) {
  let told = []
  return {
    idle: state.counts.idle,
    busy: state.agents.filter((agent) => agent.state !== 'idle').map((agent) => ({ state: agent.state, ageMs: now - agent.since })),
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

/** What exceeds the calls per second would be dropped: counted here, so that the engine books only what is placed. */
function startBucket(perSecond) {
  const most = Math.max(1, perSecond)
  let tokens = most, at = null
  return {
    at(now) {
      tokens = Math.min(most, tokens + (at === null ? 0 : ((now - at) * perSecond) / 1_000))
      at = now
      return Math.floor(tokens)
    },
    take(count) { tokens -= count },
  }
}

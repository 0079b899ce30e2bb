import { newPacingMemory, observe } from '../engines/pacing/pacing-memory.ts'
import { follow, forecast, placed, plan } from '../engines/pacing/predictive.ts'

export const name = 'loopline'

export function createPacer(options) {
  const memory = newPacingMemory(options)
  const since = new Map()
  let view = null, viewAt = -Infinity, live = 0, abandoned = 0
  return {
    memory,
    onEvent(event) {
      switch (event.type) {
        case 'callAnswered': observe(memory, { kind: 'answered', ageMs: event.ageMs }); break
        case 'callEnded': observe(memory, { kind: event.outcome === 'failed' || event.outcome === 'cancelled' ? event.outcome : 'unanswered', ageMs: event.ageMs }); break
        case 'callConnected': live += 1; break
        case 'callAbandoned': live += 1; abandoned += 1; observe(memory, { kind: 'abandoned' }); break
        case 'talkEnded':
          observe(memory, { kind: 'talk-ended', talkMs: event.talkMs })
          if (event.kind === 'machine') live -= 1
          break
        case 'agentState': {
          const lastedMs = event.at - (since.get(event.agentId) ?? event.at)
          since.set(event.agentId, event.at)
          if (event.prev === 'wrap') observe(memory, { kind: 'wrap-ended', wrapMs: lastedMs, to: event.state === 'idle' ? 'idle' : 'away' })
          if (event.prev === 'paused' && event.state === 'idle') observe(memory, { kind: 'pause-ended', pauseMs: lastedMs })
          break
        }
      }
    },
    decide(state, now) {
      const busy = state.agents.filter((agent) => agent.state !== 'idle').map((agent) => ({ state: agent.state, ageMs: now - agent.since }))
      const ringing = [...state.dialing.values()].map((call) => ({ ageMs: now - call.startedAt, probability: call.answerProbability }))
      if (now - viewAt >= 5000) { view = forecast(memory, busy, options.connectWindowMs); viewAt = now }
      follow(memory, view, ringing, options.tickMs)
      const upcoming = state.upcoming ? state.upcoming(40) : []
      const limit = Math.min(state.trunks.limit - state.trunks.inUse, Math.ceil(options.callsPerSecond))
      const decision = plan(memory, view, {
        idle: state.counts.idle, waiting: state.waiting.length, busy, ringing, upcoming: (index) => upcoming[index],
        linesFree: limit, window: { live, abandoned },
      }, { cap: options.abandonCap, falseMachineShare: options.amdFalsePositiveRate })
      placed(memory, decision, decision.launch)
      return decision.launch
    },
  }
}

import { newPacingMemory, observe } from './pacing-memory.ts'
import { newPredictivePacer, pace, placed } from './predictive-pacer.ts'
import type { PredictiveSnapshot } from './predictive.ts'

/** Budget: 1 ms for one decision with 300 agents, the forecast's tables included. Run: `node engines/pacing/decide.bench.ts`. */
const AGENTS = 300, TICKS = 4_000, TICK_MS = 500
const limits = { cap: 0.03, falseMachineShare: 0, ringMinMs: 17_000 }
const memory = newPacingMemory({ ringTimeoutMs: 25_000 })
for (let call = 0; call < 3_000; call += 1) {
  observe(memory, call % 10 < 3 ? { kind: 'answered', ageMs: 5_000 + (call % 20) * 500 } : { kind: 'unanswered', ageMs: call % 10 < 6 ? 1_500 : 25_000 })
  if (call % 3 === 0) observe(memory, { kind: 'talk-ended', talkMs: 10_000 + ((call * 37) % 400) * 1_000 })
}
memory.came = 0
const pacer = newPredictivePacer(memory, 2_000)
const snapshotAt = (tick: number): PredictiveSnapshot => ({
  idle: tick % 4, waiting: tick % 2, startsMax: 40, upcoming: () => undefined, callbacksInMs: [], window: { live: 10_000 + tick, abandoned: 290 },
  busy: Array.from({ length: AGENTS }, (_, agent) => ({ state: agent % 9 === 0 ? 'wrap' : 'talk', ageMs: ((agent * 7_919 + tick * TICK_MS) % 240_000) })),
  ringing: Array.from({ length: 120 }, (_, call) => ({ ageMs: call * 200 })),
})

/** Where the forecast's tables are built anew, and where they are only read: medians, for others use the machine too. */
const building: number[] = [], reading: number[] = []
for (let tick = 0; tick < TICKS; tick += 1) {
  const snapshot = snapshotAt(tick)
  const forecast = pacer.forecast
  const before = performance.now()
  const decision = pace(pacer, snapshot, limits, tick * TICK_MS)
  placed(pacer, decision, decision.place, snapshot, limits)
  const took = performance.now() - before
  if (tick >= TICKS / 4) (forecast === pacer.forecast ? reading : building).push(took)
}
const medianUs = (times: number[]): number => Math.round(1_000 * (times.sort((a, b) => a - b)[times.length >> 1] ?? 0))
console.log(JSON.stringify({ agents: AGENTS, decisions: reading.length + building.length, readingUs: medianUs(reading), buildingUs: medianUs(building) }))

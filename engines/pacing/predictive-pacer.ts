import type { PacingLimits } from './abandonment-budget.ts'
import type { PacingDecision } from './decision.ts'
import { shifted } from './answer-level.ts'
import { ASSUMED_PROBABILITY, forecastFrom } from './forecast.ts'
import type { Forecast, RingingCall } from './forecast.ts'
import type { PacingMemory } from './pacing-memory.ts'
import { bookPlaced, decide, followAnswers } from './predictive.ts'
import type { PredictiveSnapshot } from './predictive.ts'
import { stillToAnswer } from './ring-times.ts'

/** A campaign's pacing from tick to tick: its memory, and the forecast that is built from it every few seconds. */
export interface PredictivePacer {
  readonly memory: PacingMemory
  readonly connectWindowMs: number
  forecast: { readonly value: Forecast; readonly builtAt: number } | null
  tickedAt: number | null
}

/** Hazards change over minutes; building the tables each tick would cost more than all the rest. */
const FORECAST_EVERY_MS = 5_000
/** A loop that was held up does not take the time for ringing time. */
const TICK_MAX_MS = 2_000

/** Goes on from a memory, or from a new one. `connectWindowMs`: 2 s by law. */
export function newPredictivePacer(memory: PacingMemory, connectWindowMs: number): PredictivePacer {
  return { memory, connectWindowMs, forecast: null, tickedAt: null }
}

/** One tick: learns from what rang, then decides. `now`: ms, any clock that never goes back. */
export function pace(pacer: PredictivePacer, snapshot: PredictiveSnapshot, limits: PacingLimits, now: number): PacingDecision {
  if (pacer.forecast === null || now - pacer.forecast.builtAt >= FORECAST_EVERY_MS) {
    pacer.forecast = { value: forecastFrom(pacer.memory, snapshot.busy, pacer.connectWindowMs), builtAt: now }
  }
  followAnswers(pacer.memory, pacer.forecast.value, snapshot.ringing, Math.min(TICK_MAX_MS, now - (pacer.tickedAt ?? now)))
  pacer.tickedAt = now
  return decide(pacer.memory, pacer.forecast.value, snapshot, limits)
}

/** Books that `count` calls of the decision were really placed: lines may have refused some. */
export function placed(pacer: PredictivePacer, decision: PacingDecision, count: number, snapshot: PredictiveSnapshot, limits: PacingLimits): void {
  bookPlaced(pacer.memory, decision, count, limits, snapshot.window)
}

/** How many of these ringing calls will be answered, by what is known now; null before the first tick. */
export function expectedAnswers({ memory, forecast }: PredictivePacer, ringing: readonly RingingCall[]): number | null {
  if (forecast === null) return null
  return ringing.reduce((sum, call) => sum + stillToAnswer(forecast.value.curves, shifted(call.probability ?? ASSUMED_PROBABILITY, memory.level.shift), call.ageMs), 0)
}

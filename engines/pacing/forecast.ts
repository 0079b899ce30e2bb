import { shifted } from './answer-level.ts'
import type { AnswerLevel } from './answer-level.ts'
import type { PacingMemory } from './pacing-memory.ts'
import { addEvent, nothing } from './poisson-binomial.ts'
import type { CountLaw } from './poisson-binomial.ts'
import { releaseOf, releasesBy } from './release-estimate.ts'
import type { BusyAgent, Releases } from './release-estimate.ts'
import { ageAt, readCurve, ringCurves, stillToAnswer } from './ring-times.ts'
import type { RingCurves } from './ring-times.ts'

/** A call that rings. */
export interface RingingCall {
  readonly ageMs: number
  /** Probability of an answer that was forecast for this number, 0..1; absent when nobody made a forecast. */
  readonly probability?: number | undefined
}

/** Assumed of a number nobody has forecast; the level corrects it within minutes. */
export const ASSUMED_PROBABILITY = 0.3

/**
 * What memory says of the next half minute, in a form that is quick to read. Derived: build it anew every few seconds. The
 * instants, ms from now, cut the answers of a call placed now into equal shares.
 */
export interface Forecast {
  readonly curves: RingCurves
  readonly instantsMs: readonly number[]
  readonly releases: Releases
}

/** More would not change a decision: the laws at neighbouring instants are alike. */
const INSTANTS = 8

/** Builds the forecast. An agent who gets free within the connect window (2 s by law) is in time for an answer. */
export function forecastFrom(memory: PacingMemory, busy: readonly BusyAgent[], connectWindowMs: number): Forecast {
  const curves = ringCurves(memory.ring)
  const instantsMs = Array.from({ length: INSTANTS }, (_, index) => ageAt(curves.answeredBy, (index + 0.5) / INSTANTS))
  return { curves, instantsMs, releases: releasesBy(memory.busy, busy, instantsMs.map((ms) => (ms + connectWindowMs) / 1_000)) }
}

/** How many agents get free, by instant. */
export function freedBy({ releases, instantsMs }: Forecast, busy: readonly BusyAgent[]): CountLaw[] {
  const laws = instantsMs.map(nothing)
  for (const agent of busy) {
    const probabilities = releaseOf(releases, agent)
    for (let index = 0; index < laws.length; index += 1) addEvent(laws[index] as CountLaw, probabilities[index] as number)
  }
  return laws
}

/** How many answers come, by instant, if the level of answers is this. */
export interface AnswersIf {
  /** Probability of this level. */
  readonly weight: number
  readonly shift: number
  readonly laws: readonly CountLaw[]
}

/**
 * The answers to expect of what rings, for three levels that stand for its uncertainty (Gauss–Hermite, exact for moments up
 * to the fifth). While little is known, as at a cold start, the high one alone keeps the pacing careful.
 */
export function answersBy(forecast: Forecast, level: AnswerLevel, ringing: readonly RingingCall[]): AnswersIf[] {
  const away = Math.sqrt(3 * level.variance)
  const scenarios = [[2 / 3, 0], [1 / 6, -away], [1 / 6, away]].map(([weight = 0, by = 0]): AnswersIf =>
    ({ weight, shift: level.shift + by, laws: forecast.instantsMs.map(nothing) }))
  for (const scenario of scenarios) for (const call of ringing) addCall(forecast, scenario, call)
  return scenarios
}

/** Adds the answers of one more call. In place. */
export function addCall({ curves, instantsMs }: Forecast, { laws, shift }: AnswersIf, call: RingingCall): void {
  const will = stillToAnswer(curves, shifted(call.probability ?? ASSUMED_PROBABILITY, shift), call.ageMs)
  const already = readCurve(curves.answeredBy, call.ageMs)
  if (already > 1 - 1e-6) return
  for (let index = 0; index < laws.length; index += 1) {
    const by = readCurve(curves.answeredBy, call.ageMs + (instantsMs[index] as number))
    addEvent(laws[index] as CountLaw, (will * (by - already)) / (1 - already))
  }
}

/** Answers due of what rang in the last `elapsedMs`, and how strongly they depend on the level: what `followLevel` wants. */
export function answersDue({ curves }: Forecast, level: AnswerLevel, ringing: readonly RingingCall[], elapsedMs: number): { due: number; information: number } {
  let due = 0, information = 0
  for (const call of ringing) {
    const from = Math.max(0, call.ageMs - elapsedMs)
    const will = stillToAnswer(curves, shifted(call.probability ?? ASSUMED_PROBABILITY, level.shift), from)
    const already = readCurve(curves.answeredBy, from)
    if (already > 1 - 1e-6) continue
    const now = (will * (readCurve(curves.answeredBy, call.ageMs) - already)) / (1 - already)
    due += now
    information += now * (1 - will)
  }
  return { due, information }
}

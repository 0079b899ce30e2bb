import { ASSUMED_PROBABILITY, followLevel, shifted } from './answer-level.ts'
import { riskMax, riskWanted, steer, TUNE } from './abandonment-budget.ts'
import type { AbandonmentWindow, BudgetLimits } from './abandonment-budget.ts'
import { linesDown } from './pacing-memory.ts'
import type { PacingMemory } from './pacing-memory.ts'
import { addEvent, noneLeft, nothing } from './poisson-binomial.ts'
import type { CountLaw } from './poisson-binomial.ts'
import { releaseOf, releasesBy } from './release-estimate.ts'
import type { BusyAgent, Releases } from './release-estimate.ts'
import { ageAt, readCurve, ringCurves, stillToAnswer } from './ring-times.ts'
import type { RingCurves } from './ring-times.ts'

export interface RingingCall {
  readonly ageMs: number
  /** Forecast of this number, 0..1; absent when nobody made one. */
  readonly probability?: number | undefined
}

export interface PredictiveSnapshot {
  readonly idle: number
  readonly waiting: number
  readonly busy: readonly BusyAgent[]
  readonly ringing: readonly RingingCall[]
  /** Forecasts of the next numbers in the order of dialling. */
  readonly upcoming: (index: number) => number | undefined
  readonly linesFree: number
  readonly window: AbandonmentWindow
}

export interface Forecast {
  readonly curves: RingCurves
  readonly instantsMs: readonly number[]
  readonly releases: Releases
}

const INSTANTS = 8

export function forecast(memory: PacingMemory, busy: readonly BusyAgent[], connectWindowMs: number): Forecast {
  const curves = ringCurves(memory.ring)
  const instantsMs = Array.from({ length: INSTANTS }, (_, index) => ageAt(curves.answeredBy, (index + 0.5) / INSTANTS))
  return { curves, instantsMs, releases: releasesBy(memory.busy, busy, instantsMs.map((ms) => (ms + connectWindowMs) / 1_000)) }
}

/** Follows the level of answers with what rang since the last tick. */
export function follow(memory: PacingMemory, { curves }: Forecast, ringing: readonly RingingCall[], elapsedMs: number): void {
  let due = 0, information = 0
  for (const call of ringing) {
    const p = shifted(call.probability ?? ASSUMED_PROBABILITY, memory.level.shift)
    const from = Math.max(0, call.ageMs - elapsedMs)
    const will = stillToAnswer(curves, p, from)
    const left = 1 - readCurve(curves.answeredBy, from)
    const q = left < 1e-6 ? 0 : (will * (readCurve(curves.answeredBy, call.ageMs) - readCurve(curves.answeredBy, from))) / left
    due += q
    information += q * (1 - will)
  }
  followLevel(memory.level, { due, information, came: memory.came, elapsedS: elapsedMs / 1_000 })
  memory.came = 0
}

interface Node { readonly weight: number; readonly shift: number; readonly answers: CountLaw[] }

export interface Plan { readonly launch: number; readonly risks: { answers: number; risk: number }[]; readonly wanted: number }

export function plan(memory: PacingMemory, forecast: Forecast, now: PredictiveSnapshot, limits: BudgetLimits): Plan {
  const wanted = riskWanted(memory.budget, now.window, limits)
  const max = riskMax(memory.budget, wanted)
  const risks: Plan['risks'] = []
  if (now.idle + now.busy.length === 0 || wanted <= 0) return { launch: 0, risks, wanted }
  const free = now.idle - now.waiting
  const freed = forecast.instantsMs.map(nothing)
  for (const agent of now.busy) {
    const row = releaseOf(forecast.releases, agent)
    for (let index = 0; index < INSTANTS; index += 1) addEvent(freed[index] as CountLaw, row[index] as number)
  }
  const nodes = nodesOf(memory.level.shift, memory.level.variance).map((node) => ({ ...node, answers: forecast.instantsMs.map(nothing) }))
  for (const node of nodes) for (const call of now.ringing) addRinging(node, forecast, call)
  const most = linesDown(memory) ? Math.min(now.linesFree, free - now.ringing.length) : now.linesFree
  for (let count = 0; count < most; count += 1) {
    const told = now.upcoming(count) ?? ASSUMED_PROBABILITY
    let risk = 0, weights = 0
    for (const node of nodes) {
      const p = shifted(told, node.shift)
      let sum = 0
      for (let index = INSTANTS - 1; index >= 0; index -= 1) {
        const none = noneLeft(node.answers[index] as CountLaw, freed[index] as CountLaw, free)
        sum += none
      }
      risk += (node.weight * p * sum) / INSTANTS
      weights += node.weight * p
    }
    risk /= weights
    if (risk > max) break
    risks.push({ answers: weights, risk })
    for (const node of nodes) addRinging(node, forecast, { ageMs: 0, probability: told })
  }
  return { launch: risks.length, risks, wanted }
}

/** Marks what was placed of a plan. */
export function placed(memory: PacingMemory, plan: Plan, count: number): void {
  for (const risk of plan.risks.slice(0, count)) steer(memory.budget, { ...risk, wanted: plan.wanted })
}

function addRinging(node: Node, { curves, instantsMs }: Forecast, call: RingingCall): void {
  const p = shifted(call.probability ?? ASSUMED_PROBABILITY, node.shift)
  const will = stillToAnswer(curves, p, call.ageMs)
  const already = readCurve(curves.answeredBy, call.ageMs)
  const left = 1 - already
  if (left < 1e-6) return
  for (let index = 0; index < INSTANTS; index += 1) {
    addEvent(node.answers[index] as CountLaw, (will * (readCurve(curves.answeredBy, call.ageMs + (instantsMs[index] as number)) - already)) / left)
  }
}

/** Gauss–Hermite with three points: exact for the level's uncertainty up to the fifth power. */
function nodesOf(shift: number, variance: number): { weight: number; shift: number }[] {
  const away = Math.sqrt(3 * variance)
  return [{ weight: 2 / 3, shift }, { weight: 1 / 6, shift: shift - away }, { weight: 1 / 6, shift: shift + away }]
}

import { riskMax, riskWanted, steer } from './abandonment-budget.ts'
import type { PacingLimits, AbandonmentWindow } from './abandonment-budget.ts'
import { followLevel, shifted } from './answer-level.ts'
import type { BudgetState, PacingDecision, PacingReason } from './decision.ts'
import { ASSUMED_PROBABILITY, addCall, answersBy, answersDue, freedBy } from './forecast.ts'
import type { AnswersIf, Forecast, RingingCall } from './forecast.ts'
import { linesDown } from './pacing-memory.ts'
import type { PacingMemory } from './pacing-memory.ts'
import { noneLeft } from './poisson-binomial.ts'
import type { CountLaw } from './poisson-binomial.ts'
import type { BusyAgent } from './release-estimate.ts'

/** One campaign at one instant: what can be seen of it. Times in ms. */
export interface PredictiveSnapshot {
  /** Agents with nothing to do. */
  readonly idle: number
  readonly busy: readonly BusyAgent[]
  /** Answered, with no agent yet. */
  readonly waiting: number
  readonly ringing: readonly RingingCall[]
  /** Forecast of the n-th next number in the order of dialling, 0..1; undefined when nobody made one. */
  readonly upcoming: (index: number) => number | undefined
  /** Calls that lines, their calls per second and the campaign's own limits let start now. */
  readonly startsMax: number
  /** From now until each promised callback; only the next half minute matters. */
  readonly callbacksInMs: readonly number[]
  /** This campaign in the law's window (30 days in the US, 24 h of the former British code). */
  readonly window: AbandonmentWindow
}

/**
 * How many calls to place now, and why. Pure: memory and forecast are read, not changed.
 *
 * Calls are added one at a time while the next one's risk is bearable: the probability that, when it is answered, all
 * agents then free are taken by answers before it. The bound is the same whatever the state, as in any plan that spends a
 * budget where it buys most; budget and bound are set by abandonment-budget.ts.
 */
export function decide(memory: PacingMemory, forecast: Forecast, now: PredictiveSnapshot, limits: PacingLimits): PacingDecision {
  const present = now.idle + now.busy.filter(({ state }) => state !== 'paused').length
  if (present === 0) return { place: 0, reason: { kind: 'no-agents' }, calls: [], giveUp: rungEnough(now, limits) }
  const wanted = riskWanted(memory.budget, now.window, limits)
  const most = riskMax(memory.budget, wanted)
  const budget: BudgetState = { ...now.window, cap: limits.cap, wanted }
  const crowd = crowdOf(memory, forecast, now)
  const giveUp = soonestRisk(crowd) > Math.max(GIVE_UP_MIN, GIVE_UP_FACTOR * most) ? rungEnough(now, limits) : []
  const down = linesDown(memory)
  const startsMax = Math.max(0, Math.floor(now.startsMax))
  const probes = down ? Math.min(startsMax, Math.max(0, now.idle - now.waiting - now.ringing.length)) : startsMax
  const calls: { answers: number; risk: number }[] = []
  while (calls.length < probes) {
    const probability = now.upcoming(calls.length) ?? ASSUMED_PROBABILITY
    const next = riskOf(crowd, probability)
    if (next.risk > most) return { place: calls.length, reason: whyNotNext(now, budget, next.risk, most), calls, giveUp }
    calls.push(next)
    for (const scenario of crowd.answers) addCall(forecast, scenario, { ageMs: 0, probability })
    crowd.ringing += 1
  }
  const reason: PacingReason = down ? { kind: 'lines-failing', share: memory.failing } : { kind: 'lines-full', startsMax: now.startsMax }
  return { place: calls.length, reason, calls, giveUp }
}

/** Who competes for the agents. */
interface Crowd {
  /** Idle agents less those spoken for, by instant of the forecast. */
  readonly free: readonly number[]
  readonly freed: readonly CountLaw[]
  readonly answers: readonly AnswersIf[]
  ringing: number
}

function crowdOf(memory: PacingMemory, forecast: Forecast, now: PredictiveSnapshot): Crowd {
  return {
    free: forecast.instantsMs.map((instant) => now.idle - now.waiting - promisedBy(now, instant)),
    freed: freedBy(forecast, now.busy),
    answers: answersBy(forecast, memory.level, now.ringing),
    ringing: now.ringing.length,
  }
}

/** A promised callback is an answer that is sure to come. */
function promisedBy({ callbacksInMs }: PredictiveSnapshot, instantMs: number): number {
  return callbacksInMs.filter((inMs) => inMs <= instantMs).length
}

/** What one more call brings, and its risk given that it is answered. */
function riskOf({ free, freed, answers, ringing }: Crowd, probability: number): { answers: number; risk: number } {
  let expected = 0, lost = 0
  for (const { weight, shift, laws } of answers) {
    const answered = weight * shifted(probability, shift)
    let none = 0
    for (let index = 0; index < laws.length; index += 1) {
      const idle = free[index] as number
      // Fewer calls than idle agents: sure, where the normal law would leave a doubt.
      if (ringing >= idle) none += noneLeft(laws[index] as CountLaw, freed[index] as CountLaw, idle)
    }
    expected += answered
    lost += (answered * none) / laws.length
  }
  return { answers: expected, risk: expected > 0 ? lost / expected : 1 }
}

/** A call that has rung long and is answered at all is answered soon: the risk at the first instant. */
function soonestRisk({ free, freed, answers }: Crowd): number {
  let risk = 0
  for (const { weight, laws } of answers) risk += weight * noneLeft(laws[0] as CountLaw, freed[0] as CountLaw, free[0] as number)
  return risk
}
/** Against the bound for new calls: what rings has cost a line and a person's patience already. */
const GIVE_UP_FACTOR = 2
const GIVE_UP_MIN = 0.1

/** Hanging up on what nobody would take is no abandonment, once it has rung as long as the law asks. */
function rungEnough({ ringing }: PredictiveSnapshot, { ringMinMs }: PacingLimits): number[] {
  return ringing.flatMap(({ ageMs }, index) => (ageMs >= ringMinMs ? [index] : []))
}

function whyNotNext(now: PredictiveSnapshot, budget: BudgetState, risk: number, riskMax: number): PacingReason {
  if (budget.live > 0 && budget.abandoned >= budget.cap * budget.live) return { kind: 'budget-spent', budget }
  const promised = promisedBy(now, CALLBACK_AHEAD_MS)
  if (promised > 0 && now.idle - now.waiting - now.ringing.length <= promised) return { kind: 'kept-for-callbacks', promised }
  return { kind: 'nobody-free-in-time', risk, riskMax, idle: now.idle, ringing: now.ringing.length, budget }
}
const CALLBACK_AHEAD_MS = 15_000

/** Follows the level of answers with what rang since the last tick. Once a tick, before `decide`; changes memory. */
export function followAnswers(memory: PacingMemory, forecast: Forecast, ringing: readonly RingingCall[], elapsedMs: number): void {
  const due = answersDue(forecast, memory.level, ringing, elapsedMs)
  followLevel(memory.level, { ...due, came: memory.came, elapsedS: elapsedMs / 1_000 })
  memory.came = 0
}

/** Books that the first `count` calls of a decision were placed; changes memory. Probes of lines that are down tell nothing of risk. */
export function bookPlaced(memory: PacingMemory, decision: PacingDecision, count: number, limits: PacingLimits, window: AbandonmentWindow): void {
  if (linesDown(memory)) return
  const wanted = riskWanted(memory.budget, window, limits)
  for (const call of decision.calls.slice(0, count)) steer(memory.budget, call, wanted)
}

import { between, chance, logNormal } from './random.ts'
import type { Scenario } from './scenario.ts'

/** What a dialled number does, and when after the start of the call, ms. */
export interface Fate {
  readonly kind: 'answers' | 'unanswered' | 'fails'
  readonly afterMs: number
}

const PURPOSE_PERSON = 1
const PURPOSE_FORECAST = 2

/** The share of numbers like this one that a person answers, at an hour of the campaign. */
function probabilityOf(scenario: Scenario, seed: number, index: number, hour: number): number {
  const rate = Math.min(0.9, scenario.answerRate * (scenario.drift?.(hour) ?? 1))
  return scenario.forecast ? moved(rate, scenario.forecast.spread * leaning(seed, index)) : rate
}

/** What a forecaster says of the number: it knows the list's rate, not today's drift, and errs. */
export function forecastOf(scenario: Scenario, seed: number, index: number): number | undefined {
  if (!scenario.forecast) return undefined
  const { spread, error } = scenario.forecast
  const seen = spread * leaning(seed, index) + error * normal(chance(seed, PURPOSE_FORECAST, index))
  return moved(scenario.answerRate, (seen * spread ** 2) / (spread ** 2 + error ** 2))
}

export function fateOf(scenario: Scenario, seed: number, index: number, nowMs: number): Fate {
  const hour = nowMs / 3_600_000
  if (scenario.outage && hour >= scenario.outage[0] && hour < scenario.outage[1]) return { kind: 'fails', afterMs: 300 }
  const next = chance(seed, PURPOSE_PERSON, index)
  const delayMs = between(next, 600, 2_200), kind = next(), patience = next()
  const timeoutMs = scenario.ringTimeoutS * 1_000
  const ringMs = delayMs + 1_000 * logNormal(next, scenario.ringMeanS, 0.5)
  if (kind < probabilityOf(scenario, seed, index, hour)) return ringMs < timeoutMs ? { kind: 'answers', afterMs: ringMs } : { kind: 'unanswered', afterMs: timeoutMs }
  if (patience < 0.08) return { kind: 'fails', afterMs: between(next, 200, 1_200) }
  if (patience < 0.2) return { kind: 'unanswered', afterMs: delayMs + between(next, 500, 3_000) } // busy
  if (patience < 0.4) return { kind: 'unanswered', afterMs: Math.min(timeoutMs, delayMs + 1_000 * logNormal(next, 18, 0.2)) } // a machine
  return { kind: 'unanswered', afterMs: timeoutMs }
}

/** How much likelier than the list this number answers, in standard deviations. */
function leaning(seed: number, index: number): number {
  return normal(chance(seed, PURPOSE_PERSON + 10, index))
}

function normal(next: () => number): number {
  return Math.log(logNormal(next, 1, Math.sqrt(Math.E - 1))) + 0.5
}

function moved(probability: number, by: number): number {
  const odds = (probability / (1 - probability)) * Math.exp(by)
  return odds / (1 + odds)
}

/**
 * What the forecasts are worth. `npm run bench:forecast -- [--seeds 3]`; the last line is JSON, for machines. Deals: the bank's
 * calls in their order, each scored before it is learnt from, figures over rows 20,000 onward. Best hour: seeded people with
 * hidden habits.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { learnOutcome, newOutcomeForecast, openForecast } from '@loopline/forecast/outcome-forecast'
import type { OpenForecast } from '@loopline/forecast/outcome-forecast'
import { BANK_PLAN, bankCalls } from './bank-calls.ts'
import { forecastHours, knownHours, randomHours, segmentHours, tryHours } from './best-hour-trial.ts'
import { areaUnderCurve, calibrationError, liftOfTopTenth } from './forecast-figures.ts'
import { habitWorld } from './habits.ts'
import type { HabitOptions } from './habits.ts'

const WORLDS: readonly HabitOptions[] = [
  { people: 1_000, days: 60, level: -1.5, strengths: { segment: 0.6, region: 0.3, carrier: 0.3, person: 1.1 }, shape: 'bump', deadShare: 0.08 },
  { people: 1_000, days: 60, level: -1.5, strengths: { segment: 0.6, region: 0.3, carrier: 0.3, person: 1.1 }, shape: 'window', deadShare: 0.08 },
  { people: 1_000, days: 40, level: -0.8, strengths: { segment: 0.5, region: 0.2, carrier: 0.2, person: 1.2 }, shape: 'bump', deadShare: 0.04 },
]
const FIRST_SCORED = 20_000
const ROUNDS = 7
const text = gunzipSync(readFileSync(new URL('data/bank-marketing/bank-additional-full.csv.gz', import.meta.url))).toString('utf8')

const atOnce = dealForecasts(0)
const late = dealForecasts(100)
/** The fastest of some rounds: others use the machine too. */
const rowsPerSecond = Math.max(...Array.from({ length: ROUNDS }, () => dealForecasts(0).rowsPerSecond))

const seeds = Number(argument('seeds', '3'))
const trials = WORLDS.flatMap((options) => Array.from({ length: seeds }, (_, index) => bestHours(index + 1, options)))

const figures = {
  bench: 'forecast',
  auc: rounded(atOnce.auc), aucDelayed100: rounded(late.auc), ece: rounded(atOnce.ece), eceDelayed100: rounded(late.ece),
  liftTop10: rounded(atOnce.lift), liftTop10Delayed100: rounded(late.lift), brier: rounded(atOnce.brier), rows: atOnce.rows, rowsPerSecond: Math.round(rowsPerSecond),
  bestHourOverRandom: rounded(mean(trials.map(({ forecast, random }) => forecast / random - 1))),
  bestHourOverSegment: rounded(mean(trials.map(({ forecast, segment }) => forecast / segment - 1))),
  bestHourOverRandomLeast: rounded(Math.min(...trials.map(({ forecast, random }) => forecast / random - 1))),
  bestHourOverSegmentLeast: rounded(Math.min(...trials.map(({ forecast, segment }) => forecast / segment - 1))),
  bestHourKnownOverRandom: rounded(mean(trials.map(({ known, random }) => known / random - 1))),
  answerEce: rounded(mean(trials.map(({ ece }) => ece))), seeds,
}
console.log(JSON.stringify(figures))

/** All calls from the text to the figures; a call's outcome is learnt `delay` rows after it. */
function dealForecasts(delay: number): { auc: number; ece: number; lift: number; brier: number; rows: number; rowsPerSecond: number } {
  const began = performance.now()
  const forecast = newOutcomeForecast(BANK_PLAN)
  const waiting: { open: OpenForecast | undefined; deal: boolean }[] = Array.from({ length: delay + 1 }, () => ({ open: undefined, deal: false }))
  const probabilities: number[] = []
  const deals: number[] = []
  let row = 0
  for (const { codes, deal } of bankCalls(text)) {
    const place = (waiting[row % waiting.length] as (typeof waiting)[number])
    place.open = openForecast(forecast, codes, row, place.open)
    place.deal = deal
    if (row >= FIRST_SCORED) {
      probabilities.push(place.open.probability)
      deals.push(deal ? 1 : 0)
    }
    const due = (waiting[(row + 1) % waiting.length] as (typeof waiting)[number])
    if (due.open && row >= delay) learnOutcome(forecast, due.open, due.deal)
    row += 1
  }
  const seconds = (performance.now() - began) / 1_000
  return {
    auc: areaUnderCurve(probabilities, deals), ece: calibrationError(probabilities, deals), lift: liftOfTopTenth(probabilities, deals),
    brier: probabilities.reduce((sum, probability, at) => sum + (probability - (deals[at] as number)) ** 2, 0) / probabilities.length,
    rows: row, rowsPerSecond: row / seconds,
  }
}

/** Connect rates of four ways of choosing hours with the same people and attempts. */
function bestHours(seed: number, options: HabitOptions): { random: number; segment: number; forecast: number; known: number; ece: number } {
  const world = habitWorld(seed, options)
  const forecast = tryHours(world, seed, forecastHours(seed))
  return {
    random: tryHours(world, seed, randomHours).connectRate, segment: tryHours(world, seed, segmentHours()).connectRate, forecast: forecast.connectRate,
    known: tryHours(world, seed, knownHours(world)).connectRate, ece: calibrationError(forecast.probabilities, forecast.answered),
  }
}

function argument(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

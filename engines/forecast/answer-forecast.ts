import { codeOf, crossOf, slotOf } from './feature-hash.ts'
import { addFeature, learnError, newActiveFeatures, newFtrl, scoreOf } from './ftrl.ts'
import type { ActiveFeatures, Ftrl } from './ftrl.ts'
import { logitOf } from './logistic.ts'
import { ATTEMPTS_KEPT, averagedLogistic, believe, habitAt, newBelief, packAttempt, unpackAttempt } from './person-habit.ts'
import type { Belief } from './person-habit.ts'

/** Whether a person answers his telephone: learnt from each attempt, asked for each moment. */
export interface Callee {
  /** The person (or the number) whose habits these are. */
  readonly id: string
  /** Groups he belongs to, each in its place: segment, region, carrier, kind of telephone, line. Empty text: not known. */
  readonly groups: readonly string[]
}

export interface Moment {
  /** Days since a day fixed for this forecast, not negative; fractions allowed. */
  readonly day: number
  /** Hour of the callee's day, 0 ≤ hour < 24. */
  readonly hour: number
  readonly weekend: boolean
}

export interface AnswerForecast {
  /** Log-odds of a first attempt that nothing is known of. */
  readonly prior: number
  readonly population: Ftrl
  /** Last attempts of each person, oldest first, packed. In the order of their last attempt: the first is forgotten first. */
  readonly people: Map<string, number[]>
  readonly peopleMost: number
  readonly dead: DeadShare
  readonly scratch: Scratch
}

/** Running share of dead numbers among the people tried. */
interface DeadShare {
  sum: number
  people: number
}

interface Scratch {
  readonly features: ActiveFeatures
  readonly belief: Belief
  /** Whose belief it is; empty: nobody's. */
  of: string
}

export interface AnswerForecastOptions {
  /** Share of attempts that are answered before anything is learnt, 0..1. */
  readonly prior?: number
  readonly peopleMost?: number
  readonly bits?: number
}

const MOST_GROUPS = 8
export const TUNE = { alpha: 0.15, beta: 1, l2: 1, nMax: 1e9, deadPrior: 0.05, deadWeight: 40 }

export function newAnswerForecast({ prior = 0.25, peopleMost = 200_000, bits = 16 }: AnswerForecastOptions = {}): AnswerForecast {
  return {
    prior: logitOf(prior), population: newFtrl({ bits, ...TUNE }), people: new Map(), peopleMost,
    dead: { sum: 0, people: 0 }, scratch: { features: newActiveFeatures(256), belief: newBelief(), of: '' },
  }
}

/** Probability that this person answers then, 0..1. Changes nothing. */
export function answerProbability(forecast: AnswerForecast, callee: Callee, moment: Moment): number {
  const { scratch } = forecast
  fill(forecast, callee, moment)
  const expected = forecast.prior + scoreOf(forecast.population, scratch.features)
  beliefOf(forecast, callee.id)
  const habit = habitAt(scratch.belief, moment.hour, moment.weekend)
  return (1 - scratch.belief.dead) * averagedLogistic(expected + habit.mean, habit.variance)
}

/** Takes in how one attempt went. */
export function learnAnswer(forecast: AnswerForecast, callee: Callee, moment: Moment, answered: boolean): void {
  const { scratch, population, people } = forecast
  fill(forecast, callee, moment)
  const expected = forecast.prior + scoreOf(population, scratch.features)
  beliefOf(forecast, callee.id)
  const { belief } = scratch
  const habit = habitAt(belief, moment.hour, moment.weekend)
  const living = averagedLogistic(expected + habit.mean, habit.variance)
  const alive = answered ? 1 : ((1 - belief.dead) * (1 - living)) / (belief.dead + (1 - belief.dead) * (1 - living))
  learnError(population, scratch.features, alive * (living - (answered ? 1 : 0)))
  const known = people.get(callee.id)
  const attempts = known ?? []
  attempts.push(packAttempt({ day: moment.day, hour: moment.hour, weekend: moment.weekend, answered, expected }))
  if (attempts.length > ATTEMPTS_KEPT) attempts.shift()
  const before = known ? belief.dead : 0
  people.delete(callee.id)
  people.set(callee.id, attempts)
  scratch.of = ''
  beliefOf(forecast, callee.id)
  forecast.dead.sum += scratch.belief.dead - before
  if (!known) forecast.dead.people += 1
  if (people.size > forecast.peopleMost) people.delete(people.keys().next().value!)
}

function beliefOf(forecast: AnswerForecast, id: string): void {
  const { scratch, dead } = forecast
  if (scratch.of === id && id !== '') return
  const share = (dead.sum + TUNE.deadPrior * TUNE.deadWeight) / (dead.people + TUNE.deadWeight)
  believe(scratch.belief, forecast.people.get(id) ?? [], Math.min(0.5, share))
  scratch.of = id
}

const FIELD = { bias: 0, hour: 1, weekendHour: 2, weekend: 3, weekday: 4, group: 8, groupHour: 16, groupWeekendHour: 24, pair: 32, pairHour: 96, fatigue: 160, gap: 161, groupWeekend: 170 }

function fill(forecast: AnswerForecast, callee: Callee, moment: Moment): void {
  const { features } = forecast.scratch
  const { mask } = forecast.population
  features.count = 0
  const add = (field: number, code: number, value: number) => addFeature(features, slotOf(field, code, mask), value)
  const weekend = moment.weekend ? 1 : 0
  add(FIELD.bias, 0, 1)
  add(FIELD.weekend, weekend, 0.5)
  const hour = Math.floor(moment.hour)
  // An hour teaches its neighbours half as much.
  for (let near = -1; near <= 1; near += 1) {
    const value = near === 0 ? 0.8 : 0.4
    add(FIELD.hour, hour + near, value)
    add(FIELD.weekendHour, (hour + near) * 2 + weekend, value)
  }
  const groups = Math.min(MOST_GROUPS, callee.groups.length)
  for (let at = 0; at < groups; at += 1) {
    if (callee.groups[at] === '') continue
    const code = codeOf(callee.groups[at]!)
    add(FIELD.group + at, code, 1)
    add(FIELD.groupWeekend + at, crossOf(code, weekend), 0.5)
    for (let near = -1; near <= 1; near += 1) {
      const value = near === 0 ? 0.8 : 0.4
      add(FIELD.groupHour + at, crossOf(code, hour + near), value)
      add(FIELD.groupWeekendHour + at, crossOf(code, (hour + near) * 2 + weekend), value * 0.7)
    }
    for (let other = at + 1; other < groups; other += 1) {
      const pair = crossOf(code, codeOf(callee.groups[other]!))
      add(FIELD.pair + at * 8 + other, pair, 0.5)
    }
  }
  const attempts = forecast.people.get(callee.id)
  let recent = 0
  let since = 99
  if (attempts) {
    for (const packed of attempts) recent += 2 ** ((unpackAttempt(packed).day - moment.day) / 3)
    since = moment.day - unpackAttempt(attempts.at(-1)!).day
  }
  add(FIELD.fatigue, 0, Math.log1p(recent))
  add(FIELD.gap, since > 20 ? 9 : Math.floor(Math.log2(1 + since) * 2), 0.7)
}

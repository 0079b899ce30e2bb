import { calibrate, calibrated, newCalibration } from './calibration.ts'
import type { Calibration } from './calibration.ts'
import { codeOf, crossOf, slotOf } from './feature-hash.ts'
import { addFeature, learnError, newActiveFeatures, newFtrl, scoreOf } from './ftrl.ts'
import type { ActiveFeatures, Ftrl } from './ftrl.ts'
import { logitOf } from './logistic.ts'
import { ATTEMPTS_KEPT, averagedLogistic, believe, dayOf, habitAt, newBelief, packAttempt } from './person-habit.ts'
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
  prior: number
  readonly population: Ftrl
  readonly calibration: Calibration
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
/**
 * A weight's prior has a deviation of 1 / √l2 = 0.32 log-odds. alpha 0.05 to 0.3 with l2 3 to 20 did as well within chance; l2 1 cost
 * calibration (0.021 against 0.009). nMax 200: 0.2 points of connect rate more than none where habits move.
 */
const LEARNING = { alpha: 0.15, beta: 1, l2: 10, nMax: 200 }
/** Share of dead numbers before anything is learnt, and as how many people that counts. */
const DEAD_SHARE = 0.05
const DEAD_WEIGHT = 40
const DEAD_SHARE_MOST = 0.5

export function newAnswerForecast({ prior = 0.25, peopleMost = 200_000, bits = 16 }: AnswerForecastOptions = {}): AnswerForecast {
  return {
    prior: startFrom(prior), population: newFtrl({ bits, ...LEARNING }), calibration: newCalibration(), people: new Map(), peopleMost,
    dead: { sum: 0, people: 0 }, scratch: { features: newActiveFeatures(256), belief: newBelief(), of: '' },
  }
}

/** Log-odds from which a person that nothing is known of is given the prior: what averaging over habits and dead numbers takes is put on before. */
function startFrom(prior: number): number {
  const stranger = newBelief()
  believe(stranger, [], DEAD_SHARE)
  return logitOf(Math.min(1, prior / (1 - DEAD_SHARE))) * Math.sqrt(1 + (Math.PI / 8) * habitAt(stranger, NOON, false).variance)
}

const NOON = 12

/** Probability that this person answers then, 0..1. Changes nothing. */
export function answerProbability(forecast: AnswerForecast, callee: Callee, moment: Moment): number {
  const { scratch } = forecast
  fill(forecast, callee, moment)
  const expected = forecast.prior + scoreOf(forecast.population, scratch.features)
  beliefOf(forecast, callee.id)
  const habit = habitAt(scratch.belief, moment.hour, moment.weekend)
  return calibrated(forecast.calibration, logitOf((1 - scratch.belief.dead) * averagedLogistic(expected + habit.mean, habit.variance)))
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
  calibrate(forecast.calibration, logitOf((1 - belief.dead) * living), answered)
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
  forecast.dead.people += known ? 0 : 1
  forecast.dead.sum = Math.max(0, Math.min(forecast.dead.people, forecast.dead.sum + scratch.belief.dead - before))
  // The share of dead numbers has changed, and with it every belief.
  scratch.of = ''
  if (people.size > forecast.peopleMost) people.delete(people.keys().next().value as string)
}

function beliefOf(forecast: AnswerForecast, id: string): void {
  const { scratch, dead } = forecast
  if (scratch.of === id && id !== '') return
  const share = (dead.sum + DEAD_SHARE * DEAD_WEIGHT) / (dead.people + DEAD_WEIGHT)
  believe(scratch.belief, forecast.people.get(id) ?? [], Math.min(DEAD_SHARE_MOST, share))
  scratch.of = id
}

/** Numbers of the questions; groups take one each from those with a plural. */
const FIELD = {
  bias: 0, hour: 1, weekendHour: 2, weekend: 3, groups: 8, groupHours: 16, groupWeekendHours: 24, pairs: 32, recent: 160, since: 161, groupWeekends: 170,
} as const

/** An hour teaches its neighbours half as much: what is known of 10 is partly known of 9 and 11. */
const NEAR: readonly (readonly [hours: number, value: number])[] = [[-1, 0.4], [0, 0.8], [1, 0.4]]
const WEARY_HALF_LIFE_DAYS = 3
const LONG_AGO_DAYS = 20

function fill(forecast: AnswerForecast, callee: Callee, moment: Moment): void {
  const { features } = forecast.scratch
  const { mask } = forecast.population
  const weekend = moment.weekend ? 1 : 0
  const hour = Math.floor(moment.hour)
  features.count = 0
  addFeature(features, slotOf(FIELD.bias, 0, mask), 1)
  addFeature(features, slotOf(FIELD.weekend, weekend, mask), 0.5)
  for (const [hours, value] of NEAR) {
    addFeature(features, slotOf(FIELD.hour, hour + hours, mask), value)
    addFeature(features, slotOf(FIELD.weekendHour, (hour + hours) * 2 + weekend, mask), value)
  }
  addGroups(features, mask, callee.groups, hour, weekend)
  addWeariness(features, mask, forecast.people.get(callee.id), moment.day)
}

function addGroups(features: ActiveFeatures, mask: number, groups: readonly string[], hour: number, weekend: number): void {
  const count = Math.min(MOST_GROUPS, groups.length)
  for (let at = 0; at < count; at += 1) {
    if (groups[at] === '') continue
    const code = codeOf((groups[at] as string))
    addFeature(features, slotOf(FIELD.groups + at, code, mask), 1)
    addFeature(features, slotOf(FIELD.groupWeekends + at, crossOf(code, weekend), mask), 0.5)
    for (const [hours, value] of NEAR) {
      addFeature(features, slotOf(FIELD.groupHours + at, crossOf(code, hour + hours), mask), value)
      addFeature(features, slotOf(FIELD.groupWeekendHours + at, crossOf(code, (hour + hours) * 2 + weekend), mask), value * 0.7)
    }
    for (let other = at + 1; other < count; other += 1) {
      if (groups[other] !== '') addFeature(features, slotOf(FIELD.pairs + at * MOST_GROUPS + other, crossOf(code, codeOf((groups[other] as string))), mask), 0.5)
    }
  }
}

/** Who was called often lately, and how long ago last. */
function addWeariness(features: ActiveFeatures, mask: number, attempts: readonly number[] | undefined, day: number): void {
  let recent = 0
  let since = LONG_AGO_DAYS
  if (attempts) {
    for (const packed of attempts) recent += 2 ** (Math.min(0, dayOf(packed) - day) / WEARY_HALF_LIFE_DAYS)
    since = Math.max(0, Math.min(LONG_AGO_DAYS, day - dayOf((attempts.at(-1) as number))))
  }
  addFeature(features, slotOf(FIELD.recent, 0, mask), Math.log1p(recent))
  addFeature(features, slotOf(FIELD.since, Math.floor(Math.log2(1 + since) * 2), mask), 0.7)
}

import { calibrate, calibrated, newCalibration } from './calibration.ts'
import type { Calibration } from './calibration.ts'
import { crossOf, slotOf } from './feature-hash.ts'
import { addFeature, learnError, newActiveFeatures, newFtrl, scoreOf } from './ftrl.ts'
import type { ActiveFeatures, Ftrl } from './ftrl.ts'
import { countAt, newHalvingCounts, rateAt } from './halving-counts.ts'
import type { HalvingCounts } from './halving-counts.ts'
import { logistic, logitOf } from './logistic.ts'

/**
 * Whether something with a description comes true: a deal, a promise kept. A description answers the plan's fields with codes;
 * the forecast weighs single answers, answers together (crosses), and how often such came true lately (decayed rates).
 */
export interface OutcomePlan {
  /** Names of the fields, in the order of the codes. */
  readonly fields: readonly string[]
  /** Fields whose answers count together; one name alone counts by itself, no name is the level of all. */
  readonly crosses: readonly (readonly string[])[]
  readonly rates: readonly DecayedRate[]
  /** Share of cases that come true before anything is learnt, 0..1: to it the decayed rates are drawn. */
  readonly prior: number
  /**
   * Log-odds of a case whose features are all new; that of the prior when left out. Where what is new tends to be unlike what
   * was, 0 is better: it says that nothing is known.
   */
  readonly start?: number
  readonly bits?: number
}

export interface DecayedRate {
  readonly of: readonly string[]
  /** In the units of the caller's time. */
  readonly halfLife: number
  /** As how many cases the prior counts. */
  readonly weight: number
}

export interface OutcomeForecast {
  readonly prior: number
  readonly start: number
  readonly model: Ftrl
  readonly calibration: Calibration
  /** Positions of fields, for each cross and each rate. */
  readonly crosses: readonly (readonly number[])[]
  readonly rates: readonly CompiledRate[]
  readonly scratch: ActiveFeatures
}

interface CompiledRate {
  readonly of: readonly number[]
  readonly weight: number
  readonly counts: HalvingCounts
}

/** A forecast that waits for its outcome: with the features as they were when it was made. */
export interface OpenForecast {
  probability: number
  at: number
  readonly features: ActiveFeatures
  readonly keys: Int32Array
}

const LEARNING = { alpha: 0.05, beta: 0.3, l2: 0, nMax: Number.MAX_VALUE }
const RATE_BITS = 17

export function newOutcomeForecast({ fields, crosses, rates, prior, start = logitOf(prior), bits = 18 }: OutcomePlan): OutcomeForecast {
  const position = (name: string) => {
    const at = fields.indexOf(name)
    if (at < 0) throw new RangeError(`the plan has no field ${name}`)
    return at
  }
  return {
    prior, start, model: newFtrl({ bits, ...LEARNING }), calibration: newCalibration(),
    crosses: crosses.map((names) => names.map(position)),
    rates: rates.map(({ of, halfLife, weight }) => ({ of: of.map(position), weight, counts: newHalvingCounts(halfLife, RATE_BITS) })),
    scratch: newActiveFeatures(crosses.length + rates.length),
  }
}

/** Probability that a case with these codes comes true, 0..1. Changes nothing. `at`: never less than the last one learnt, if it can be. */
export function outcomeProbability(forecast: OutcomeForecast, codes: Int32Array, at: number): number {
  fill(forecast, forecast.scratch, codes, at, null)
  return calibrated(forecast.calibration, forecast.start + scoreOf(forecast.model, forecast.scratch))
}

/** The same, kept until the outcome is known. `open`: one that is no longer needed, to be filled anew. */
export function openForecast(forecast: OutcomeForecast, codes: Int32Array, at: number, open: OpenForecast = emptyForecast(forecast)): OpenForecast {
  fill(forecast, open.features, codes, at, open.keys)
  open.at = at
  open.probability = calibrated(forecast.calibration, forecast.start + scoreOf(forecast.model, open.features))
  return open
}

function emptyForecast({ crosses, rates }: OutcomeForecast): OpenForecast {
  return { probability: 0, at: 0, features: newActiveFeatures(crosses.length + rates.length), keys: new Int32Array(rates.length) }
}

/** Takes in what became of a case. */
export function learnOutcome(forecast: OutcomeForecast, open: OpenForecast, happened: boolean): void {
  const logit = forecast.start + scoreOf(forecast.model, open.features)
  calibrate(forecast.calibration, logit, happened)
  learnError(forecast.model, open.features, logistic(logit) - (happened ? 1 : 0))
  for (let at = 0; at < forecast.rates.length; at += 1) countAt((forecast.rates[at] as CompiledRate).counts, (open.keys[at] as number), open.at, happened)
}

function fill(forecast: OutcomeForecast, features: ActiveFeatures, codes: Int32Array, at: number, keys: Int32Array | null): void {
  const { crosses, rates, model } = forecast
  features.count = 0
  for (let index = 0; index < crosses.length; index += 1) addFeature(features, slotOf(1 + index, together((crosses[index] as readonly number[]), codes), model.mask), 1)
  const prior = logitOf(forecast.prior)
  for (let index = 0; index < rates.length; index += 1) {
    const { of, weight, counts } = (rates[index] as CompiledRate)
    const key = slotOf(0, together(of, codes), counts.mask)
    if (keys) keys[index] = key
    addFeature(features, slotOf(1 + crosses.length + index, 0, model.mask), logitOf(rateAt(counts, key, at, forecast.prior, weight)) - prior)
  }
}

function together(fields: readonly number[], codes: Int32Array): number {
  let code = 0
  for (let at = 0; at < fields.length; at += 1) code = crossOf(code, (codes[(fields[at] as number)] as number))
  return code
}

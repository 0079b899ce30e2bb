import { answerProbability, learnAnswer, newAnswerForecast } from '@loopline/forecast/answer-forecast'
import type { Callee } from '@loopline/forecast/answer-forecast'

/** A person as an outside trial describes him. */
export interface TrialCustomer {
  readonly id: string
  readonly segment: string
  readonly region: string
  readonly carrier: string
}

/** `day` from 0, `hour` 9..20. */
export interface TrialMoment {
  readonly day: number
  readonly hour: number
  readonly weekend: boolean
}

export interface Forecaster {
  /** Probability that he answers then, 0..1. Changes nothing. */
  predict(customer: TrialCustomer, at: TrialMoment): number
  learn(customer: TrialCustomer, at: TrialMoment, answered: boolean): void
}

/** The forecast of answers behind the interface of an outside trial. Nothing in it is left to chance: the seed changes nothing. */
export function createForecaster(_options?: { readonly seed?: number }): Forecaster {
  const forecast = newAnswerForecast()
  const calleeOf = ({ id, segment, region, carrier }: TrialCustomer): Callee => ({ id, groups: [segment, region, carrier] })
  return {
    predict: (customer, at) => answerProbability(forecast, calleeOf(customer), at),
    learn: (customer, at, answered) => learnAnswer(forecast, calleeOf(customer), at, answered),
  }
}

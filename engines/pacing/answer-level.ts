/**
 * How likely people answer just now against what was told or assumed of their numbers: a shift of the log-odds, followed
 * by a Kalman filter whose observation is "answers that came, against answers that were due". What is due is summed over
 * calls at risk, tick by tick: the share of finished calls would be too low (quick failures finish first) and late.
 */
export interface AnswerLevel {
  /** Added to the log-odds of each number's own probability. */
  shift: number
  /** Of `shift`. */
  variance: number
}

const START_VARIANCE = 0.6
/** Growth of the variance a second: a list and an hour change by a third within some ten minutes. */
const DRIFT_PER_S = 2e-4
const VARIANCE_MAX = 1.5

export function newAnswerLevel(): AnswerLevel {
  return { shift: 0, variance: START_VARIANCE }
}

/**
 * `due`: answers expected of the calls that rang in this interval; `information`: their sum of q (1 − p), the slope of
 * `due` over the shift; `came`: those that were answered. In place.
 */
export function followLevel(level: AnswerLevel, { due, information, came, elapsedS }: { due: number; information: number; came: number; elapsedS: number }): void {
  const prior = Math.min(VARIANCE_MAX, level.variance + DRIFT_PER_S * elapsedS)
  level.variance = 1 / (1 / prior + information)
  level.shift = Math.max(-5, Math.min(5, level.shift + level.variance * (came - due)))
}

/** Nobody is sure: what a forecaster says is taken for no more and no less than this. */
const PROBABILITY_MIN = 0.001
const PROBABILITY_MAX = 0.98

/** A probability moved by a shift of its log-odds. */
export function shifted(probability: number, shift: number): number {
  const within = Math.max(PROBABILITY_MIN, Math.min(PROBABILITY_MAX, probability))
  const odds = (within / (1 - within)) * Math.exp(shift)
  return odds / (1 + odds)
}

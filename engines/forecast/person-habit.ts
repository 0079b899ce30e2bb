import { logistic } from './logistic.ts'

/**
 * What one person's own attempts say of him beyond what people like him do: how often he answers at all, at which hours he
 * does, and whether his number lives. Log-odds of answering = what the population says + base + a curve over the hours of his
 * day. Base and curve have a normal prior; each attempt moves them by one step of assumed-density filtering (a Kalman update
 * with the logistic's curvature), neighbouring hours together because the curve is a sum of broad bumps. Between attempts the
 * belief returns to the prior, for people change. That a number is dead is a second hypothesis: each attempt in vain makes it
 * likelier by what the living would have done, one answer ends it.
 *
 * Only the attempts are stored, packed in 32 bits each; the belief is computed from them when asked: a few µs, and 4 bytes an
 * attempt instead of 400 a person.
 */
export interface PastAttempt {
  /** Whole days since any fixed day, 0 .. 32,767. */
  readonly day: number
  /** Local hour of the callee, 0 ≤ hour < 24. */
  readonly hour: number
  readonly weekend: boolean
  readonly answered: boolean
  /** Log-odds the population gave this attempt: what the person is measured against. */
  readonly expected: number
}

interface HabitTuning {
  /** Standard deviations of the priors, in log-odds. */
  readonly baseSpread: number
  readonly curveSpread: number
  readonly weekendSpread: number
  /** How much of the workdays' curve holds at weekends, 0..1. */
  readonly weekendLikeness: number
  /** Days until what was learnt of a person is worth 1/e. */
  readonly memoryDays: number
  /** Probability that a living number dies from one attempt to the next. */
  readonly dying: number
}

/** Spreads of 0.9 to 1.4 for the curve and memories of 45 to 400 days did as well within chance. */
const HABIT: HabitTuning = { baseSpread: 0.7, curveSpread: 1.1, weekendSpread: 0.3, weekendLikeness: 0.75, memoryDays: 150, dying: 0.002 }

/** How many attempts of a person are kept: the last ones. */
export const ATTEMPTS_KEPT = 64

const FIRST_BUMP = 8
const BUMP_STEP = 1.5
const BUMPS = 10
const BUMP_WIDTH = 1.4
const BASE = 0
const WEEKEND = 1
const DIMENSIONS = 2 + BUMPS

/** What is believed of a person now: mean and covariance of base, weekend and bumps, and the odds of a dead number. */
export interface Belief {
  readonly mean: Float64Array
  readonly covariance: Float64Array
  /** 0..1. */
  dead: number
  day: number
}

export function newBelief(): Belief {
  return { mean: new Float64Array(DIMENSIONS), covariance: new Float64Array(DIMENSIONS * DIMENSIONS), dead: 0, day: 0 }
}

/** One attempt as a number: day 15 bits, quarter of an hour 7, weekend 1, answered 1, expected 8 (-6.4 .. 6.35 in steps of 0.05). */
export function packAttempt({ day, hour, weekend, answered, expected }: PastAttempt): number {
  const level = Math.max(0, Math.min(255, Math.round(expected * 20) + 128))
  return ((Math.max(0, Math.min(32_767, Math.floor(day))) << 17) | (Math.floor(hour * 4) << 10) | ((weekend ? 1 : 0) << 9) | ((answered ? 1 : 0) << 8) | level) | 0
}

export function unpackAttempt(packed: number): PastAttempt {
  return {
    day: packed >>> 17, hour: ((packed >>> 10) & 127) / 4, weekend: ((packed >>> 9) & 1) === 1, answered: ((packed >>> 8) & 1) === 1,
    expected: ((packed & 255) - 128) / 20,
  }
}

/** Day of a packed attempt. */
export function dayOf(packed: number): number {
  return packed >>> 17
}

/** The belief after these attempts, oldest first. `deadShare`: share of dead numbers among new ones, 0..1. Written into `belief`. */
export function believe(belief: Belief, attempts: readonly number[], deadShare: number): void {
  reset(belief, deadShare)
  attempts.forEach((packed, index) => {
    const attempt = unpackAttempt(packed)
    if (index === 0) belief.day = attempt.day
    forget(belief, attempt.day)
    takeIn(belief, attempt)
  })
}

/** What the person adds to the population's log-odds at this hour: mean and variance. */
export function habitAt(belief: Belief, hour: number, weekend: boolean): { readonly mean: number; readonly variance: number } {
  shapeAt(hour, weekend)
  project(belief.covariance)
  return { mean: dot(belief.mean, shape), variance: dot(projected, shape) }
}

/** A probability averaged over a normal log-odds (MacKay 1992): less sure where less is known. */
export function averagedLogistic(mean: number, variance: number): number {
  return logistic(mean / Math.sqrt(1 + (Math.PI / 8) * variance))
}

const shape = new Float64Array(DIMENSIONS)
const projected = new Float64Array(DIMENSIONS)

function reset(belief: Belief, deadShare: number): void {
  belief.mean.fill(0)
  belief.covariance.fill(0)
  for (let at = 0; at < DIMENSIONS; at += 1) belief.covariance[at * DIMENSIONS + at] = priorVariance(at)
  belief.dead = deadShare
  belief.day = 0
}

function priorVariance(dimension: number): number {
  const spread = dimension === BASE ? HABIT.baseSpread : dimension === WEEKEND ? HABIT.weekendSpread : HABIT.curveSpread
  return spread * spread
}

/** An Ornstein-Uhlenbeck step: the mean shrinks, the covariance widens back to the prior. */
function forget(belief: Belief, day: number): void {
  const days = day - belief.day
  if (days <= 0) return
  const keep = Math.exp(-days / HABIT.memoryDays)
  const { mean, covariance } = belief
  for (let at = 0; at < DIMENSIONS; at += 1) mean[at] = (mean[at] as number) * keep
  for (let at = 0; at < covariance.length; at += 1) covariance[at] = (covariance[at] as number) * keep * keep
  for (let at = 0; at < DIMENSIONS; at += 1) covariance[at * DIMENSIONS + at] = (covariance[at * DIMENSIONS + at] as number) + (1 - keep * keep) * priorVariance(at)
  belief.day = day
}

function takeIn(belief: Belief, attempt: PastAttempt): void {
  const { mean, covariance } = belief
  shapeAt(attempt.hour, attempt.weekend)
  project(covariance)
  const variance = dot(projected, shape)
  const expected = attempt.expected + dot(mean, shape)
  const probability = averagedLogistic(expected, variance)
  belief.dead = stillDead(belief.dead, attempt.answered, probability, HABIT.dying)
  // What a dead number does says nothing of the person.
  const weight = attempt.answered ? 1 : 1 - belief.dead
  const curvature = weight * probability * (1 - probability)
  const scale = 1 + curvature * variance
  const step = (weight * ((attempt.answered ? 1 : 0) - probability)) / scale
  for (let row = 0; row < DIMENSIONS; row += 1) {
    mean[row] = (mean[row] as number) + (projected[row] as number) * step
    const factor = (curvature / scale) * (projected[row] as number)
    for (let column = 0; column < DIMENSIONS; column += 1) {
      covariance[row * DIMENSIONS + column] = (covariance[row * DIMENSIONS + column] as number) - factor * (projected[column] as number)
    }
  }
}

function stillDead(dead: number, answered: boolean, probability: number, dying: number): number {
  if (answered) return dying
  const after = dead / (dead + (1 - dead) * (1 - probability))
  return after + (1 - after) * dying
}

function shapeAt(hour: number, weekend: boolean): void {
  shape[BASE] = 1
  shape[WEEKEND] = weekend ? 1 : 0
  const height = weekend ? HABIT.weekendLikeness : 1
  for (let bump = 0; bump < BUMPS; bump += 1) {
    const distance = (hour - FIRST_BUMP - bump * BUMP_STEP) / BUMP_WIDTH
    shape[2 + bump] = height * Math.exp(-0.5 * distance * distance)
  }
}

function project(covariance: Float64Array): void {
  for (let row = 0; row < DIMENSIONS; row += 1) {
    let sum = 0
    for (let column = 0; column < DIMENSIONS; column += 1) sum += (covariance[row * DIMENSIONS + column] as number) * (shape[column] as number)
    projected[row] = sum
  }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let at = 0; at < DIMENSIONS; at += 1) sum += (left[at] as number) * (right[at] as number)
  return sum
}

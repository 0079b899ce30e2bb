/**
 * How far forecasts can be believed: of those given about p, which share came true, and the Brier score. Counts halve as new
 * ones come in, so that it speaks of the present. Plain data, stored as JSON.
 */
export interface Reliability {
  /** By tenth of probability: cases, sum of forecasts, cases that came true. */
  readonly cases: number[]
  readonly forecasts: number[]
  readonly happened: number[]
  /** Sum of squared errors, and of the weights they were counted with. */
  squares: number
  weight: number
}

export interface ReliabilityReport {
  readonly cases: number
  /** Mean squared error, 0..1; less is better. Null without a case. */
  readonly brier: number | null
  /** Brier score of who always says the mean: what the forecast has to beat. */
  readonly brierOfMean: number | null
  /** Expected calibration error over ten equal bins, 0..1. */
  readonly calibrationError: number | null
  readonly bins: readonly { readonly from: number; readonly cases: number; readonly forecast: number; readonly happened: number }[]
}

const BINS = 10
/** Cases after which an old one counts half. */
const HALF_LIFE_CASES = 20_000
const KEEP = 2 ** (-1 / HALF_LIFE_CASES)

export function newReliability(): Reliability {
  return { cases: zeros(), forecasts: zeros(), happened: zeros(), squares: 0, weight: 0 }
}

/** Counts a forecast made before its outcome was known. */
export function countForecast(reliability: Reliability, probability: number, happened: boolean): void {
  const { cases, forecasts, happened: came } = reliability
  for (let bin = 0; bin < BINS; bin += 1) {
    cases[bin] = (cases[bin] as number) * KEEP
    forecasts[bin] = (forecasts[bin] as number) * KEEP
    came[bin] = (came[bin] as number) * KEEP
  }
  const bin = Math.min(BINS - 1, Math.floor(probability * BINS))
  cases[bin] = (cases[bin] as number) + 1
  forecasts[bin] = (forecasts[bin] as number) + probability
  came[bin] = (came[bin] as number) + (happened ? 1 : 0)
  const error = probability - (happened ? 1 : 0)
  reliability.squares = reliability.squares * KEEP + error * error
  reliability.weight = reliability.weight * KEEP + 1
}

export function reportOn(reliability: Reliability): ReliabilityReport {
  const { cases, forecasts, happened, squares, weight } = reliability
  const bins = cases.map((count, bin) => ({
    from: bin / BINS, cases: count, forecast: count > 0 ? (forecasts[bin] as number) / count : 0, happened: count > 0 ? (happened[bin] as number) / count : 0,
  }))
  if (weight === 0) return { cases: 0, brier: null, brierOfMean: null, calibrationError: null, bins }
  const mean = sum(happened) / weight
  const gap = sum(bins.map((bin) => bin.cases * Math.abs(bin.forecast - bin.happened)))
  return { cases: weight, brier: squares / weight, brierOfMean: mean * (1 - mean), calibrationError: gap / weight, bins }
}

function zeros(): number[] {
  return Array.from({ length: BINS }, () => 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

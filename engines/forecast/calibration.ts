import { logistic } from './logistic.ts'

/**
 * The last step of a forecast: log-odds are stretched and shifted so that of the cases given p, p come true (Platt's scaling,
 * learnt online by stochastic gradient). The steps are small and never end: it follows slow drift and lets quick drift to the
 * features.
 */
export interface Calibration {
  slope: number
  intercept: number
}

export interface CalibrationSteps {
  readonly slope: number
  readonly intercept: number
}

export const CALIBRATION_STEPS: CalibrationSteps = { slope: 0.002, intercept: 0.01 }

const SLOPE_LEAST = 0.2
const SLOPE_MOST = 3

export function newCalibration(): Calibration {
  return { slope: 1, intercept: 0 }
}

export function calibrated(calibration: Calibration, logit: number): number {
  return logistic(calibration.slope * logit + calibration.intercept)
}

/** Takes in what became of a case that was given these log-odds. */
export function calibrate(calibration: Calibration, logit: number, happened: boolean, steps: CalibrationSteps = CALIBRATION_STEPS): void {
  const error = calibrated(calibration, logit) - (happened ? 1 : 0)
  calibration.slope = Math.max(SLOPE_LEAST, Math.min(SLOPE_MOST, calibration.slope - steps.slope * error * logit))
  calibration.intercept -= steps.intercept * error
}

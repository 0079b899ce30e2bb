/**
 * Answers and losses of the campaign in the law's window (regulations: abandoned ÷ answered by a person; a person hung up
 * on as a machine counts as abandoned). Counts, not rates.
 */
export interface AbandonmentWindow {
  readonly live: number
  readonly abandoned: number
}

/** The steering: plain data. */
export interface BudgetSteering {
  /** Logarithm of the highest risk at which a call is still placed, against the risk wanted on average. */
  spread: number
  /** Losses foreseen when calls were placed, and losses that came: what the model misses is learnt. */
  foreseen: number
  lost: number
}

export interface BudgetLimits {
  /** 0..1: abandoned of those answered by a person. */
  readonly cap: number
  /** Share of persons the machine detection takes for machines, as tested. They use up the same budget. */
  readonly falseMachineShare: number
}

export function newBudget(): BudgetSteering {
  return { spread: Math.log(2.5), foreseen: 0, lost: 0 }
}

export const TUNE = { aim: 0.97, gain: 1.2, base: 2, reserve: 1, kappa: 0.04, prior: 6, bias0: 1.1 }

/**
 * The share of coming answers that may be lost, 0 when nothing may. Integral control: what was saved or overspent so far,
 * measured against what chance alone would make of it (the square root), moves the share; single losses hardly do.
 */
export function riskWanted(steering: BudgetSteering, window: AbandonmentWindow, limits: BudgetLimits): number {
  const cap = (limits.cap - limits.falseMachineShare) / (1 - limits.falseMachineShare)
  if (cap <= 0) return 0
  const aim = cap * TUNE.aim
  const saved = aim * window.live - window.abandoned - TUNE.reserve
  const chance = Math.sqrt(TUNE.base + aim * window.live)
  const push = Math.max(-3, Math.min(0.7, TUNE.gain * (saved / chance)))
  const missed = (steering.lost + TUNE.prior * TUNE.bias0) / (steering.foreseen + TUNE.prior)
  return (aim * Math.exp(push)) / Math.max(0.5, Math.min(3, missed))
}

/** The highest risk a single call may carry, so that calls placed carry the wanted one on average. */
export function riskMax(steering: BudgetSteering, wanted: number): number {
  return Math.min(0.5, wanted * Math.exp(steering.spread))
}

/** After placing a call expected to bring `answers` at this risk: opens or closes the spread. In place. */
export function steer(steering: BudgetSteering, { answers, risk, wanted }: { answers: number; risk: number; wanted: number }): void {
  steering.foreseen += answers * risk
  const step = TUNE.kappa * answers * Math.max(-2, 1 - risk / wanted)
  steering.spread = Math.max(0, Math.min(3, steering.spread + step))
}

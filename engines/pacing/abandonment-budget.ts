/**
 * Answers and losses of one campaign in the law's window. Abandoned: answered by a person, no agent within 2 s of the
 * greeting's end (16 CFR 310.4(b)(4)). Counts, not rates; persons taken for machines are not in them, see below.
 */
export interface AbandonmentWindow {
  readonly live: number
  readonly abandoned: number
}

export interface PacingLimits {
  /** Abandoned of those answered by a person, 0..1. */
  readonly cap: number
  /**
   * Share of persons whom machine detection hangs up on, as the operator has tested ("reasoned estimate", Ofcom); 0 without
   * detection. They count as abandoned and use up the same budget.
   */
  readonly falseMachineShare: number
  /** A call that has rung so long may be given up, ms: 15 s or four rings by 16 CFR 310.4(b)(4), and the time before it rings. */
  readonly ringMinMs: number
}

/** Plain data. */
export interface BudgetSteering {
  /** Logarithm of the highest risk at which a call is placed, against the risk wanted on average. */
  spread: number
  /** Losses foreseen when calls were placed, and losses that came: what the model does not see is learnt as their quotient. */
  foreseen: number
  lost: number
}

/** A little below the cap, for the end of a window is not announced. */
const AIM = 0.98
/** Kept back: the loss that may be under way. Calls. */
const RESERVE = 1
/** How strongly savings and debts move the share, in units of what chance alone would make of them. */
const GAIN = 1.9
/** Added to the variance of chance while few losses were expected. */
const CHANCE_FLOOR = 2
const PUSH_MIN = -5
/** Over the cap itself it brakes anew with each loss, in a large window with each few: a quarter of chance, at least one. */
const BRAKE_SHARE = 0.25
/** Savings of weeks are not spent in an hour: never more than 1.65 times the cap. */
const PUSH_MAX = 0.5
const SPREAD_STEP = 0.04
const SPREAD_MAX = 1.5
/** What is assumed of the quotient of losses before any, worth so many losses: newcomers also take agents from those behind them. */
const MISSED_AT_FIRST = 1.8
const MISSED_WORTH = 5
const LOSSES_KEPT = 300

export function newBudget(): BudgetSteering {
  return { spread: Math.log(2.5), foreseen: 0, lost: 0 }
}

/**
 * The share of coming answers that may be lost, 0 when none may. A slow integral control: it acts on the sum of all that
 * was saved or overspent, divided by what chance would make of that sum (its square root). A controller that answers to each
 * loss swings; one that looks at the rate alone never pays back.
 */
export function riskWanted(steering: BudgetSteering, window: AbandonmentWindow, limits: PacingLimits): number {
  const cap = (limits.cap - limits.falseMachineShare) / (1 - limits.falseMachineShare)
  if (cap <= 0) return 0
  const aim = cap * AIM
  const saved = aim * window.live - window.abandoned - RESERVE
  const chance = Math.sqrt(CHANCE_FLOOR + aim * window.live)
  const over = Math.max(0, window.abandoned - cap * window.live)
  const push = GAIN * (saved / chance) - over / Math.max(1, BRAKE_SHARE * chance)
  const missed = (steering.lost + MISSED_WORTH * MISSED_AT_FIRST) / (steering.foreseen + MISSED_WORTH)
  return (aim * Math.exp(Math.max(PUSH_MIN, Math.min(PUSH_MAX, push)))) / Math.max(0.5, Math.min(4, missed))
}

/** The highest risk one call may carry, so that the calls placed carry the wanted risk on average. */
export function riskMax(steering: BudgetSteering, wanted: number): number {
  return Math.min(0.5, wanted * Math.exp(steering.spread))
}

/** Books one placed call, expected to bring `answers` at this risk: opens or closes the spread. In place. */
export function steer(steering: BudgetSteering, { answers, risk }: { readonly answers: number; readonly risk: number }, wanted: number): void {
  steering.foreseen += answers * risk
  if (wanted <= 0) return
  const step = SPREAD_STEP * answers * Math.max(-2, 1 - risk / wanted)
  steering.spread = Math.max(0, Math.min(SPREAD_MAX, steering.spread + step))
}

/** Books one answered call that found nobody in time. In place; what lies far back is forgotten. */
export function bookLoss(steering: BudgetSteering): void {
  steering.lost = steering.lost * (1 - 1 / LOSSES_KEPT) + 1
  steering.foreseen *= 1 - 1 / LOSSES_KEPT
}

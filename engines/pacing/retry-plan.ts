import type { Outcome } from '@loopline/vocabulary/outcome'

/** What an outcome leads to: `finished`, or another try after `afterMs`. */
export type RetryStep =
  | 'finished'
  | {
      readonly afterMs: number
      /** Falls into another part of the callee's day (`other-daypart.ts`). */
      readonly otherHour: boolean
      /** Whether it uses up one of the plan's attempts. A try that never reached the person does not. */
      readonly counts: boolean
    }

export interface RetryPlan {
  /** Counted attempts of one entry, the first included. */
  readonly attemptsMax: number
  readonly steps: Readonly<Record<Outcome, RetryStep>>
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** An uncounted try waits at least this long, whatever a campaign asks for, and twice as long each time, up to the most. */
const UNCOUNTED_WAIT_MIN_MS = MINUTE_MS
const UNCOUNTED_WAIT_MAX_MS = HOUR_MS
/** Of so many uncounted tries in a row the last one counts: a number that fails on every line is not dialled for ever. */
const UNCOUNTED_IN_A_ROW_MAX = 10

const again = (afterMs: number): RetryStep => ({ afterMs, otherHour: false, counts: true })
const atAnotherHour = (afterMs: number): RetryStep => ({ afterMs, otherHour: true, counts: true })
const uncounted = (afterMs: number): RetryStep => ({ afterMs, otherHour: false, counts: false })

export const DEFAULT_RETRY_PLAN: RetryPlan = {
  attemptsMax: 4,
  steps: {
    connected: 'finished',
    'invalid-number': 'finished',
    busy: again(10 * MINUTE_MS),
    'no-answer': atAnotherHour(2 * HOUR_MS),
    rejected: again(DAY_MS),
    unreachable: again(4 * HOUR_MS),
    'powered-off': atAnotherHour(4 * HOUR_MS),
    suspended: again(3 * DAY_MS),
    machine: atAnotherHour(4 * HOUR_MS),
    // Ofcom's former code: no redial for 72 h after an abandoned call without a dedicated agent.
    abandoned: again(3 * DAY_MS),
    // The phone may have rung before the crash: treat it as a real try.
    unknown: again(2 * HOUR_MS),
    'line-failed': uncounted(MINUTE_MS),
    cancelled: uncounted(10 * MINUTE_MS),
    // The gate's own `retryAt` is better where it has one; this is for the rest.
    blocked: uncounted(HOUR_MS),
  },
}

/** What rules said about this entry's next try; absent means the plan stands. */
export interface RetryAdjustments {
  readonly attemptsMax?: number
  readonly retryAfterMs?: number
  readonly otherHour?: boolean
}

export interface Tried {
  readonly outcome: Outcome
  /** Counted attempts so far, this one included when it counts (`countsAsTry`). */
  readonly tries: number
  /** Attempts in a row that reached nobody, this one included: their wait doubles up to an hour. */
  readonly uncountedTries: number
  /** Unix ms of the attempt's end. */
  readonly now: number
}

/** `at`: unix ms from which the entry is due. With `otherHour` pass it through `inOtherDaypart` first. */
export type NextAttempt = { readonly at: number; readonly otherHour: boolean } | 'finished'

/** Whether an attempt that ended so uses up one of the plan's attempts. `uncountedTries`: as in `Tried`. */
export function countsAsTry(outcome: Outcome, plan: RetryPlan, uncountedTries = 1): boolean {
  const step = plan.steps[outcome]
  return step === 'finished' || step.counts || uncountedTries >= UNCOUNTED_IN_A_ROW_MAX
}

/** When the entry is tried again, or that it is done. A rule may move or limit a retry but not revive a finished one. */
export function nextAttempt(tried: Tried, plan: RetryPlan, adjustments: RetryAdjustments = {}): NextAttempt {
  const step = plan.steps[tried.outcome]
  if (step === 'finished') return 'finished'
  const counts = countsAsTry(tried.outcome, plan, tried.uncountedTries)
  if (counts && tried.tries >= (adjustments.attemptsMax ?? plan.attemptsMax)) return 'finished'
  if (!step.counts) return { at: tried.now + doubled(step.afterMs, tried.uncountedTries), otherHour: false }
  return {
    at: tried.now + (adjustments.retryAfterMs ?? step.afterMs),
    otherHour: adjustments.otherHour ?? step.otherHour,
  }
}

function doubled(afterMs: number, tries: number): number {
  const first = Math.max(afterMs, UNCOUNTED_WAIT_MIN_MS)
  return Math.min(Math.max(first, UNCOUNTED_WAIT_MAX_MS), first * 2 ** Math.max(0, tries - 1))
}

import { narrow } from '@loopline/gate/calling-hours'
import type { CallingHours } from '@loopline/gate/calling-hours'
import type { GateContext } from '@loopline/gate/facts'
import { inOtherDaypart } from '@loopline/pacing/other-daypart'
import type { CalleeClock } from '@loopline/pacing/other-daypart'
import { DEFAULT_RETRY_PLAN, countsAsTry, nextAttempt } from '@loopline/pacing/retry-plan'
import type { RetryAdjustments, RetryPlan, RetryStep } from '@loopline/pacing/retry-plan'
import { actionOf } from '@loopline/rules/decide'
import type { Decision } from '@loopline/rules/decide'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { CampaignSettings } from '@loopline/contracts/campaign'

const MINUTE_MS = 60_000

/** Ours to repeat, whatever the plan names: nobody's phone rang because of these. */
const ALWAYS_AGAIN: ReadonlySet<Outcome> = new Set<Outcome>(['cancelled', 'line-failed', 'blocked'])

const plans = new WeakMap<CampaignSettings['retry'], RetryPlan>()

/** The campaign's plan over all outcomes: one that it does not name ends the entry. */
export function planOf(retry: CampaignSettings['retry']): RetryPlan {
  let plan = plans.get(retry)
  if (!plan) {
    plan = { attemptsMax: retry.maxAttempts, steps: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, stepOf(outcome, retry)])) as Record<Outcome, RetryStep> }
    plans.set(retry, plan)
  }
  return plan
}

function stepOf(outcome: Outcome, { afterMinutes }: CampaignSettings['retry']): RetryStep {
  const known = DEFAULT_RETRY_PLAN.steps[outcome]
  const minutes = afterMinutes[outcome]
  if (minutes === undefined) return ALWAYS_AGAIN.has(outcome) ? known : 'finished'
  return { afterMs: minutes * MINUTE_MS, otherHour: false, counts: known === 'finished' ? true : known.counts }
}

export interface TriedCall {
  outcome: Outcome
  endedAt: number
  /** Of the entry before this call. */
  tries: number
  uncountedTries: number
  triedAt: readonly number[]
  timeZone: string | null
}

/** Null `dueAt`: the entry is done. */
export interface Step {
  dueAt: number | null
  counted: boolean
}

/**
 * What follows for the entry. The rules asked before the dial and after the call may move the next try, limit the tries,
 * or ask for another part of the callee's day; `calleeOffsetMs` is how far the callee's clock is set ahead.
 */
export function nextStep(call: TriedCall, plan: RetryPlan, rules: readonly Decision[], hours: CallingHours, gate: GateContext, calleeOffsetMs: number): Step {
  const uncountedTries = call.uncountedTries + 1
  const counted = countsAsTry(call.outcome, plan, uncountedTries)
  const tries = call.tries + (counted ? 1 : 0)
  const next = nextAttempt({ outcome: call.outcome, tries, uncountedTries, now: call.endedAt }, plan, adjustmentsOf(rules))
  if (next === 'finished') return { dueAt: null, counted }
  if (!next.otherHour || call.timeZone === null) return { dueAt: next.at, counted }
  const clock = calleeClock(gate, call.timeZone, hours)
  const tried = [...call.triedAt, call.endedAt].map((at) => at + calleeOffsetMs)
  const at = inOtherDaypart(next.at + calleeOffsetMs, tried, clock)
  return { dueAt: at === null ? next.at : at - calleeOffsetMs, counted }
}

/** The first rule that says something about a matter decides it. */
function adjustmentsOf(decisions: readonly Decision[]): RetryAdjustments {
  const adjustments: { attemptsMax?: number; retryAfterMs?: number; otherHour?: boolean } = {}
  for (const decision of decisions) {
    const count = actionOf(decision, 'set-max-attempts')?.count
    const minutes = actionOf(decision, 'retry-after')?.minutes
    if (count !== undefined) adjustments.attemptsMax ??= count
    if (minutes !== undefined) adjustments.retryAfterMs ??= minutes * MINUTE_MS
    if (actionOf(decision, 'other-hour')) adjustments.otherHour = true
  }
  return adjustments
}

function calleeClock({ zones, pack }: GateContext, zone: string, hours: CallingHours): CalleeClock {
  const allowed = pack ? narrow(pack.hours, hours) : hours
  return {
    minutesOfDay: (instant) => zones.localTime(zone, instant)?.minutesOfDay ?? null,
    nextInside: (window, from) => zones.nextInside(zone, narrow(allowed, [window]), from),
  }
}

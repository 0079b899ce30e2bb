import { untilEdited } from './facts.ts'
import type { DialFacts, DialRule, GateContext, Moment, Refusal } from './facts.ts'
import type { BlockReason } from './reasons.ts'
import { campaignIsRunning } from './rules/campaign-is-running.ts'
import { followUpNotPaused } from './rules/follow-up-not-paused.ts'
import { hasConsent } from './rules/has-consent.ts'
import { hasUsablePhone } from './rules/has-usable-phone.ts'
import { insideCallingHours } from './rules/inside-calling-hours.ts'
import { noOpenAttempt } from './rules/no-open-attempt.ts'
import { notDeleted } from './rules/not-deleted.ts'
import { notNeverCall } from './rules/not-never-call.ts'
import { sandboxKeptApart } from './rules/sandbox-kept-apart.ts'
import { statusAllows } from './rules/status-allows.ts'
import { underAttemptCap } from './rules/under-attempt-cap.ts'

/** Most absolute first, what time alone can lift last; the first refusal is the one stored with the attempt. */
export const DIAL_RULES: readonly DialRule[] = [
  notDeleted, notNeverCall, statusAllows, hasUsablePhone, hasConsent, sandboxKeptApart,
  campaignIsRunning, noOpenAttempt,
  followUpNotPaused, insideCallingHours, underAttemptCap,
]

/**
 * `retryAt`: the earliest instant, unix ms, at which the call may become allowed if nothing but time changes (all
 * reasons counted, not only the one named); null when it takes an edit or an event.
 */
export type DialVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: BlockReason; readonly retryAt: number | null }

const ALLOWED: DialVerdict = { allowed: true }

/**
 * May this person be called at this instant (unix ms, what counts as now at the callee)? Whatever is not known blocks.
 * An allowed call costs one pass over the rules; only a refused one also looks for the time of the next try.
 */
export function mayDial(facts: DialFacts, instant: number, context: GateContext): DialVerdict {
  if (context.pack === null) return { allowed: false, reason: 'law-pack-missing', retryAt: null }
  const moment: Moment = { instant, pack: context.pack, zones: context.zones }
  for (const rule of DIAL_RULES) {
    const refusal = rule(facts, moment)
    if (refusal !== null) return { allowed: false, reason: refusal.reason, retryAt: retryAtOf(facts, moment) }
  }
  return ALLOWED
}

/** Every reason against the call, in order of the rules, each with its own `retryAt`: "why not now?". Empty when allowed. */
export function explain(facts: DialFacts, instant: number, context: GateContext): readonly Refusal[] {
  if (context.pack === null) return [untilEdited('law-pack-missing')]
  return refusalsAt(facts, { instant, pack: context.pack, zones: context.zones })
}

function refusalsAt(facts: DialFacts, moment: Moment): Refusal[] {
  return DIAL_RULES.map((rule) => rule(facts, moment)).filter((refusal) => refusal !== null)
}

/**
 * Lifting one reason may run into another (the pause ends at night), so the hours are asked again at that instant.
 * The cap's count belongs to today: from the next local day on it is 0, whoever asks.
 */
function retryAtOf(facts: DialFacts, moment: Moment): number | null {
  let latest = moment.instant
  for (const { retryAt } of refusalsAt(facts, moment)) {
    if (retryAt === null) return null
    latest = Math.max(latest, retryAt)
  }
  const hours = insideCallingHours(facts, { ...moment, instant: latest })
  return hours === null ? latest : hours.retryAt
}

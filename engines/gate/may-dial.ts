import { untilEdited } from './facts.ts'
import type { DialFacts, DialRule, GateContext, Moment, Refusal } from './facts.ts'
import type { BlockReason } from './reasons.ts'
import { abandonedLeftAlone } from './rules/abandoned-left-alone.ts'
import { campaignIsRunning } from './rules/campaign-is-running.ts'
import { followUpNotPaused } from './rules/follow-up-not-paused.ts'
import { hasConsent } from './rules/has-consent.ts'
import { hasUsablePhone } from './rules/has-usable-phone.ts'
import { insideCallingHours } from './rules/inside-calling-hours.ts'
import { linePermits } from './rules/line-permits.ts'
import { noOpenAttempt } from './rules/no-open-attempt.ts'
import { notDeleted } from './rules/not-deleted.ts'
import { notNeverCall } from './rules/not-never-call.ts'
import { notOnRegistry } from './rules/not-on-registry.ts'
import { notOnStopList } from './rules/not-on-stop-list.ts'
import { registryIsFresh } from './rules/registry-is-fresh.ts'
import { sandboxKeptApart } from './rules/sandbox-kept-apart.ts'
import { statusAllows } from './rules/status-allows.ts'
import { underAttemptCap } from './rules/under-attempt-cap.ts'
import { underFrequencyCaps } from './rules/under-frequency-caps.ts'

/** Raised whenever a rule is added, removed or decides otherwise; stored with each decision, so that it can be asked again as it was. */
export const GATE_VERSION = 2

/** Most absolute first, what time alone can lift last; the first refusal is the one stored with the attempt. */
export const DIAL_RULES: readonly DialRule[] = [
  notDeleted, notNeverCall, notOnStopList, statusAllows, hasUsablePhone, notOnRegistry, hasConsent, sandboxKeptApart, linePermits,
  registryIsFresh, campaignIsRunning, noOpenAttempt,
  followUpNotPaused, abandonedLeftAlone, insideCallingHours, underAttemptCap, underFrequencyCaps,
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

/** When this call may first be allowed if nothing but time changes, not before `notBefore` (both unix ms at the callee); null when it takes an edit or an event. */
export function nextAllowed(facts: DialFacts, instant: number, context: GateContext, notBefore = instant): number | null {
  if (context.pack === null) return null
  return retryAtOf(facts, { instant, pack: context.pack, zones: context.zones }, notBefore)
}

/** Every reason against the call, in order of the rules, each with its own `retryAt`: "why not now?". Empty when allowed. */
export function explain(facts: DialFacts, instant: number, context: GateContext): readonly Refusal[] {
  if (context.pack === null) return [untilEdited('law-pack-missing')]
  return refusalsAt(facts, { instant, pack: context.pack, zones: context.zones })
}

function refusalsAt(facts: DialFacts, moment: Moment): Refusal[] {
  return DIAL_RULES.map((rule) => rule(facts, moment)).filter((refusal) => refusal !== null)
}

/** Pause, holiday, cap, hours again: reasons follow each other a few times, never for ever. */
const STEPS_MAX = 16

/**
 * Lifting one reason may run into another (the pause ends at night, a registry's copy grows old), so all rules are asked
 * again at that instant, until none is left. Null when that does not end, or only an edit helps.
 */
function retryAtOf(facts: DialFacts, moment: Moment, notBefore = moment.instant): number | null {
  let at = notBefore
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const left = refusalsAt(factsThen(facts, moment, at), { ...moment, instant: at })
    if (left.length === 0) return at
    for (const { retryAt } of left) {
      if (retryAt === null) return null
      at = Math.max(at, retryAt)
    }
  }
  return null
}

/** The day's count belongs to today: from the next local day on it is 0, whoever asks. */
function factsThen(facts: DialFacts, { zones, instant }: Moment, then: number): DialFacts {
  if (then === instant || !facts.attemptsToday || !facts.timeZone) return facts
  const tomorrow = zones.nextDay(facts.timeZone, instant)
  return tomorrow === null || then < tomorrow ? facts : { ...facts, attemptsToday: 0 }
}

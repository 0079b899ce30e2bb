import type { CompiledCondition } from '@loopline/conditions/compile-condition'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { ALL_DAY } from '@loopline/gate/calling-hours'
import type { DialFacts, GateContext } from '@loopline/gate/facts'
import { mayDial } from '@loopline/gate/may-dial'
import { actionOf } from '@loopline/rules/decide'
import type { RuleDesk } from '../knowledge/rule-desk.ts'

/** Where a customer belongs in one campaign's list. */
export interface Placement {
  matches: boolean
  priority: number
  /** Unix ms when time alone may change `matches` or the priority. */
  recheckAt: number | null
  /** Why there is no point in making the entry ready, and until when, unix ms; null until an edit. */
  hold: { reason: string; until: number | null } | null
}

export interface PlacementContext {
  /** Null: entries come by API only, and whoever was entered belongs. */
  audience: CompiledCondition | null
  rules: RuleDesk
  gate: GateContext
  /** Unix ms, the real clock: conditions about days look at stored instants. */
  now: number
}

/** Decides membership and rank. `ownPriority`: given with an entry by API, which then needs no condition. */
export function placementOf(customer: CustomerState, context: PlacementContext, ownPriority: number | null = null): Placement {
  const { audience, rules, gate, now } = context
  if (customer.deleted) return { matches: false, priority: 0, recheckAt: null, hold: null }
  const member = ownPriority === null ? (audience?.evaluate(customer, now) ?? NOBODY) : EVERYBODY
  const decision = rules.beforeDial(customer, now)
  const points = actionOf(decision, 'add-priority')?.points ?? 0
  return {
    matches: member.matches,
    priority: ownPriority ?? rules.priorityOf(customer, points),
    recheckAt: earlier(member.recheckAt, member.matches && rules.priorityMovesByTime ? decision.recheckAt : null),
    hold: member.matches ? lastingRefusal(customer, gate, now) : null,
  }
}

const NOBODY = { matches: false, recheckAt: null }
const EVERYBODY = { matches: true, recheckAt: null }

/**
 * What the gate will say whatever the hour: an entry that only an edit or the end of a pause makes callable never becomes
 * ready, instead of being claimed and refused again and again.
 */
function lastingRefusal(customer: CustomerState, gate: GateContext, now: number): Placement['hold'] {
  const pack = gate.pack && { ...gate.pack, hours: ALL_DAY, specialDays: [], registries: [] }
  const verdict = mayDial({ ...factsOf(customer), ...UNHINDERED }, now, { pack, zones: gate.zones })
  return verdict.allowed ? null : { reason: verdict.reason, until: verdict.retryAt }
}

/** The gate's facts that lie in the customer's own record; the line is chosen later, of the same kind as the person and among those that permit the call. */
export function factsOf(customer: CustomerState): DialFacts {
  const { deleted, neverCall, status, marketingConsent, followUpPausedUntil, timeZone, sandbox } = customer
  const usablePhones = customer.phones.reduce((count, phone) => count + (phone.state === 'usable' ? 1 : 0), 0)
  return { deleted, neverCall, status, marketingConsent, followUpPausedUntil, timeZone, sandbox, usablePhones, lineSandbox: sandbox, linePermits: true }
}

const UNHINDERED: DialFacts = { origin: { kind: 'campaign', running: true, hours: ALL_DAY }, attemptsToday: 0, attemptOpen: false, recentAttempts: [], abandonedAt: null, onStopList: false, registeredPhones: 0, registryCopies: {} }

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

import type { DialFacts, GateContext, Origin } from '@loopline/gate/facts'
import { mayDial } from '@loopline/gate/may-dial'
import { mayRecord } from '@loopline/gate/recording-plan'
import { chooseLine } from '@loopline/routing/choose-line'
import type { LineNow } from '@loopline/routing/line'
import { actionOf } from '@loopline/rules/decide'
import type { Decision } from '@loopline/rules/decide'
import type { LineId, RuleId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { SealedPhone } from '@loopline/contracts/customer-event'
import { factsOf } from '../audience/placement.ts'
import type { Person } from '../audience/person.sql.ts'
import { bestPhone } from '../audience/phone-tries.ts'
import type { RuleDesk } from '../knowledge/rule-desk.ts'

/** One wish to call, with everything the decision may look at. */
export interface Wish {
  person: Person
  origin: Origin
  priority: number
  /** Counted tries of this entry so far, and how many the campaign plans. */
  tries: number
  attemptsMax: number
  /** The stricter of the campaign's and the law pack's cap. */
  cap: number
  ringTimeMs: number
  /** A person may name the phone; otherwise the one that promises most. */
  phoneId: string | null
  /** Not recorded is not called. */
  mustRecord: boolean
}

export interface DecisionContext {
  gate: GateContext
  rules: RuleDesk
  /** What counts as now at the callee; the real now for rules about stored instants; monotonic ms for lines. */
  calleeNow: number
  now: number
  monotonic: number
  lines: readonly LineNow[]
}

/** `until`: unix ms on the callee's clock when time alone may lift the refusal; null waits for an edit. */
export type Verdict =
  | { kind: 'dial'; phone: SealedPhone; lineId: LineId; lineType: LineType; callerId: string; day: string; ringTimeMs: number; decision: DialDecision }
  | { kind: 'refused'; reason: string; until: number | null; decision: DialDecision | null }
  /** Nothing against the person; no line is free now. */
  | { kind: 'no-line'; reason: string }

/** May this person be called now, how, and over which line. Pure; the write-ahead statement checks the facts again. */
export function decideCall(wish: Wish, context: DecisionContext): Verdict {
  const { person: { state }, tries } = wish
  const gate = mayDial(gateFacts(wish, context), context.calleeNow, context.gate)
  if (!gate.allowed) return { kind: 'refused', reason: gate.reason, until: gate.retryAt, decision: null }
  const chosen = bestPhone(state.phones, wish.person.phoneTries, wish.phoneId)
  if (!chosen) return { kind: 'refused', reason: 'no-usable-phone', until: null, decision: null }
  if (wish.mustRecord && mayRecord(state.recordingConsent, context.gate.pack).record === 'no') return { kind: 'refused', reason: 'recording-not-allowed', until: null, decision: null }
  const rules = context.rules.beforeDial(state, context.now)
  if (rules.stoppedBy !== null) return { kind: 'refused', reason: rules.stoppedBy, until: null, decision: null }
  const attemptsMax = actionOf(rules, 'set-max-attempts')?.count ?? wish.attemptsMax
  if (tries >= attemptsMax && wish.origin.kind === 'campaign') return { kind: 'refused', reason: 'attempts-used', until: null, decision: null }
  const wanted = actionOf(rules, 'prefer-line-type')?.lineType ?? null
  const line = chooseLine(context.lines, { wanted, customerId: state.customerId, sandbox: state.sandbox, now: context.monotonic })
  if ('none' in line) return { kind: 'no-line', reason: line.none }
  const ringTimeMs = ringTime(rules, wish.ringTimeMs)
  const local = context.gate.zones.localTime(state.timeZone as string, context.calleeNow)
  if (!local) return { kind: 'refused', reason: 'time-zone-unknown', until: null, decision: null }
  const decision: DialDecision = {
    gate: { allowed: true, reason: null, packVersion: context.gate.pack?.version ?? 0 },
    rules: traceOf(rules),
    lineType: { wanted, given: line.given, reason: line.reason },
    ringTimeMs, priority: wish.priority, calleeTime: clockFace(local.minutesOfDay),
    phone: { reason: chosen.reason, of: state.phones.length },
  }
  return { kind: 'dial', phone: chosen.phone, lineId: line.lineId as LineId, lineType: line.given, callerId: line.callerId, day: local.day, ringTimeMs, decision }
}

/** The gate's facts for one wish. Attempts of another day count nothing today. */
export function gateFacts({ person, origin, cap }: Pick<Wish, 'person' | 'origin' | 'cap'>, { gate, calleeNow }: Pick<DecisionContext, 'gate' | 'calleeNow'>): DialFacts {
  const { state, attemptDay, attemptsThatDay } = person
  const today = state.timeZone === null ? null : gate.zones.localTime(state.timeZone, calleeNow)?.day
  const attemptsToday = attemptDay !== null && attemptDay === today ? attemptsThatDay : 0
  // A campaign's stricter cap is told to the gate as more attempts made: it knows only the law pack's.
  const packMax = gate.pack?.attemptsPerDayMax ?? cap
  return { ...factsOf(state), origin, attemptsToday: attemptsToday + Math.max(0, packMax - cap), attemptOpen: false }
}

export function traceOf(rules: Decision): DialDecision['rules'] {
  return rules.trace.map(({ ruleId, version, name, matched }) => ({ ruleId: ruleId as RuleId, version, name, matched }))
}

function ringTime(rules: Decision, otherwiseMs: number): number {
  const seconds = actionOf(rules, 'set-ring-time')?.seconds
  return seconds === undefined ? otherwiseMs : seconds * 1_000
}

const clockFace = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

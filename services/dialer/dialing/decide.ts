import type { DialFacts, GateContext, Origin } from '@loopline/gate/facts'
import { GATE_VERSION, mayDial } from '@loopline/gate/may-dial'
import { oldRegistries } from '@loopline/gate/rules/registry-is-fresh'
import { mayRecord } from '@loopline/gate/recording-plan'
import { chooseLine } from '@loopline/routing/choose-line'
import { regionOf } from '@loopline/routing/caller-ids/region'
import type { LineNow, LineWish, Routing, RoutingPolicy } from '@loopline/routing/line'
import { actionOf } from '@loopline/rules/decide'
import type { Decision } from '@loopline/rules/decide'
import type { CampaignId, LineId, RuleId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import { reaches } from '@loopline/vocabulary/dialled-number'
import type { E164 } from '@loopline/vocabulary/phone'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { SealedPhone } from '@loopline/contracts/customer-event'
import { factsOf } from '../audience/placement.ts'
import type { Person } from '../audience/person.sql.ts'
import { bestPhone } from '../audience/phone-tries.ts'
import type { RuleDesk } from '../knowledge/rule-desk.ts'
import type { DialLimits } from './planned-attempt.ts'

/** One wish to call, with everything the decision may look at. */
export interface Wish {
  person: Person
  origin: Origin
  /** Whose own do-not-call list is asked too; null for a call by hand. */
  campaignId: CampaignId | null
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
  /** How lines are chosen, by what is known of them in a region at a local hour; absent: by priority and weight. */
  routing?: { policy: RoutingPolicy; random: () => number; learned(lineId: string, region: string | null, hour: number): ReturnType<Routing['learned']> }
  /** Opens a number, for lines that may not call everywhere; null where it cannot be opened. */
  numberOf: (phone: SealedPhone, customerId: string) => E164 | null
}

/** `until`: unix ms on the callee's clock when time alone may lift the refusal; null waits for an edit. */
export type Verdict =
  | { kind: 'dial'; phone: SealedPhone; lineId: LineId; lineType: LineType; callerId: string; day: string; ringTimeMs: number; cap: number; limits: DialLimits; decision: DialDecision }
  | { kind: 'refused'; reason: string; until: number | null; decision: DialDecision | null }
  /** Nothing against the person; no line is free now. */
  | { kind: 'no-line'; reason: string }

/** May this person be called now, how, and over which line. Pure; the write-ahead statement checks the facts again. */
export function decideCall(wish: Wish, context: DecisionContext): Verdict {
  const { person: { state }, tries } = wish
  const gate = mayDial(gateFacts(wish, context), context.calleeNow, context.gate)
  if (!gate.allowed) return { kind: 'refused', reason: gate.reason, until: gate.retryAt, decision: null }
  const chosen = bestPhone(permittedPhones(wish.person), wish.person.phoneTries, wish.phoneId)
  if (!chosen) return { kind: 'refused', reason: 'no-usable-phone', until: null, decision: null }
  if (wish.mustRecord && mayRecord(state.recordingConsent, context.gate.pack).record === 'no') return { kind: 'refused', reason: 'recording-not-allowed', until: null, decision: null }
  const rules = context.rules.beforeDial(state, context.now)
  if (rules.stoppedBy !== null) return { kind: 'refused', reason: rules.stoppedBy, until: null, decision: null }
  const attemptsMax = actionOf(rules, 'set-max-attempts')?.count ?? wish.attemptsMax
  if (tries >= attemptsMax && wish.origin.kind === 'campaign') return { kind: 'refused', reason: 'attempts-used', until: null, decision: null }
  const wanted = actionOf(rules, 'prefer-line-type')?.lineType ?? null
  const local = context.gate.zones.localTime(state.timeZone as string, context.calleeNow)
  if (!local) return { kind: 'refused', reason: 'time-zone-unknown', until: null, decision: null }
  const routing = routingFor(context, state.region, Math.floor(local.minutesOfDay / 60))
  const lines = linesThatReach(context, chosen.phone, state.customerId)
  const lineWish = { wanted, customerId: state.customerId, sandbox: state.sandbox, now: context.monotonic, ...numberWish(wish.person), ...routing }
  const line = chooseLine(lines, lineWish)
  if ('none' in line) {
    // Nothing against the other numbers of the list: only this one has no line, and must not hold them up.
    if (isOfPlaces(lines, context.lines, lineWish)) return { kind: 'refused', reason: 'line-not-permitted', until: context.calleeNow + PLACES_ASKED_AGAIN_MS, decision: null }
    return { kind: 'no-line', reason: line.none }
  }
  const ringTimeMs = Math.max(ringTime(rules, wish.ringTimeMs), context.gate.pack?.ringTimeMsMin ?? 0)
  const decision: DialDecision = {
    gate: { allowed: true, reason: null, packVersion: context.gate.pack?.version ?? 0, ...gateInputs(wish, context) },
    rules: traceOf(rules),
    lineType: { wanted, given: line.given, reason: line.reason },
    ringTimeMs, priority: wish.priority, calleeTime: clockFace(local.minutesOfDay),
    callerId: { reason: line.callerIdReason, instead: line.instead },
    phone: { reason: chosen.reason, of: state.phones.length },
  }
  return { kind: 'dial', phone: chosen.phone, lineId: line.lineId as LineId, lineType: line.given, callerId: line.callerId, day: local.day, ringTimeMs, cap: wish.cap, limits: limitsOf(wish, context, chosen.phone), decision }
}

function routingFor({ routing }: DecisionContext, region: string | null, hour: number): { routing?: Routing } {
  return routing ? { routing: { policy: routing.policy, random: routing.random, learned: (lineId) => routing.learned(lineId, region, hour) } } : {}
}

/** What the choice of a number looks at: where the person is, and what he saw before. */
export function numberWish({ state, callerIds, attemptDay }: Person): Pick<LineWish, 'region' | 'shown' | 'isKnown'> {
  return { region: regionOf(state.region), shown: callerIds ?? null, isKnown: attemptDay !== null }
}

/** When a line that may call it may be free or up again. */
const PLACES_ASKED_AGAIN_MS = 60_000

/** Whether a line would carry the call if places were no matter. */
export const isOfPlaces = (lines: readonly LineNow[], all: readonly LineNow[], wish: LineWish): boolean => lines.length < all.length && !('none' in chooseLine(all, wish))

/** The lines whose contract lets them call this number; it is opened only where one of them may not call everywhere. */
export function linesThatReach({ lines, numberOf }: Pick<DecisionContext, 'lines' | 'numberOf'>, phone: SealedPhone, customerId: string): readonly LineNow[] {
  if (!lines.some(({ mayCall }) => mayCall !== undefined && mayCall.length > 0)) return lines
  const number = numberOf(phone, customerId)
  return number === null ? lines : lines.filter(({ mayCall }) => reaches(mayCall ?? [], number))
}

/** The gate's facts for one wish. Attempts of another day count nothing today. */
export function gateFacts({ person, origin, campaignId, cap }: Pick<Wish, 'person' | 'origin' | 'campaignId' | 'cap'>, { gate, calleeNow, now }: Pick<DecisionContext, 'gate' | 'calleeNow' | 'now'>): DialFacts {
  const { state, attemptDay, attemptsThatDay, recentAt, abandonedAt } = person
  const aheadMs = calleeNow - now
  const today = state.timeZone === null ? null : gate.zones.localTime(state.timeZone, calleeNow)?.day
  const attemptsToday = attemptDay !== null && attemptDay === today ? attemptsThatDay : 0
  // A campaign's stricter cap is told to the gate as more attempts made: it knows only the law pack's.
  const packMax = gate.pack?.attemptsPerDayMax ?? cap
  return {
    ...factsOf(state), ...listFacts(person, campaignId), origin, attemptsToday: attemptsToday + Math.max(0, packMax - cap), attemptOpen: false,
    recentAttempts: recentAt.map((at) => at + aheadMs), abandonedAt: abandonedAt === null ? null : abandonedAt + aheadMs,
    ...(gate.registryCopies && { registryCopies: gate.registryCopies }),
  }
}

/** Numbers that could not be looked up in the lists say nothing, and that blocks. */
function listFacts({ state, phoneMarks, listings }: Person, campaignId: CampaignId | null): Pick<DialFacts, 'onStopList' | 'registeredPhones'> {
  if (phoneMarks === null) return {}
  const registered = registeredOf(listings)
  return {
    onStopList: listings.some(({ kind, campaignId: of }) => kind === 'own' || (kind === 'campaign' && of === campaignId)),
    registeredPhones: state.phones.filter((phone) => phone.state === 'usable' && registered.has(phone.phoneId)).length,
  }
}

const registeredOf = (listings: Person['listings']): Set<string> => new Set(listings.filter(({ kind }) => kind === 'registry').map(({ phoneId }) => phoneId))

/** What the write-ahead statement counts again. */
function limitsOf({ person, origin }: Wish, { gate: { pack }, now }: DecisionContext, phone: SealedPhone): DialLimits {
  const lockMs = origin.kind === 'manual' ? 0 : (pack?.abandonedLockMs ?? 0)
  return {
    caps: pack?.caps ?? [], notAbandonedSince: lockMs > 0 ? now - lockMs : null,
    blind: person.phoneMarks?.find((mark) => mark.phoneId === phone.phoneId)?.blind ?? '',
  }
}

/** What the gate was asked about, as it stood: which packs held, which rules were asked, what was counted. */
function gateInputs({ person, cap }: Wish, { gate: { pack, registryCopies }, calleeNow, now }: DecisionContext): Omit<DialDecision['gate'], 'allowed' | 'reason' | 'packVersion'> {
  if (!pack) return {}
  const { attemptDay, attemptsThatDay, recentAt } = person
  const warnings = oldRegistries(registryCopies ?? {}, { instant: calleeNow, pack })
  return {
    gateVersion: GATE_VERSION, packId: pack.id, attemptsThatDay: attemptDay === null ? 0 : attemptsThatDay, attemptsPerDayMax: cap,
    windows: pack.caps.map(({ windowMs, max }) => ({ windowMs, max, seen: recentAt.filter((at) => at > now - windowMs).length })),
    ...(warnings.length > 0 && { oldRegistries: [...warnings] }),
  }
}

export function traceOf(rules: Decision): DialDecision['rules'] {
  return rules.trace.map(({ ruleId, version, name, matched }) => ({ ruleId: ruleId as RuleId, version, name, matched }))
}

/** The telephones that no public do-not-call registry holds. */
export function permittedPhones({ state, listings }: Pick<Person, 'state' | 'listings'>): SealedPhone[] {
  const registered = registeredOf(listings)
  return state.phones.filter(({ phoneId }) => !registered.has(phoneId))
}

function ringTime(rules: Decision, otherwiseMs: number): number {
  const seconds = actionOf(rules, 'set-ring-time')?.seconds
  return seconds === undefined ? otherwiseMs : seconds * 1_000
}

const clockFace = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

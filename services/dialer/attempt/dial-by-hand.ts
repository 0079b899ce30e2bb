import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import { explain } from '@loopline/gate/may-dial'
import type { AgentRow } from '../agent/agent-row.ts'
import { reread } from '../agent/change-agent.ts'
import { findPerson } from '../audience/find-person.ts'
import type { Person } from '../audience/person.sql.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { decideCall, gateFacts } from '../dialing/decide.ts'
import type { DecisionContext, Verdict, Wish } from '../dialing/decide.ts'
import { LinesNow } from '../dialing/lines-now.ts'
import { numberOpener } from '../dialing/number-opener.ts'
import { placeCalls } from '../dialing/place-calls.ts'
import { decided, servedBy, unanswered, withoutAgents } from '../dialing/plan-attempt.ts'
import type { PlannedAttempt } from '../dialing/planned-attempt.ts'
import { AS_THE_COMPANY, mustRecord } from '../talk/talk-plan.ts'
import type { RuleDesk } from '../knowledge/rule-desk.ts'
import { failed } from '../errors.ts'
import { maySee } from './scope.ts'
import type { Actor } from './scope.ts'

const RING_MS = 30_000
/** A campaign names its own. */
const WRAP_UP_MS = 30_000
/** Above every campaign: somebody waits at the telephone. */
const PRIORITY = 2_000

/** Calls one customer at a person's wish, through the same gate and the same write-ahead as a campaign. */
export async function dialByHand(dialer: Dialer, actor: Actor, wanted: { customerId: CustomerId; phoneId?: string | undefined }): Promise<{ attemptId: AttemptId }> {
  const ready = await readyToDial(dialer, wanted.customerId, wanted.phoneId ?? null, (person) => maySee(actor, person.state))
  const agent = callerOf(dialer, actor)
  await audited(dialer, actor.identity, 'call:dial', wanted.customerId, { attemptId: null, lineId: ready.verdict.lineId })
  const serve = { mode: 'manual' as const, wrapUpMs: WRAP_UP_MS, wrapUpUnansweredMs: unanswered(WRAP_UP_MS), callbackId: null }
  return dial(dialer, ready, planByHand(dialer, ready, actor.identity.sub, agent, serve))
}

/** Makes the call that was promised, for the agent who is to make it; `attemptId` is that of his card. */
export async function dialPromised(dialer: Dialer, agent: AgentRow, customerId: CustomerId, { attemptId, callbackId }: { attemptId: AttemptId; callbackId: string }): Promise<void> {
  const ready = await readyToDial(dialer, customerId, null, () => true)
  const serve = { mode: 'callback' as const, wrapUpMs: WRAP_UP_MS, wrapUpUnansweredMs: unanswered(WRAP_UP_MS), callbackId }
  await dial(dialer, ready, { ...planByHand(dialer, ready, agent.agentId, agent, serve), attemptId })
}

interface Ready {
  person: Person
  wish: Wish
  verdict: Extract<Verdict, { kind: 'dial' }>
  lines: LinesNow
  rules: RuleDesk
}

async function readyToDial(dialer: Dialer, customerId: CustomerId, phoneId: string | null, isSeen: (person: Person) => boolean): Promise<Ready> {
  if (dialer.voice.epoch === null) throw failed('VOICE_AWAY')
  const rules = dialer.knowledge.rules
  if (!rules) throw failed('RULES_UNKNOWN')
  if (mustRecord(dialer, AS_THE_COMPANY) && dialer.recorder.fault !== null) throw failed('RECORDER_DOWN', { reason: dialer.recorder.fault })
  const person = await findPerson(dialer, customerId)
  if (!person || !isSeen(person)) throw failed('CUSTOMER_NOT_FOUND')
  const lines = new LinesNow(dialer)
  const wish = wishFor(dialer, person, phoneId)
  return { person, wish, verdict: decide(dialer, wish, lines, rules), lines, rules }
}

const TRIES = 3

/**
 * Places the call. A session that was changed in this very moment (why he is idle, his telephone's test) is no busy agent: it
 * is tried with the session as it is then, and whoever is busy by then is refused by that.
 */
async function dial(dialer: Dialer, { lines }: Ready, planned: PlannedAttempt): Promise<{ attemptId: AttemptId }> {
  let plan = planned
  for (let tried = 1; ; tried++) {
    lines.take(plan)
    const { written, unserved } = await placeCalls(dialer, [plan])
    if (written.length > 0) return { attemptId: plan.attemptId }
    if (unserved.length === 0) throw failed('CALL_NOT_ALLOWED', { reasons: [{ reason: 'changed-meanwhile-or-being-called', until: null }] })
    const agent = plan.agent && (await reread(dialer, plan.agent.agentId))
    if (!agent || agent.version === plan.agent?.version || tried >= TRIES) throw failed('AGENT_BUSY')
    plan = { ...plan, agent }
  }
}

/** Whoever dials with the headset on hears the call himself; without a leg it is a call without agents. */
function callerOf(dialer: Dialer, { identity }: Actor): AgentRow | null {
  const agent = dialer.agents.get(identity.sub as UserId)
  if (!agent || agent.session.leg !== 'up' || agent.session.state === 'offline') return null
  if (agent.session.call && agent.session.state !== 'wrap-up') throw failed('AGENT_BUSY')
  return agent
}

function wishFor(dialer: Dialer, person: Person, phoneId: string | null): Wish {
  const cap = dialer.knowledge.gateFor(person).pack?.attemptsPerDayMax ?? 0
  return { person, origin: { kind: 'manual' }, campaignId: null, priority: PRIORITY, tries: 0, attemptsMax: Number.POSITIVE_INFINITY, cap, ringTimeMs: RING_MS, phoneId, mustRecord: mustRecord(dialer, AS_THE_COMPANY) }
}

function decide(dialer: Dialer, wish: Wish, lines: LinesNow, rules: RuleDesk): Extract<Verdict, { kind: 'dial' }> {
  const { knowledge } = dialer
  const context = contextOf(dialer, wish.person, lines, rules)
  const verdict = decideCall(wish, context)
  if (verdict.kind === 'dial') return verdict
  if (verdict.kind === 'no-line') throw failed('NO_LINE', { reason: verdict.reason })
  const all = explain(gateFacts(wish, context), context.calleeNow, context.gate)
  const reasons = all.length > 0 ? all : [{ reason: verdict.reason, retryAt: verdict.until }]
  throw failed('CALL_NOT_ALLOWED', {
    reasons: reasons.map(({ reason, retryAt }) => ({ reason, until: retryAt === null ? null : new Date(retryAt - knowledge.calleeOffsetMs).toISOString() })),
  })
}

function contextOf(dialer: Dialer, person: Person, lines: LinesNow, rules: RuleDesk): DecisionContext {
  const { knowledge, clock } = dialer
  return { gate: knowledge.gateFor(person), rules, calleeNow: knowledge.calleeNow(), now: clock.now(), monotonic: clock.monotonic(), lines: lines.for([]), numberOf: numberOpener(dialer) }
}

function planByHand(dialer: Dialer, { person, wish, verdict, rules }: Ready, actorId: string, agent: AgentRow | null, serve: NonNullable<PlannedAttempt['serve']>): PlannedAttempt {
  const { customerId, version, sandbox } = person.state
  const bucket = bucketOf(customerId)
  return {
    ...decided(dialer, verdict), customerId, bucket, campaignId: null, campaignName: null, sandbox, actorId, attemptNumber: 1,
    priority: wish.priority, personVersion: version, leaseToken: dialer.slots.tokenOf(bucket) ?? 0, hangUpAfterMs: null, person, tries: 0, uncountedTries: 0, triedAt: [],
    decideAgain: (tried) => decideCall(wish, contextOf(dialer, person, new LinesNow(dialer, tried), rules)),
    ...(agent ? servedBy(dialer, agent, { serve, saying: AS_THE_COMPANY }, person, verdict) : withoutAgents(verdict)),
  }
}

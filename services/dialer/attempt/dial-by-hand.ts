import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { explain } from '@loopline/gate/may-dial'
import { findPerson } from '../audience/find-person.ts'
import type { Person } from '../audience/person.sql.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { decideCall, gateFacts } from '../dialing/decide.ts'
import type { Verdict, Wish } from '../dialing/decide.ts'
import { LinesNow } from '../dialing/lines-now.ts'
import { placeCalls } from '../dialing/place-calls.ts'
import { decided } from '../dialing/plan-attempt.ts'
import type { PlannedAttempt } from '../dialing/planned-attempt.ts'
import type { RuleDesk } from '../knowledge/rule-desk.ts'
import { failed } from '../errors.ts'
import { maySee } from './scope.ts'
import type { Actor } from './scope.ts'

const RING_MS = 30_000
/** Above every campaign: somebody waits at the telephone. */
const PRIORITY = 2_000

/** Calls one customer at a person's wish, through the same gate and the same write-ahead as a campaign. */
export async function dialByHand(dialer: Dialer, actor: Actor, wanted: { customerId: CustomerId; phoneId?: string | undefined }): Promise<{ attemptId: AttemptId }> {
  if (dialer.voice.epoch === null) throw failed('VOICE_AWAY')
  const rules = dialer.knowledge.rules
  if (!rules) throw failed('RULES_UNKNOWN')
  const person = await findPerson(dialer, wanted.customerId)
  if (!person || !maySee(actor, person.state)) throw failed('CUSTOMER_NOT_FOUND')
  const lines = new LinesNow(dialer)
  const wish = wishFor(dialer, person, wanted.phoneId ?? null)
  const verdict = decide(dialer, wish, lines, rules)
  await audited(dialer, actor.identity, 'call:dial', wanted.customerId, { attemptId: null, lineId: verdict.lineId })
  const plan = planByHand(dialer, person, wish, verdict, actor)
  lines.take(plan.lineId)
  const { written } = await placeCalls(dialer, [plan])
  if (written.length === 0) throw failed('CALL_NOT_ALLOWED', { reasons: [{ reason: 'changed-meanwhile-or-being-called', until: null }] })
  return { attemptId: plan.attemptId }
}

function wishFor(dialer: Dialer, person: Person, phoneId: string | null): Wish {
  const cap = dialer.knowledge.gate.pack?.attemptsPerDayMax ?? 0
  return { person, origin: { kind: 'manual' }, priority: PRIORITY, tries: 0, attemptsMax: Number.POSITIVE_INFINITY, cap, ringTimeMs: RING_MS, phoneId }
}

function decide(dialer: Dialer, wish: Wish, lines: LinesNow, rules: RuleDesk): Extract<Verdict, { kind: 'dial' }> {
  const { knowledge, clock } = dialer
  const context = { gate: knowledge.gate, rules, calleeNow: knowledge.calleeNow(), now: clock.now(), monotonic: clock.monotonic(), lines: lines.for([]) }
  const verdict = decideCall(wish, context)
  if (verdict.kind === 'dial') return verdict
  if (verdict.kind === 'no-line') throw failed('NO_LINE', { reason: verdict.reason })
  const all = explain(gateFacts(wish, context), context.calleeNow, knowledge.gate)
  const reasons = all.length > 0 ? all : [{ reason: verdict.reason, retryAt: verdict.until }]
  throw failed('CALL_NOT_ALLOWED', {
    reasons: reasons.map(({ reason, retryAt }) => ({ reason, until: retryAt === null ? null : new Date(retryAt - knowledge.calleeOffsetMs).toISOString() })),
  })
}

function planByHand(dialer: Dialer, person: Person, wish: Wish, verdict: Extract<Verdict, { kind: 'dial' }>, { identity }: Actor): PlannedAttempt {
  const { customerId, version, sandbox } = person.state
  const bucket = bucketOf(customerId)
  return {
    ...decided(dialer, verdict), customerId, bucket, campaignId: null, campaignName: null, sandbox, actorId: identity.sub, attemptNumber: 1, cap: wish.cap,
    priority: wish.priority, personVersion: version, leaseToken: dialer.slots.tokenOf(bucket) ?? 0, hangUpAfterMs: null, person, tries: 0, uncountedTries: 0, triedAt: [],
  }
}

import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { CallEnded, CallEndedEvent } from '@loopline/contracts/call-event'
import { ALL_DAY } from '@loopline/gate/calling-hours'
import type { CallPart } from '@loopline/contracts/transfer'
import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { Queryable } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import { partsOf } from '../agent/call-part.sql.ts'
import type { EntryMove } from '../audience/entry.sql.ts'
import { keepAbandoned, keepSightings, readPersons } from '../audience/person.sql.ts'
import type { InvalidSightings } from '../audience/person.sql.ts'
import { keepCosts } from '../line/call-cost.ts'
import { hasAlternative, keepPhoneTries } from '../audience/phone-tries.ts'
import { afterInbound } from '../inbound/after-inbound.ts'
import { isInbound } from '../inbound/inbound-outcome.ts'
import { tellWhereLastCallEnded } from '../campaign/tell-last.ts'
import type { Dialer } from '../dialer.ts'
import { permittedPhones } from '../dialing/decide.ts'
import { uncountAttempts } from '../dialing/write-ahead.sql.ts'
import { failOver } from '../dialing/fail-over.ts'
import { undoLegs } from '../dialing/fail-over.sql.ts'
import { asLineFailed, judge, legOf, nobodyWasCalled } from './ending.ts'
import type { Ending, Judged } from './ending.ts'
import { endAttempts, endDialing, readOpenAttempts, readTries } from './outcome.sql.ts'
import type { NextStep } from './outcome.sql.ts'
import type { OpenAttempt } from './open-attempt.ts'
import { answeredOf } from '../pacing/abandonment.ts'
import { countAnswered } from '../pacing/pacing.sql.ts'
import { leave } from '../recovery/adopt.ts'
import { endTalk } from '../talk/on-talk.ts'
import { weighCall } from '../line/weigh-call.ts'
import { nextStep, planOf } from './next-step.ts'

/**
 * Commits how calls ended: attempt, day count, entry and event in one transaction, each attempt exactly once however often
 * it is told. Only then voice may forget them.
 */
export async function settle(dialer: Dialer, endings: readonly Ending[]): Promise<void> {
  const startedAt = dialer.clock.monotonic()
  const known = await attemptsOf(dialer, endings)
  // What is told again of a leg that another one has followed says nothing of the attempt.
  const telling = endings.filter((ending) => legOf(ending) >= (known.get(ending.attemptId)?.leg ?? 1))
  const judged = await failOver(dialer, judgeAll(dialer, telling, known))
  const { ended, moves } = judged.length === 0 ? { ended: new Set<AttemptId>(), moves: [] } : await commitEndings(dialer, judged)
  dialer.stats.count('duplicates', telling.length - ended.size)
  for (const one of judged) finish(dialer, one, ended.has(one.attempt.attemptId))
  dialer.campaigns.applyMoves(moves)
  tellWhereLastCallEnded(dialer, judged.map((one) => one.attempt.campaignId))
  // An attempt that goes on over another line keeps its place with voice.
  const over = telling.filter((ending) => legOf(ending) >= (known.get(ending.attemptId)?.leg ?? 1))
  dialer.voice.send({ type: 'ack', attemptIds: over.map((ending) => ending.attemptId) })
  dialer.stats.took('settle', dialer.clock.monotonic() - startedAt)
}

/** Our own from memory; those of a former process, or of another one that is gone, from the database. */
async function attemptsOf(dialer: Dialer, endings: readonly Ending[]): Promise<Map<AttemptId, OpenAttempt>> {
  const known = new Map<AttemptId, OpenAttempt>()
  const strange: AttemptId[] = []
  for (const { attemptId } of endings) {
    const attempt = dialer.inFlight.get(attemptId)
    if (attempt) known.set(attemptId, attempt)
    else strange.push(attemptId)
  }
  for (const attempt of await readOpenAttempts(dialer.db, strange)) known.set(attempt.attemptId, attempt)
  await completeAttempts(dialer.db, [...known.values()].filter((attempt) => attempt.person === null))
  return known
}

/** What recovery did not read: the customer, and the tries of the entry. */
async function completeAttempts(queryable: Queryable, attempts: readonly OpenAttempt[]): Promise<void> {
  if (attempts.length === 0) return
  const [persons, tries] = await Promise.all([readPersons(queryable, attempts.map((attempt) => attempt.customerId)), readTries(queryable, attempts)])
  const triesOf = new Map(tries.map((row) => [row.attemptId, row]))
  for (const attempt of attempts) {
    attempt.person = persons.get(attempt.customerId) ?? null
    const row = triesOf.get(attempt.attemptId)
    if (row) Object.assign(attempt, { tries: row.tries, uncountedTries: row.uncountedTries, triedAt: row.triedAt.map((at) => at.getTime()) })
  }
}

const judgedOf = new WeakMap<Ending, Judged>()

/** Judges each ending once, also when its commit has to be repeated: judging moves the window of the line. */
function judgeAll(dialer: Dialer, endings: readonly Ending[], known: ReadonlyMap<AttemptId, OpenAttempt>): Judged[] {
  const all = new Map<AttemptId, Judged>()
  const held: string[] = []
  for (const ending of endings) {
    const attempt = known.get(ending.attemptId)
    if (!attempt) continue
    const before = judgedOf.get(ending)
    if (before) all.set(ending.attemptId, before)
    else {
      const verdict = judge(ending, attempt, dialer.lines)
      all.set(ending.attemptId, verdict.judged)
      held.push(...verdict.held)
    }
  }
  for (const id of held as AttemptId[]) {
    const judged = all.get(id)
    if (judged) all.set(id, asLineFailed(judged))
  }
  dialer.outcomes.hold((held as AttemptId[]).filter((id) => !all.has(id)))
  for (const judged of all.values()) judgedOf.set(judged.ending, judged)
  return [...all.values()]
}

function commitEndings(dialer: Dialer, judged: readonly Judged[]): Promise<{ ended: Set<AttemptId>; moves: EntryMove[] }> {
  const now = dialer.clock.now()
  return retryable(() => inTransaction(dialer.db, async (transaction) => {
    await undoLegs(transaction, judged.flatMap(({ attempt, ended: { back } }) => (back ? [{ ...attempt, back }] : [])))
    const ended = await endAttempts(transaction, judged.map((one) => one.ended))
    const fresh = judged.filter((one) => ended.has(one.attempt.attemptId))
    await uncountAttempts(transaction, fresh.filter((one) => nobodyWasCalled(one.ended) && !isInbound(one.attempt)).map((one) => one.attempt))
    await keepAbandoned(transaction, fresh.filter((one) => one.ended.outcome === 'abandoned' && !isInbound(one.attempt)).map((one) => one.attempt.customerId), now)
    await keepCosts(transaction, fresh, dialer.lines)
    await keepSightings(transaction, newSightings(fresh))
    await countAnswered(transaction, dialer.id, answeredOf(fresh))
    await keepPhoneTries(transaction, fresh.filter((one) => !isInbound(one.attempt)).map(({ attempt: { customerId, phoneId }, ended: { outcome, conclusive } }) => ({ customerId, phoneId, outcome, conclusive })))
    const steps = fresh.flatMap((one) => stepOf(dialer, one) ?? [])
    const moves = steps.length > 0 ? await endDialing(transaction, steps, now) : []
    moves.push(...(await afterInbound(dialer, transaction, fresh)))
    const parts = await partsOf(transaction, fresh.filter(({ attempt, ended: { talk } }) => (talk?.agentId ?? attempt.agentId) !== null).map(({ attempt }) => attempt))
    await publish(transaction, dialer.notifier, fresh.map((one) => callEnded(one, parts.get(one.attempt.attemptId))))
    dialer.crashPoint('before-outcome-commit')
    return { ended, moves }
  }))
}

function newSightings(judged: readonly Judged[]): { customerId: CustomerId; sightings: InvalidSightings }[] {
  return judged.filter((one) => one.sighting && one.attempt.lineId !== null).map(({ attempt }) => {
    const known = attempt.person?.invalidSightings ?? {}
    const seen = { lineId: attempt.lineId as string, day: attempt.attemptDay, id: attempt.attemptId }
    return { customerId: attempt.customerId, sightings: { ...known, [attempt.phoneId]: [...(known[attempt.phoneId] ?? []), seen] } }
  })
}

/** A command that never became a call is tried again soon, and later each time. */
const NEVER_SENT_AGAIN_MS = 1_000
const NEVER_SENT_AGAIN_MAX_MS = 60_000

function stepOf(dialer: Dialer, { attempt, ended, ending }: Judged): NextStep | null {
  const { campaignId, bucket, customerId, attemptId, person } = attempt
  if (campaignId === null || isInbound(attempt)) return null
  const common = { bucket, customerId, campaignId, attemptId, outcome: ended.outcome, triedAt: ended.endedAt }
  if (ending.kind === 'never-sent') {
    const wait = Math.min(NEVER_SENT_AGAIN_MS * 2 ** attempt.uncountedTries, NEVER_SENT_AGAIN_MAX_MS)
    return { ...common, dueAt: ended.endedAt + wait, counted: false }
  }
  const campaign = dialer.campaigns.get(campaignId)
  const rules = dialer.knowledge.rules
  // Nobody dials for a campaign that is over; what follows is decided if it ever lives again.
  if (!campaign || !rules || !person) return { ...common, dueAt: null, counted: true }
  const settings = campaign.row.settings
  const facts = { ...person.state, ...countedIn(attempt, ended), outcome: ended.outcome, conclusive: ended.conclusive, lineType: attempt.lineType, attemptNumber: attempt.attemptNumber }
  const decisions = [rules.afterCall(facts, dialer.clock.now()), rules.beforeDial(person.state, dialer.clock.now())]
  const tried = { outcome: ended.outcome, endedAt: ended.endedAt, tries: attempt.tries, uncountedTries: attempt.uncountedTries, triedAt: attempt.triedAt, timeZone: person.state.timeZone }
  const otherPhone = otherPhoneStep({ attempt, ended }, settings.retry.maxAttempts)
  if (otherPhone) return { ...common, ...otherPhone }
  const hours = [{ fromMinute: settings.hours.from, toMinute: settings.hours.to }]
  return { ...common, ...nextStep(tried, planOf(settings.retry), decisions, hours.length > 0 ? hours : ALL_DAY, dialer.knowledge.gate, dialer.knowledge.calleeOffsetMs) }
}

const OTHER_PHONE_AFTER_MS = 60_000

/** A number that does not exist ends nothing while the customer has another: that one is dialled soon, within the tries of the plan. */
function otherPhoneStep({ attempt, ended }: Pick<Judged, 'attempt' | 'ended'>, attemptsMax: number): Pick<NextStep, 'dueAt' | 'counted'> | null {
  const { person, phoneId, tries } = attempt
  if (ended.outcome !== 'invalid-number' || !ended.conclusive || !person || tries + 1 >= attemptsMax) return null
  return hasAlternative(permittedPhones(person), person.phoneTries, phoneId) ? { dueAt: ended.endedAt + OTHER_PHONE_AFTER_MS, counted: true } : null
}

const NOBODY_ANSWERED: ReadonlySet<string> = new Set(['no-answer', 'busy', 'powered-off', 'unreachable', 'machine'])

/** The customer's counters as crm will have them after this call: rules are asked with the call counted in, if it counts. */
function countedIn({ person }: OpenAttempt, { outcome, startedAt }: Judged['ended']): object {
  if (outcome === 'line-failed') return {}
  const { rejectedCount, noAnswerStreak, attemptCount } = person?.state ?? { rejectedCount: 0, noAnswerStreak: 0, attemptCount: 0 }
  return {
    lastOutcome: outcome, lastCalledAt: startedAt, attemptCount: attemptCount + 1,
    rejectedCount: outcome === 'connected' ? 0 : rejectedCount + (outcome === 'rejected' ? 1 : 0),
    noAnswerStreak: outcome === 'connected' ? 0 : noAnswerStreak + (NOBODY_ANSWERED.has(outcome) ? 1 : 0),
  }
}

function callEnded({ attempt, ended }: Judged, parts?: CallPart[]): OutboxEvent {
  const { attemptId, customerId, phoneId, campaignId, campaignName, actorId, decision, attemptNumber } = attempt
  const { lineId, lineName, lineType, callerId } = ended.back ?? attempt
  const legs = ended.back ? attempt.legs.slice(0, -1) : attempt.legs
  const { outcome, outcomeReason, conclusive, evidence, startedAt, ringingAt, answeredAt, endedAt } = ended
  const { person } = attempt
  const agentId = ended.talk?.agentId ?? attempt.agentId
  const data: CallEnded = {
    owner: person && { ownerId: person.state.ownerId, teamId: person.state.teamId },
    attemptId, customerId, phoneId, campaignId, campaignName, lineId, lineName, lineType, callerId, actorId: actorId as CallEnded['actorId'],
    ...(isInbound(attempt) && { direction: 'inbound' as const }), state: 'ended', outcome, outcomeReason, conclusive, evidence, decision, attemptNumber, startedAt, ringingAt, answeredAt, endedAt,
    ...(agentId && { agentId, connectedAt: ended.talk?.connectedAt ?? null }),
    ...(parts && { parts: parts.map((part) => ({ ...part, leftAt: part.leftAt ?? endedAt })) }),
    ...(legs.length > 0 && { legs }),
  }
  return makeEvent<CallEndedEvent>({ type: 'dialer.call.ended', subject: customerId, data, sequence: Math.round(endedAt), time: endedAt })
}

/** What the end of a call says of the number it showed. */
function countForNumber({ callerIds, numberTallies }: Dialer, { callerId }: OpenAttempt, ended: Judged['ended'], { kind }: Ending): void {
  if (kind === 'never-sent') callerIds.uncount(callerId, ended.startedAt)
  else numberTallies.ended(callerIds.get(callerId)?.row.callerId, ended.outcome, ended.endedAt)
}

/** Whom we gave up might have answered: that he did not says nothing, and two of five calls of a predictive campaign end so. */
function learnAnswer(dialer: Dialer, { customerId, campaignId, lineId, person, isGivenUp }: OpenAttempt, { startedAt, outcome }: Judged['ended']): void {
  if (!person || (isGivenUp && outcome === 'no-answer')) return
  const { level, region, timeZone } = person.state
  dialer.answers.learn({ customerId, campaignId, lineId, level, region, timeZone }, startedAt, outcome)
}

function finish(dialer: Dialer, { attempt, ended, ending }: Judged, isFresh: boolean): void {
  leave(dialer, attempt.attemptId)
  endTalk(dialer, attempt.attemptId, ended)
  dialer.inbound.forget(attempt.attemptId)
  if (!isFresh) return
  if (!isInbound(attempt)) {
    countForNumber(dialer, attempt, ended, ending)
    learnAnswer(dialer, attempt, ended)
    dialer.campaigns.get(attempt.campaignId)?.numbers.ended(ended.outcome)
    dialer.pacing.ended(attempt, ended)
  }
  dialer.stats.count('outcomes')
  if (ending.kind === 'result' && !isInbound(attempt) && attempt.lineId !== null && !ended.back) weighCall(dialer, attempt, { lineId: attempt.lineId, outcome: ended.outcome, result: ending.result })
  if (ending.kind === 'never-sent') dialer.stats.count('neverSent')
  if (ending.kind !== 'result') return
  dialer.stats.count('retransmissions', ended.retransmissions)
  if (ended.finalAfterMs !== null) dialer.stats.finalAfter(ended.finalAfterMs)
  dialer.stats.took('endToCommit', Math.max(0, dialer.clock.now() - ended.endedAt))
}

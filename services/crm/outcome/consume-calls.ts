import { decide } from '@loopline/rules/decide'
import type { Decision } from '@loopline/rules/decide'
import type { RuleSet } from '@loopline/rules/rule'
import { actionsOf } from '@loopline/vocabulary/rule-actions'
import { newId } from '@loopline/clock/new-id'
import { publish } from '@loopline/event-log/outbox'
import type { Delivery, LogEvent } from '@loopline/event-log/event-log'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Transaction } from '@loopline/postgres/queryable'
import type { RuleId, UserId } from '@loopline/vocabulary/ids'
import { neverLeft } from '@loopline/contracts/call-event'
import type { CallEndedEvent, CallEvent } from '@loopline/contracts/call-event'
import { customerChanged } from '../customer/announce.ts'
import { byCustomer } from '../customer/customer-row.ts'
import { lockCustomers, phonesOf } from '../customer/customer.sql.ts'
import { invalidatePhones } from '../customer/phone.sql.ts'
import type { Deps } from '../deps.ts'
import { countAssigned, sellers } from '../team/team.sql.ts'
import type { Seller } from '../team/team.sql.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import { carryOut } from './act-on-rules.ts'
import type { Effect, Working } from './act-on-rules.ts'
import { applyCall } from './apply-call.ts'
import { correctCalls } from './correct-calls.ts'
import { saveOutcomes } from './outcome.sql.ts'
import { applyWrapUps } from './wrap-up.ts'

/** What a batch collects before it is written. */
interface Batch {
  readonly rules: RuleSet
  readonly people: Seller[]
  readonly given: Map<UserId, number>
  readonly items: TimelineRow[]
}

/** What the handler tells of a call it applied: for the histogram hang-up → record. */
export type OnApplied = (endedAt: number) => void

/**
 * Applies ended calls and corrections of them: timeline, call facts, phone, rules and what they do, and one state event per customer, all in one
 * transaction with the consumer's progress. A call that is already on the timeline is not applied again (P9).
 */
export function consumeCalls(deps: Deps, onApplied: OnApplied = () => undefined) {
  return async (events: readonly LogEvent<CallEvent>[], delivery: Pick<Delivery, 'commitIn'>): Promise<void> => {
    const told = events.map((logged) => logged.event)
    const calls = told.filter((event) => event.type === 'dialer.call.ended')
    await inTransaction(deps.db, async (transaction) => {
      await applyCalls(deps, transaction, calls)
      // A correction always follows the end of its own call.
      await correctCalls(deps, transaction, told.filter((event) => event.type === 'dialer.call.corrected'))
      await applyWrapUps(deps, transaction, told.filter((event) => event.type === 'dialer.call.wrapped-up'))
      await delivery.commitIn(transaction)
    })
    for (const call of calls) onApplied(call.data.endedAt)
  }
}

async function applyCalls(deps: Deps, transaction: Transaction, calls: readonly CallEndedEvent[]): Promise<void> {
  const added = await insertTimeline(transaction, calls.map(callItem))
  const fresh = calls.filter((call) => added.delete(call.data.attemptId))
  if (fresh.length === 0) return
  const working = await loadWorking(transaction, fresh)
  const batch: Batch = { rules: await deps.book.current(transaction), people: await sellers(transaction), given: new Map(), items: [] }
  for (const call of fresh) {
    const customer = working.get(call.data.customerId)
    // A call by the dialer alone may concern somebody this CRM never knew, and an order that never became a call concerns
    // nobody: the timeline item is all there is to keep.
    if (customer && !neverLeft(call.data) && !isMissed(call.data)) applyOne(deps, customer, call, batch)
  }
  await writeBatch(deps, transaction, [...working.values()].filter(({ changed }) => changed), batch)
}

/** A call to us that nobody took says nothing about the customer that a rule may act on. */
const isMissed = ({ direction, outcome }: CallEndedEvent['data']): boolean => direction === 'inbound' && outcome !== 'connected'

async function loadWorking(transaction: Transaction, calls: readonly CallEndedEvent[]): Promise<Map<string, Working>> {
  const ids = [...new Set(calls.map((call) => call.data.customerId))]
  const rows = await lockCustomers(transaction, ids)
  const phones = byCustomer(await phonesOf(transaction, ids))
  return new Map(rows.filter((row) => !row.deleted).map((row) =>
    [row.customerId, { row, phones: phones.get(row.customerId) ?? [], changed: false, deadPhoneIds: [], causation: [], ruled: false }]))
}

function applyOne(deps: Deps, customer: Working, { data: call, causation }: CallEndedEvent, batch: Batch): void {
  const facts = applyCall(customer.row, call)
  if (facts) {
    customer.row = { ...customer.row, ...facts }
    customer.changed = true
  }
  const talkSeconds = call.answeredAt === null ? null : (call.endedAt - call.answeredAt) / 1_000
  const chain = (causation?.split(' ') ?? []) as RuleId[]
  addCauses(customer, chain)
  const { outcome, lineType, attemptNumber } = call
  const decision = decide(batch.rules, 'call-outcome', { ...customer.row, outcome, lineType, attemptNumber, talkSeconds }, deps.clock.now(), chain)
  if (decision.stoppedBy) deps.log.error({ customerId: call.customerId, chain }, 'a chain of rules was too long and was stopped')
  carryOutDecision(customer, decision, call, batch)
}

function carryOutDecision(customer: Working, decision: Decision, call: CallEndedEvent['data'], { people, given, items }: Batch): void {
  const at = new Date(call.endedAt)
  for (const { ruleId, version, name, matched, actions } of decision.trace) {
    const ours = matched ? actionsOf('crm', actions) : []
    if (ours.length === 0) continue
    // A number that is dead is dead before any rule asks whether another one works.
    if (ours.some(({ kind }) => kind === 'never-dial')) customer.deadPhoneIds.push(call.phoneId)
    const effects = ours.map((action) => carryOut(customer, action, { phoneId: call.phoneId, at, sellers: people, given }))
    if (effects.every(({ result }) => result === 'none')) continue
    addCauses(customer, [ruleId as RuleId])
    if (effects.some(({ result }) => result === 'done')) customer.changed = customer.ruled = true
    items.push(ruleItem(call, { ruleId, version, name }, effects))
  }
}

/** Of several calls of one customer in a batch each has its own chain; the one event afterwards names them all. */
function addCauses(customer: Working, ruleIds: readonly RuleId[]): void {
  for (const ruleId of ruleIds) if (!customer.causation.includes(ruleId)) customer.causation.push(ruleId)
}

async function writeBatch(deps: Deps, transaction: Transaction, changed: readonly Working[], batch: Batch): Promise<void> {
  const now = new Date(deps.clock.now())
  for (const customer of changed) {
    const touchedAt = customer.ruled ? now : customer.row.touchedAt
    customer.row = { ...customer.row, version: customer.row.version + 1, updatedAt: now, touchedAt }
  }
  await insertTimeline(transaction, batch.items)
  if (changed.length === 0) return
  await saveOutcomes(transaction, changed.map(({ row }) => row))
  await invalidatePhones(transaction, changed.flatMap(({ row, deadPhoneIds }) => deadPhoneIds.map((phoneId) => ({ customerId: row.customerId, phoneId }))))
  await countAssigned(transaction, batch.given)
  await publish(transaction, deps.notifier, changed.map(({ row, phones, causation }) => customerChanged(row, phones, causation)))
}

function callItem({ data }: CallEndedEvent): TimelineRow {
  const { attemptId, customerId, actorId, endedAt } = data
  return { customerId, id: attemptId, at: new Date(endedAt), kind: 'call', actorId, actorName: null, body: data as unknown as Record<string, unknown> }
}

function ruleItem(call: CallEndedEvent['data'], rule: { ruleId: string; version: number; name: string }, effects: readonly Effect[]): TimelineRow {
  const cause = { attemptId: call.attemptId, outcome: call.outcome }
  return {
    customerId: call.customerId, id: newId(), at: new Date(call.endedAt), kind: 'rule', actorId: null, actorName: null,
    body: { ...rule, effects, cause },
  }
}

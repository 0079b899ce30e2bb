import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { CallCorrected, CallCorrectedEvent } from '@loopline/contracts/call-event'
import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import { keepSightings, readPersons } from '../audience/person.sql.ts'
import type { InvalidSightings } from '../audience/person.sql.ts'
import { takeBackPhoneTries } from '../audience/phone-tries.ts'
import type { Dialer } from '../dialer.ts'
import { holdAttempts, holdEntries, newestAttempts } from './hold.sql.ts'
import type { HeldAttempt, HeldEntry } from './hold.sql.ts'
import { countAnswered } from '../pacing/pacing.sql.ts'
import type { AnsweredCall } from '../pacing/pacing.sql.ts'

const AGAIN_MS = 60_000

/**
 * Takes back in one act what a line said before it was found to be broken: attempts, sightings of invalid numbers, entries,
 * and an event for each, in one transaction. The day's count stands: a line that lies again and again must not make us
 * dial the same numbers again and again.
 */
export async function holdResults(dialer: Dialer, attemptIds: readonly AttemptId[]): Promise<void> {
  const now = dialer.clock.now()
  const { held, moves } = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const attempts = await holdAttempts(transaction, attemptIds)
    await withdrawSightings(transaction, attempts)
    await takeBackPhoneTries(transaction, attempts)
    const newest = await newestAttempts(transaction, attempts.map((one) => one.customerId))
    const entryMoves = await holdEntries(transaction, entriesOf(attempts, newest), new Date(now + AGAIN_MS))
    await countAnswered(transaction, dialer.id, attempts.flatMap(takenBack))
    await publish(transaction, dialer.notifier, attempts.map((one) => callCorrected(one, now)))
    return { held: attempts, moves: entryMoves }
  }))
  for (const { campaignId, was } of held) dialer.campaigns.get(campaignId)?.numbers.corrected(was, 'line-failed')
  dialer.campaigns.applyMoves(moves)
  dialer.log.info({ attempts: held.length }, 'what a tripped line had said is taken back')
}

/** Whom nobody called was neither answered nor abandoned. */
function takenBack({ campaignId, was, agentId, endedAt }: HeldAttempt): AnsweredCall[] {
  if (campaignId === null || (was !== 'abandoned' && (was !== 'connected' || agentId === null))) return []
  return [{ campaignId, endedAt: endedAt.getTime(), isAbandoned: was === 'abandoned', by: -1 }]
}

async function withdrawSightings(transaction: Transaction, held: readonly HeldAttempt[]): Promise<void> {
  const persons = await readPersons(transaction, [...new Set(held.map((one) => one.customerId))])
  const ids = new Set<string>(held.map((one) => one.attemptId))
  const rows = [...persons.values()].flatMap(({ state, invalidSightings }) =>
    invalidSightings ? [{ customerId: state.customerId, sightings: without(invalidSightings, ids) }] : [])
  await keepSightings(transaction, rows.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1)))
}

function without(sightings: InvalidSightings, attemptIds: ReadonlySet<string>): InvalidSightings {
  return Object.fromEntries(Object.entries(sightings).map(([phone, seen]) => [phone, seen.filter((one) => !attemptIds.has(one.id))]))
}

/** Entries whose last word was a held one. Whoever was reached since, or failed again, stays where that put him. */
function entriesOf(held: readonly HeldAttempt[], newest: ReadonlySet<AttemptId>): HeldEntry[] {
  const entries = new Map<string, HeldEntry & { isLast: boolean }>()
  for (const { attemptId, customerId, campaignId } of held) {
    if (campaignId === null) continue
    const key = `${campaignId}/${customerId}`
    const known = entries.get(key)
    entries.set(key, { customerId: customerId as CustomerId, campaignId, tries: (known?.tries ?? 0) + 1, isLast: (known?.isLast ?? false) || newest.has(attemptId) })
  }
  return [...entries.values()].filter((entry) => entry.isLast)
}

function callCorrected({ attemptId, customerId, phoneId, campaignId, campaignName, lineId, lineName, was, wasReason, endedAt }: HeldAttempt, now: number): OutboxEvent {
  const data: CallCorrected = {
    attemptId, customerId, phoneId, campaignId, campaignName, lineId, lineName, state: 'corrected', outcome: 'line-failed', outcomeReason: 'line-suspect',
    was: { outcome: was, outcomeReason: wasReason }, endedAt: endedAt.getTime(), correctedAt: now,
  }
  // Behind the end of the call, should both still wait in the outbox.
  const sequence = Math.max(now, endedAt.getTime() + 1)
  return makeEvent<CallCorrectedEvent>({ type: 'dialer.call.corrected', subject: customerId, data, sequence, time: now })
}

import { assert } from '@loopline/vocabulary/assert'
import type { Notifier } from '@loopline/postgres/notify'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import { SqlText, identifier, fragment } from '@loopline/postgres/sql'
import { serviceOf } from './make-event.ts'
import type { OutboxEvent } from './make-event.ts'

/** Writers send it after their commit, the relay listens. */
export const OUTBOX_CHANNEL = 'loopline_outbox'

/*
 * Order. All writers of one key are serialised: they hold the row lock of its state until they commit. So the events
 * of one key become visible to the relay in the order in which they were made, and only two that wait in the outbox
 * together need a tie-break. What can be trusted for that?
 * - UUIDv7 of the writer: two processes' clocks differ, and a clock may step back. No.
 * - A sequence of the database: numbers are handed out before commit, and differ per node on Citus. No.
 * - The version of the row, raised under its lock: exactly the order of commits. Yes, for state.
 * - For facts, the instant of the fact: two facts of one key are a conversation apart, far more than clocks differ.
 * Hence `sequence` is given by the writer. The relay deletes what it takes and remembers nothing: a cursor over the
 * outbox would step over a transaction that commits late (reliability §5, outbox practice).
 */

/** Writes events in the transaction of the change they tell of. All of one service; one statement for any number. */
export async function appendToOutbox(transaction: Queryable, events: readonly OutboxEvent[]): Promise<void> {
  const [first] = events
  if (!first) return
  const service = serviceOf(first.topic)
  assert(events.every((event) => serviceOf(event.topic) === service), 'a service writes its own outbox only')
  await transaction.run(new SqlText(insertInto(service), columnsOf(events), `outbox_${service}`))
}

/** Writes events and wakes the relay once the transaction has committed. */
export async function publish(transaction: Transaction, notifier: Notifier, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return
  await appendToOutbox(transaction, events)
  transaction.afterCommit(() => outboxWritten(notifier))
}

/** Wakes the relay; call after commit. Coalesced, and losing it costs at most the relay's next look (250 ms). */
export function outboxWritten(notifier: Notifier): void {
  notifier.notify(OUTBOX_CHANNEL)
}

/** How many events wait and for how long, ms: the alarm when the relay or the log is away (F13). */
export async function outboxDepth(database: Queryable, service: string): Promise<{ events: number; oldestMs: number | null }> {
  const { rows } = await database.run<{ events: number; oldestMs: number | null }>(fragment`
    select count(*) as events, (extract(epoch from now() - min(written_at)) * 1000)::float8 as "oldestMs"
      from ${identifier(`${service}.outbox`)}`)
  return rows[0] as { events: number; oldestMs: number | null }
}

function insertInto(service: string): string {
  return `insert into ${identifier(`${service}.outbox`).text} (topic, partition, key, sequence, id, body)
    select * from unnest($1::text[], $2::smallint[], $3::uuid[], $4::bigint[], $5::uuid[], $6::text[])`
}

function columnsOf(events: readonly OutboxEvent[]): unknown[][] {
  const columns: unknown[][] = [[], [], [], [], [], []]
  for (const { topic, partition, key, sequence, id, body } of events) {
    const row = [topic, partition, key, sequence, id, body]
    for (let column = 0; column < row.length; column++) columns[column]?.push(row[column])
  }
  return columns
}

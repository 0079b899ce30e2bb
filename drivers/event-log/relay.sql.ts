import { PARTITIONS } from '@loopline/vocabulary/bucket'
import type { Queryable } from '@loopline/postgres/queryable'
import { SqlText, identifier } from '@loopline/postgres/sql'

export interface Drained {
  /** Rows looked at. More than `moved`: a topic is new, or another relay has it. */
  due: number
  moved: number
  /** Topics that have something new. */
  topics: string[]
}

/**
 * Moves up to `count` events from a service's outbox to the log, in one statement and so in one transaction.
 *
 * The row of a topic in log.head is both its next offsets and the lock of its relay: a topic held by another relay is
 * skipped, never waited for. Offsets are dense because only the holder assigns them and only its commit moves them.
 * Rows are taken in the order of the primary key, so a batch cut short keeps order per key; rows that another relay
 * took between our snapshot and our lock are gone when DELETE comes to them, and are left out.
 */
export async function drainOutbox(database: Queryable, service: string, count: number): Promise<Drained> {
  const { rows } = await database.run<Drained>(new SqlText(drainText(service, count), [], `drain_${service}_${count}`))
  return rows[0] as Drained
}

function drainText(service: string, count: number): string {
  const outbox = identifier(`${service}.outbox`).text
  return `
    with held as materialized (
      select topic, next_offsets from log.head where starts_with(topic, '${service}.') order by topic for update skip locked),
    due as materialized (
      select key, topic, sequence, id from ${outbox} order by key, topic, sequence, id limit ${count}),
    taken as materialized (
      delete from ${outbox}
       where (key, topic, sequence, id) <= (select key, topic, sequence, id from due order by key desc, topic desc, sequence desc, id desc limit 1)
         and topic in (select topic from held)
      returning topic, partition, key, sequence, id, body),
    appended as (
      insert into log.event (topic, partition, "offset", key, body)
      select t.topic, t.partition, h.next_offsets[t.partition + 1]
             + row_number() over (partition by t.topic, t.partition order by t.key, t.sequence, t.id) - 1, t.key, t.body
        from taken t join held h on h.topic = t.topic),
    advanced as (
      update log.head set next_offsets = log.advanced(m.next_offsets, m.partitions)
        from (select h.topic, h.next_offsets, array_agg(t.partition) as partitions
                from taken t join held h on h.topic = t.topic group by h.topic, h.next_offsets) m
       where head.topic = m.topic)
    select set_config('synchronous_commit', 'off', true), (select count(*) from due) as due, (select count(*) from taken) as moved,
           array(select distinct topic from taken) as topics`
}

/** Makes the head of each topic that waits in an outbox and has none yet. Returns how many were made. */
export async function openTopics(database: Queryable, service: string): Promise<number> {
  const { rowCount } = await database.run(new SqlText(`
    insert into log.head (topic, next_offsets)
    select distinct topic, array_fill(0::bigint, array[${PARTITIONS}]) from ${identifier(`${service}.outbox`).text}
    on conflict (topic) do nothing`, []))
  return rowCount
}

/**
 * Which of these outboxes hold anything: 50 µs, however many services there are. By the primary key on purpose: inserts
 * clean its pages of entries for rows that are gone, while `exists` alone reads the table from its start, past all dead
 * rows up to the next vacuum (10.8 ms a look after 30,000 events, measured).
 */
export async function waitingOutboxes(database: Queryable, services: readonly string[]): Promise<string[]> {
  const looks = services.map((service, index) =>
    `select ${index} as at where (select true from ${identifier(`${service}.outbox`).text} order by key, topic, sequence, id limit 1)`)
  const { rows } = await database.run<{ at: number }>(new SqlText(looks.join(' union all '), [], `waiting_${services.join('_')}`))
  return rows.map(({ at }) => services[at] as string)
}

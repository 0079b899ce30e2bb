/**
 * The ways of moving events that lost against relay.sql.ts, kept so that the comparison can be run again:
 * `node drivers/event-log/relay.bench.ts`. Figures are in README.md.
 */
import { copyIn, copyRow } from '@loopline/postgres/copy'
import type { Database } from '@loopline/postgres/queryable'
import { SqlText } from '@loopline/postgres/sql'
import { inTransaction } from '@loopline/postgres/transaction'
import { drainOutbox } from './relay.sql.ts'

type Drain = (database: Database, count: number) => Promise<number>

interface Row {
  topic: string
  partition: number
  key: string
  body: string
}

const DUE = 'select key, topic, sequence, id from bench.outbox order by key, topic, sequence, id limit $1'
const SAME = 'o.key = d.key and o.topic = d.topic and o.sequence = d.sequence and o.id = d.id'

/** DELETE by physical address: one lookup less a row, but an address means nothing on a spread table. */
const byAddress: Drain = async (database, count) => {
  const { rows } = await database.run<{ moved: number }>(new SqlText(`
    with due as materialized (select ctid as address, topic from bench.outbox order by key, topic, sequence, id limit $1),
    held as materialized (select topic, next_offsets from log.head where topic in (select topic from due) for update skip locked),
    taken as materialized (
      delete from bench.outbox o where o.ctid = any(array(select address from due)) returning o.topic, o.partition, o.key, o.sequence, o.id, o.body),
    appended as (
      insert into log.event (topic, partition, "offset", key, body)
      select t.topic, t.partition, h.next_offsets[t.partition + 1] + row_number() over (partition by t.topic, t.partition order by t.key, t.sequence, t.id) - 1, t.key, t.body
        from taken t join held h on h.topic = t.topic),
    moved as materialized (select topic, partition, count(*) as events from taken group by topic, partition),
    advanced as (
      update log.head set next_offsets = (select array_agg(n.o + coalesce(m.events, 0) order by n.i) from unnest(h.next_offsets) with ordinality n(o, i)
          left join moved m on m.topic = h.topic and m.partition = n.i - 1) from held h where head.topic = h.topic)
    select sum(events)::bigint as moved from moved`, [count], 'bench_address'))
  return rows[0]?.moved ?? 0
}

/** One head a partition: an update for nearly every event of a small batch. */
const headPerPartition: Drain = async (database, count) => {
  const { rows } = await database.run<{ moved: number }>(new SqlText(`
    with due as materialized (select key, topic, sequence, id, partition from bench.outbox order by key, topic, sequence, id limit $1),
    held as materialized (
      select topic, partition, next_offset from bench.head where (topic, partition) in (select topic, partition from due)
       order by topic, partition for update skip locked),
    taken as materialized (
      delete from bench.outbox o using due d where ${SAME} and (o.topic, o.partition) in (select topic, partition from held)
      returning o.topic, o.partition, o.key, o.sequence, o.id, o.body),
    appended as (
      insert into log.event (topic, partition, "offset", key, body)
      select t.topic, t.partition, h.next_offset + row_number() over (partition by t.topic, t.partition order by t.key, t.sequence, t.id) - 1, t.key, t.body
        from taken t join held h on h.topic = t.topic and h.partition = t.partition),
    moved as materialized (select topic, partition, count(*) as events from taken group by topic, partition),
    advanced as (update bench.head h set next_offset = h.next_offset + m.events from moved m where m.topic = h.topic and m.partition = h.partition)
    select sum(events)::bigint as moved from moved`, [count], 'bench_partition'))
  return rows[0]?.moved ?? 0
}

/** Bodies travel through this process: what Citus or a second database would need. */
const throughClient = (insert: (db: Parameters<typeof copyIn>[0], rows: (Row & { offset: number })[]) => Promise<unknown>): Drain => (database, count) =>
  inTransaction(database, async (transaction) => {
    const { rows: heads } = await transaction.run<{ topic: string; next_offsets: number[] }>(new SqlText('select topic, next_offsets from log.head order by topic for update skip locked', [], 'bench_heads'))
    const { rows } = await transaction.run<Row>(new SqlText(`
      with due as materialized (${DUE}) delete from bench.outbox o using due d where ${SAME} returning o.topic, o.partition, o.key, o.body`, [count], 'bench_take'))
    const next = new Map(heads.map((head) => [head.topic, head.next_offsets]))
    const placed = rows.map((row) => {
      const offsets = next.get(row.topic) as number[]
      const offset = offsets[row.partition] as number
      offsets[row.partition] = offset + 1
      return { ...row, offset }
    })
    await insert(transaction, placed)
    for (const [topic, offsets] of next) await transaction.run(new SqlText('update log.head set next_offsets = $2 where topic = $1', [topic, offsets], 'bench_advance'))
    return rows.length
  })

export const ALTERNATIVES: Record<string, Drain> = {
  'one statement, one head a topic (chosen)': async (database, count) => (await drainOutbox(database, 'bench', count)).moved,
  'the same, delete by ctid': byAddress,
  'the same, one head a partition': headPerPartition,
  'through the client, insert by unnest': throughClient((transaction, rows) =>
    transaction.run(new SqlText(`insert into log.event (topic, partition, "offset", key, body) select * from unnest($1::text[], $2::smallint[], $3::bigint[], $4::uuid[], $5::text[])`,
      [rows.map((row) => row.topic), rows.map((row) => row.partition), rows.map((row) => row.offset), rows.map((row) => row.key), rows.map((row) => row.body)], 'bench_unnest'))),
  'through the client, COPY': throughClient((transaction, rows) =>
    copyIn(transaction, 'log.event (topic, partition, "offset", key, body)', rows.map((row) => copyRow([row.topic, row.partition, row.offset, row.key, row.body])))),
}

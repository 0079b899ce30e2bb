/**
 * The ways of moving events that lost against relay.sql.ts, kept so that the comparison can be run again:
 * `node drivers/event-log/relay.bench.ts`. Figures are in README.md.
 */
import { copyIn, copyRow } from '@loopline/postgres/copy'
import type { Database } from '@loopline/postgres/queryable'
import { SqlText } from '@loopline/postgres/sql'
import { inTransaction } from '@loopline/postgres/transaction'
import { drainOutbox } from './relay.sql.ts'

export type Drain = (database: Database, count: number) => Promise<number>

interface Row {
  topic: string
  partition: number
  key: string
  body: string
}

const ORDER = 'key, topic, sequence, id'
const DUE = `select ctid as address, ${ORDER} from bench.outbox order by ${ORDER} limit`
const HELD = "select topic, next_offsets from log.head where starts_with(topic, 'bench.') order by topic for update skip locked"
const RETURNING = 'returning o.topic, o.partition, o.key, o.sequence, o.id, o.body'

/** The chosen statement with another way to delete. */
const deleting = (name: string, how: string): Drain => async (database, count) => {
  const { rows } = await database.run<{ moved: number }>(new SqlText(`
    with held as materialized (${HELD}), due as materialized (${DUE} ${count}),
    taken as materialized (delete from bench.outbox o ${how} ${RETURNING}),
    appended as (
      insert into log.event (topic, partition, "offset", key, body)
      select t.topic, t.partition, h.next_offsets[t.partition + 1] + row_number() over (partition by t.topic, t.partition order by t.key, t.sequence, t.id) - 1, t.key, t.body
        from taken t join held h on h.topic = t.topic),
    advanced as (
      update log.head set next_offsets = log.advanced(m.next_offsets, m.partitions)
        from (select h.topic, h.next_offsets, array_agg(t.partition) as partitions from taken t join held h on h.topic = t.topic group by h.topic, h.next_offsets) m
       where head.topic = m.topic)
    select set_config('synchronous_commit', 'off', true), count(*) as moved from taken`, [], `bench_${name}_${count}`))
  return rows[0]?.moved ?? 0
}

/** One head a partition: an update for nearly every event of a small batch. */
const headPerPartition: Drain = async (database, count) => {
  const { rows } = await database.run<{ moved: number }>(new SqlText(`
    with due as materialized (select ${ORDER}, partition from bench.outbox order by ${ORDER} limit ${count}),
    held as materialized (
      select topic, partition, next_offset from bench.head where (topic, partition) in (select topic, partition from due)
       order by topic, partition for update skip locked),
    taken as materialized (
      delete from bench.outbox o where (${ORDER}) <= (select ${ORDER} from due order by key desc, topic desc, sequence desc, id desc limit 1)
         and (o.topic, o.partition) in (select topic, partition from held) ${RETURNING}),
    appended as (
      insert into log.event (topic, partition, "offset", key, body)
      select t.topic, t.partition, h.next_offset + row_number() over (partition by t.topic, t.partition order by t.key, t.sequence, t.id) - 1, t.key, t.body
        from taken t join held h on h.topic = t.topic and h.partition = t.partition),
    moved as materialized (select topic, partition, count(*) as events from taken group by topic, partition),
    advanced as (update bench.head h set next_offset = h.next_offset + m.events from moved m where m.topic = h.topic and m.partition = h.partition)
    select set_config('synchronous_commit', 'off', true), sum(events)::bigint as moved from moved`, [], `bench_partition_${count}`))
  return rows[0]?.moved ?? 0
}

/** Bodies travel through this process: what Citus or a second database would need. */
const throughClient = (insert: (db: Parameters<typeof copyIn>[0], rows: (Row & { offset: number })[]) => Promise<unknown>): Drain => (database, count) =>
  inTransaction(database, async (transaction) => {
    const { rows: heads } = await transaction.run<{ topic: string; next_offsets: number[] }>(new SqlText('select topic, next_offsets from log.head order by topic for update skip locked', [], 'bench_heads'))
    const { rows } = await transaction.run<Row>(new SqlText(`
      with due as materialized (${DUE} ${count})
      delete from bench.outbox o where (${ORDER}) <= (select ${ORDER} from due order by key desc, topic desc, sequence desc, id desc limit 1)
      returning o.topic, o.partition, o.key, o.body`, [], `bench_take_${count}`))
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
  'the same, delete by ctid (means nothing on a spread table)': deleting('address', 'where o.ctid = any(array(select address from due))'),
  'the same, delete joined by key (nested loop while statistics say "empty")': deleting('join',
    'using due d where o.key = d.key and o.topic = d.topic and o.sequence = d.sequence and o.id = d.id'),
  'the same, one head a partition': headPerPartition,
  'through the client, insert by unnest': throughClient((transaction, rows) =>
    transaction.run(new SqlText(`insert into log.event (topic, partition, "offset", key, body) select * from unnest($1::text[], $2::smallint[], $3::bigint[], $4::uuid[], $5::text[])`,
      [rows.map((row) => row.topic), rows.map((row) => row.partition), rows.map((row) => row.offset), rows.map((row) => row.key), rows.map((row) => row.body)], 'bench_unnest'))),
  'through the client, COPY': throughClient((transaction, rows) =>
    copyIn(transaction, 'log.event (topic, partition, "offset", key, body)', rows.map((row) => copyRow([row.topic, row.partition, row.offset, row.key, row.body])))),
}

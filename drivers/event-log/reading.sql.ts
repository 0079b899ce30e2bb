import type { Queryable } from '@loopline/postgres/queryable'
import type { LogEvent } from './event-log.ts'

/** A place in the log: the offset to read next. */
export interface Position {
  topic: string
  partition: number
  offset: number
}

interface Row {
  topic: string
  partition: number
  offset: number
  key: string
  body: string
}

/** The next offset to be given in each partition, by topic; a topic without events is absent. One row a topic. */
export async function readHeads(database: Queryable, topics: readonly string[]): Promise<Map<string, number[]>> {
  const rows = await database.sql<{ topic: string; next_offsets: number[] }>`
    select topic, next_offsets from log.head where topic = any(${topics}::text[])`
  return new Map(rows.map((row) => [row.topic, row.next_offsets]))
}

/** Up to `count` events from these positions on, in order within each; earlier positions in the list are served first. */
export async function readEvents(database: Queryable, positions: readonly Position[], count: number): Promise<LogEvent<never>[]> {
  const rows = await database.sql<Row>`
    select e.*
      from unnest(${positions.map((at) => at.topic)}::text[], ${positions.map((at) => at.partition)}::smallint[],
                  ${positions.map((at) => at.offset)}::bigint[]) with ordinality as wanted(topic, partition, "offset", place)
     cross join lateral (
       select topic, partition, "offset", key, body from log.event
        where topic = wanted.topic and partition = wanted.partition and "offset" >= wanted."offset"
        order by "offset" limit ${count}) e
     order by wanted.place, e."offset" limit ${count}`
  return rows.map(logEvent)
}

/** A failure to parse is the handler's to meet, as a poison event. */
export function logEvent({ topic, partition, offset, key, body }: Row): LogEvent<never> {
  let parsed: unknown
  return {
    topic, partition, offset, key, body,
    get event() {
      return (parsed ??= JSON.parse(body)) as never
    },
  }
}

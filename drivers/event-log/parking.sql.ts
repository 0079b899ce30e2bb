import type { Queryable } from '@loopline/postgres/queryable'
import type { LogEvent, ParkedEvent, ParkedKey } from './event-log.ts'
import { logEvent } from './reading.sql.ts'

/** First retry of a parked key after 1 s, then 2, 4 … up to 10 minutes. */
const RETRY_MIN_S = 1
const RETRY_MAX_S = 600

/** Puts events aside; one that is there already (delivered again) stays as it is. `error` is null for those that only wait. */
export async function park(database: Queryable, group: string, events: readonly LogEvent[], error: string | null): Promise<void> {
  await database.execute`
    insert into log.parked (group_name, topic, partition, "offset", key, body, error, attempts, retry_at)
    select ${group}, e.*, ${error}::text, case when ${error}::text is null then 0 else 1 end, now() + ${RETRY_MIN_S}::float8 * interval '1 s'
      from unnest(${events.map((event) => event.topic)}::text[], ${events.map((event) => event.partition)}::smallint[],
                  ${events.map((event) => event.offset)}::bigint[], ${events.map((event) => event.key)}::uuid[],
                  ${events.map((event) => event.body)}::text[]) as e
    on conflict (group_name, topic, partition, "offset") do nothing`
}

export interface ParkedHead {
  topic: string
  partition: number
  key: string
  /** Its first event, which holds back the rest, is to be tried again now. */
  due: boolean
}

/** The keys parked in these partitions. */
export function parkedKeys(database: Queryable, group: string, partitions: readonly number[]): Promise<ParkedHead[]> {
  return database.sql<ParkedHead & object>`
    select distinct on (topic, key) topic, partition, key, retry_at <= now() as due from log.parked
     where group_name = ${group} and partition = any(${partitions}::smallint[])
     order by topic, key, "offset"`
}

/** All parked events of one key, oldest first. */
export async function parkedOf(database: Queryable, { group, topic, key }: ParkedKey): Promise<LogEvent[]> {
  const rows = await database.sql<Parameters<typeof logEvent>[0]>`
    select topic, partition, "offset", key, body from log.parked
     where group_name = ${group} and topic = ${topic} and key = ${key} order by "offset"`
  return rows.map(logEvent)
}

export async function unpark(database: Queryable, group: string, { topic, partition, offset }: LogEvent): Promise<void> {
  await database.execute`
    delete from log.parked where group_name = ${group} and topic = ${topic} and partition = ${partition} and "offset" = ${offset}`
}

export async function parkLonger(database: Queryable, group: string, { topic, partition, offset }: LogEvent, error: string): Promise<void> {
  await database.execute`
    update log.parked set attempts = attempts + 1, error = ${error},
           retry_at = now() + least(${RETRY_MIN_S}::float8 * power(2, least(attempts, 30)), ${RETRY_MAX_S}::float8) * interval '1 s'
     where group_name = ${group} and topic = ${topic} and partition = ${partition} and "offset" = ${offset}`
}

export async function makeDue(database: Queryable, { group, topic, key }: ParkedKey): Promise<void> {
  await database.execute`update log.parked set retry_at = now() where group_name = ${group} and topic = ${topic} and key = ${key}`
}

/** Drops one event and has those behind it handled now. */
export async function drop(database: Queryable, event: ParkedKey & { partition: number; offset: number }): Promise<void> {
  await database.execute`
    delete from log.parked where group_name = ${event.group} and topic = ${event.topic} and partition = ${event.partition}
       and "offset" = ${event.offset} and key = ${event.key}`
  await makeDue(database, event)
}

export function listParked(database: Queryable, group: string, limit: number): Promise<ParkedEvent[]> {
  return database.sql`
    select group_name as "group", topic, partition, "offset", key, error, attempts, parked_at as "parkedAt", retry_at as "retryAt"
      from log.parked where group_name = ${group} order by parked_at, topic, partition, "offset" limit ${limit}`
}

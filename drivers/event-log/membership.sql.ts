import { PARTITIONS } from '@loopline/vocabulary/bucket'
import type { Queryable } from '@loopline/postgres/queryable'
import type { Progress } from './cursor.sql.ts'

export interface Member {
  group: string
  /** Name of this consumer, by `ownerOf`. */
  owner: string
  /** Leases and membership last this long on the database's clock, ms. */
  ttlMs: number
}

/** A consumer is named after its process, so that all of them can be buried with it. */
export const ownerOf = (processName: string, consumer: string): string => `${processName}/${consumer}`

/** Frees what a process held that has ended for certain. Its tokens stay the largest until somebody takes over with a larger one. */
export async function bury(database: Queryable, group: string, processName: string): Promise<void> {
  await database.execute`
    with forgotten as (delete from log.member where group_name = ${group} and starts_with(owner, ${ownerOf(processName, '')}))
    update log.lease set owner = null, lease_until = now()
     where group_name = ${group} and starts_with(owner, ${ownerOf(processName, '')})`
}

/** Makes the rows of a group that are not there yet. A topic new to the group begins where `from` says. */
export async function enrol(database: Queryable, group: string, topics: readonly string[], from: 'earliest' | 'latest'): Promise<void> {
  await database.execute`
    insert into log.lease (group_name, partition)
    select ${group}, partition from generate_series(0, ${PARTITIONS - 1}::int) partition
    on conflict (group_name, partition) do nothing`
  await database.execute`
    insert into log.cursor (group_name, topic, partition, next_offset, token)
    select l.group_name, t.topic, l.partition, coalesce(
             case when ${from} = 'earliest' then (select min(e."offset") from log.event e where e.topic = t.topic and e.partition = l.partition) end,
             h.next_offsets[l.partition + 1], 0), l.token
      from log.lease l
     cross join unnest(${topics}::text[]) as t(topic)
      left join log.head h on h.topic = t.topic
     where l.group_name = ${group}
    on conflict (group_name, topic, partition) do nothing`
}

/** Says that this member lives and holds these; answers which it still holds, and how many members share the group. */
export async function renew(database: Queryable, { group, owner, ttlMs }: Member, held: readonly number[]): Promise<{ members: number; kept: number[] }> {
  const [row] = await database.sql<{ members: number; kept: number[] }>`
    with me as (
      insert into log.member (group_name, owner, seen_until)
      values (${group}, ${owner}, now() + ${ttlMs}::float8 * interval '1 ms')
      on conflict (group_name, owner) do update set seen_until = excluded.seen_until),
    renewed as (
      update log.lease set lease_until = now() + ${ttlMs}::float8 * interval '1 ms'
       where group_name = ${group} and owner = ${owner} and partition = any(${held}::smallint[])
      returning partition::int)
    select 1 + (select count(*) from log.member where group_name = ${group} and owner <> ${owner} and seen_until > now()) as members,
           array(select partition from renewed) as kept`
  return row as { members: number; kept: number[] }
}

/**
 * Takes up to `count` partitions that nobody holds, or that stand in our name although we no longer work on them: after a
 * freeze a late renewal may have prolonged what we had already let go of. The token grows, and the cursors take it over in
 * the same statement: from its commit on the former owner can save nothing.
 */
export function claim(database: Queryable, { group, owner, ttlMs }: Member, count: number, held: readonly number[]): Promise<Progress[]> {
  return database.sql<Progress & object>`
    with free as materialized (
      select partition from log.lease
       where group_name = ${group} and (owner is null or lease_until <= now() or (owner = ${owner} and partition <> all(${held}::smallint[])))
       order by partition limit ${count} for update skip locked),
    taken as (
      update log.lease l set owner = ${owner}, token = l.token + 1, lease_until = now() + ${ttlMs}::float8 * interval '1 ms'
        from free where l.group_name = ${group} and l.partition = free.partition
      returning l.partition, l.token)
    update log.cursor c set token = taken.token
      from taken where c.group_name = ${group} and c.partition = taken.partition
    returning c.topic, c.partition, c.next_offset as "offset", c.token`
}

/** Gives partitions back before their time. */
export async function release(database: Queryable, { group, owner }: Member, partitions: readonly number[]): Promise<void> {
  await database.execute`
    update log.lease set owner = null, lease_until = now()
     where group_name = ${group} and owner = ${owner} and partition = any(${partitions}::smallint[])`
}

/** Leaves the group: the others share anew. Also forgets members that died a day ago. */
export async function leave(database: Queryable, { group, owner }: Member): Promise<void> {
  await database.execute`
    delete from log.member where group_name = ${group} and (owner = ${owner} or seen_until < now() - interval '1 day')`
}

import type { Queryable } from '@loopline/postgres/queryable'

const BATCH = 5_000

/**
 * Deletes events that are older and that every group has passed, in batches, so that no transaction is long. A topic
 * that no group reads is deleted by age alone. Returns the number of events.
 */
export async function pruneLog(database: Queryable, olderThan: Date): Promise<number> {
  let pruned = 0
  for (const { topic, partition, bound } of await boundsOf(database)) {
    for (let count = BATCH; count === BATCH; pruned += count) count = await pruneBatch(database, topic, partition, bound, olderThan)
  }
  return pruned
}

interface Bound {
  topic: string
  partition: number
  /** Everything below may go. */
  bound: number
}

function boundsOf(database: Queryable): Promise<Bound[]> {
  return database.sql<Bound & object>`
    select h.topic, (n.position - 1)::int as partition, coalesce(
             (select min(c.next_offset) from log.cursor c where c.topic = h.topic and c.partition = n.position - 1), n.next_offset) as bound
      from log.head h, unnest(h.next_offsets) with ordinality as n(next_offset, position)
     where n.next_offset > 0`
}

/** Age grows with the offset, so the oldest of the partition tell whether there is anything to do. */
function pruneBatch(database: Queryable, topic: string, partition: number, bound: number, olderThan: Date): Promise<number> {
  return database.execute`
    delete from log.event e using (
      select "offset" from log.event
       where topic = ${topic} and partition = ${partition} and "offset" < ${bound} order by "offset" limit ${BATCH}) oldest
     where e.topic = ${topic} and e.partition = ${partition} and e."offset" = oldest."offset" and e.appended_at < ${olderThan}`
}

export async function forgetGroup(database: Queryable, group: string): Promise<void> {
  await database.execute`
    with parked as (delete from log.parked where group_name = ${group}),
         cursors as (delete from log.cursor where group_name = ${group}),
         members as (delete from log.member where group_name = ${group})
    delete from log.lease where group_name = ${group}`
}

import type { Queryable } from '@loopline/postgres/queryable'
import type { Position } from './reading.sql.ts'

/** How far a group has come in one partition, under the lease that allows to say so. */
export interface Progress extends Position {
  token: number
}

/**
 * Saves progress where the token is still the partition's. Returns how many were saved: fewer than given means that
 * another member has a partition. Rows are locked in one order, so that two savers cannot wait for each other.
 */
export function saveProgress(database: Queryable, group: string, progress: readonly Progress[]): Promise<number> {
  const ordered = [...progress].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
  return database.execute`
    update log.cursor c set next_offset = p.next_offset
      from unnest(${ordered.map((at) => at.topic)}::text[], ${ordered.map((at) => at.partition)}::smallint[],
                  ${ordered.map((at) => at.offset)}::bigint[], ${ordered.map((at) => at.token)}::bigint[])
             as p(topic, partition, next_offset, token)
     where c.group_name = ${group} and c.topic = p.topic and c.partition = p.partition and c.token = p.token`
}

/** Whether the token is still the partition's, and stays so until the transaction ends. */
export async function holdsLease(transaction: Queryable, group: string, { topic, partition, token }: Progress): Promise<boolean> {
  const rows = await transaction.sql`
    select from log.cursor
     where group_name = ${group} and topic = ${topic} and partition = ${partition} and token = ${token} for share`
  return rows.length === 1
}

import { json } from '@loopline/postgres/sql'
import type { Queryable } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { TimelineItem } from '@loopline/contracts/customer'

export interface TimelineRow {
  customerId: CustomerId
  id: string
  at: Date
  kind: TimelineItem['kind']
  actorId: string | null
  actorName: string | null
  body: Record<string, unknown>
}

/**
 * Adds items; one that is already there (same customer and id) stays as it is.
 * @returns ids of the new ones.
 */
export async function insertTimeline(q: Queryable, items: readonly TimelineRow[]): Promise<Set<string>> {
  if (items.length === 0) return new Set()
  const rows = await q.sql<{ id: string }>`
    insert into crm.timeline (customer_id, id, at, kind, actor_id, actor_name, body)
    select * from unnest(${items.map((i) => i.customerId)}::uuid[], ${items.map((i) => i.id)}::uuid[],
      ${items.map((i) => i.at)}::timestamptz[], ${items.map((i) => i.kind)}::text[], ${items.map((i) => i.actorId)}::text[],
      ${items.map((i) => i.actorName)}::text[], ${items.map((i) => json(i.body))}::jsonb[])
    on conflict (customer_id, id) do nothing
    returning id`
  return new Set(rows.map((row) => row.id))
}

export interface TimelineAfter {
  at: string
  id: string
}

/** One page, newest first. */
export function timelinePage(q: Queryable, customerId: CustomerId, after: TimelineAfter | null, limit: number): Promise<TimelineRow[]> {
  return q.sql<TimelineRow>`
    select customer_id as "customerId", id, at, kind, actor_id as "actorId", actor_name as "actorName", body
      from crm.timeline
     where customer_id = ${customerId}
       and (at, id) < (coalesce(${after?.at ?? null}::timestamptz, 'infinity'), coalesce(${after?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
     order by at desc, id desc limit ${limit}`
}

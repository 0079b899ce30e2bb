import { json } from '@loopline/postgres/sql'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CallCorrected } from '@loopline/contracts/call-event'
import type { TimelineRow } from '../timeline/timeline.sql.ts'

/**
 * Writes on the items of these calls what they turned out to be, with what they said before under `corrected`.
 * @returns attempt ids of those that did not say so yet.
 */
export async function markCorrected(transaction: Transaction, corrections: readonly CallCorrected[]): Promise<Set<string>> {
  const bodies = corrections.map(({ outcome, outcomeReason, was, correctedAt }) => json({ outcome, outcomeReason, conclusive: true, corrected: { ...was, at: correctedAt } }))
  const rows = await transaction.sql<{ id: string }>`
    update crm.timeline t set body = t.body || w.body
      from unnest(${corrections.map((one) => one.customerId)}::uuid[], ${corrections.map((one) => one.attemptId)}::uuid[], ${bodies}::jsonb[]) as w (customer_id, id, body)
     where t.customer_id = w.customer_id and t.id = w.id and t.kind = 'call' and not t.body ? 'corrected'
    returning t.id`
  return new Set(rows.map((row) => row.id))
}

/** Calls and what rules did, of these customers, oldest first. */
export function storiesOf(queryable: Queryable, customerIds: readonly CustomerId[]): Promise<TimelineRow[]> {
  return queryable.sql<TimelineRow>`
    select customer_id as "customerId", id, at, kind, actor_id as "actorId", actor_name as "actorName", body
      from crm.timeline where customer_id = any(${customerIds}::uuid[]) and kind in ('call', 'rule')
     order by customer_id, at, id`
}

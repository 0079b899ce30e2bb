import { json } from '@loopline/postgres/sql'
import type { Transaction } from '@loopline/postgres/queryable'
import type { CallWrappedUp } from '@loopline/contracts/call-event'

/** Writes on the items of these calls who spoke and what came of it in his words. */
export async function markWrappedUp(transaction: Transaction, wrapUps: readonly CallWrappedUp[]): Promise<void> {
  const bodies = wrapUps.map(({ agentId, agentName, outcome, disposition, note, callback, wrapUpMs }) => json({ agentId, agentName, confirmedOutcome: outcome, disposition, note, callback, wrapUpMs }))
  await transaction.execute`
    update crm.timeline t set body = t.body || w.body
      from unnest(${wrapUps.map((one) => one.customerId)}::uuid[], ${wrapUps.map((one) => one.attemptId)}::uuid[], ${bodies}::jsonb[]) as w (customer_id, id, body)
     where t.customer_id = w.customer_id and t.id = w.id and t.kind = 'call'`
}

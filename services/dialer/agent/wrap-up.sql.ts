import type { AttemptId, CampaignId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'

export interface OwnCall {
  attemptId: AttemptId
  customerId: CustomerId
  campaignId: CampaignId | null
  endedAt: Date | null
  isWrappedUp: boolean
}

/** A call that this agent served. */
export async function readOwnCall(queryable: Queryable, attemptId: AttemptId, agentId: UserId): Promise<OwnCall | undefined> {
  const [row] = await queryable.sql<OwnCall>`
    select id as "attemptId", customer_id as "customerId", campaign_id as "campaignId", ended_at as "endedAt", wrap_up_ms is not null as "isWrappedUp"
      from dialer.attempt where id = ${attemptId} and agent_id = ${agentId}`
  return row
}

/** Keeps the notes of a call that has none. Answers whether it had none. */
export async function saveWrapUp(queryable: Queryable, { customerId, attemptId }: OwnCall, notes: { disposition: string | null; note: string | null; outcome: string | null; wrapUpMs: number }): Promise<boolean> {
  const touched = await queryable.execute`
    update dialer.attempt set disposition = ${notes.disposition}, note = ${notes.note}, wrap_up_outcome = ${notes.outcome}, wrap_up_ms = ${notes.wrapUpMs}
     where customer_id = ${customerId} and id = ${attemptId} and wrap_up_ms is null`
  return touched === 1
}

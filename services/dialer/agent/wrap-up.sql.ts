import type { AttemptId, CampaignId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'

export interface OwnCall {
  attemptId: AttemptId
  customerId: CustomerId
  campaignId: CampaignId | null
  endedAt: Date | null
  isWrappedUp: boolean
  /** The version of his part, when the call went on, or was another's in the end; null when the call itself keeps his notes. */
  part: number | null
}

/** A call that this agent served, or had a part in. */
export async function readOwnCall(queryable: Queryable, attemptId: AttemptId, agentId: UserId): Promise<OwnCall | undefined> {
  const [part] = await queryable.sql<{ customerId: CustomerId; version: number; leftAt: Date | null; isWrappedUp: boolean }>`
    select customer_id as "customerId", version, left_at as "leftAt", wrap_up_ms is not null as "isWrappedUp"
      from dialer.call_part where attempt_id = ${attemptId} and agent_id = ${agentId} order by version desc limit 1`
  const [row] = await queryable.sql<OwnCall & { agentId: UserId | null }>`
    select id as "attemptId", customer_id as "customerId", campaign_id as "campaignId", ended_at as "endedAt", wrap_up_ms is not null as "isWrappedUp", agent_id as "agentId", null as part
      from dialer.attempt where id = ${attemptId} and (agent_id = ${agentId} or customer_id = ${part?.customerId ?? null}::uuid)`
  if (!row || !part || part.leftAt === null || (row.agentId === agentId && row.endedAt !== null)) return row
  return { ...row, endedAt: part.leftAt, isWrappedUp: part.isWrappedUp, part: part.version }
}

/** Keeps what he noted whose call went to somebody else. Answers whether he had noted nothing. */
export async function savePartNotes(queryable: Queryable, { customerId, attemptId, part }: OwnCall, agentId: UserId, notes: { disposition: string | null; note: string | null; wrapUpMs: number }): Promise<boolean> {
  const touched = await queryable.execute`
    update dialer.call_part set disposition = ${notes.disposition}, note = ${notes.note}, wrap_up_ms = ${notes.wrapUpMs}
     where customer_id = ${customerId} and attempt_id = ${attemptId} and agent_id = ${agentId} and version = ${part} and wrap_up_ms is null`
  return touched === 1
}

/** Keeps the notes of a call that has none. Answers whether it had none. */
export async function saveWrapUp(queryable: Queryable, { customerId, attemptId }: OwnCall, notes: { disposition: string | null; note: string | null; outcome: string | null; wrapUpMs: number }): Promise<boolean> {
  const touched = await queryable.execute`
    update dialer.attempt set disposition = ${notes.disposition}, note = ${notes.note}, wrap_up_outcome = ${notes.outcome}, wrap_up_ms = ${notes.wrapUpMs}
     where customer_id = ${customerId} and id = ${attemptId} and wrap_up_ms is null`
  return touched === 1
}

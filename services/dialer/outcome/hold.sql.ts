import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CampaignId, CustomerId, LineId, PhoneId, UserId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Queryable } from '@loopline/postgres/queryable'
import type { EntryMove } from '../audience/entry.sql.ts'

export interface HeldAttempt {
  attemptId: AttemptId
  customerId: CustomerId
  phoneId: PhoneId
  campaignId: CampaignId | null
  campaignName: string | null
  lineId: LineId | null
  lineName: string | null
  was: Outcome
  wasReason: string
  endedAt: Date
  agentId: UserId | null
}

/** Ended attempts become line-failed. One that is so already is left out of the answer: each is corrected exactly once. */
export function holdAttempts(queryable: Queryable, attemptIds: readonly AttemptId[]): Promise<HeldAttempt[]> {
  return queryable.sql<HeldAttempt>`
    with suspect as materialized (
      select customer_id, id, outcome as was, outcome_reason as was_reason from dialer.attempt
       where id = any(${attemptIds}::uuid[]) and ended_at is not null and outcome <> 'line-failed' order by customer_id)
    update dialer.attempt a set outcome = 'line-failed', outcome_reason = 'line-suspect', conclusive = true
      from suspect s
     where a.customer_id = s.customer_id and a.id = s.id and a.outcome <> 'line-failed'
    returning a.id as "attemptId", a.customer_id as "customerId", a.phone_id as "phoneId", a.campaign_id as "campaignId", a.campaign_name as "campaignName",
              a.line_id as "lineId", a.line_name as "lineName", s.was, s.was_reason as "wasReason", a.ended_at as "endedAt", a.agent_id as "agentId"`
}

/** The newest attempt of each of these customers in each campaign: an older one decides nothing about the entry any more. */
export async function newestAttempts(queryable: Queryable, customerIds: readonly CustomerId[]): Promise<Set<AttemptId>> {
  const rows = await queryable.sql<{ attemptId: AttemptId }>`
    select distinct on (customer_id, campaign_id) id as "attemptId" from dialer.attempt
     where customer_id = any(${customerIds}::uuid[]) and campaign_id is not null and inbound_id is null order by customer_id, campaign_id, id desc`
  return new Set(rows.map((row) => row.attemptId))
}

export interface HeldEntry {
  customerId: CustomerId
  campaignId: CampaignId
  /** How many of its counted tries are held. */
  tries: number
}

/** Gives entries their tries back and has them looked at again at `dueAt`, also those that were done. Calls on their way go on. */
export async function holdEntries(queryable: Queryable, entries: readonly HeldEntry[], dueAt: Date): Promise<EntryMove[]> {
  if (entries.length === 0) return []
  return queryable.sql<EntryMove>`
    with held as materialized (
      select e.bucket, e.customer_id, e.campaign_id, e.state as was, w.tries
        from unnest(${entries.map((one) => bucketOf(one.customerId))}::smallint[], ${entries.map((one) => one.customerId)}::uuid[],
                    ${entries.map((one) => one.campaignId)}::uuid[], ${entries.map((one) => one.tries)}::integer[]) as w(bucket, customer_id, campaign_id, tries)
        join dialer.entry e on e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id
       where e.state in ('waiting', 'done', 'withdrawn')
       order by e.customer_id, e.campaign_id
         for update of e)
    update dialer.entry e
       set state = case when h.was = 'withdrawn' then h.was else 'waiting' end, wake_at = case when h.was <> 'withdrawn' then ${dueAt}::timestamptz end,
           due_at = ${dueAt}, last_outcome = 'line-failed', tries = greatest(0, e.tries - h.tries), uncounted_tries = e.uncounted_tries + h.tries,
           tried_at = e.tried_at[1:greatest(0, cardinality(e.tried_at) - h.tries)]
      from held h
     where e.bucket = h.bucket and e.customer_id = h.customer_id and e.campaign_id = h.campaign_id
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId", h.was, e.state, e.priority, e.due_at as "dueAt"`
}

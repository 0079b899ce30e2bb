import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { NOBODY } from './callback.sql.ts'

export interface OpenCallback {
  callbackId: string
  customerId: CustomerId
  customerName: string
  timeZone: string | null
  agentId: string | null
  teamId: string | null
  campaignId: string | null
  why: 'promised' | 'missed'
  at: Date
  changeReason: string | null
}

/** Whose promises: null does not narrow. Of `sellerId`: his own, those that he made, and those of his team that name nobody. */
export interface CallbackFilter {
  sellerId: string | null
  teamId: string | null
}

/** Open promises, the earliest first. */
export function openCallbacks(queryable: Queryable, { sellerId, teamId }: CallbackFilter, after: { at: Date; id: string } | null, limit: number): Promise<OpenCallback[]> {
  return queryable.sql<OpenCallback>`
    select c.id as "callbackId", c.customer_id as "customerId", p.state ->> 'name' as "customerName", p.state ->> 'timeZone' as "timeZone",
           c.agent_id as "agentId", c.team_id as "teamId", c.campaign_id as "campaignId", case when c.made_by = ${NOBODY}::uuid then 'missed' else 'promised' end as why, c.at, c.change_reason as "changeReason"
      from dialer.callback c join dialer.person p on p.customer_id = c.customer_id
     where c.state = 'open' and not p.deleted
       and (${sellerId}::uuid is null or c.agent_id = ${sellerId} or c.made_by = ${sellerId} or (c.agent_id is null and c.team_id = ${teamId}))
       and (${sellerId}::uuid is not null or ${teamId}::uuid is null or c.team_id = ${teamId})
       and (${after?.at ?? null}::timestamptz is null or (c.at, c.id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
     order by c.at, c.id limit ${limit}`
}

/** One open promise that this person may change. */
export async function findCallback(queryable: Queryable, callbackId: string, { sellerId, teamId }: CallbackFilter): Promise<{ customerId: CustomerId } | undefined> {
  const [row] = await queryable.sql<{ customerId: CustomerId }>`
    select c.customer_id as "customerId" from dialer.callback c
     where c.id = ${callbackId} and c.state = 'open'
       and (${sellerId}::uuid is null or c.agent_id = ${sellerId} or c.made_by = ${sellerId} or (c.agent_id is null and c.team_id = ${teamId}))
       and (${sellerId}::uuid is not null or ${teamId}::uuid is null or c.team_id = ${teamId})`
  return row
}

interface Change {
  customerId: CustomerId
  callbackId: string
  by: string
  now: Date
  reason: string
}

/** Moves an open promise. False: it is not open any more. */
export async function moveCallback(queryable: Queryable, { customerId, callbackId, by, now, reason }: Change, at: Date): Promise<boolean> {
  return (await queryable.execute`
    update dialer.callback set at = ${at}, not_before = ${at}, shown_as = null, changed_by = ${by}, changed_at = ${now}, change_reason = ${reason}
     where customer_id = ${customerId} and id = ${callbackId} and state = 'open'`) > 0
}

/** Cancels an open promise. False: it is not open any more. */
export async function cancelCallback(queryable: Queryable, { customerId, callbackId, by, now, reason }: Change): Promise<boolean> {
  return (await queryable.execute`
    update dialer.callback set state = 'cancelled', changed_by = ${by}, changed_at = ${now}, change_reason = ${reason}
     where customer_id = ${customerId} and id = ${callbackId} and state = 'open'`) > 0
}

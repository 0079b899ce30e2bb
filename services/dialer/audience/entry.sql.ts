import type { AttemptId, CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { Placement } from './placement.ts'

export type EntryState = 'waiting' | 'ready' | 'leased' | 'dialing' | 'done' | 'withdrawn'

export interface EntryKey {
  bucket: number
  customerId: CustomerId
  campaignId: CampaignId
}

export interface Entry extends EntryKey {
  state: EntryState
  matches: boolean
  byApi: boolean
  priority: number
  dueAt: Date
  recheckAt: Date | null
  wakeAt: Date | null
  holdReason: string | null
  tries: number
  attemptId: AttemptId | null
  lastOutcome: string | null
}

/** What a statement did to an entry: the numbers of the campaign follow from it. `was` is null for a new entry. */
export interface EntryMove extends EntryKey {
  was: EntryState | null
  state: EntryState
  priority: number
  dueAt: Date
}

/** Entries of these customers in these campaigns. Not locked: `placeEntries` looks at the state again. */
export function readEntries(queryable: Queryable, customers: readonly { bucket: number; customerId: CustomerId }[], campaignIds: readonly CampaignId[]): Promise<Entry[]> {
  return queryable.sql<Entry>`
    select e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId", e.state, e.matches, e.by_api as "byApi",
           e.priority, e.due_at as "dueAt", e.recheck_at as "recheckAt", e.wake_at as "wakeAt", e.hold_reason as "holdReason",
           e.tries, e.attempt_id as "attemptId", e.last_outcome as "lastOutcome"
      from unnest(${customers.map((one) => one.bucket)}::smallint[], ${customers.map((one) => one.customerId)}::uuid[]) as w(bucket, customer_id)
      join dialer.entry e on e.bucket = w.bucket and e.customer_id = w.customer_id
     where e.campaign_id = any(${campaignIds}::uuid[])`
}

export interface PlacedEntry extends EntryKey {
  placement: Placement
  byApi: boolean
}

/** Enters customers into the list; one who is there already is left alone. `now` in unix ms. */
export async function addEntries(queryable: Queryable, entries: readonly PlacedEntry[], now: number): Promise<EntryMove[]> {
  if (entries.length === 0) return []
  const rows = await queryable.sql<EntryMove>`
    insert into dialer.entry (bucket, customer_id, campaign_id, state, matches, by_api, priority, due_at, recheck_at, wake_at, hold_reason)
    select w.bucket, w.customer, w.campaign,
           case when w.matches and w.hold is null then 'ready' else 'waiting' end,
           w.matches, w.api, w.priority, ${new Date(now)}::timestamptz, w.recheck,
           case when not w.matches then w.recheck when w.hold is not null then least(w.until, w.recheck) end, w.hold
      from json_to_recordset(${json(entries.map(placedRow))}::json) as w(
        bucket smallint, customer uuid, campaign uuid, api boolean, matches boolean, priority integer, recheck timestamptz, hold text, until timestamptz)
     order by w.customer
    on conflict do nothing
    returning bucket, customer_id as "customerId", campaign_id as "campaignId", null as was, state, priority, due_at as "dueAt"`
  return rows
}

/**
 * Brings entries in line with what their customers are now. A call that is on its way is left to end; an entry that is
 * done stays done; a leased one stays leased only while it may be dialled. Rows in the order of customers: every
 * transaction locks person, then entry, each in that order.
 */
export async function placeEntries(queryable: Queryable, entries: readonly PlacedEntry[], now: number): Promise<EntryMove[]> {
  if (entries.length === 0) return []
  return queryable.sql<EntryMove>`
    with placed as materialized (
      select e.bucket, e.customer_id, e.campaign_id, e.state as was, w.matches, w.priority, w.recheck, w.hold, w.until,
             case when e.state in ('dialing', 'done') then e.state
                  when not w.matches then case when w.recheck is null then 'withdrawn' else 'waiting' end
                  when w.hold is not null then 'waiting'
                  when e.state = 'leased' then 'leased'
                  when e.due_at <= ${new Date(now)}::timestamptz then 'ready'
                  else 'waiting' end as becomes
        from json_to_recordset(${json(entries.map(placedRow))}::json) as w(
          bucket smallint, customer uuid, campaign uuid, matches boolean, priority integer, recheck timestamptz, hold text, until timestamptz)
        join dialer.entry e on e.bucket = w.bucket and e.customer_id = w.customer and e.campaign_id = w.campaign
       order by e.customer_id, e.campaign_id
         for update of e)
    update dialer.entry e
       set state = p.becomes, matches = p.matches, priority = p.priority, recheck_at = p.recheck,
           hold_reason = case when p.becomes = 'waiting' then p.hold end,
           wake_at = case when p.becomes <> 'waiting' then null
                          when not p.matches then p.recheck
                          when p.hold is not null then least(p.until, p.recheck)
                          else least(e.due_at, p.recheck) end,
           lease_token = case when p.becomes = 'leased' then e.lease_token end,
           lease_until = case when p.becomes = 'leased' then e.lease_until end
      from placed p
     where e.bucket = p.bucket and e.customer_id = p.customer_id and e.campaign_id = p.campaign_id
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId", p.was, e.state, e.priority, e.due_at as "dueAt"`
}

function placedRow({ bucket, customerId, campaignId, byApi, placement }: PlacedEntry): object {
  const { matches, priority, recheckAt, hold } = placement
  return {
    bucket, customer: customerId, campaign: campaignId, api: byApi, matches, priority,
    recheck: iso(recheckAt), hold: hold?.reason ?? null, until: iso(hold?.until ?? null),
  }
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString())

/** Waiting entries of these slots whose time has come, oldest first. */
export function readWaking(queryable: Queryable, slots: readonly number[], now: number, limit: number): Promise<(EntryKey & { byApi: boolean; priority: number })[]> {
  return queryable.sql`
    select bucket, customer_id as "customerId", campaign_id as "campaignId", by_api as "byApi", priority
      from dialer.entry
     where state = 'waiting' and wake_at <= ${new Date(now)}::timestamptz and bucket % 64 = any(${slots}::smallint[])
     order by wake_at limit ${limit}`
}

/** Entries that are ready or leased and that time alone may have changed. */
export function readTurning(queryable: Queryable, slots: readonly number[], now: number, limit: number): Promise<(EntryKey & { byApi: boolean; priority: number })[]> {
  return queryable.sql`
    select bucket, customer_id as "customerId", campaign_id as "campaignId", by_api as "byApi", priority
      from dialer.entry
     where recheck_at is not null and state in ('ready', 'leased') and recheck_at <= ${new Date(now)}::timestamptz
       and bucket % 64 = any(${slots}::smallint[])
     order by recheck_at limit ${limit}`
}

/** Entries of campaigns that are over are not looked at again. */
export function letSleep(queryable: Queryable, keys: readonly EntryKey[]): Promise<number> {
  return queryable.execute`
    update dialer.entry e set wake_at = null
      from unnest(${keys.map((key) => key.bucket)}::smallint[], ${keys.map((key) => key.customerId)}::uuid[], ${keys.map((key) => key.campaignId)}::uuid[])
           as w(bucket, customer_id, campaign_id)
     where e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id and e.state = 'waiting'`
}

/** One page of a campaign's entries in a bucket range, for a change that concerns all of them. */
export function readPage(queryable: Queryable, campaignId: CampaignId, after: { bucket: number; customerId: CustomerId | null }, limit: number): Promise<(EntryKey & { byApi: boolean; priority: number })[]> {
  return queryable.sql`
    select bucket, customer_id as "customerId", campaign_id as "campaignId", by_api as "byApi", priority
      from dialer.entry
     where (bucket, customer_id) > (${after.bucket}::smallint, ${after.customerId ?? '00000000-0000-0000-0000-000000000000'}::uuid)
       and campaign_id = ${campaignId} and state not in ('done', 'dialing')
     order by bucket, customer_id limit ${limit}`
}

/** Entries by state in these slots: reconciles the numbers kept in memory. */
export function countEntries(queryable: Queryable, campaignId: CampaignId, slots: readonly number[]): Promise<{ state: EntryState; idle: boolean; count: number }[]> {
  return queryable.sql`
    select state, state = 'waiting' and wake_at is null as idle, count(*) as count
      from dialer.entry where campaign_id = ${campaignId} and bucket % 64 = any(${slots}::smallint[])
     group by 1, 2`
}

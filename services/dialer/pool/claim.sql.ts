import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import type { EntryKey } from '../audience/entry.sql.ts'

/** How long a claimed entry is ours without renewal, by the database's clock. */
export const LEASE_SECONDS = 30

export interface ClaimedEntry {
  bucket: number
  customerId: CustomerId
  priority: number
  dueAt: Date
  tries: number
  uncountedTries: number
  triedAt: Date[]
  leaseToken: number
}

export interface ClaimWish {
  bucket: number
  /** Token of the bucket's slot: without it the claim gets nothing (F3). */
  token: number
  take: number
}

/**
 * Leases the best ready entries of some buckets, none below `priorityFloor`. Two claimers never receive the same entry:
 * rows locked elsewhere are skipped, and a claimer whose token is old receives none.
 */
export function claimReady(queryable: Queryable, campaignId: CampaignId, wishes: readonly ClaimWish[], priorityFloor: number): Promise<ClaimedEntry[]> {
  return queryable.sql<ClaimedEntry>`
    with picked as materialized (
      select best.bucket, best.customer_id, best.campaign_id, wish.token
        from unnest(${wishes.map((wish) => wish.bucket)}::smallint[], ${wishes.map((wish) => wish.token)}::bigint[], ${wishes.map((wish) => wish.take)}::integer[])
             as wish(bucket, token, take)
        join dialer.slot s on s.slot = wish.bucket % 64 and s.token = wish.token
       cross join lateral (
             select e.bucket, e.customer_id, e.campaign_id
               from dialer.entry e
              where e.bucket = wish.bucket and e.campaign_id = ${campaignId} and e.state = 'ready' and e.priority >= ${priorityFloor}
              order by e.priority desc, e.due_at limit wish.take
                for update skip locked) best)
    update dialer.entry e
       set state = 'leased', lease_token = p.token, lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
      from picked p
     where e.bucket = p.bucket and e.customer_id = p.customer_id and e.campaign_id = p.campaign_id
    returning e.bucket, e.customer_id as "customerId", e.priority, e.due_at as "dueAt", e.tries,
              e.uncounted_tries as "uncountedTries", e.tried_at as "triedAt", e.lease_token as "leaseToken"`
}

/** The best key of each bucket: one index probe a bucket. A bucket without ready entries is absent. */
export function readHeads(queryable: Queryable, campaignId: CampaignId, buckets: readonly number[]): Promise<{ bucket: number; priority: number; dueAt: Date }[]> {
  return queryable.sql`
    select b.bucket, best.priority, best.due_at as "dueAt"
      from unnest(${buckets}::smallint[]) as b(bucket)
     cross join lateral (
           select e.priority, e.due_at from dialer.entry e
            where e.bucket = b.bucket and e.campaign_id = ${campaignId} and e.state = 'ready'
            order by e.priority desc, e.due_at limit 1) best`
}

type Leased = EntryKey & { leaseToken: number }

/** Extends leases that still stand; an entry that is missing from the answer was lost. */
export function renewLeases(queryable: Queryable, entries: readonly Leased[]): Promise<EntryKey[]> {
  return queryable.sql<EntryKey>`
    update dialer.entry e set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
      from unnest(${entries.map((one) => one.bucket)}::smallint[], ${entries.map((one) => one.customerId)}::uuid[],
                  ${entries.map((one) => one.campaignId)}::uuid[], ${entries.map((one) => one.leaseToken)}::bigint[])
           as w(bucket, customer_id, campaign_id, token)
     where e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id
       and e.state = 'leased' and e.lease_token = w.token and e.lease_until > now()
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId"`
}

/** Gives leased entries back to the list unchanged. Answers which were still ours. */
export function returnLeases(queryable: Queryable, entries: readonly Leased[]): Promise<EntryKey[]> {
  return queryable.sql<EntryKey>`
    update dialer.entry e set state = 'ready', lease_token = null, lease_until = null
      from unnest(${entries.map((one) => one.bucket)}::smallint[], ${entries.map((one) => one.customerId)}::uuid[],
                  ${entries.map((one) => one.campaignId)}::uuid[], ${entries.map((one) => one.leaseToken)}::bigint[])
           as w(bucket, customer_id, campaign_id, token)
     where e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id
       and e.state = 'leased' and e.lease_token = w.token
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId"`
}

export interface HeldEntry extends Leased {
  reason: string
  /** Unix ms when time alone may lift the reason; null waits for an edit. */
  until: number | null
}

/** Puts leased entries aside that the gate or the rules refused, with the reason. Answers which were still ours. */
export function holdEntries(queryable: Queryable, entries: readonly HeldEntry[]): Promise<EntryKey[]> {
  return queryable.sql<EntryKey>`
    update dialer.entry e
       set state = 'waiting', hold_reason = w.reason, wake_at = least(w.until, e.recheck_at), lease_token = null, lease_until = null
      from unnest(${entries.map((one) => one.bucket)}::smallint[], ${entries.map((one) => one.customerId)}::uuid[],
                  ${entries.map((one) => one.campaignId)}::uuid[], ${entries.map((one) => one.leaseToken)}::bigint[],
                  ${entries.map((one) => one.reason)}::text[], ${entries.map((one) => (one.until === null ? null : new Date(one.until)))}::timestamptz[])
           as w(bucket, customer_id, campaign_id, token, reason, until)
     where e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id
       and e.state = 'leased' and e.lease_token = w.token
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId"`
}

/**
 * Frees what a dead or frozen owner left leased in our slots: leases that ran out, and at once those under an older token,
 * whose holder can no longer write.
 */
export function freeLostLeases(queryable: Queryable, leases: readonly { partition: number; token: number }[], limit: number): Promise<(EntryKey & { priority: number; dueAt: Date })[]> {
  return queryable.sql`
    with lost as materialized (
      select e.bucket, e.customer_id, e.campaign_id
        from dialer.entry e
        join unnest(${leases.map((one) => one.partition)}::smallint[], ${leases.map((one) => one.token)}::bigint[]) as own(slot, token)
          on own.slot = e.bucket % 64
       where e.state = 'leased' and (e.lease_until < now() or e.lease_token < own.token)
       limit ${limit} for update of e skip locked)
    update dialer.entry e set state = 'ready', lease_token = null, lease_until = null
      from lost
     where e.bucket = lost.bucket and e.customer_id = lost.customer_id and e.campaign_id = lost.campaign_id
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId", e.priority, e.due_at as "dueAt"`
}

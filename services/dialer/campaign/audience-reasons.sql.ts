import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Consent, CustomerStatus } from '@loopline/vocabulary/customer'
import type { EntryState } from '../audience/entry.sql.ts'
import type { Queryable } from '@loopline/postgres/queryable'

/** What the list says of one entry, as far as it bears on "why not now?". */
export interface ListedEntry {
  bucket: number
  customerId: CustomerId
  state: EntryState
  matches: boolean
  tries: number
  dueAt: Date
  holdReason: string | null
  wakeAt: Date | null
}

/** One page of a campaign's list in the order of its key; who was withdrawn belongs no more. */
export function readListed(queryable: Queryable, campaignId: CampaignId, after: { bucket: number; customerId: CustomerId | null }, limit: number): Promise<ListedEntry[]> {
  return queryable.sql<ListedEntry>`
    select bucket, customer_id as "customerId", state, matches, tries, due_at as "dueAt", hold_reason as "holdReason", wake_at as "wakeAt"
      from dialer.entry
     where (bucket, customer_id) > (${after.bucket}::smallint, ${after.customerId ?? '00000000-0000-0000-0000-000000000000'}::uuid)
       and campaign_id = ${campaignId} and state <> 'withdrawn'
     order by bucket, customer_id limit ${limit}`
}

/** Persons of one page who are alike to the gate, and how many they are. `kind` is what the caller told of their entries. */
export interface AlikePersons {
  kind: number
  count: number
  deleted: boolean
  neverCall: boolean
  status: CustomerStatus
  marketingConsent: Consent
  timeZone: string | null
  sandbox: boolean
  prefixes: string[] | null
  usablePhones: number
  pausedUntil: number | null
  attemptDay: string | null
  attemptsThatDay: number
  recentAt: number[]
  abandonedAt: number | null
  onStopList: boolean
  registeredPhones: number
  attemptOpen: boolean
}

export interface AlikeQuery {
  campaignId: CampaignId | null
  /** Unix ms: pauses before it are over, and attempts before `since` count in no window. */
  now: number
  since: number
}

/**
 * Groups these persons by everything that the gate looks at. Most of an audience is alike, so that 10,000 persons come back as
 * a few dozen rows, and the gate is asked once for each.
 */
export function groupAlike(queryable: Queryable, persons: readonly { customerId: CustomerId; kind: number }[], { campaignId, now, since }: AlikeQuery): Promise<AlikePersons[]> {
  return queryable.sql<AlikePersons>`
    with alike as materialized (
      select w.kind, p.deleted, p.never_call, p.status, p.marketing_consent, p.time_zone, p.sandbox, case when p.phone_blind is not null then p.phone_prefixes end as prefixes,
             cardinality(array_positions(p.phone_usable, true)) as usable,
             case when p.paused_until > ${now}::bigint then p.paused_until end as paused,
             case when p.attempts_that_day > 0 then p.attempt_day end as attempt_day, p.attempts_that_day,
             array(select at from unnest(p.recent_at) as r(at) where at > ${since}::bigint) as recent,
             case when p.abandoned_at > ${now - ABANDONED_MAX_MS}::bigint then p.abandoned_at end as abandoned,
             coalesce(listed.stop, false) as stop, coalesce(listed.registered, 0) as registered,
             exists (select from dialer.attempt a where a.customer_id = p.customer_id and a.ended_at is null) as open
        from unnest(${persons.map((one) => one.customerId)}::uuid[], ${persons.map((one) => one.kind)}::integer[]) as w(customer_id, kind)
        join dialer.person p on p.customer_id = w.customer_id
        left join lateral (
             select bool_or(l.kind = 'own' or l.campaign_id = ${campaignId}::uuid) as stop, count(*) filter (where l.kind = 'registry' and m.usable) as registered
               from unnest(p.phone_blind, p.phone_usable) as m(blind, usable)
               join dialer.dnc d on d.blind_index = m.blind
               join dialer.dnc_list l on l.copy_id = d.copy_id) listed on true)
    select kind, count(*) as count, deleted, never_call as "neverCall", status, marketing_consent as "marketingConsent", time_zone as "timeZone", sandbox, prefixes, coalesce(usable, 0) as "usablePhones",
           paused as "pausedUntil", attempt_day as "attemptDay", attempts_that_day as "attemptsThatDay", recent as "recentAt", abandoned as "abandonedAt", stop as "onStopList",
           registered as "registeredPhones", open as "attemptOpen"
      from alike
     group by kind, deleted, never_call, status, marketing_consent, time_zone, sandbox, prefixes, usable, paused, attempt_day, attempts_that_day, recent, abandoned, stop, registered, open`
}

/** Longer than any pack may lock a person after an abandoned call. */
const ABANDONED_MAX_MS = 366 * 86_400_000

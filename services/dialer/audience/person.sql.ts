import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import { phoneMarksOf } from './phone-marks.ts'
import type { PhoneKeys, PhoneMark } from './phone-marks.ts'
import type { TriesOfPhones } from './phone-tries.ts'

/** Phone id → the lines and callee's days that said that the number does not exist; `id` is the attempt that saw it. */
export type InvalidSightings = Record<string, { lineId: string; day: string; id: string }[]>

/** A customer as the dialer keeps it, with what only the dialer counts. */
export interface Person {
  state: CustomerState
  /** Callee's local day of the last attempt, and the attempts of that day. */
  attemptDay: string | null
  attemptsThatDay: number
  invalidSightings: InvalidSightings | null
  /** Line id → the number of ours that he saw last on it. */
  callerIds?: Record<string, string> | null
  phoneTries?: TriesOfPhones | null
  /** When the newest attempts began, unix ms. */
  recentAt: number[]
  /** When a call of ours was last abandoned on this person, unix ms. */
  abandonedAt: number | null
  /** Null: not computed, and then nobody calls. */
  phoneMarks: PhoneMark[] | null
  listings: Listing[]
}

/** A do-not-call list that holds one of the person's numbers. */
export interface Listing {
  phoneId: string
  kind: 'own' | 'campaign' | 'registry'
  campaignId: string | null
  listId: string
}

/**
 * Keeps customers, the newest version of each. Batches travel as one JSON text: 100 states cost half of what the same
 * rows cost as arrays, because nobody escapes quotes twice.
 *
 * @param keys opens the numbers, for their blind indexes: lists of numbers are asked by these.
 * @param addNew false keeps only those already known: nobody else's customers are copied while no campaign is live.
 * @returns the customers that were really newer, locked until the transaction ends.
 */
export async function keepPersons(queryable: Queryable, states: readonly CustomerState[], addNew: boolean, keys: PhoneKeys): Promise<Set<CustomerId>> {
  if (states.length === 0) return new Set()
  const rows = await queryable.sql<{ customerId: CustomerId }>`
    insert into dialer.person as p (customer_id, version, state, deleted, never_call, status, marketing_consent, sandbox, owner_id, team_id,
                                    phone_ids, phone_blind, phone_prefixes, time_zone, paused_until, phone_usable)
    select w.id, w.version, w.state, w.deleted, w.never, w.status, w.consent, w.sandbox, w.owner, w.team, w.ids, w.blind, w.prefixes, w.zone, w.paused, w.usable
      from json_to_recordset(${json(states.map((state) => personRow(state, keys)))}::json) as w(
        id uuid, version integer, state json, deleted boolean, never boolean, status text, consent text, sandbox boolean, owner uuid, team uuid,
        ids uuid[], blind bytea[], prefixes text[], zone text, paused bigint, usable boolean[])
     where ${addNew} or exists (select from dialer.person known where known.customer_id = w.id)
     order by w.id
    on conflict (customer_id) do update
       set version = excluded.version, state = excluded.state, deleted = excluded.deleted, never_call = excluded.never_call,
           status = excluded.status, marketing_consent = excluded.marketing_consent, sandbox = excluded.sandbox,
           owner_id = excluded.owner_id, team_id = excluded.team_id, phone_ids = excluded.phone_ids, phone_blind = excluded.phone_blind,
           phone_prefixes = excluded.phone_prefixes, time_zone = excluded.time_zone, paused_until = excluded.paused_until, phone_usable = excluded.phone_usable
     where p.version < excluded.version
    returning p.customer_id as "customerId"`
  return new Set(rows.map((row) => row.customerId))
}

function personRow(state: CustomerState, keys: PhoneKeys): object {
  return {
    ...markRow(state, keys),
    id: state.customerId, version: state.version, state, deleted: state.deleted, never: state.neverCall, status: state.status,
    consent: state.marketingConsent, sandbox: state.sandbox, owner: state.ownerId, team: state.teamId,
  }
}

function markRow(state: CustomerState, keys: PhoneKeys): object {
  const marks = phoneMarksOf(state, keys)
  return {
    id: state.customerId, ids: marks?.map((mark) => mark.phoneId) ?? null, blind: marks?.map((mark) => `\\x${mark.blind}`) ?? null, prefixes: marks?.map((mark) => mark.prefix) ?? null,
    zone: state.timeZone, paused: state.followUpPausedUntil, usable: state.phones.map((phone) => phone.state === 'usable'),
  }
}

/** Marks persons that were kept before their numbers were: up to `limit`. Answers how many there were. */
export async function markPersons(queryable: Queryable, keys: PhoneKeys, after: CustomerId | null, limit: number): Promise<CustomerId | null> {
  const rows = await queryable.sql<{ customerId: CustomerId; version: number; state: CustomerState }>`
    select customer_id as "customerId", version, state from dialer.person
     where phone_blind is null and customer_id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid order by customer_id limit ${limit}`
  await queryable.execute`
    update dialer.person p
       set phone_ids = w.ids, phone_blind = w.blind, phone_prefixes = w.prefixes, time_zone = w.zone, paused_until = w.paused, phone_usable = w.usable
      from json_to_recordset(${json(rows.map(({ state, version }) => ({ ...markRow(state, keys), version })))}::json) as w(
        id uuid, version integer, ids uuid[], blind bytea[], prefixes text[], zone text, paused bigint, usable boolean[])
     where p.customer_id = w.id and p.version = w.version`
  return rows.at(-1)?.customerId ?? null
}

export async function readPersons(queryable: Queryable, customerIds: readonly CustomerId[]): Promise<Map<CustomerId, Person>> {
  if (customerIds.length === 0) return new Map()
  const rows = await queryable.sql<Person>`
    select state, attempt_day as "attemptDay", attempts_that_day as "attemptsThatDay", invalid_sightings as "invalidSightings", caller_ids as "callerIds", phone_tries as "phoneTries",
           to_json(recent_at) as "recentAt", abandoned_at as "abandonedAt",
           case when phone_blind is not null then (
             select coalesce(json_agg(json_build_object('phoneId', m.id, 'blind', encode(m.blind, 'hex'), 'prefix', m.prefix) order by m.n), '[]')
               from unnest(p.phone_ids, p.phone_blind, p.phone_prefixes) with ordinality as m(id, blind, prefix, n)) end as "phoneMarks",
           (select coalesce(json_agg(json_build_object('phoneId', m.id, 'kind', l.kind, 'campaignId', l.campaign_id, 'listId', l.list_id)), '[]')
              from unnest(p.phone_ids, p.phone_blind) as m(id, blind)
              join dialer.dnc d on d.blind_index = m.blind
              join dialer.dnc_list l on l.copy_id = d.copy_id) as listings
      from dialer.person p where customer_id = any(${customerIds}::uuid[])`
  return new Map(rows.map((row) => [row.state.customerId, row]))
}

/** Remembers what carriers said of these numbers, whole: the caller read them in this transaction. */
export async function keepSightings(queryable: Queryable, rows: readonly { customerId: CustomerId; sightings: InvalidSightings }[]): Promise<void> {
  if (rows.length === 0) return
  await queryable.execute`
    update dialer.person p set invalid_sightings = w.sightings
      from json_to_recordset(${json(rows.map(({ customerId, sightings }) => ({ id: customerId, sightings })))}::json) as w(id uuid, sightings jsonb)
     where p.customer_id = w.id`
}

/** What the caller of the API says of where consent comes from. */
export async function keepConsentProofs(queryable: Queryable, rows: readonly { customerId: CustomerId; proof: object }[]): Promise<void> {
  await queryable.execute`
    update dialer.person p set consent_proof = w.proof
      from json_to_recordset(${json(rows.map(({ customerId, proof }) => ({ id: customerId, proof })))}::json) as w(id uuid, proof jsonb)
     where p.customer_id = w.id and p.consent_proof is distinct from w.proof`
}

/** Remembers that these persons answered and heard nobody of ours, at this instant (unix ms). */
export async function keepAbandoned(queryable: Queryable, customerIds: readonly CustomerId[], now: number): Promise<void> {
  if (customerIds.length === 0) return
  await queryable.execute`update dialer.person set abandoned_at = greatest(abandoned_at, ${now}::bigint) where customer_id = any(${customerIds}::uuid[])`
}

import { SqlText } from '@loopline/postgres/sql'
import type { Queryable } from '@loopline/postgres/queryable'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import type { CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import { CUSTOMER_COLUMNS } from './customer-row.ts'
import type { ConsentRow, CustomerRow, PhoneRow } from './customer-row.ts'

/** All that an edit looks at, as one snapshot shows it. */
export interface WholeCustomer {
  row: CustomerRow
  phones: PhoneRow[]
  consents: ConsentRow[]
  bookVersion: number
}

type Instants = 'createdAt' | 'updatedAt' | 'touchedAt' | 'lastFollowUpAt' | 'followUpPausedUntil' | 'lastCalledAt'

/** The same as JSON has it: instants in ISO 8601, bytes in hex. */
interface Read {
  row: Omit<CustomerRow, Instants> & Record<Instants, string | null> & Record<'createdAt' | 'updatedAt' | 'touchedAt', string>
  phones: { phoneId: PhoneId; position: number; sealed: string; state: PhoneRow['state'] }[] | null
  consents: { purpose: ConsentRow['purpose']; state: ConsentRow['state']; source: string | null; at: string }[] | null
  bookVersion: number | null
}

// By a list in JSON, not `= any`: an array of unknown length is guessed at ten rows, and the server then plans every call
// anew, while a list in JSON is always guessed at a hundred. The row as one JSON column, not thirty: pg reads the
// description of every column with every answer (186 µs of our CPU a call against 261, for one customer).
const WHOLE = `
  select row_to_json(c) as row,
         (select json_agg(p) from (
            select phone_id as "phoneId", position, encode(sealed, 'hex') as sealed, state
              from crm.phone where customer_id = c."customerId" order by position, phone_id) p) as phones,
         (select json_agg(n) from (
            select distinct on (purpose) purpose, state, source, at
              from crm.consent where customer_id = c."customerId" order by purpose, recorded_at desc, id desc) n) as consents,
         (select version from crm.rule_book where book = 1) as "bookVersion"
    from (select ${CUSTOMER_COLUMNS}
            from json_array_elements_text($1::json) as wanted(id) join crm.customer c on c.customer_id = wanted.id::uuid) c`

/** Customers with phones and newest consents, by id, not locked; removed ones included. */
export async function readWhole(q: Queryable, ids: readonly CustomerId[]): Promise<Map<CustomerId, WholeCustomer>> {
  const { rows } = await q.run<Read>(new SqlText(WHOLE, [JSON.stringify(ids)], 'crm_whole_customers'))
  return new Map(rows.map((read) => [read.row.customerId, wholeOf(read)]))
}

function wholeOf({ row, phones, consents, bookVersion }: Read): WholeCustomer {
  const { customerId } = row
  return {
    row: rowOf(row),
    phones: (phones ?? []).map((phone) => ({ ...phone, customerId, sealed: Buffer.from(phone.sealed, 'hex') })),
    consents: (consents ?? []).map((consent) => ({ ...consent, customerId, at: new Date(consent.at) })),
    bookVersion: bookVersion ?? 0,
  }
}

function rowOf(row: Read['row']): CustomerRow {
  const { lastFollowUpAt, followUpPausedUntil, lastCalledAt } = row
  return {
    ...row,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    touchedAt: new Date(row.touchedAt),
    lastFollowUpAt: lastFollowUpAt === null ? null : new Date(lastFollowUpAt),
    followUpPausedUntil: followUpPausedUntil === null ? null : new Date(followUpPausedUntil),
    lastCalledAt: lastCalledAt === null ? null : new Date(lastCalledAt),
  }
}

// Rows that somebody else has locked are passed over, never waited for: neither can two batches deadlock, nor does one
// customer hold up the others. `version` is asked again by the update: the lock may have found a newer row than the snapshot.
const SAVE = `
  with edit as materialized (
    select * from json_to_recordset($1::json) as e(
      id uuid, was integer, version integer, level text, status text, tags text[], region text, industry text, intent text,
      never boolean, zone text, paused timestamptz, at timestamptz, item uuid, kind text, actor text, actor_name text,
      shown jsonb, topic text, partition smallint, sequence bigint, event_id uuid, event json)),
  free as materialized (
    select c.customer_id from edit e join crm.customer c on c.customer_id = e.id
     where c.version = e.was and not c.deleted
     order by c.customer_id for no key update of c skip locked),
  saved as (
    update crm.customer c
       set version = e.version, level = e.level, status = e.status, tags = e.tags, region = e.region, industry = e.industry,
           intent = e.intent, never_call = e.never, time_zone = e.zone, follow_up_paused_until = e.paused,
           updated_at = e.at, touched_at = e.at
      from edit e join free f on f.customer_id = e.id
     where c.customer_id = e.id and c.version = e.was
    returning c.customer_id),
  shown as (
    insert into crm.timeline (customer_id, id, at, kind, actor_id, actor_name, body)
    select e.id, e.item, e.at, e.kind, e.actor, e.actor_name, e.shown
      from edit e join saved s on s.customer_id = e.id where e.item is not null)
  insert into crm.outbox (topic, partition, key, sequence, id, body)
  select e.topic, e.partition, e.id, e.sequence, e.event_id, e.event::text
    from edit e join saved s on s.customer_id = e.id
  returning key`

/** An edit as it is to be written, if the row still has version `was`. */
export interface RowEdit {
  was: number
  row: CustomerRow
  item: TimelineRow | null
  event: OutboxEvent
}

/**
 * Writes edits of rows alone, at most one a customer, with their timeline items and events: one statement is one
 * transaction, so all of it or nothing, and the rows are locked from the update to the commit, as the outbox asks.
 *
 * @returns the customers that were written; with the others somebody else was faster, or is at work on them now.
 */
export async function saveRowEdits(q: Queryable, edits: readonly RowEdit[]): Promise<Set<CustomerId>> {
  const { rows } = await q.run<{ key: CustomerId }>(new SqlText(SAVE, [`[${edits.map(savedJson).join(',')}]`], 'crm_save_row_edits'))
  return new Set(rows.map(({ key }) => key))
}

/** The event is JSON already and is put in as it is: nobody escapes quotes twice, and the column `json` keeps every byte. */
function savedJson({ was, row, item, event }: RowEdit): string {
  const fields = {
    id: row.customerId, was, version: row.version, level: row.level, status: row.status, tags: row.tags, region: row.region,
    industry: row.industry, intent: row.intent, never: row.neverCall, zone: row.timeZone, paused: row.followUpPausedUntil, at: row.updatedAt,
    item: item?.id, kind: item?.kind, actor: item?.actorId, actor_name: item?.actorName, shown: item?.body,
    topic: event.topic, partition: event.partition, sequence: event.sequence, event_id: event.id,
  }
  return `${JSON.stringify(fields).slice(0, -1)},"event":${event.body}}`
}

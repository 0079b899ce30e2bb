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

// By `= $1`, not `= any`: an array of unknown length is guessed at ten rows, and the server then plans every call anew.
// The row as one JSON column, not thirty: pg reads the description of every column with every answer. CPU of this process
// for all of this is 186 µs a call; with columns it was 261 (machine shared with others).
const WHOLE = `
  select row_to_json(c) as row,
         (select json_agg(p) from (
            select phone_id as "phoneId", position, encode(sealed, 'hex') as sealed, state
              from crm.phone where customer_id = $1 order by position, phone_id) p) as phones,
         (select json_agg(n) from (
            select distinct on (purpose) purpose, state, source, at
              from crm.consent where customer_id = $1 order by purpose, recorded_at desc, id desc) n) as consents,
         (select version from crm.rule_book where book = 1) as "bookVersion"
    from (select ${CUSTOMER_COLUMNS} from crm.customer c where c.customer_id = $1) c`

/** A customer with phones and newest consents, not locked; removed ones included. */
export async function readWhole(q: Queryable, customerId: CustomerId): Promise<WholeCustomer | null> {
  const { rows: [read] } = await q.run<Read>(new SqlText(WHOLE, [customerId], 'crm_whole_customer'))
  if (!read) return null
  return {
    row: rowOf(read.row),
    phones: (read.phones ?? []).map((phone) => ({ ...phone, customerId, sealed: Buffer.from(phone.sealed, 'hex') })),
    consents: (read.consents ?? []).map((consent) => ({ ...consent, customerId, at: new Date(consent.at) })),
    bookVersion: read.bookVersion ?? 0,
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

const SAVE = `
  with saved as (
    update crm.customer
       set version = $3, level = $4, status = $5, tags = $6, region = $7, industry = $8, intent = $9, never_call = $10,
           time_zone = $11, follow_up_paused_until = $12, updated_at = $13, touched_at = $13
     where customer_id = $1 and version = $2 and not deleted
    returning customer_id),
  shown as (
    insert into crm.timeline (customer_id, id, at, kind, actor_id, actor_name, body)
    select $1, $14, $13, $15, $16, $17, $18 from saved where $14::uuid is not null)
  insert into crm.outbox (topic, partition, key, sequence, id, body)
  select $19, $20, $1, $21, $22, $23 from saved`

/**
 * Writes an edit of the row alone, its timeline item and its event, if the row still has `version`: one statement is one
 * transaction, so all of it or nothing, and the row is locked from the update to the commit, as the outbox asks.
 *
 * @returns false when somebody else was faster.
 */
export async function saveRowEdit(q: Queryable, version: number, row: CustomerRow, item: TimelineRow | null, event: OutboxEvent): Promise<boolean> {
  const { rowCount } = await q.run(new SqlText(SAVE, [
    row.customerId, version, row.version, row.level, row.status, row.tags, row.region, row.industry, row.intent, row.neverCall,
    row.timeZone, row.followUpPausedUntil?.toISOString() ?? null, row.updatedAt.toISOString(),
    item?.id ?? null, item?.kind ?? null, item?.actorId ?? null, item?.actorName ?? null, item ? JSON.stringify(item.body) : null,
    event.topic, event.partition, event.sequence, event.id, event.body,
  ], 'crm_save_row_edit'))
  return rowCount === 1
}

import { SqlText } from '@loopline/postgres/sql'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { CUSTOMER_COLUMNS } from './customer-row.ts'
import type { ConsentRow, CustomerRow, PhoneRow } from './customer-row.ts'
import { gramCode } from './gram-code.ts'

const BY_IDS = `select ${CUSTOMER_COLUMNS} from crm.customer c where c.customer_id = any($1::uuid[]) order by c.customer_id`

/** Customers by id, removed ones included, ordered by id. */
export async function customersByIds(q: Queryable, ids: readonly CustomerId[]): Promise<CustomerRow[]> {
  return (await q.run<CustomerRow>(new SqlText(BY_IDS, [ids], 'crm_customers_by_ids'))).rows
}

/** The same, locked until the transaction ends; always taken in the order of ids, so that two batches cannot deadlock. */
export async function lockCustomers(transaction: Transaction, ids: readonly CustomerId[]): Promise<CustomerRow[]> {
  const statement = new SqlText(`${BY_IDS} for no key update`, [ids], 'crm_lock_customers')
  return (await transaction.run<CustomerRow>(statement)).rows
}

/** Phones of these customers in dialling order. */
export function phonesOf(q: Queryable, ids: readonly string[]): Promise<PhoneRow[]> {
  return q.sql<PhoneRow>`
    select customer_id as "customerId", phone_id as "phoneId", position, sealed, state
      from crm.phone where customer_id = any(${ids}::uuid[])
     order by customer_id, position, phone_id`
}

/** The newest consent of each purpose. */
export function consentsOf(q: Queryable, ids: readonly string[]): Promise<ConsentRow[]> {
  return q.sql<ConsentRow>`
    select distinct on (customer_id, purpose) customer_id as "customerId", purpose, state, source, at
      from crm.consent where customer_id = any(${ids}::uuid[])
     order by customer_id, purpose, recorded_at desc, id desc`
}

export async function insertCustomer(transaction: Transaction, row: CustomerRow): Promise<void> {
  await transaction.sql`
    insert into crm.customer (customer_id, version, deleted, name, company, level, status, owner_id, team_id, tags, region,
      industry, intent, marketing_consent, recording_consent, never_call, time_zone, last_follow_up_at,
      follow_up_paused_until, created_at, updated_at, touched_at, sandbox, import_id)
    values (${row.customerId}, ${row.version}, false, ${row.name}, ${row.company}, ${row.level}, ${row.status}, ${row.ownerId},
      ${row.teamId}, ${row.tags}, ${row.region}, ${row.industry}, ${row.intent}, ${row.marketingConsent},
      ${row.recordingConsent}, ${row.neverCall}, ${row.timeZone}, ${row.lastFollowUpAt}, ${row.followUpPausedUntil},
      ${row.createdAt}, ${row.updatedAt}, ${row.touchedAt}, ${row.sandbox}, ${row.importId})`
}

/** Writes what people may edit. The row is locked by the caller, who has compared versions. */
export async function updateCustomer(transaction: Transaction, row: CustomerRow): Promise<void> {
  await transaction.sql`
    update crm.customer
       set version = ${row.version}, deleted = ${row.deleted}, name = ${row.name}, company = ${row.company},
           level = ${row.level}, status = ${row.status}, owner_id = ${row.ownerId}, team_id = ${row.teamId},
           tags = ${row.tags}, region = ${row.region}, industry = ${row.industry}, intent = ${row.intent},
           marketing_consent = ${row.marketingConsent}, recording_consent = ${row.recordingConsent},
           never_call = ${row.neverCall}, time_zone = ${row.timeZone}, last_follow_up_at = ${row.lastFollowUpAt},
           follow_up_paused_until = ${row.followUpPausedUntil}, updated_at = ${row.updatedAt}, touched_at = ${row.touchedAt}
     where customer_id = ${row.customerId}`
}

/** Makes the customer findable under these words, instead of any before. */
export async function saveGrams(transaction: Transaction, customerId: CustomerId, grams: readonly string[]): Promise<void> {
  await transaction.sql`
    insert into crm.customer_gram (customer_id, grams) values (${customerId}, ${grams.map(gramCode)}::bigint[])
    on conflict (customer_id) do update set grams = excluded.grams`
}

export async function deleteGrams(transaction: Transaction, customerId: CustomerId): Promise<void> {
  await transaction.sql`delete from crm.customer_gram where customer_id = ${customerId}`
}

export interface NewConsent {
  customerId: CustomerId
  id: string
  purpose: ConsentRow['purpose']
  state: ConsentRow['state']
  source: string
  at: Date
  recordedAt: Date
  actorId: string
}

/** Adds to the history of consents. */
export async function insertConsents(transaction: Transaction, consents: readonly NewConsent[]): Promise<void> {
  for (const consent of consents) {
    await transaction.sql`
      insert into crm.consent (customer_id, id, purpose, state, source, at, recorded_at, actor_id)
      values (${consent.customerId}, ${consent.id}, ${consent.purpose}, ${consent.state}, ${consent.source}, ${consent.at},
              ${consent.recordedAt}, ${consent.actorId})`
  }
}

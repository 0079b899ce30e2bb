import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { PhoneRow } from './customer-row.ts'

export interface NewPhone extends PhoneRow {
  blindIndex: Buffer
  lastFourIndex: Buffer
}

/** Takes numbers for a customer. Returns those taken now; the others belong to somebody, perhaps to the same customer. */
export async function takeNumbers(transaction: Transaction, customerId: CustomerId, blindIndexes: readonly Buffer[]): Promise<Buffer[]> {
  const rows = await transaction.sql<{ blindIndex: Buffer }>`
    insert into crm.phone_index (blind_index, customer_id)
    select distinct blind_index, ${customerId}::uuid from unnest(${blindIndexes}::bytea[]) as blind_index
    on conflict (blind_index) do nothing
    returning blind_index as "blindIndex"`
  return rows.map((row) => row.blindIndex)
}

export async function insertPhones(transaction: Transaction, phones: readonly NewPhone[]): Promise<void> {
  if (phones.length === 0) return
  await transaction.sql`
    insert into crm.phone (customer_id, phone_id, position, sealed, blind_index, last_four_index, state)
    select * from unnest(${phones.map((p) => p.customerId)}::uuid[], ${phones.map((p) => p.phoneId)}::uuid[],
      ${phones.map((p) => p.position)}::smallint[], ${phones.map((p) => p.sealed)}::bytea[],
      ${phones.map((p) => p.blindIndex)}::bytea[], ${phones.map((p) => p.lastFourIndex)}::bytea[],
      ${phones.map((p) => p.state)}::text[])`
}

/** Removes phones of one customer and frees their numbers. Returns how many there were. */
export async function removePhones(transaction: Transaction, customerId: CustomerId, phoneIds: readonly string[]): Promise<number> {
  const removed = await transaction.sql<{ blindIndex: Buffer }>`
    delete from crm.phone where customer_id = ${customerId} and phone_id = any(${phoneIds}::uuid[])
    returning blind_index as "blindIndex"`
  await transaction.sql`
    delete from crm.phone_index
     where blind_index = any(${removed.map((row) => row.blindIndex)}::bytea[]) and customer_id = ${customerId}`
  return removed.length
}

/** These numbers do not exist: never dialled again. */
export async function invalidatePhones(transaction: Transaction, phones: readonly { customerId: CustomerId; phoneId: string }[]): Promise<void> {
  if (phones.length === 0) return
  await transaction.sql`
    update crm.phone set state = 'invalid'
      from unnest(${phones.map((p) => p.customerId)}::uuid[], ${phones.map((p) => p.phoneId)}::uuid[]) as dead (customer_id, phone_id)
     where phone.customer_id = dead.customer_id and phone.phone_id = dead.phone_id`
}

/** These numbers do exist after all. */
export async function revivePhones(transaction: Transaction, phones: readonly { customerId: CustomerId; phoneId: string }[]): Promise<void> {
  if (phones.length === 0) return
  await transaction.sql`
    update crm.phone set state = 'usable'
      from unnest(${phones.map((p) => p.customerId)}::uuid[], ${phones.map((p) => p.phoneId)}::uuid[]) as alive (customer_id, phone_id)
     where phone.customer_id = alive.customer_id and phone.phone_id = alive.phone_id`
}

/** Whose number this is; null when nobody's. */
export async function phoneByIndex(q: Queryable, blindIndex: Buffer): Promise<{ customerId: CustomerId; phoneId: string } | null> {
  const [owner] = await q.sql<{ customerId: CustomerId }>`select customer_id as "customerId" from crm.phone_index where blind_index = ${blindIndex}`
  if (owner === undefined) return null
  const [phone] = await q.sql<{ phoneId: string }>`
    select phone_id as "phoneId" from crm.phone where customer_id = ${owner.customerId} and blind_index = ${blindIndex}`
  return phone === undefined ? null : { customerId: owner.customerId, phoneId: phone.phoneId }
}

export async function phoneOf(q: Queryable, customerId: CustomerId, phoneId: string): Promise<PhoneRow | null> {
  const [row] = await q.sql<PhoneRow>`
    select customer_id as "customerId", phone_id as "phoneId", position, sealed, state
      from crm.phone where customer_id = ${customerId} and phone_id = ${phoneId}`
  return row ?? null
}

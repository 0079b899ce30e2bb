import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'

/** Remembers customers to be fetched, in the transaction that passes their event. */
export async function addNewcomers(queryable: Queryable, rows: readonly { id: string; customerIds: readonly CustomerId[] }[]): Promise<void> {
  for (const { id, customerIds } of rows) await queryable.execute`insert into dialer.newcomer (id, customer_ids) values (${id}, ${customerIds}) on conflict do nothing`
}

/** The oldest batch that nobody works on, locked until the transaction ends. */
export async function takeNewcomers(queryable: Queryable): Promise<{ id: string; customerIds: CustomerId[] } | undefined> {
  const [row] = await queryable.sql<{ id: string; customerIds: CustomerId[] }>`
    select id, customer_ids as "customerIds" from dialer.newcomer order by id limit 1 for update skip locked`
  return row
}

export async function dropNewcomers(queryable: Queryable, id: string): Promise<void> {
  await queryable.execute`delete from dialer.newcomer where id = ${id}`
}

import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { OWN_LIST } from './list.sql.ts'

/** Takes off the company's own list what these customers had put there by their refusal. Answers how many numbers. */
export async function forgetRefusals(queryable: Queryable, customerIds: readonly CustomerId[]): Promise<number> {
  if (customerIds.length === 0) return 0
  const rows = await queryable.sql<{ blind: string; addedBy: string }>`
    select encode(d.blind_index, 'hex') as blind, d.added_by as "addedBy"
      from dialer.person p
     cross join lateral unnest(p.phone_blind) as m(blind)
      join dialer.dnc_list l on l.list_id = ${OWN_LIST}
      join dialer.dnc d on d.blind_index = m.blind and d.copy_id = l.copy_id and d.added_by = 'customer:' || p.customer_id
     where p.customer_id = any(${customerIds}::uuid[])`
  if (rows.length === 0) return 0
  return queryable.execute`
    delete from dialer.dnc d
     where d.copy_id = (select copy_id from dialer.dnc_list where list_id = ${OWN_LIST})
       and (d.blind_index, d.added_by) in (
           select decode(w.blind, 'hex'), w.added_by from unnest(${rows.map((row) => row.blind)}::text[], ${rows.map((row) => row.addedBy)}::text[]) as w(blind, added_by))`
}

import type { Queryable } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerView } from '@loopline/contracts/customer'
import type { Actor, Deps } from '../deps.ts'
import { crmError } from '../errors.ts'
import { byCustomer, viewOf } from './customer-row.ts'
import type { CustomerRow } from './customer-row.ts'
import { consentsOf, customersByIds, phonesOf } from './customer.sql.ts'
import { inScope } from './scope.ts'

/** One customer as people see it. Somebody else's customer is as absent as none (P18). @throws CUSTOMER_NOT_FOUND */
export async function viewCustomer(deps: Deps, actor: Actor, customerId: CustomerId): Promise<CustomerView> {
  const [view] = await viewsOf(deps, deps.db, [await visibleCustomer(deps.db, actor, customerId)])
  return view as CustomerView
}

/** The row of a customer the actor may touch. @throws CUSTOMER_NOT_FOUND */
export async function visibleCustomer(q: Queryable, actor: Actor, customerId: CustomerId): Promise<CustomerRow> {
  const [row] = await customersByIds(q, [customerId])
  return visible(actor, row)
}

/** Refuses rows that are removed or out of scope. @throws CUSTOMER_NOT_FOUND */
export function visible(actor: Actor, row: CustomerRow | undefined): CustomerRow {
  if (!row || row.deleted || (!inScope(actor, row) && actor.serves !== row.customerId)) throw crmError('CUSTOMER_NOT_FOUND')
  return row
}

/** Views of rows, in their order. */
export async function viewsOf(deps: Deps, q: Queryable, rows: readonly CustomerRow[]): Promise<CustomerView[]> {
  const ids = rows.map((row) => row.customerId)
  const phones = byCustomer(await phonesOf(q, ids))
  const consents = byCustomer(await consentsOf(q, ids))
  return rows.map((row) => viewOf(row, phones.get(row.customerId) ?? [], consents.get(row.customerId) ?? [], deps.keys))
}

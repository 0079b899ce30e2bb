import type { z } from 'zod'
import { fragment } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import { isId } from '@loopline/vocabulary/ids'
import type { CustomerListQuery, CustomerView } from '@loopline/contracts/customer'
import type { Actor, Deps } from '../deps.ts'
import { conditionSql, readConditionText } from './condition.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { CustomerRow } from './customer-row.ts'
import { customerPage } from './list.sql.ts'
import { scopeSql } from './scope.ts'
import { searchSql } from './search.ts'
import { SORTS } from './sorts.ts'
import { viewsOf } from './view-customer.ts'

export type CustomerListInput = z.infer<typeof CustomerListQuery>

/** One page of the customers the actor may see. Keyset paging: no count, no offset, equally fast on every page. */
export async function listCustomers(deps: Deps, actor: Actor, query: CustomerListInput): Promise<{ items: CustomerView[]; next: string | null }> {
  const sort = SORTS[query.sort]
  const rows = await customerPage(deps.db, {
    where: whereOf(deps, actor, query),
    after: query.cursor === undefined ? fragment`true` : sort.after(readCursor(query.cursor, sort.keyLength)),
    orderBy: sort.orderBy,
    limit: query.limit + 1,
  })
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? (page.at(-1) as CustomerRow) : null
  return { items: await viewsOf(deps, deps.db, page), next: last && writeCursor(sort.keyOf(last)) }
}

function whereOf(deps: Deps, actor: Actor, { search, condition, view }: CustomerListInput): SqlText {
  const searched = search === undefined || search === '' ? fragment`true` : searchSql(deps.keys, search, view === 'all' ? actor.scope : 'own')
  const met = condition === undefined ? fragment`true` : conditionSql(readConditionText(condition), deps.clock.now())
  return fragment`not c.deleted and ${scopeSql(actor)} and ${viewSql(actor, view)} and ${searched} and ${met}`
}

function viewSql({ identity }: Actor, view: CustomerListInput['view']): SqlText {
  switch (view) {
    case 'all': return fragment`true`
    case 'mine': return isId(identity.sub) ? fragment`c.owner_id = ${identity.sub}::uuid` : fragment`false`
    case 'pool': return fragment`c.owner_id is null`
  }
}

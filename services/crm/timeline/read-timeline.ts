import type { z } from 'zod'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { PageQuery } from '@loopline/contracts/page'
import type { TimelineItem } from '@loopline/contracts/customer'
import type { Actor, Deps } from '../deps.ts'
import { readCursor, writeCursor } from '../customer/cursor.ts'
import { visibleCustomer } from '../customer/view-customer.ts'
import { importedFrom } from '../import/import.sql.ts'
import { timelinePage } from './timeline.sql.ts'
import type { TimelineAfter, TimelineRow } from './timeline.sql.ts'

/** One page of what happened to a customer, newest first. @throws CUSTOMER_NOT_FOUND */
export async function readTimeline(deps: Deps, actor: Actor, customerId: CustomerId, query: z.infer<typeof PageQuery>): Promise<{ items: TimelineItem[]; next: string | null }> {
  const customer = await visibleCustomer(deps.db, actor, customerId)
  const rows = await timelinePage(deps.db, customerId, afterOf(query.cursor), query.limit + 1)
  const items = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? items.at(-1) : undefined
  // An import of a million writes no million items: the customer's row says where it came from, the oldest page shows it.
  if (!last && customer.importId) items.push(...(await importItem(deps, customerId, customer.importId, customer.createdAt)))
  return { items: items.map(itemOf), next: last ? writeCursor([last.at.toISOString(), last.id]) : null }
}

function afterOf(cursor: string | undefined): TimelineAfter | null {
  if (cursor === undefined) return null
  const [at, id] = readCursor(cursor, 2) as [string, string]
  return { at, id }
}

async function importItem(deps: Deps, customerId: CustomerId, importId: string, at: Date): Promise<TimelineRow[]> {
  const source = await importedFrom(deps.db, importId)
  if (!source) return []
  const { createdBy, createdByName, ...body } = source
  return [{ customerId, id: importId, at, kind: 'imported', actorId: createdBy, actorName: createdByName, body: { importId, ...body } }]
}

const itemOf = ({ id, at, kind, actorId, actorName, body }: TimelineRow): TimelineItem =>
  ({ id, at: at.toISOString(), kind, actorId, actorName, body })

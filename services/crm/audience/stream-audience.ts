import { fragment } from '@loopline/postgres/sql'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { Deps } from '../deps.ts'
import { conditionSql, readCondition } from '../customer/condition.ts'
import { byCustomer, stateOf } from '../customer/customer-row.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import { customersByIds, phonesOf } from '../customer/customer.sql.ts'
import { phoneByIndex } from '../customer/phone.sql.ts'
import { countUpTo, customerPage, estimateCount } from '../customer/list.sql.ts'

/** Rows held at once: 1,000 states are about 1 MB. */
const PAGE_ROWS = 1_000
/** Counting one row costs about 0.3 µs; beyond this many the planner's belief will do. */
const COUNT_MAX = 200_000
const NOBODY = '00000000-0000-0000-0000-000000000000' as CustomerId

export interface AudienceQuery {
  condition: unknown
  /** Also those who may match later by time alone. */
  includePossible: boolean
  /** Goes on behind this customer, for a reader that was interrupted. */
  afterCustomerId?: CustomerId | undefined
}

/**
 * Everyone who meets the condition, ordered by customer id, as NDJSON in pieces of up to 1,000 lines. Each row is as
 * fresh as its page; what changes behind the reader comes by event, and the newer version wins.
 *
 * @throws CONDITION_INVALID, before the first piece.
 */
export function streamAudience(deps: Deps, query: AudienceQuery): AsyncGenerator<string, void, void> {
  const where = fragment`not c.deleted and ${conditionSql(readCondition(query.condition), deps.clock.now(), query.includePossible)}`
  return pages(query.afterCustomerId ?? NOBODY)

  async function* pages(after: CustomerId): AsyncGenerator<string, void, void> {
    for (;;) {
      const rows = await customerPage(deps.db, { where, after: fragment`c.customer_id > ${after}::uuid`, orderBy: fragment`c.customer_id`, limit: PAGE_ROWS })
      if (rows.length > 0) yield `${(await statesOf(deps, rows)).map((state) => JSON.stringify(state)).join('\n')}\n`
      if (rows.length < PAGE_ROWS) return
      after = (rows.at(-1) as CustomerRow).customerId
    }
  }
}

/** How many match now; `estimated` says that the number is a belief. */
export async function countAudience(deps: Deps, query: AudienceQuery): Promise<{ matching: number; estimated: boolean }> {
  const where = fragment`not c.deleted and ${conditionSql(readCondition(query.condition), deps.clock.now(), query.includePossible)}`
  const counted = await countUpTo(deps.db, where, COUNT_MAX)
  if (counted < COUNT_MAX) return { matching: counted, estimated: false }
  return { matching: Math.max(counted, await estimateCount(deps.db, where)), estimated: true }
}

/** Customers by id as the others know them; unknown ids are left out, removed customers say so. */
/** Whose number this is, by its blind index; null when nobody's. */
export async function customerByPhone(deps: Deps, blindIndex: Buffer): Promise<{ customer: CustomerState; phoneId: string } | null> {
  const phone = await phoneByIndex(deps.db, blindIndex)
  const [customer] = phone === null ? [] : await customerStates(deps, [phone.customerId])
  return phone === null || customer === undefined || customer.deleted ? null : { customer, phoneId: phone.phoneId }
}

export async function customerStates(deps: Deps, ids: readonly CustomerId[]): Promise<CustomerState[]> {
  return statesOf(deps, await customersByIds(deps.db, ids))
}

async function statesOf(deps: Deps, rows: readonly CustomerRow[]): Promise<CustomerState[]> {
  const phones = byCustomer(await phonesOf(deps.db, rows.map((row) => row.customerId)))
  return rows.map((row) => stateOf(row, phones.get(row.customerId) ?? []))
}

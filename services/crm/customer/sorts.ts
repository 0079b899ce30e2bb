import { fragment } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import type { CustomerRow } from './customer-row.ts'
import { crmError } from '../errors.ts'
import { isId } from '@loopline/vocabulary/ids'

/** An order of the list: how rows are ordered, what a cursor keeps of the last one, and what comes behind it. */
interface Sort {
  readonly orderBy: SqlText
  readonly keyLength: number
  keyOf(row: CustomerRow): string[]
  after(key: readonly string[]): SqlText
}

/** Each matches an index of 000001_customer.sql; "created" goes by id, a UUIDv7 of the instant of creation. */
export const SORTS: Readonly<Record<'updated' | 'created' | 'level' | 'followUp', Sort>> = {
  updated: {
    orderBy: fragment`c.touched_at desc, c.customer_id desc`,
    keyLength: 2,
    keyOf: (row) => [row.touchedAt.toISOString(), row.customerId],
    after: ([at, id]) => fragment`(c.touched_at, c.customer_id) < (${instant(at)}::timestamptz, ${uuid(id)}::uuid)`,
  },
  created: {
    orderBy: fragment`c.customer_id desc`,
    keyLength: 1,
    keyOf: (row) => [row.customerId],
    after: ([id]) => fragment`c.customer_id < ${uuid(id)}::uuid`,
  },
  level: {
    orderBy: fragment`c.level, c.customer_id`,
    keyLength: 2,
    keyOf: (row) => [row.level, row.customerId],
    after: ([level, id]) => fragment`(c.level, c.customer_id) > (${level}, ${uuid(id)}::uuid)`,
  },
  // Whoever was never followed up comes first, then the longest ago.
  followUp: {
    orderBy: fragment`coalesce(c.last_follow_up_at, '-infinity'::timestamptz), c.customer_id`,
    keyLength: 2,
    keyOf: (row) => [row.lastFollowUpAt?.toISOString() ?? NEVER, row.customerId],
    after: ([at, id]) => fragment`(coalesce(c.last_follow_up_at, '-infinity'::timestamptz), c.customer_id) > (${instant(at)}::timestamptz, ${uuid(id)}::uuid)`,
  },
}

const NEVER = '-infinity'

/** What a cursor says came from outside. */
function instant(text: string | undefined): string {
  if (text === undefined || (text !== NEVER && Number.isNaN(Date.parse(text)))) throw crmError('CURSOR_INVALID')
  return text
}

function uuid(text: string | undefined): string {
  if (text === undefined || !isId(text)) throw crmError('CURSOR_INVALID')
  return text
}

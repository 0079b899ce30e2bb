import { copyInBinary } from '@loopline/postgres/copy-binary'
import type { CopyRows, RowRange } from '@loopline/postgres/copy-binary'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { arrayLiteral } from '../customer/array-literal.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import { TABLES } from './batch-rows.ts'
import type { BatchRows, Table } from './batch-rows.ts'
import type { PreparedRow } from './prepare-row.ts'

/** Who has these numbers: blind index in hex → customer. */
export async function ownersOf(q: Queryable, blindHex: readonly string[]): Promise<Map<string, CustomerId>> {
  const rows = await q.sql<{ blindIndex: string; customerId: CustomerId }>`
    select encode(blind_index, 'hex') as "blindIndex", customer_id as "customerId"
      from crm.phone_index where blind_index = any(${`{${blindHex.map((hex) => `"\\\\x${hex}"`).join(',')}}`}::bytea[])`
  return new Map(rows.map((row) => [row.blindIndex, row.customerId]))
}

/** Table and columns for COPY, in the order in which prepare-row.ts writes them. */
const COPIED: Readonly<Record<Table, string>> = {
  phoneIndex: 'crm.phone_index (blind_index, customer_id)',
  customer: `crm.customer (customer_id, name, company, level, status, owner_id, team_id, tags, region, industry, intent, marketing_consent,
    recording_consent, time_zone, created_at, updated_at, touched_at, import_id, sandbox)`,
  phone: 'crm.phone (customer_id, phone_id, position, sealed, blind_index, last_four_index)',
  consent: 'crm.consent (customer_id, id, purpose, state, source, at, recorded_at, actor_id, import_id)',
  search: 'crm.customer_gram (customer_id, grams)',
}

/** Stores new customers. A number that somebody took since `ownersOf` is a unique violation of crm.phone_index. */
export async function copyCreated(transaction: Transaction, rows: BatchRows, created: readonly PreparedRow[]): Promise<void> {
  for (const table of TABLES) {
    const ranges = rangesOf(created, TABLES.indexOf(table))
    if (ranges.length > 0) await copyInBinary(transaction, COPIED[table], rows[table].pieces(ranges))
  }
}

/** Adds to the history of consents. */
export async function copyConsents(transaction: Transaction, rows: CopyRows): Promise<void> {
  if (rows.end > 0) await copyInBinary(transaction, COPIED.consent, rows.pieces())
}

/** What these rows wrote for a table; neighbours are one range, so that a batch without duplicates is sent as it stands. */
function rangesOf(created: readonly PreparedRow[], table: number): RowRange[] {
  const ranges: RowRange[] = []
  for (const { begins, ends } of created) {
    const [from, to] = [begins[table] as number, ends[table] as number]
    const last = ranges.at(-1)
    if (last?.to === from) last.to = to
    else if (to > from) ranges.push({ from, to })
  }
  return ranges
}

/** Writes customers that rows of the file completed or changed. */
export async function saveMerged(transaction: Transaction, rows: readonly CustomerRow[]): Promise<void> {
  const column = <Key extends keyof CustomerRow>(key: Key): CustomerRow[Key][] => rows.map((row) => row[key])
  await transaction.sql`
    update crm.customer c
       set version = new.version, name = new.name, company = new.company, level = new.level, status = new.status,
           owner_id = new.owner_id, team_id = new.team_id, tags = new.tags::text[], region = new.region, industry = new.industry,
           intent = new.intent, marketing_consent = new.marketing_consent, recording_consent = new.recording_consent,
           time_zone = new.time_zone, updated_at = new.updated_at, touched_at = new.updated_at
      from unnest(${column('customerId')}::uuid[], ${column('version')}::integer[], ${column('name')}::text[], ${column('company')}::text[],
             ${column('level')}::text[], ${column('status')}::text[], ${column('ownerId')}::uuid[], ${column('teamId')}::uuid[],
             ${column('tags').map(arrayLiteral)}::text[], ${column('region')}::text[], ${column('industry')}::text[],
             ${column('intent')}::text[], ${column('marketingConsent')}::text[], ${column('recordingConsent')}::text[],
             ${column('timeZone')}::text[], ${column('updatedAt')}::timestamptz[])
        as new (customer_id, version, name, company, level, status, owner_id, team_id, tags, region, industry, intent,
                marketing_consent, recording_consent, time_zone, updated_at)
     where c.customer_id = new.customer_id`
}

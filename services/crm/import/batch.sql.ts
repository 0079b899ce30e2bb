import { copyIn } from '@loopline/postgres/copy'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { arrayLiteral } from '../customer/array-literal.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import type { PreparedRow } from './prepare-row.ts'

/** Who has these numbers: blind index in hex → customer. */
export async function ownersOf(q: Queryable, blindHex: readonly string[]): Promise<Map<string, CustomerId>> {
  const rows = await q.sql<{ blindIndex: string; customerId: CustomerId }>`
    select encode(blind_index, 'hex') as "blindIndex", customer_id as "customerId"
      from crm.phone_index where blind_index = any(${`{${blindHex.map((hex) => `"\\\\x${hex}"`).join(',')}}`}::bytea[])`
  return new Map(rows.map((row) => [row.blindIndex, row.customerId]))
}

/**
 * Stores new customers from finished lines, `prepareRow`'s. A number that somebody took since `ownersOf` is a unique
 * violation of crm.phone_index; it is copied first, so that little is undone.
 */
export async function copyCreated(transaction: Transaction, rows: readonly PreparedRow[]): Promise<void> {
  if (rows.length === 0) return
  const copy = async (target: string, lines: string): Promise<void> => {
    if (lines !== '') await copyIn(transaction, target, [lines])
  }
  await copy('crm.phone_index (blind_index, customer_id)', linesOf(rows, 'phoneIndexLines'))
  await copy(`crm.customer (customer_id, name, company, level, status, owner_id, team_id, tags, region, industry, intent, marketing_consent,
    recording_consent, time_zone, created_at, updated_at, touched_at, import_id, sandbox)`, linesOf(rows, 'customerLine'))
  await copy('crm.phone (customer_id, phone_id, position, sealed, blind_index, last_four_index)', linesOf(rows, 'phoneLines'))
  await copyConsents(transaction, linesOf(rows, 'consentLines'))
  await copy('crm.customer_search (customer_id, grams)', linesOf(rows, 'searchLine'))
}

/** Adds to the history of consents, from lines of `consentLine`. */
export async function copyConsents(transaction: Transaction, lines: string): Promise<void> {
  if (lines === '') return
  await copyIn(transaction, 'crm.consent (customer_id, id, purpose, state, source, at, recorded_at, actor_id, import_id)', [lines])
}

function linesOf(rows: readonly PreparedRow[], key: 'customerLine' | 'phoneLines' | 'phoneIndexLines' | 'consentLines' | 'searchLine'): string {
  let lines = ''
  for (const row of rows) lines += row[key]
  return lines
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

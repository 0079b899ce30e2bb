import { newId } from '@loopline/clock/new-id'
import type { Keyring } from '@loopline/keys/keyring'
import type { CopyRows } from '@loopline/postgres/copy-binary'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { CustomerId, ImportId, UserId } from '@loopline/vocabulary/ids'
import { gramCodeHalves } from '../customer/gram-code.ts'
import { gramsOf } from '../customer/name-grams.ts'
import { zoneOfNumber } from '../customer/time-zone.ts'
import { endsOf } from './batch-rows.ts'
import type { BatchRows } from './batch-rows.ts'
import type { Options } from './import-column.ts'
import type { ImportedRow, RowError } from './read-row.ts'
import { consentsOfRow } from './row-consent.ts'
import type { ProvenConsent } from './row-consent.ts'

/*
 * Budget: an import of a million rows in 60 s leaves 60 µs a row to this thread, and the same to PostgreSQL, which works
 * at the same time. Rows are written in COPY's binary form while PostgreSQL stores the batch before. Measured, µs of
 * CPU per row on the reference machine: see README.md.
 */

/** A row of the file whose rows for five tables are written, should its customer turn out to be new. */
export interface PreparedRow {
  from: ImportedRow
  customerId: CustomerId
  ownerId: UserId | null
  /** Its numbers' indexes in hexadecimal, in the order of `from.phones`. */
  blindHex: string[]
  callable: boolean
  /** Where its rows begin and end in each table of the batch, in the order of `TABLES`. */
  begins: readonly number[]
  ends: readonly number[]
}

export interface Preparing {
  keys: Keyring
  /** Indexes of the 10,000 endings, kept: an HMAC costs 3 µs, a look-up 0.1. */
  lastFour: Map<string, Buffer>
  rows: BatchRows
  importId: ImportId
  options: Options
  createdBy: string | null
  /** The instant at which the batch is written, for all of its rows, ms since 1970. */
  at: number
  errors: RowError[]
}

/** Whether nothing that the import knows forbids a call: what the gate's first look would say. */
export function isCallable(row: { marketing: string; timeZone: string | null; status: string }): boolean {
  return row.marketing === 'granted' && row.timeZone !== null && row.status !== 'invalid' && row.status !== 'lost'
}

/** Everything that can be made of a row before asking the database. */
export function prepareRow(from: ImportedRow, preparing: Preparing): PreparedRow {
  const { keys, options, rows } = preparing
  const customerId = newId<CustomerId>()
  const begins = endsOf(rows)
  const consents = consentsOfRow(from, options.declaration, preparing.errors)
  const marketing = stateOf(consents, 'marketing')
  const timeZone = from.timeZone ?? zoneOfNumber(from.phones[0] as string)
  const status = from.status ?? 'new'
  const blindHex = from.phones.map((phone) => keys.blindIndexHex(phone))
  addCustomer(preparing, customerId, { from, status, marketing, recording: stateOf(consents, 'recording'), timeZone })
  for (let position = 0; position < blindHex.length; position++) addPhone(preparing, customerId, from.phones[position] as string, position, blindHex[position] as string)
  for (const consent of consents) addConsent(rows.consent, customerId, consent, preparing)
  rows.search.row(2)
  rows.search.uuid(customerId)
  rows.search.int8Array(gramCodeHalves(gramsOf(from.name, from.company)))
  return { from, customerId, ownerId: from.owner?.userId ?? null, blindHex, callable: isCallable({ marketing, timeZone, status }), begins, ends: endsOf(rows) }
}

interface Understood {
  from: ImportedRow
  status: string
  marketing: string
  recording: string
  timeZone: string | null
}

/** In the order of `COPIED` in batch.sql.ts, as all that follow. */
function addCustomer({ rows: { customer: row }, options, at, importId }: Preparing, customerId: CustomerId, { from, status, marketing, recording, timeZone }: Understood): void {
  row.row(19)
  row.uuid(customerId)
  row.text(from.name)
  row.text(from.company)
  row.text(from.level ?? options.defaultLevel)
  row.text(status)
  row.uuid(from.owner?.userId ?? null)
  row.uuid(from.owner?.teamId ?? null)
  row.textArray(from.tags ?? NO_TAGS)
  row.text(from.region ?? options.defaultRegion)
  row.text(from.industry)
  row.text(from.intent ?? 'unknown')
  row.text(marketing)
  row.text(recording)
  row.text(timeZone)
  row.timestamp(at)
  row.timestamp(at)
  row.timestamp(at)
  row.uuid(importId)
  row.bool(options.sandbox === true)
}

const NO_TAGS: readonly string[] = []

/** A row of crm.consent. */
export function addConsent(row: CopyRows, customerId: CustomerId, { purpose, state, source, at }: ProvenConsent, { at: now, createdBy, importId }: Pick<Preparing, 'at' | 'createdBy' | 'importId'>): void {
  row.row(9)
  row.uuid(customerId)
  row.uuid(newId())
  row.text(purpose)
  row.text(state)
  row.text(source)
  row.timestamp(at)
  row.timestamp(now)
  row.text(createdBy)
  row.uuid(importId)
}

function stateOf(consents: readonly ProvenConsent[], purpose: ProvenConsent['purpose']): 'unknown' | 'granted' | 'refused' {
  for (const consent of consents) if (consent.purpose === purpose) return consent.state
  return 'unknown'
}

function addPhone({ keys, lastFour, rows }: Preparing, customerId: CustomerId, digits: string, position: number, blindHex: string): void {
  const ending = digits.slice(-4)
  let endingIndex = lastFour.get(ending)
  if (endingIndex === undefined) {
    endingIndex = keys.lastFourIndex(ending)
    lastFour.set(ending, endingIndex)
  }
  rows.phoneIndex.row(2)
  rows.phoneIndex.byteaHex(blindHex)
  rows.phoneIndex.uuid(customerId)
  const { phone } = rows
  phone.row(6)
  phone.uuid(customerId)
  phone.uuid(newId())
  phone.int2(position)
  phone.bytea(keys.sealPhone(new Phone(digits as E164), customerId))
  phone.byteaHex(blindHex)
  phone.bytea(endingIndex)
}

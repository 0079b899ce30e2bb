import { newId } from '@loopline/clock/new-id'
import type { Keyring } from '@loopline/keys/keyring'
import { copyRow } from '@loopline/postgres/copy'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { CustomerId, ImportId, UserId } from '@loopline/vocabulary/ids'
import { arrayLiteral } from '../customer/array-literal.ts'
import { gramsOf } from '../customer/name-grams.ts'
import { zoneOfNumber } from '../customer/time-zone.ts'
import type { Options } from './import-column.ts'
import type { ImportedRow, RowError } from './read-row.ts'
import { consentsOfRow } from './row-consent.ts'
import type { ProvenConsent } from './row-consent.ts'

/*
 * Budget: an import of a million rows in 60 s leaves 60 µs a row to this thread, and the same to PostgreSQL, which works
 * at the same time. Lines are finished text, put together here while PostgreSQL stores the batch before. Measured, µs of
 * CPU per row on the reference machine: see README.md.
 */

/** A row of the file as lines of COPY for five tables, should its customer turn out to be new. */
export interface PreparedRow {
  from: ImportedRow
  customerId: CustomerId
  ownerId: UserId | null
  /** Its numbers' indexes in hexadecimal, in the order of `from.phones`. */
  blindHex: string[]
  callable: boolean
  customerLine: string
  phoneLines: string
  phoneIndexLines: string
  consentLines: string
  searchLine: string
}

export interface Preparing {
  keys: Keyring
  /** Indexes of the 10,000 endings, kept: an HMAC costs 3 µs, a look-up 0.1. */
  lastFour: Map<string, string>
  importId: ImportId
  options: Options
  createdBy: string | null
  /** The instant at which the batch is written, for all of its rows, as text: writing a date costs 0.5 µs. */
  at: string
  errors: RowError[]
}

/** Whether nothing that the import knows forbids a call: what the gate's first look would say. */
export function isCallable(row: { marketing: string; timeZone: string | null; status: string }): boolean {
  return row.marketing === 'granted' && row.timeZone !== null && row.status !== 'invalid' && row.status !== 'lost'
}

/** Everything that can be made of a row before asking the database. */
export function prepareRow(from: ImportedRow, preparing: Preparing): PreparedRow {
  const { keys, options, importId } = preparing
  const customerId = newId<CustomerId>()
  const consents = consentsOfRow(from, options.declaration, preparing.errors)
  const marketing = stateOf(consents, 'marketing')
  const timeZone = from.timeZone ?? zoneOfNumber(from.phones[0] as string)
  const status = from.status ?? 'new'
  const { at } = preparing
  const blindHex = from.phones.map((phone) => keys.blindIndexHex(phone))
  return {
    from, customerId, ownerId: from.owner?.userId ?? null, blindHex,
    callable: isCallable({ marketing, timeZone, status }),
    customerLine: line([
      customerId, copyText(from.name), orNull(from.company), from.level ?? options.defaultLevel, status, from.owner?.userId ?? NULL,
      from.owner?.teamId ?? NULL, from.tags === null ? '{}' : copyText(arrayLiteral(from.tags)), orNull(from.region ?? options.defaultRegion),
      orNull(from.industry), from.intent ?? 'unknown', marketing, stateOf(consents, 'recording'), timeZone ?? NULL, at, at, at, importId,
      options.sandbox === true ? 't' : 'f',
    ]),
    phoneLines: from.phones.map((phone, position) => phoneLine(preparing, customerId, phone, position, blindHex[position] as string)).join(''),
    phoneIndexLines: blindHex.map((hex) => line([BYTES + hex, customerId])).join(''),
    consentLines: consents.map((consent) => consentLine(customerId, consent, preparing)).join(''),
    // Search words are letters, digits and Chinese characters: nothing in them needs quoting.
    searchLine: line([customerId, `{${gramsOf(from.name, from.company).join(',')}}`]),
  }
}

/** A line of crm.consent. */
export function consentLine(customerId: CustomerId, { purpose, state, source, at }: ProvenConsent, { at: now, createdBy, importId }: Pick<Preparing, 'at' | 'createdBy' | 'importId'>): string {
  return line([customerId, newId(), purpose, state, copyText(source), at, now, orNull(createdBy), importId])
}

/** None, and bytes in hexadecimal, in COPY's text format. */
const NULL = '\\N'
const BYTES = '\\\\x'
const NEEDS_ESCAPE = /[\\\n\r\t]/

/**
 * Joined, not added up: a string of pieces added keeps each piece until it is used, 6 KB a row, and collecting the young
 * generation is copying what lives (28 % of this thread's time).
 */
function line(columns: readonly (string | number)[]): string {
  return [columns.join('\t'), ''].join('\n')
}

function copyText(text: string): string {
  return NEEDS_ESCAPE.test(text) ? copyRow([text]).slice(0, -1) : text
}

function orNull(text: string | null): string {
  return text === null ? NULL : copyText(text)
}

function stateOf(consents: readonly ProvenConsent[], purpose: ProvenConsent['purpose']): 'unknown' | 'granted' | 'refused' {
  for (const consent of consents) if (consent.purpose === purpose) return consent.state
  return 'unknown'
}

function phoneLine({ keys, lastFour }: Preparing, customerId: CustomerId, digits: string, position: number, blindHex: string): string {
  const ending = digits.slice(-4)
  let endingHex = lastFour.get(ending)
  if (endingHex === undefined) {
    endingHex = keys.lastFourIndex(ending).toString('hex')
    lastFour.set(ending, endingHex)
  }
  const sealed = keys.sealPhone(new Phone(digits as E164), customerId).toString('hex')
  return line([customerId, newId(), position, BYTES + sealed, BYTES + blindHex, BYTES + endingHex])
}

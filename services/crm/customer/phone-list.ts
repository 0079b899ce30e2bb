import type { Phone } from '@loopline/vocabulary/phone'
import type { CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import type { Keyring } from '@loopline/keys/keyring'
import type { Transaction } from '@loopline/postgres/queryable'
import { newId } from '@loopline/clock/new-id'
import { crmError } from '../errors.ts'
import { parsePhone } from './phone-number.ts'
import { insertPhones, takeNumbers } from './phone.sql.ts'
import type { NewPhone } from './phone.sql.ts'

/** Reads numbers as people write them, each once. @throws PHONE_INVALID with the places of the bad ones. */
export function readPhones(texts: readonly string[]): Phone[] {
  const phones = texts.map(parsePhone)
  const invalid = phones.flatMap((phone, index) => (phone ? [] : [index]))
  if (invalid.length > 0) throw crmError('PHONE_INVALID', { places: invalid })
  const distinct = new Map((phones as Phone[]).map((phone) => [phone.reveal(), phone]))
  return [...distinct.values()]
}

/** Gives the numbers to the customer, from `position` on. @throws PHONE_TAKEN with the places of those that belong to another. */
export async function addPhones(transaction: Transaction, keys: Keyring, customerId: CustomerId, phones: readonly Phone[], position: number): Promise<NewPhone[]> {
  const rows = phones.map((phone, index) => sealedPhone(keys, customerId, phone, position + index))
  const taken = new Set((await takeNumbers(transaction, customerId, rows.map((row) => row.blindIndex))).map(hex))
  const refused = rows.flatMap((row, index) => (taken.has(hex(row.blindIndex)) ? [] : [index]))
  if (refused.length > 0) throw crmError('PHONE_TAKEN', { places: refused })
  await insertPhones(transaction, rows)
  return rows
}

/** A phone as it is stored: sealed for this customer, findable by its indexes. */
export function sealedPhone(keys: Keyring, customerId: CustomerId, phone: Phone, position: number): NewPhone {
  const digits = phone.reveal()
  return {
    customerId,
    phoneId: newId<PhoneId>(),
    position,
    sealed: keys.sealPhone(phone, customerId),
    blindIndex: keys.blindIndex(digits),
    lastFourIndex: keys.lastFourIndex(digits.slice(-4)),
    state: 'usable',
  }
}

const hex = (bytes: Buffer): string => bytes.toString('hex')

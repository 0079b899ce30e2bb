import { newId } from '@loopline/clock/new-id'
import { CopyRows } from '@loopline/postgres/copy-binary'
import type { Transaction } from '@loopline/postgres/queryable'
import { Phone, maskPhone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { CustomerId, UserId } from '@loopline/vocabulary/ids'
import { changesBetween } from '../customer/changes.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import { lockCustomers, phonesOf, saveGrams } from '../customer/customer.sql.ts'
import { gramsOf } from '../customer/name-grams.ts'
import { addPhones } from '../customer/phone-list.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import { copyConsents, saveMerged } from './batch.sql.ts'
import { consentsTaken, mergeDuplicate } from './merge-duplicate.ts'
import type { Duplicate } from './plan-batch.ts'
import { addConsent } from './prepare-row.ts'
import type { RowError } from './read-row.ts'
import { consentsOfRow } from './row-consent.ts'
import type { ProvenConsent } from './row-consent.ts'
import type { ImportSurroundings } from './write-batch.ts'

export interface Duplicates {
  duplicates: readonly Duplicate[]
  /** Who has which number, by blind index in hex. */
  owners: ReadonlyMap<string, CustomerId>
  now: Date
  errors: RowError[]
  /** Customers given to each person by the batch; grows here. */
  given: Map<UserId, number>
}

interface Merged {
  before: CustomerRow
  after: CustomerRow
  consents: ProvenConsent[]
  newPhones: string[]
}

/** Lets rows about known customers fill or overwrite them. Returns those that changed. */
export async function writeDuplicates(around: ImportSurroundings, transaction: Transaction, { duplicates, owners, now, errors, given }: Duplicates): Promise<CustomerId[]> {
  if (duplicates.length === 0 || around.options.duplicates === 'skip') return []
  const rows = await lockCustomers(transaction, [...new Set(duplicates.map(({ customerId }) => customerId))])
  const merged = new Map(rows.filter((row) => !row.deleted).map((row): [CustomerId, Merged] => [row.customerId, { before: row, after: row, consents: [], newPhones: [] }]))
  for (const duplicate of duplicates) {
    const entry = merged.get(duplicate.customerId)
    if (entry) mergeInto(entry, duplicate, owners, around, errors)
  }
  const changed = [...merged.values()].filter(({ before, after, newPhones }) => before !== after || newPhones.length > 0)
  if (changed.length === 0) return []
  for (const change of changed) change.after = { ...change.after, version: change.before.version + 1, updatedAt: now, touchedAt: now }
  await saveMerged(transaction, changed.map(({ after }) => after))
  const history = new CopyRows()
  for (const { after, consents } of changed) for (const consent of consents) addConsent(history, after.customerId, consent, { ...around, at: now.getTime() })
  await copyConsents(transaction, history)
  for (const change of changed) await saveParts(around, transaction, change, given)
  await insertTimeline(transaction, changed.map((change) => mergedItem(around, change, now)))
  return changed.map(({ after }) => after.customerId)
}

function mergeInto(entry: Merged, { customerId, from }: Duplicate, owners: Duplicates['owners'], { options, keys }: ImportSurroundings, errors: RowError[]): void {
  if (options.duplicates === 'skip') return
  const consents = consentsOfRow(from, options.declaration, errors)
  const after = mergeDuplicate(entry.after, from, consents, options.duplicates)
  if (after) {
    entry.consents.push(...consentsTaken(entry.after, after, consents))
    entry.after = after
  }
  for (const phone of from.phones) {
    const owner = owners.get(keys.blindIndex(phone).toString('hex'))
    if (owner === undefined && !entry.newPhones.includes(phone)) entry.newPhones.push(phone)
    else if (owner !== undefined && owner !== customerId) errors.push({ row: from.number, column: 'phone', code: 'PHONE_TAKEN', kept: true })
  }
}

/** What lies beside the customer's row. Few customers of a batch need it, so each is written on its own. */
async function saveParts({ keys }: ImportSurroundings, transaction: Transaction, { before, after, newPhones }: Merged, given: Map<UserId, number>): Promise<void> {
  if (before.name !== after.name || before.company !== after.company) await saveGrams(transaction, after.customerId, gramsOf(after.name, after.company))
  if (newPhones.length > 0) {
    const last = (await phonesOf(transaction, [after.customerId])).at(-1)
    await addPhones(transaction, keys, after.customerId, newPhones.map((digits) => new Phone(digits as E164)), (last?.position ?? -1) + 1)
  }
  if (before.ownerId === after.ownerId) return
  if (before.ownerId) given.set(before.ownerId, (given.get(before.ownerId) ?? 0) - 1)
  if (after.ownerId) given.set(after.ownerId, (given.get(after.ownerId) ?? 0) + 1)
}

function mergedItem({ importId, createdBy, createdByName }: ImportSurroundings, { before, after, newPhones }: Merged, at: Date): TimelineRow {
  const changes = changesBetween(before, after, { added: newPhones.map((digits) => maskPhone(digits as E164)), removed: 0 })
  return { customerId: after.customerId, id: newId(), at, kind: 'edit', actorId: createdBy, actorName: createdByName, body: { importId, changes } }
}

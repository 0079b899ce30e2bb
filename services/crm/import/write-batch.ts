import { setImmediate } from 'node:timers/promises'
import { makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { Keyring } from '@loopline/keys/keyring'
import { inTransaction } from '@loopline/postgres/transaction'
import { isUniqueViolation } from '@loopline/postgres/errors'
import type { Database, Transaction } from '@loopline/postgres/queryable'
import type { Notifier } from '@loopline/postgres/notify'
import type { CustomerId, ImportId, UserId } from '@loopline/vocabulary/ids'
import type { CustomersImported } from '@loopline/contracts/customer-event'
import { countAssigned } from '../team/team.sql.ts'
import { clearRows } from './batch-rows.ts'
import type { BatchRows } from './batch-rows.ts'
import { copyCreated, ownersOf } from './batch.sql.ts'
import { saveProgress } from './import.sql.ts'
import type { Progress } from './import.sql.ts'
import type { Options } from './import-column.ts'
import { foldBatch, planBatch } from './plan-batch.ts'
import { prepareRow } from './prepare-row.ts'
import type { PreparedRow } from './prepare-row.ts'
import type { ImportedRow, RowError } from './read-row.ts'
import { writeDuplicates } from './write-duplicates.ts'

export interface ImportSurroundings {
  db: Database
  notifier: Notifier
  keys: Keyring
  lastFour: Map<string, Buffer>
  importId: ImportId
  options: Options
  createdBy: string | null
  createdByName: string | null
}

/** Rows as they were read. */
export interface ReadBatch {
  rows: readonly ImportedRow[]
  errors: RowError[]
  rowsBefore: number
  /** Room for what they become. */
  tables: BatchRows
}

/** Rows ready to be written. */
export interface PreparedBatch {
  rows: PreparedRow[]
  /** What `rows` wrote; used again once the batch is stored. */
  tables: BatchRows
  /** Rows that became part of an earlier one of the batch. */
  folded: number
  now: Date
  errors: RowError[]
  /** Where the import stood before it. */
  rowsBefore: number
}

/** Another worker goes on with this import: whatever this one wrote last was rolled back. */
export class ImportTakenOverError extends Error {
  override readonly name = 'ImportTakenOverError'
}

/** What one batch did; added to the import's counters. */
export interface BatchResult {
  created: number
  updated: number
  skipped: number
  notCallable: number
}

/** Rows between two looks at what PostgreSQL answered: half a millisecond. */
const ROWS_AT_A_TIME = 20

/**
 * All work on a batch that needs no database. It gives way again and again: the batch before is being written by the same
 * thread, and PostgreSQL would wait for its next statement.
 */
export async function prepareBatch(around: ImportSurroundings, { rows, errors, rowsBefore, tables }: ReadBatch): Promise<PreparedBatch> {
  const now = new Date(Date.now())
  clearRows(tables)
  const preparing = { ...around, at: now.getTime(), errors, rows: tables }
  const { rows: distinct, folded } = foldBatch(rows, around.options.duplicates)
  const prepared: PreparedRow[] = []
  for (const row of distinct) {
    prepared.push(prepareRow(row, preparing))
    if (prepared.length % ROWS_AT_A_TIME === 0) await setImmediate()
  }
  return { rows: prepared, tables, folded, now, errors, rowsBefore }
}

/**
 * Writes one batch in one transaction: customers, phones, consents, search words, events, and how far the import is.
 * Whether the process dies before or after the commit, each row is stored once.
 *
 * @param progressAfter the import's progress, given what the batch did; called before the commit.
 */
export async function writeBatch(around: ImportSurroundings, batch: PreparedBatch, progressAfter: (result: BatchResult) => Promise<Progress>): Promise<void> {
  for (let tried = 1; ; tried++) {
    const errorsBefore = batch.errors.length
    try {
      return await inTransaction(around.db, (transaction) => writeOnce(around, transaction, batch, progressAfter))
    } catch (error) {
      // Somebody took one of the numbers between our look and our write: look again.
      if (!isUniqueViolation(error, 'crm.phone_index') || tried === 5) throw error
      batch.errors.length = errorsBefore
    }
  }
}

async function writeOnce(around: ImportSurroundings, transaction: Transaction, batch: PreparedBatch, progressAfter: (result: BatchResult) => Promise<Progress>): Promise<void> {
  const owners = await ownersOf(transaction, batch.rows.flatMap((row) => row.blindHex))
  const { created, duplicates } = planBatch(batch.rows, owners)
  await copyCreated(transaction, batch.tables, created)
  const given = new Map<UserId, number>()
  for (const { ownerId } of created) if (ownerId) given.set(ownerId, (given.get(ownerId) ?? 0) + 1)
  const changed = await writeDuplicates(around, transaction, { duplicates, owners, now: batch.now, errors: batch.errors, given })
  await countAssigned(transaction, given)
  const progress = await progressAfter({
    created: created.length,
    updated: changed.length,
    skipped: batch.folded + duplicates.length - changed.length,
    notCallable: created.filter(({ callable }) => !callable).length,
  })
  if (!(await saveProgress(transaction, around.importId, progress, batch.rowsBefore))) throw new ImportTakenOverError('another worker goes on with this import')
  await announce(around, transaction, [...created.map(({ customerId }) => customerId), ...changed], progress.rowsDone, batch.now)
}

const EVENT_CUSTOMERS_MAX = 1_000

/** One event for up to a thousand customers. Their key is the import and their sequence its rows, so that they stay in order. */
async function announce({ importId, notifier }: ImportSurroundings, transaction: Transaction, customerIds: CustomerId[], rowsDone: number, now: Date): Promise<void> {
  const count = Math.ceil(customerIds.length / EVENT_CUSTOMERS_MAX)
  await publish(transaction, notifier, Array.from({ length: count }, (_, at) => makeEvent<CustomersImported>({
    type: 'crm.customer.imported', key: importId, sequence: rowsDone - (count - 1 - at), time: now.getTime(),
    data: { importId, customerIds: customerIds.slice(at * EVENT_CUSTOMERS_MAX, (at + 1) * EVENT_CUSTOMERS_MAX) },
  })))
}

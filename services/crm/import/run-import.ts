import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { Keyring } from '@loopline/keys/keyring'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import type { ImportId } from '@loopline/vocabulary/ids'
import { newBatchRows } from './batch-rows.ts'
import { errorLines } from './error-file.ts'
import { importRow, markEnded, markRunning, peopleByName } from './import.sql.ts'
import type { ImportRow, Progress } from './import.sql.ts'
import { csvRecords, formOf } from './read-csv.ts'
import { readRow } from './read-row.ts'
import type { ImportedRow, RowError } from './read-row.ts'
import { SealedFile, readSealed } from './sealed-file.ts'
import type { SealedPlace } from './sealed-file.ts'
import { prepareBatch, writeBatch } from './write-batch.ts'
import type { BatchResult, ImportSurroundings, PreparedBatch } from './write-batch.ts'

export interface RunImport {
  db: Database
  notifier: Notifier
  keys: Keyring
  dataDir: string
  importId: ImportId
  /** Asked between batches; the import goes on from there another time. */
  shouldStop: () => boolean
}

/**
 * The first rows are dialable at once; what follows shares the costs of a transaction and its statements among more.
 * PostgreSQL, µs a row over 200,000, one run each on a busy machine: 37 in batches of 1,000, 35 of 2,000, 33 of 4,000, 32 of 8,000 (and 25 MB more).
 */
const FIRST_BATCH_ROWS = 1_000
const BATCH_ROWS = 4_000
/** While rows are read the batch before is being written by the same thread: it must get its turn. */
const ROWS_BETWEEN_TURNS = 100

export const uploadPath = (dataDir: string, importId: string): string => join(dataDir, `${importId}.upload`)
export const errorPath = (dataDir: string, importId: string): string => join(dataDir, `${importId}.errors`)

/**
 * Imports a file from where it was left, batch by batch. The batch that is being written and the one that is being read
 * are all it holds in memory.
 *
 * @returns 'stopped' when told to; 'ended' when there is nothing more to do, failed files included.
 */
export async function runImport(run: RunImport): Promise<'ended' | 'stopped'> {
  const { db, dataDir, importId } = run
  const row = await importRow(db, importId)
  if (!row || row.state === 'done' || row.state === 'failed') return 'ended'
  await markRunning(db, importId, new Date(Date.now()))
  const errors = await openErrorFile(run, row)
  try {
    const end = await importAll(run, row, errors)
    if (end === 'ended') await finish(run, null)
    return end
  } catch (error) {
    // A file that cannot be read will not read better next time. Everything else is the surroundings' fault: try again.
    if (!isUnreadable(error)) throw error
    await finish(run, (error as { code: string }).code)
    return 'ended'
  } finally {
    await errors.close()
    const state = (await importRow(db, importId))?.state
    if (state === 'done' || state === 'failed') await rm(uploadPath(dataDir, importId), { force: true })
  }
}

async function finish({ db, importId }: RunImport, failure: string | null): Promise<void> {
  await markEnded(db, importId, new Date(Date.now()), failure)
}

async function openErrorFile({ dataDir, keys, importId }: RunImport, { errorBytes, errorChunks }: ImportRow): Promise<SealedFile> {
  const path = errorPath(dataDir, importId)
  if (errorBytes === 0) return SealedFile.create(path, keys, importId)
  return SealedFile.continueAt(path, keys, importId, { bytes: errorBytes, chunks: errorChunks })
}

async function importAll(run: RunImport, row: ImportRow, errorFile: SealedFile): Promise<'ended' | 'stopped'> {
  const { options, rowsDone: doneBefore } = row
  const around: ImportSurroundings = { ...run, lastFour: new Map(), options, createdBy: row.createdBy, createdByName: row.createdByName }
  const writer = batchWriter(around, { ...row }, errorFile)
  const reading = { columns: options.columns, people: await peopleByName(run.db), errors: [] as RowError[] }
  const source = countedPieces(run, row.importId)
  const firstRow = options.hasHeader ? 1 : 0
  let rows: ImportedRow[] = []
  let record = -1
  let read = 0
  let flushedAt = doneBefore
  // One for the batch that is being written, one for the next.
  let room = [newBatchRows(), newBatchRows()] as const
  const flush = async (): Promise<void> => {
    const [batch, errors] = [rows, reading.errors]
    rows = []
    reading.errors = []
    const rowsBefore = flushedAt
    flushedAt = read
    const reached = { rowsDone: read, bytesDone: source.bytes() }
    const [tables, other] = room
    room = [other, tables]
    await writer.write(await prepareBatch(around, { rows: batch, errors, rowsBefore, tables }), reached)
  }
  for await (const cells of csvRecords(source.pieces, formOf(await source.start()))) {
    record += 1
    if (record < firstRow) continue
    read += 1
    // Rows that an earlier run committed.
    if (read <= doneBefore) continue
    const understood = readRow(cells, record + 1, reading)
    if (understood) rows.push(understood)
    if (read % ROWS_BETWEEN_TURNS === 0) await setImmediate()
    if (read - flushedAt < (flushedAt === doneBefore ? FIRST_BATCH_ROWS : BATCH_ROWS)) continue
    await flush()
    if (!run.shouldStop()) continue
    await writer.done()
    return 'stopped'
  }
  if (read > flushedAt) await flush()
  await writer.done()
  return 'ended'
}

interface BatchWriter {
  /** Waits for the batch before and starts this one: while PostgreSQL stores it, the caller reads and prepares the next. */
  write(batch: PreparedBatch, reached: { rowsDone: number; bytesDone: number }): Promise<void>
  done(): Promise<void>
}

function batchWriter(around: ImportSurroundings, progress: Progress, errorFile: SealedFile): BatchWriter {
  let writing: Promise<void> = Promise.resolve()
  const writeOne = async (batch: PreparedBatch, reached: { rowsDone: number; bytesDone: number }): Promise<void> => {
    let after = progress
    const place = errorFile.place
    await writeBatch(around, batch, async (result) => {
      after = { ...progressAfter(progress, batch.errors, result), ...reached, ...(await saveErrors(errorFile, place, batch.errors)) }
      return after
    })
    progress = after
  }
  return {
    async write(batch, reached) {
      await writing
      writing = writeOne(batch, reached)
      // Looked at when the next batch waits for it, or by done(); not an unhandled rejection in between.
      writing.catch(() => undefined)
    },
    done: () => writing,
  }
}

function progressAfter(progress: Progress, errors: readonly RowError[], { created, updated, skipped, notCallable }: BatchResult): Progress {
  return {
    ...progress,
    created: progress.created + created,
    updated: progress.updated + updated,
    skipped: progress.skipped + skipped,
    failed: progress.failed + new Set(errors.filter(({ kept }) => !kept).map(({ row }) => row)).size,
    notCallable: progress.notCallable + notCallable,
  }
}

/** The error file is on the disk before the transaction says how long it is. A batch tried again writes its errors once. */
async function saveErrors(file: SealedFile, place: SealedPlace, errors: readonly RowError[]): Promise<Pick<Progress, 'errorBytes' | 'errorChunks'>> {
  if (file.place.chunks > place.chunks) await file.cutBack(place)
  if (errors.length > 0) {
    await file.append(Buffer.from(errorLines(errors)))
    await file.sync()
  }
  return { errorBytes: file.place.bytes, errorChunks: file.place.chunks }
}

/** The pieces of the upload, counted as they are read, and the first of them for a look at its form. */
function countedPieces({ dataDir, keys }: RunImport, importId: ImportId): { pieces: AsyncIterable<Buffer>; bytes: () => number; start: () => Promise<Buffer> } {
  const path = uploadPath(dataDir, importId)
  let count = 0
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of readSealed(path, keys, importId)) {
      count += piece.length
      yield piece
    }
  }
  const start = async (): Promise<Buffer> => {
    for await (const piece of readSealed(path, keys, importId, 1)) return piece
    return Buffer.alloc(0)
  }
  return { pieces: pieces(), bytes: () => count, start }
}

function isUnreadable(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code)
  return code === 'IMPORT_FILE_UNREADABLE' || code === 'SEAL_BROKEN' || code.startsWith('CSV_')
}

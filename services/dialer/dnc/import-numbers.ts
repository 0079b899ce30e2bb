import { setImmediate } from 'node:timers/promises'
import { newId } from '@loopline/clock/new-id'
import type { DncImportView, StartDncImport } from '@loopline/contracts/dnc'
import type { Identity } from '@loopline/http/identity-token'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { FAULTS_MAX, adoptCopy, insertImport, noteCopyDay, readImport, saveProgress } from './import.sql.ts'
import type { DncImport } from './import.sql.ts'
import { countNumbers, insertNumbers, readList, wakeListed } from './list.sql.ts'
import type { NewNumber } from './list.sql.ts'
import { readNumberLine } from './number-line.ts'
import { listsChanged } from './lists-changed.ts'

/** Rows hashed between two turns of the loop that also dials: about 5 ms. */
const ROWS_BETWEEN_TURNS = 2_000
/** Rows a statement. Per row, PostgreSQL included, 200,000 rows on a busy machine: 31 µs by 2,000, 26 µs by 10,000, 26 µs by 40,000. */
const ROWS_PER_STATEMENT = 10_000
const NEWLINE = 10

/**
 * Begins an import. The file follows in pieces, each committed with how far it came: whoever breaks off, or is broken off,
 * goes on from there, and no file of numbers is ever kept.
 */
export async function startImport(dialer: Dialer, identity: Identity, listId: string, wanted: StartDncImport): Promise<DncImportView> {
  const list = await readList(dialer.db, listId)
  if (!list) throw failed('DNC_LIST_NOT_FOUND')
  if (list.kind === 'registry' && wanted.copiedOn === null) throw failed('DNC_COPY_DAY_MISSING')
  if (list.kind !== 'registry' && wanted.mode === 'replace') throw failed('DNC_LIST_NOT_REPLACEABLE')
  const importId = newId(dialer.clock)
  const replacing = wanted.mode === 'replace'
  await audited(dialer, identity, 'dnc:import', listId, { importId, fileName: wanted.fileName, mode: wanted.mode, copiedOn: wanted.copiedOn })
  await insertImport(dialer.db, {
    importId, listId, copyId: replacing ? newId(dialer.clock) : list.copyId, replacing, fileName: wanted.fileName, callingCode: wanted.callingCode, copiedOn: wanted.copiedOn,
    actorId: identity.sub, actorName: identity.name,
  }, new Date(dialer.clock.now()))
  return viewImport(dialer, importId)
}

export async function viewImport(dialer: Dialer, importId: string): Promise<DncImportView> {
  const found = await readImport(dialer.db, importId)
  if (!found) throw failed('DNC_IMPORT_NOT_FOUND')
  return viewOf(found)
}

/** Lines that hold no number, as CSV; never what they hold. */
export async function importFaults(dialer: Dialer, importId: string): Promise<string> {
  const found = await readImport(dialer.db, importId)
  if (!found) throw failed('DNC_IMPORT_NOT_FOUND')
  return ['line,error', ...found.errors.map(({ line, code }) => `${line},${code}`), ''].join('\n')
}

/**
 * Takes the piece of the file that begins at `offset`, up to its last whole line; the answer says where the next begins.
 *
 * @throws DNC_IMPORT_OFFSET with the offset to go on from · DNC_IMPORT_OVER
 */
export async function takePiece(dialer: Dialer, importId: string, { offset, isLast }: { offset: number; isLast: boolean }, piece: Buffer): Promise<DncImportView> {
  const end = isLast ? piece.length : piece.lastIndexOf(NEWLINE) + 1
  if (end === 0 && piece.length > 0) throw failed('DNC_FILE_UNREADABLE')
  const taken = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const found = await readImport(transaction, importId, true)
    if (!found) throw failed('DNC_IMPORT_NOT_FOUND')
    if (found.state !== 'running') throw failed('DNC_IMPORT_OVER', { state: found.state })
    if (found.offset !== offset) throw failed('DNC_IMPORT_OFFSET', { offset: found.offset })
    if (!found.replacing && (await readList(transaction, found.listId))?.copyId !== found.copyId) throw failed('DNC_IMPORT_OVER', { state: 'failed' })
    await takeLines(dialer, transaction, found, textOf(piece.subarray(0, end)))
    found.offset += end
    if (isLast) await finish(dialer, transaction, found)
    await saveProgress(transaction, found, new Date(dialer.clock.now()))
    return found
  }))
  if (isLast) await listsChanged(dialer)
  return viewOf(taken)
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (text.includes('\0')) throw failed('DNC_FILE_UNREADABLE')
  return text
}

async function takeLines(dialer: Dialer, transaction: Transaction, one: DncImport, text: string): Promise<void> {
  const by = { addedBy: one.actorId, now: new Date(dialer.clock.now()) }
  let batch: NewNumber[] = []
  let added = 0
  const flush = async (): Promise<void> => {
    const fresh = await insertNumbers(transaction, one.copyId, batch.toSorted((a, b) => (a.blind < b.blind ? -1 : 1)), by)
    added += fresh
    one.known += batch.length - fresh
    batch = []
  }
  let sinceTurn = 0
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from)
    const to = newline === -1 ? text.length : newline
    const read = readNumberLine(text.slice(from, to), one.callingCode)
    from = to + 1
    one.rows += 1
    if (typeof read === 'object') batch.push({ blind: dialer.keys.blindIndexHex(read.number), reason: read.reason })
    else if (read === 'not-a-number') noteFault(one)
    if ((sinceTurn += 1) >= ROWS_BETWEEN_TURNS) {
      sinceTurn = 0
      await setImmediate()
    }
    if (batch.length >= ROWS_PER_STATEMENT) await flush()
  }
  if (batch.length > 0) await flush()
  one.added += added
  if (!one.replacing && added > 0) await countNumbers(transaction, one.listId, added, by.now)
}

/** The first line is a heading when it is no number. */
function noteFault(one: DncImport): void {
  if (one.rows === 1) return
  one.invalid += 1
  if (one.errors.length < FAULTS_MAX) one.errors.push({ line: one.rows, code: 'not-a-number' })
}

async function finish(dialer: Dialer, transaction: Transaction, one: DncImport): Promise<void> {
  const now = new Date(dialer.clock.now())
  // An empty file would make everybody callable: somebody chose the wrong one.
  if (one.replacing && one.added === 0) throw failed('DNC_FILE_EMPTY')
  if (!(await readList(transaction, one.listId))) throw failed('DNC_LIST_NOT_FOUND')
  if (one.replacing) await adoptCopy(transaction, one, one.added, now)
  else await noteCopyDay(transaction, one)
  await wakeListed(transaction, now)
  one.state = 'done'
  one.endedAt = now
}

function viewOf({ importId, listId, replacing, state, fileName, offset, rows, added, known, invalid, startedAt, endedAt }: DncImport): DncImportView {
  return { importId, listId, mode: replacing ? 'replace' : 'add', state, fileName, offset, rows, added, known, invalid, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null }
}

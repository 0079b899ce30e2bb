import type { Clock } from '@loopline/clock/clock'
import type { Database } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Logger } from '@loopline/telemetry/logger'
import { hubError } from '../errors.ts'
import { extendChain } from './audit-chain.ts'
import type { AuditEntry } from './audit-chain.ts'
import { appendRows, lockHead } from './audit.sql.ts'

export interface AuditWriter {
  /**
   * Resolves when the entry is committed: await it before the first byte of a reveal or an export is returned.
   * @throws CodedError AUDIT_UNAVAILABLE; then the act must be refused
   */
  record(entry: AuditEntry): Promise<void>
  /** All or none of the entries. */
  recordAll(entries: readonly AuditEntry[]): Promise<void>
  /** Resolves when everything asked for so far is committed or refused. */
  stop(): Promise<void>
}

const BATCH_MAX = 1_000

interface Waiting {
  entries: readonly AuditEntry[]
  resolve: () => void
  reject: (error: unknown) => void
}

/** One writer: what comes while a batch is being committed forms the next. */
export function createAuditWriter({ db, clock, log }: { db: Database; clock: Clock; log: Logger }): AuditWriter {
  const queue: Waiting[] = []
  let writing: Promise<void> | null = null

  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await inTransaction(db, async (transaction) => {
        const rows = extendChain(await lockHead(transaction), batch.flatMap(({ entries }) => entries), clock.now())
        await appendRows(transaction, rows)
      })
      for (const { resolve } of batch) resolve()
    } catch (error) {
      log.error({ err: error, entries: batch.length }, 'audit entries could not be written; their acts are refused')
      for (const { reject } of batch) reject(hubError('AUDIT_UNAVAILABLE'))
    }
  }

  const writeAll = async (): Promise<void> => {
    while (queue.length > 0) await writeBatch(takeBatch(queue))
    writing = null
  }

  const recordAll = (entries: readonly AuditEntry[]): Promise<void> => new Promise((resolve, reject) => {
    if (entries.length === 0) return resolve()
    queue.push({ entries, resolve, reject })
    writing ??= writeAll()
  })

  return { record: (entry) => recordAll([entry]), recordAll, stop: async () => { await writing } }
}

function takeBatch(queue: Waiting[]): Waiting[] {
  const batch: Waiting[] = []
  let entries = 0
  while (queue.length > 0 && (batch.length === 0 || entries + (queue[0] as Waiting).entries.length <= BATCH_MAX)) {
    const next = queue.shift() as Waiting
    entries += next.entries.length
    batch.push(next)
  }
  return batch
}

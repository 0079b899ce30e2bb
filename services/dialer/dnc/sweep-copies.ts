import { inTransaction } from '@loopline/postgres/transaction'
import type { Dialer } from '../dialer.ts'
import { giveUpImports } from './import.sql.ts'
import { forgetDeadCopy, readDeadCopies, sweepCopy } from './list.sql.ts'

/** An import of which no piece came for this long was left by whoever began it. */
const LEFT_MS = 24 * 3_600_000
const BYTES = 256

/** Removes numbers that count no more: of lists that were removed or replaced, and of imports that were left. Repeating it is harmless. */
export async function sweepCopies(dialer: Dialer): Promise<void> {
  const now = dialer.clock.now()
  await inTransaction(dialer.db, (transaction) => giveUpImports(transaction, new Date(now - LEFT_MS), new Date(now)))
  for (const copyId of await readDeadCopies(dialer.db)) {
    for (let byte = 0; byte < BYTES; byte += 1) await sweepCopy(dialer.db, copyId, byte)
    await forgetDeadCopy(dialer.db, copyId)
  }
}

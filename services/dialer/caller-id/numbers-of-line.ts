import { UNLIMITED_GROUP } from '@loopline/contracts/caller-id'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import { numberDigits } from '@loopline/routing/caller-ids/region'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import type { LineRow } from '../line/line.sql.ts'
import { addNumbers, groupOfLine, removeNumbers } from './add-numbers.ts'
import { listOnLines, lockDigits, lockPool, readGroups } from './caller-id.sql.ts'
import type { GroupRow } from './caller-id.sql.ts'

type OfLine = Pick<LineRow, 'lineId' | 'sandbox' | 'contract' | 'callerIds'>

/**
 * Brings the pool in line with the numbers that somebody wrote into a line; the contract of the line is their proof. Runs in the
 * transaction that saves the line, under `lockPool`.
 * @throws CALLER_ID_REFUSED naming the numbers that cannot be shown, and why
 */
export async function keepNumbersOfLine(dialer: Dialer, transaction: Transaction, line: OfLine, before: readonly string[], by: string): Promise<void> {
  const digitsOf = (numbers: readonly string[]): Set<string> => new Set(numbers.map(numberDigits))
  const [wanted, had] = [digitsOf(line.callerIds), digitsOf(before)]
  const gone = [...had].filter((digits) => !wanted.has(digits))
  const fresh = line.callerIds.filter((number) => !had.has(numberDigits(number)))
  const leaving = (await lockDigits(transaction, gone)).filter(({ lineIds }) => lineIds.includes(line.lineId))
  await removeNumbers(dialer, transaction, leaving, { lineIds: [line.lineId], by, reason: 'taken-off-its-line' })
  const group = groupOfLine(await readGroups(transaction), line)
  const { refused } = await addNumbers(dialer, transaction, { numbers: fresh.map((number) => ({ number })), lineIds: [line.lineId], group, proof: line.contract, by })
  const wrong = refused.filter(({ reason }) => reason !== 'known' && reason !== 'twice')
  if (wrong.length > 0) throw failed('CALLER_ID_REFUSED', { refused: wrong })
  await listOnLines(transaction, [line.lineId])
}

/** Numbers were a matter of their line alone, and shown without more: these are taken to be proven, and the console says so. */
const PROOF_OF_BEFORE = 'assumed: in use before proofs were kept'

/**
 * Takes the numbers of lines into the pool that are not in it: those of an installation of before there was one. They are in use,
 * so that no quota begins to hold for them by itself.
 */
export async function adoptNumbers(dialer: Dialer, lines: readonly OfLine[]): Promise<boolean> {
  const strange = lines.filter(({ lineId, callerIds }) => callerIds.some((number) => !dialer.callerIds.dialled(number)?.row.lineIds.includes(lineId)))
  if (strange.length === 0) return false
  await inTransaction(dialer.db, async (transaction) => {
    await lockPool(transaction)
    const group = (await readGroups(transaction)).find(({ groupId }) => groupId === UNLIMITED_GROUP) as GroupRow
    for (const { lineId, callerIds, contract } of strange) {
      await addNumbers(dialer, transaction, { numbers: callerIds.map((number) => ({ number })), lineIds: [lineId], group, proof: contract || PROOF_OF_BEFORE, by: null })
      await listOnLines(transaction, [lineId])
    }
  })
  return true
}

import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Database } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { PlannedAttempt } from './planned-attempt.ts'
import type { Reservations } from './reservations.ts'
import { countAttempts, insertAttempts, startDialing, stopDialing, uncountAttempts } from './write-ahead.sql.ts'

/** What became of a batch: `written` may be dialled; why the others may not. */
export interface WrittenAhead {
  written: PlannedAttempt[]
  /** The person changed, is being called, or has reached the cap: decide again with what is known now. */
  stale: PlannedAttempt[]
  /** The lease is no longer ours, the campaign stopped or the customer left: nothing of it is ours to return. */
  lost: PlannedAttempt[]
  /** The agent is no longer free: the entry is as good as it was. */
  unserved: PlannedAttempt[]
}

const LOOK_AGAIN_MS = 30_000

/**
 * Commits attempts before their INVITEs leave. The statements check again, in the database, all that a stale copy could
 * have got wrong (P4): what is in memory can only cancel a call, never place one. At most one attempt a person.
 *
 * Locks persons, then agents (never waiting for one), then entries, in the order of customers, as every transaction here does.
 *
 * @throws CommitUnknownError: ask `writtenAttempts` before anything else.
 */
export function writeAhead(db: Database, dialerId: string, attempts: readonly PlannedAttempt[], now: number, reservations?: Reservations): Promise<WrittenAhead> {
  return retryable(() => inTransaction(db, async (transaction) => {
    const counted = await countAttempts(transaction, attempts)
    const [wanted, stale] = split(attempts, (attempt) => counted.has(attempt.customerId))
    const agentless = await reservations?.lock(transaction, wanted)
    const [unserved, allowed] = split(wanted, (attempt) => agentless?.has(attempt.attemptId) ?? false)
    const ofCampaigns = allowed.filter((attempt) => attempt.campaignId !== null)
    const moved = ofCampaigns.length > 0 ? await startDialing(transaction, ofCampaigns) : new Set<AttemptId>()
    const [held, lost] = split(allowed, (attempt) => attempt.campaignId === null || moved.has(attempt.attemptId))
    const inserted = held.length > 0 ? await insertAttempts(transaction, held, dialerId) : new Set<AttemptId>()
    const [written, doubled] = split(held, (attempt) => inserted.has(attempt.attemptId))
    await reservations?.keep(transaction, written)
    await uncountAttempts(transaction, [...unserved, ...lost, ...doubled])
    await stopDialing(transaction, doubled.map((attempt) => attempt.attemptId), doubled, new Date(now + LOOK_AGAIN_MS))
    return { written, stale, lost: [...lost, ...doubled], unserved }
  }))
}

/** Those for which it holds, and the others. */
export function split<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = []
  const no: T[] = []
  for (const item of items) (holds(item) ? yes : no).push(item)
  return [yes, no]
}

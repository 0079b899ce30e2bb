import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { TransferKind } from '@loopline/contracts/transfer'
import type { TransferFailure } from '@loopline/contracts/transfer-words'
import type { Queryable } from '@loopline/postgres/queryable'

export interface NewTransfer {
  transferId: string
  customerId: CustomerId
  attemptId: AttemptId
  kind: TransferKind
  from: UserId
  to: UserId
  note: string | null
  askedAt: Date
}

export async function insertTransfer(queryable: Queryable, { transferId, customerId, attemptId, kind, from, to, note, askedAt }: NewTransfer): Promise<void> {
  await queryable.execute`
    insert into dialer.transfer (customer_id, id, attempt_id, kind, from_agent, to_agent, note, asked_at)
    values (${customerId}, ${transferId}, ${attemptId}, ${kind}, ${from}, ${to}, ${note}, ${askedAt})`
}

/** The colleague hears the one who asked, or the person. */
export async function joinTransfer(queryable: Queryable, { customerId, attemptId, at }: { customerId: CustomerId; attemptId: AttemptId; at: Date }): Promise<void> {
  await queryable.execute`
    update dialer.transfer set joined_at = coalesce(joined_at, ${at}) where customer_id = ${customerId} and attempt_id = ${attemptId} and ended_at is null`
}

export type TransferEnd = { result: 'completed' | 'taken-back' } | { result: 'failed'; failure: TransferFailure }

/** What became of the transfer of this call that is open; the first word stands. */
export async function endTransfer(queryable: Queryable, { customerId, attemptId, at }: { customerId: CustomerId; attemptId: AttemptId; at: Date }, end: TransferEnd): Promise<void> {
  const failure = end.result === 'failed' ? end.failure : null
  const joinedAt = end.result === 'completed' ? at : null
  await queryable.execute`
    update dialer.transfer set ended_at = greatest(asked_at, ${at}::timestamptz), result = ${end.result}, failure = ${failure}, joined_at = coalesce(joined_at, ${joinedAt}::timestamptz)
     where customer_id = ${customerId} and attempt_id = ${attemptId} and ended_at is null`
}

/** Transfers of calls that ended while nobody of ours was on them any more. */
export async function endForgottenTransfers(queryable: Queryable): Promise<void> {
  await queryable.execute`
    update dialer.transfer t set ended_at = a.ended_at, result = 'failed', failure = 'customer-gone'
      from dialer.attempt a
     where t.ended_at is null and a.customer_id = t.customer_id and a.id = t.attempt_id and a.ended_at is not null`
}

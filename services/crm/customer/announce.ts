import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { Notifier } from '@loopline/postgres/notify'
import type { Transaction } from '@loopline/postgres/queryable'
import type { RuleId } from '@loopline/vocabulary/ids'
import type { CustomerChanged } from '@loopline/contracts/customer-event'
import { stateOf } from './customer-row.ts'
import type { CustomerRow, PhoneRow } from './customer-row.ts'

/** The state event of a row as it is about to be committed. */
export function customerChanged(row: CustomerRow, phones: readonly PhoneRow[], causation: readonly RuleId[] = []): OutboxEvent {
  return makeEvent<CustomerChanged>({
    type: 'crm.customer.changed',
    subject: row.customerId,
    sequence: row.version,
    time: row.updatedAt.getTime(),
    data: stateOf(row, phones),
    causation,
  })
}

/** Tells the others of one changed customer, in the transaction of the change. */
export function announce(transaction: Transaction, notifier: Notifier, row: CustomerRow, phones: readonly PhoneRow[], causation: readonly RuleId[] = []): Promise<void> {
  return publish(transaction, notifier, [customerChanged(row, phones, causation)])
}

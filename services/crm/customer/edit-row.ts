import { CommitUnknownError, isConnectionLost } from '@loopline/postgres/errors'
import { outboxWritten } from '@loopline/event-log/outbox'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerView } from '@loopline/contracts/customer'
import { failed } from '@loopline/http/coded-error'
import type { Actor, Deps } from '../deps.ts'
import { customerChanged } from './announce.ts'
import { changesBetween, editItems } from './changes.ts'
import { viewOf } from './customer-row.ts'
import { editedFields } from './edited-fields.ts'
import type { EditCustomerInput } from './edited-fields.ts'
import { readWhole, saveRowEdit } from './edit-row.sql.ts'
import type { WholeCustomer } from './edit-row.sql.ts'
import { visible } from './view-customer.ts'

/** What reaches beyond the customer's own row: search words, counts per owner, phones, the history of consents. */
const BEYOND_THE_ROW = ['name', 'company', 'ownerId', 'addPhones', 'removePhones', 'marketingConsent', 'recordingConsent'] as const satisfies (keyof EditCustomerInput)[]

/** Whether an edit is of the customer's own row alone. */
export const isOfRowAlone = (input: EditCustomerInput): boolean => BEYOND_THE_ROW.every((field) => input[field] === undefined)

/**
 * An edit of the row alone in two statements, without a lock between them: every writer of a customer, its phones and
 * its consents moves the version, so "still the version that was read" says that nothing of it has changed. Two round
 * trips instead of nine, and a third of the processor time.
 *
 * @returns null when this way is not open: somebody else came between, rules want a word, or the connection was dead.
 *   Nothing has happened then.
 * @throws VERSION_CONFLICT · CUSTOMER_NOT_FOUND · TIME_ZONE_UNKNOWN; CommitUnknownError when the write got no answer (F5).
 */
export async function editRow(deps: Deps, actor: Actor, customerId: CustomerId, input: EditCustomerInput): Promise<CustomerView | null> {
  const whole = await unlessLost(readWhole(deps.db, customerId))
  if (!whole) return null
  const { row: before, phones, consents, bookVersion } = whole
  visible(actor, before)
  if (before.version !== input.version) throw failed('VERSION_CONFLICT', viewOf(before, phones, consents, deps.keys))
  if (deps.book.known(bookVersion)?.['customer-changed'].length !== 0) return null
  const after = { ...before, ...editedFields(before, input, deps.clock.now()) }
  const [item] = editItems(after, changesBetween(before, after, { added: [], removed: 0 }), input, actor.identity)
  if (!(await answered(saveRowEdit(deps.db, before.version, after, item ?? null, customerChanged(after, phones))))) return null
  outboxWritten(deps.notifier)
  return viewOf(after, phones, consents, deps.keys)
}

/** A read on a connection that had died unseen is no failure yet. */
async function unlessLost(reading: Promise<WholeCustomer | null>): Promise<WholeCustomer | null> {
  try {
    return await reading
  } catch (error) {
    if (isConnectionLost(error)) return null
    throw error
  }
}

/** Outside a transaction the statement is also its commit. */
async function answered<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    throw isConnectionLost(error) ? new CommitUnknownError(error) : error
  }
}

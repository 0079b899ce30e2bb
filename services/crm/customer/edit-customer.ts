import { inTransaction } from '@loopline/postgres/transaction'
import type { Transaction } from '@loopline/postgres/queryable'
import type { CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { CustomerView } from '@loopline/contracts/customer'
import { scopeOf } from '@loopline/contracts/permissions'
import { failed } from '@loopline/http/coded-error'
import type { Actor, Deps } from '../deps.ts'
import { crmError } from '../errors.ts'
import { actOnChange } from '../rule/act-on-change.ts'
import { activeUser, countAssigned } from '../team/team.sql.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'
import { announce } from './announce.ts'
import { changesBetween, editItems } from './changes.ts'
import { consentsIn } from './create-customer.ts'
import { viewOf } from './customer-row.ts'
import type { CustomerRow, PhoneRow } from './customer-row.ts'
import { consentsOf, deleteGrams, insertConsents, lockCustomers, phonesOf, saveGrams, updateCustomer } from './customer.sql.ts'
import { isOfRowAlone } from './edit-rows.ts'
import { editedFields } from './edited-fields.ts'
import type { EditCustomerInput } from './edited-fields.ts'
import { gatherEdits } from './gather-edits.ts'
import { gramsOf } from './name-grams.ts'
import { addPhones, readPhones } from './phone-list.ts'
import { removePhones } from './phone.sql.ts'
import { viewsOf, visible } from './view-customer.ts'

export type EditCustomer = (actor: Actor, customerId: CustomerId, input: EditCustomerInput) => Promise<CustomerView>

/**
 * Writes what a person changed, under the version the person read (P12): with others where the edit is of the row alone.
 * The edit then throws VERSION_CONFLICT with the current customer in details; CUSTOMER_NOT_FOUND · PHONE_INVALID · PHONE_TAKEN · …
 */
export function openEditing(deps: Deps): EditCustomer {
  const gather = gatherEdits(deps)
  return async (actor, customerId, input) => {
    if (!isOfRowAlone(input)) return editLocked(deps, actor, customerId, input)
    const answer = await gather({ actor, customerId, input, at: deps.clock.now() })
    if (answer.kind === 'written') return answer.view
    if (answer.kind === 'refused') throw answer.error
    return editLocked(deps, actor, customerId, input)
  }
}

/** Under a lock of its own: what reaches beyond the row, and whatever the quick way could not do. */
async function editLocked(deps: Deps, actor: Actor, customerId: CustomerId, input: EditCustomerInput): Promise<CustomerView> {
  const added = readPhones(input.addPhones ?? [])
  return inTransaction(deps.db, async (transaction) => {
    const before = await lockAtVersion(deps, transaction, actor, customerId, input.version)
    const wanted = await edited(deps, transaction, actor, before, input)
    if (wanted.ownerId !== before.ownerId) await moveCount(transaction, before.ownerId, wanted.ownerId)
    const removed = input.removePhones?.length ? await removePhones(transaction, customerId, input.removePhones) : 0
    if (added.length > 0) await addPhones(transaction, deps.keys, customerId, added, await nextPosition(transaction, customerId))
    const phones = await phonesOf(transaction, [customerId])
    const { row: after, causation } = await actOnChange(deps, transaction, wanted, phones)
    await updateCustomer(transaction, after)
    if (after.name !== before.name || after.company !== before.company) await saveGrams(transaction, customerId, gramsOf(after.name, after.company))
    await insertConsents(transaction, consentsIn(after, input, actor.identity))
    const changes = changesBetween(before, wanted, { added: added.map(String), removed })
    await insertTimeline(transaction, editItems(after, changes, input, actor.identity))
    await announce(transaction, deps.notifier, after, phones, causation)
    return viewOf(after, phones, await consentsOf(transaction, [customerId]), deps.keys)
  })
}

/** Removes a customer from every list and frees the numbers; the row stays as a tombstone that says so to all readers. */
export async function removeCustomer(deps: Deps, actor: Actor, customerId: CustomerId, version: number): Promise<void> {
  await inTransaction(deps.db, async (transaction) => {
    const before = await lockAtVersion(deps, transaction, actor, customerId, version)
    const now = new Date(deps.clock.now())
    const after: CustomerRow = { ...before, deleted: true, version: before.version + 1, updatedAt: now, touchedAt: now }
    const phones = await phonesOf(transaction, [customerId])
    await removePhones(transaction, customerId, phones.map((phone) => phone.phoneId))
    await updateCustomer(transaction, after)
    await deleteGrams(transaction, customerId)
    if (before.ownerId) await moveCount(transaction, before.ownerId, null)
    await announce(transaction, deps.notifier, after, [])
  })
}

/** The row, locked, when it still has the version that was read. */
export async function lockAtVersion(deps: Deps, transaction: Transaction, actor: Actor, customerId: CustomerId, version: number): Promise<CustomerRow> {
  const [found] = await lockCustomers(transaction, [customerId])
  const row = visible(actor, found)
  if (row.version === version) return row
  const [current] = await viewsOf(deps, transaction, [row])
  throw failed('VERSION_CONFLICT', current)
}

async function edited(deps: Deps, transaction: Transaction, actor: Actor, row: CustomerRow, input: EditCustomerInput): Promise<CustomerRow> {
  return { ...row, ...(await ownershipAfter(transaction, actor, row, input.ownerId)), ...editedFields(row, input, deps.clock.now()) }
}

/** Who has it afterwards. Giving it away, to the pool included, needs the right to assign. */
async function ownershipAfter(transaction: Transaction, actor: Actor, row: CustomerRow, wanted: string | null | undefined): Promise<{ ownerId: UserId | null; teamId: TeamId | null }> {
  if (wanted === undefined || wanted === row.ownerId) return { ownerId: row.ownerId, teamId: row.teamId }
  if (scopeOf(actor.identity.role, 'customer:assign') === null) throw failed('FORBIDDEN', { action: 'customer:assign' })
  if (wanted === null) return { ownerId: null, teamId: row.teamId }
  const owner = await activeUser(transaction, wanted)
  if (!owner) throw crmError('OWNER_UNKNOWN')
  return { ownerId: owner.userId, teamId: owner.teamId }
}

async function moveCount(transaction: Transaction, from: UserId | null, to: UserId | null): Promise<void> {
  await countAssigned(transaction, new Map([...(from ? [[from, -1] as const] : []), ...(to ? [[to, 1] as const] : [])]))
}

async function nextPosition(transaction: Transaction, customerId: CustomerId): Promise<number> {
  const phones: PhoneRow[] = await phonesOf(transaction, [customerId])
  return Math.max(-1, ...phones.map((phone) => phone.position)) + 1
}

import { CommitUnknownError, isConnectionLost, sqlState } from '@loopline/postgres/errors'
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
import { readWhole, saveRowEdits } from './edit-rows.sql.ts'
import type { RowEdit, WholeCustomer } from './edit-rows.sql.ts'
import { visible } from './view-customer.ts'

/** What reaches beyond the customer's own row: search words, counts per owner, phones, the history of consents. */
const BEYOND_THE_ROW = ['name', 'company', 'ownerId', 'addPhones', 'removePhones', 'marketingConsent', 'recordingConsent'] as const satisfies (keyof EditCustomerInput)[]

/** Whether an edit is of the customer's own row alone. */
export const isOfRowAlone = (input: EditCustomerInput): boolean => BEYOND_THE_ROW.every((field) => input[field] === undefined)

/** What somebody asked for; `at` is when, unix ms. */
export interface AskedEdit {
  actor: Actor
  customerId: CustomerId
  input: EditCustomerInput
  at: number
}

/** What became of an edit. `not-here`: this way is not open to it and nothing has happened; the lock knows more. */
export type EditAnswer = { kind: 'written'; view: CustomerView } | { kind: 'refused'; error: unknown } | { kind: 'not-here' }

/** What is meant to be done with an edit. One `behind` another of the same customer loses to it, if that one is written. */
type Plan = Exclude<EditAnswer, { kind: 'written' }> | Writing | { kind: 'behind'; first: Writing }
type Writing = { kind: 'write'; edit: RowEdit; view: CustomerView }

const NOT_HERE = { kind: 'not-here' } as const

/**
 * Edits of rows alone, all that came within some milliseconds, in two statements, without a lock between them: every
 * writer of a customer, its phones and its consents moves the version, so "still the version that was read" says that
 * nothing of it has changed. Each edit is judged by itself; one that must be refused, or that finds its row changed or
 * locked, takes nothing from the others.
 *
 * @returns an answer for each, in their order. Refusals: VERSION_CONFLICT · CUSTOMER_NOT_FOUND · TIME_ZONE_UNKNOWN;
 *   CommitUnknownError when the write got no answer (F5).
 */
export async function editRows(deps: Deps, asked: readonly AskedEdit[]): Promise<EditAnswer[]> {
  const wholes = await readUnlessLost(deps, asked)
  if (!wholes) return asked.map(() => NOT_HERE)
  const plans = planEdits(deps, asked, wholes)
  const writings = plans.filter((plan) => plan.kind === 'write')
  if (writings.length === 0) return plans.map((plan) => answerOf(plan, new Set()))
  try {
    const saved = await saveRowEdits(deps.db, writings.map(({ edit }) => edit))
    if (saved.size > 0) outboxWritten(deps.notifier)
    return plans.map((plan) => answerOf(plan, saved))
  } catch (error) {
    const failure = failureOf(error, writings.length)
    return plans.map((plan) => (plan.kind === 'write' ? failure : answerOf(plan, new Set())))
  }
}

/** A read on a connection that had died unseen is no failure yet. */
async function readUnlessLost(deps: Deps, asked: readonly AskedEdit[]): Promise<Map<CustomerId, WholeCustomer> | null> {
  try {
    return await readWhole(deps.db, [...new Set(asked.map(({ customerId }) => customerId))])
  } catch (error) {
    if (isConnectionLost(error)) return null
    throw error
  }
}

function planEdits(deps: Deps, asked: readonly AskedEdit[], wholes: ReadonlyMap<CustomerId, WholeCustomer>): Plan[] {
  const firsts = new Map<CustomerId, Writing>()
  return asked.map((edit) => {
    try {
      const plan = planEdit(deps, edit, wholes.get(edit.customerId), firsts.get(edit.customerId))
      if (plan.kind === 'write') firsts.set(edit.customerId, plan)
      return plan
    } catch (error) {
      return { kind: 'refused', error }
    }
  })
}

function planEdit(deps: Deps, { actor, input, at }: AskedEdit, whole: WholeCustomer | undefined, first: Writing | undefined): Plan {
  const before = visible(actor, whole?.row)
  const { phones, consents, bookVersion } = whole as WholeCustomer
  // Rules that watch changes want a word.
  if (deps.book.known(bookVersion)?.['customer-changed'].length !== 0) return NOT_HERE
  if (first) return input.version === first.edit.row.version ? NOT_HERE : { kind: 'behind', first }
  if (before.version !== input.version) throw failed('VERSION_CONFLICT', viewOf(before, phones, consents, deps.keys))
  const row = { ...before, ...editedFields(before, input, at) }
  const [item] = editItems(row, changesBetween(before, row, { added: [], removed: 0 }), input, actor.identity)
  const edit = { was: before.version, row, item: item ?? null, event: customerChanged(row, phones) }
  return { kind: 'write', edit, view: viewOf(row, phones, consents, deps.keys) }
}

function answerOf(plan: Plan, saved: ReadonlySet<CustomerId>): EditAnswer {
  switch (plan.kind) {
    case 'write': return saved.has(plan.edit.row.customerId) ? { kind: 'written', view: plan.view } : NOT_HERE
    case 'behind': return saved.has(plan.first.edit.row.customerId) ? { kind: 'refused', error: failed('VERSION_CONFLICT', plan.first.view) } : NOT_HERE
    default: return plan
  }
}

/** 22, 23: a value or a key that the database refuses; 40: lost against another transaction. Nothing was written then. */
const PERHAPS_OF_ONE = /^(22|23|40)/

/** What a failed write means for each edit in it. Outside a transaction the statement is also its commit. */
function failureOf(error: unknown, count: number): EditAnswer {
  if (isConnectionLost(error)) return { kind: 'refused', error: new CommitUnknownError(error) }
  const others = count > 1 && PERHAPS_OF_ONE.test(sqlState(error) ?? '')
  return others ? NOT_HERE : { kind: 'refused', error }
}

import type { z } from 'zod'
import { inTransaction } from '@loopline/postgres/transaction'
import { newId } from '@loopline/clock/new-id'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { AddFollowUp, CustomerView } from '@loopline/contracts/customer'
import type { Actor, Deps } from '../deps.ts'
import { announce } from '../customer/announce.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import { lockCustomers, phonesOf, updateCustomer } from '../customer/customer.sql.ts'
import { actOnChange } from '../rule/act-on-change.ts'
import { viewsOf, visible } from '../customer/view-customer.ts'
import { insertTimeline } from './timeline.sql.ts'

/** Keeps what a person noted after speaking with the customer: it counts as a follow-up now. @throws CUSTOMER_NOT_FOUND */
export function addFollowUp(deps: Deps, actor: Actor, customerId: CustomerId, input: z.infer<typeof AddFollowUp>): Promise<CustomerView> {
  return inTransaction(deps.db, async (transaction) => {
    const [found] = await lockCustomers(transaction, [customerId])
    const row = visible(actor, found)
    const at = new Date(deps.clock.now())
    const wanted: CustomerRow = { ...row, intent: input.intent ?? row.intent, lastFollowUpAt: at, version: row.version + 1, updatedAt: at, touchedAt: at }
    const { sub, name } = actor.identity
    const phones = await phonesOf(transaction, [customerId])
    const { row: after, causation } = await actOnChange(deps, transaction, wanted, phones)
    await updateCustomer(transaction, after)
    await insertTimeline(transaction, [{ customerId, id: newId(), at, kind: 'follow-up', actorId: sub, actorName: name, body: { ...input } }])
    await announce(transaction, deps.notifier, after, phones, causation)
    const [view] = await viewsOf(deps, transaction, [after])
    return view as CustomerView
  })
}

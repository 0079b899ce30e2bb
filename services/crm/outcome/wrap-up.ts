import { keyOf } from '@loopline/event-log/make-event'
import type { Transaction } from '@loopline/postgres/queryable'
import type { CallWrappedUp, CallWrappedUpEvent } from '@loopline/contracts/call-event'
import { announce } from '../customer/announce.ts'
import { byCustomer } from '../customer/customer-row.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import { lockCustomers, phonesOf, updateCustomer } from '../customer/customer.sql.ts'
import type { Deps } from '../deps.ts'
import { actOnChange } from '../rule/act-on-change.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import { markWrappedUp } from './wrap-up.sql.ts'

/**
 * What agents noted of their calls: on the item of the call, and as a follow-up of its own where something was said or
 * promised. Told again it finds its follow-up there and changes nothing (P9).
 */
export async function applyWrapUps(deps: Deps, transaction: Transaction, events: readonly CallWrappedUpEvent[]): Promise<void> {
  if (events.length === 0) return
  await markWrappedUp(transaction, events.map(({ data }) => data).filter(({ isPart }) => isPart !== true))
  const said = events.map(({ data }) => data).filter(({ note, disposition, callback }) => note !== null || disposition !== null || callback !== null)
  const added = await insertTimeline(transaction, said.map(followUp))
  await followedUp(deps, transaction, said.filter((one) => added.has(idOf(one))))
}

/** One of the call, and one of each whose call went to a colleague. */
const idOf = ({ attemptId, agentId, isPart }: CallWrappedUp): string => keyOf(isPart === true ? `wrap-up/${attemptId}/${agentId}` : `wrap-up/${attemptId}`)

function followUp(wrapUp: CallWrappedUp): TimelineRow {
  const { customerId, attemptId, agentId, agentName, note, disposition, callback, at } = wrapUp
  return { customerId, id: idOf(wrapUp), at: new Date(at), kind: 'follow-up', actorId: agentId, actorName: agentName, body: { note: note ?? disposition ?? '', disposition, callback, attemptId } }
}

/** Counts as a follow-up of its instant, as one that a person enters does. */
async function followedUp(deps: Deps, transaction: Transaction, fresh: readonly CallWrappedUp[]): Promise<void> {
  const ids = [...new Set(fresh.map(({ customerId }) => customerId))]
  if (ids.length === 0) return
  const rows = (await lockCustomers(transaction, ids)).filter((row) => !row.deleted)
  const phones = byCustomer(await phonesOf(transaction, ids))
  for (const row of rows) {
    const at = new Date(Math.max(row.lastFollowUpAt?.getTime() ?? 0, ...fresh.filter(({ customerId }) => customerId === row.customerId).map((one) => one.at)))
    const now = new Date(deps.clock.now())
    const wanted: CustomerRow = { ...row, lastFollowUpAt: at, version: row.version + 1, updatedAt: now, touchedAt: now }
    const own = phones.get(row.customerId) ?? []
    const { row: after, causation } = await actOnChange(deps, transaction, wanted, own)
    await updateCustomer(transaction, after)
    await announce(transaction, deps.notifier, after, own, causation)
  }
}

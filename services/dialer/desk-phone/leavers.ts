import type { UserChanged } from '@loopline/contracts/setting-event'
import type { Delivery, LogEvent } from '@loopline/event-log/event-log'
import { inTransaction } from '@loopline/postgres/transaction'
import type { UserId } from '@loopline/vocabulary/ids'
import { giveToTeams } from '../callback/callback.sql.ts'
import type { Dialer } from '../dialer.ts'
import { removeDeskPhones } from './desk-phone.sql.ts'
import { tellDeskPhones } from './tell-desk-phones.ts'

/** Who may no longer sign in has no telephone that could still register, and his promised calls are his team's. */
export async function takePhonesOfLeavers(dialer: Dialer, events: readonly LogEvent<UserChanged>[], delivery: Pick<Delivery, 'commitIn'>): Promise<void> {
  const leavers = events.flatMap(({ event }) => (event.data.active ? [] : [event.data.userId as UserId]))
  const removed = await inTransaction(dialer.db, async (transaction) => {
    const count = leavers.length === 0 ? 0 : await removeDeskPhones(transaction, leavers)
    if (leavers.length > 0) await giveToTeams(transaction, leavers)
    await delivery.commitIn(transaction)
    return count
  })
  if (removed > 0) await tellDeskPhones(dialer)
}

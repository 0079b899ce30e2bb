import type { Delivery, LogEvent } from '@loopline/event-log/event-log'
import { inTransaction } from '@loopline/postgres/transaction'
import type { UserChanged } from '@loopline/contracts/setting-event'
import type { TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Deps } from '../deps.ts'
import { saveUser } from './team.sql.ts'

/** Keeps the people of hub at hand, so that rules can choose among them. State events: the newest version wins. */
export function consumeUsers(deps: Deps) {
  return async (events: readonly LogEvent<UserChanged>[], delivery: Pick<Delivery, 'commitIn'>): Promise<void> => {
    await inTransaction(deps.db, async (transaction) => {
      for (const { event } of events) {
        const { userId, teamId, ...rest } = event.data
        await saveUser(transaction, { ...rest, userId: userId as UserId, teamId: teamId as TeamId | null })
      }
      await delivery.commitIn(transaction)
    })
  }
}

import type { Queryable } from '@loopline/postgres/queryable'
import type { LogEvent, ParkedKey } from './event-log.ts'
import { isPassing, messageOf } from './failure.ts'
import { parkLonger, parkedOf, unpark } from './parking.sql.ts'

/**
 * Handles the parked events of one key, oldest first, until one fails again; that one waits twice as long as before.
 * Returns true when none is left. A crash between handling and `unpark` handles one event again.
 */
export async function retryKey(database: Queryable, key: ParkedKey, handle: (event: LogEvent) => Promise<void>): Promise<boolean> {
  for (const event of await parkedOf(database, key)) {
    try {
      await handle(event)
    } catch (error) {
      if (isPassing(error)) throw error
      await parkLonger(database, key.group, event, messageOf(error))
      return false
    }
    await unpark(database, key.group, event)
  }
  return true
}

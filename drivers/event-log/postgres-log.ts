import { randomUUID } from 'node:crypto'
import { listen } from '@loopline/postgres/listen'
import { SILENT } from '@loopline/postgres/log'
import type { Log } from '@loopline/postgres/log'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import { GroupMember } from './consumer.ts'
import type { EventLog } from './event-log.ts'
import { readLag } from './lag.sql.ts'
import { drop, listParked, makeDue } from './parking.sql.ts'
import { forgetGroup, pruneLog } from './prune.sql.ts'
import { LOG_CHANNEL } from './relay.ts'
import { startTail } from './tail.ts'

/** Members of groups tell each other that the shares change. */
const SHARE_CHANNEL = 'loopline_share'

export interface PostgresLogOptions {
  db: Database
  url: string
  notifier: Notifier
  log?: Log
  /** How long a partition stays with a member that says nothing, ms. */
  ttlMs?: number
  /** How often the log is looked at without being woken, ms. With the relay's it must stay well below a second (P10). */
  sweepMs?: number
  /** Names this process among all that ever ran; random when absent. */
  processName?: string
  /**
   * Whose place this process takes: one that is known to have ended, by whoever waited for its end. What it held is free at once
   * instead of after `ttlMs`; what it had sent to the database before it died is refused by its token as ever.
   */
  predecessor?: string
}

/** The event log in PostgreSQL. One per process: its consumers and tails share one listening connection. */
export function openPostgresLog(options: PostgresLogOptions): EventLog {
  const { db, url, notifier, log = SILENT, ttlMs = 5_000, sweepMs = 250, processName = randomUUID(), predecessor } = options
  const members = new Set<GroupMember>()
  const tails = new Set<ReturnType<typeof startTail>>()
  /** Whoever reads none of these topics sleeps on: at 1,000 events a second a look for nothing is what costs most. */
  const wake = (topics: readonly string[] | null): void => {
    for (const reader of [...members, ...tails]) {
      if (topics === null || topics.some((topic) => reader.topics.includes(topic))) reader.wake()
    }
  }
  const shareAnew = (): void => {
    for (const member of members) member.shareAnew()
  }
  const listener = listen({ url, name: 'log', channels: { [LOG_CHANNEL]: wake, [SHARE_CHANNEL]: shareAnew }, log })
  return {
    consume(consumeOptions) {
      const member = new GroupMember(consumeOptions, { db, log, ttlMs, sweepMs, processName, predecessor: predecessor ?? null, tellOthers: () => notifier.notify(SHARE_CHANNEL) })
      members.add(member)
      return member
    },
    tail(tailOptions) {
      const tail = startTail(tailOptions, { db, log, sweepMs })
      tails.add(tail)
      return tail
    },
    lag: (group) => readLag(db, group),
    parked: (group, limit = 100) => listParked(db, group, limit),
    async retryParked(key) {
      await makeDue(db, key)
      notifier.notify(LOG_CHANNEL)
    },
    async dropParked(event) {
      await drop(db, event)
      notifier.notify(LOG_CHANNEL)
    },
    prune: (olderThan) => pruneLog(db, olderThan),
    forgetGroup: (group) => forgetGroup(db, group),
    async close() {
      await listener.close()
      await Promise.all([...members, ...tails].map((reader) => reader.stop()))
    },
  }
}

import { afterAll, beforeAll, expect, test } from 'vitest'
import { virtualClock } from '@loopline/clock/clock'
import type { VirtualClock } from '@loopline/clock/clock'
import { makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { openPostgresLog } from '@loopline/event-log/postgres-log'
import { startRelay } from '@loopline/event-log/relay'
import type { EventLog } from '@loopline/event-log/event-log'
import { createNotifier } from '@loopline/postgres/notify'
import type { Notifier } from '@loopline/postgres/notify'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { inTransaction } from '@loopline/postgres/transaction'
import { newId } from '@loopline/clock/new-id'
import { silentLogger } from '@loopline/telemetry/logger'
import { startLogPruner } from '../log/prune-log.ts'

const MIGRATIONS = [new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)]
const DAY_MS = 86_400_000
let database: TestDatabase
let eventLog: EventLog
let notifier: Notifier
let clock: VirtualClock
beforeAll(async () => {
  database = await testDatabase(MIGRATIONS)
  notifier = createNotifier({ url: database.url, name: 'test' })
  eventLog = openPostgresLog({ db: database.db, url: database.url, notifier })
  clock = virtualClock(Date.now())
})
afterAll(async () => {
  await eventLog.close()
  await notifier.close()
  await database.drop()
})

test('events go when they are older than the days asked for, and a log that is away costs nothing but the turn', async () => {
  const relay = startRelay({ db: database.db, url: database.url, services: ['hub'], notifier })
  const events = Array.from({ length: 5 }, () => makeEvent({ type: 'hub.setting.changed', key: newId(), sequence: 1, time: clock.now(), data: {} }))
  await inTransaction(database.db, (transaction) => publish(transaction, notifier, events))
  const stored = async (): Promise<number> => (await database.db.sql`select from log.event`).length
  await expect.poll(stored).toBe(5)
  await relay.stop()
  const pruner = startLogPruner({ eventLog, clock, log: silentLogger(), keepDays: 7 })
  clock.advance(7 * DAY_MS - 3_600_000)
  expect(await pruner.prune()).toBe(0)
  clock.advance(2 * 3_600_000)
  expect(await Promise.all([pruner.prune(), pruner.prune()])).toEqual([5, 5])
  expect(await stored()).toBe(0)
  const away = startLogPruner({ eventLog: { ...eventLog, prune: () => Promise.reject(new Error('away')) }, clock, log: silentLogger(), keepDays: 7 })
  expect(await away.prune()).toBe(0)
  await Promise.all([pruner.stop(), away.stop()])
})

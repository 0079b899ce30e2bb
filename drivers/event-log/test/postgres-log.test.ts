import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { createNotifier } from '@loopline/postgres/notify'
import type { Notifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { sqlText } from '@loopline/postgres/sql'
import { testDatabase } from '@loopline/postgres/test-database'
import { inTransaction } from '@loopline/postgres/transaction'
import { PARTITIONS } from '@loopline/vocabulary/bucket'
import { LOG_MIGRATIONS } from '../migrations.ts'
import { eventLogContract } from '../event-log.contract.ts'
import type { LogUnderTest } from '../event-log.contract.ts'
import { makeEvent } from '../make-event.ts'
import { appendToOutbox, outboxWritten } from '../outbox.ts'
import { openPostgresLog } from '../postgres-log.ts'
import { startRelay } from '../relay.ts'

eventLogContract('the event log in PostgreSQL', async (): Promise<LogUnderTest> => {
  const { db, url, drop } = await testDatabase([LOG_MIGRATIONS])
  await db.run(sqlText('create schema shop', []))
  await db.sql`select loopline.create_outbox('shop')`
  const shared = openPool({ url, name: 'log under test', max: 6 })
  const sender = createNotifier({ url, name: 'log under test' })
  let lost = false
  const notifier: Notifier = { notify: (channel) => void (lost || sender.notify(channel)), close: () => sender.close() }

  return {
    db,
    startRelay: () => startRelay({ db: shared, url, services: ['shop'], notifier }),
    openLog: () => openPostgresLog({ db: shared, url, notifier, ttlMs: 1_000 }),
    written: () => outboxWritten(notifier),
    loseWakes: () => void (lost = true),
    async cutListeners() {
      await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '%listener'`
    },
    async expireLeases(group) {
      await db.sql`
        with taken as (update log.lease set owner = 'a thief', token = token + 1, lease_until = now() where group_name = ${group} returning partition, token)
        update log.cursor c set token = taken.token from taken where c.group_name = ${group} and c.partition = taken.partition`
    },
    hangingMember: (group, topic) => hangingMember(url, group, topic),
    async close() {
      await notifier.close()
      await shared.close()
      await drop()
    },
  }
})

test('P14: whoever is told that a process has ended takes over what it held without waiting for its leases', async () => {
  const { db, url, drop } = await testDatabase([LOG_MIGRATIONS])
  await db.run(sqlText('create schema shop', []))
  await db.sql`select loopline.create_outbox('shop')`
  const notifier = createNotifier({ url, name: 'succession' })
  // Nobody outlives leases of ten minutes here: what is delivered was freed.
  const victim = await hangingMember(url, 'succession', 'shop.note', ['first', '600000'])
  await victim.kill()
  const relay = startRelay({ db, url, services: ['shop'], notifier })
  const log = openPostgresLog({ db, url, notifier, ttlMs: 600_000, processName: 'second', predecessor: 'first' })
  const seen = Promise.withResolvers<string>()
  const key = newId()
  const consumer = log.consume<{ n: number }>({ group: 'succession', topics: ['shop.note'], handle: async (events) => seen.resolve(events[0]?.key ?? '') })
  await consumer.joined
  await inTransaction(db, (transaction) => appendToOutbox(transaction, [makeEvent({ type: 'shop.note.written', subject: key, sequence: 1, time: Date.now(), data: { n: 1 } })]))
  outboxWritten(notifier)
  expect(await seen.promise).toBe(key)
  expect(consumer.leases()).toHaveLength(PARTITIONS)
  await log.close()
  await relay.stop()
  await notifier.close()
  await drop()
})

async function hangingMember(url: string, group: string, topic: string, more: readonly string[] = []): ReturnType<LogUnderTest['hangingMember']> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./hanging-member.ts', import.meta.url)), url, group, topic, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const said = (word: string): Promise<void> => new Promise((resolve) => lines.on('line', (line) => line === word && resolve()))
  const handled = said('handled')
  await Promise.race([said('joined'), exited])
  return {
    handled,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

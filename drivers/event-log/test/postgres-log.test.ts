import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createNotifier } from '@loopline/postgres/notify'
import type { Notifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { sqlText } from '@loopline/postgres/sql'
import { testDatabase } from '@loopline/postgres/test-database'
import { LOG_MIGRATIONS } from '../migrations.ts'
import { eventLogContract } from '../event-log.contract.ts'
import type { LogUnderTest } from '../event-log.contract.ts'
import { outboxWritten } from '../outbox.ts'
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

async function hangingMember(url: string, group: string, topic: string): ReturnType<LogUnderTest['hangingMember']> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./hanging-member.ts', import.meta.url)), url, group, topic], { stdio: ['ignore', 'pipe', 'inherit'] })
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

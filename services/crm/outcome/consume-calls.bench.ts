/*
 * CPU per ended call, ours and PostgreSQL's, from the event in memory to the committed transaction.
 * Run: node services/crm/outcome/consume-calls.bench.ts [customers] [calls] [batch]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@loopline/clock/clock'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { migrate } from '@loopline/postgres/migrate'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { silentLogger } from '@loopline/telemetry/logger'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Deps } from '../deps.ts'
import { CompiledBook } from '../rule/rule-book.ts'
import { seedRules } from '../rule/seed-rules.ts'
import { DELIVERED, endedCall, logged } from '../test/call.ts'
import { MIGRATIONS } from '../test/harness.ts'
import { consumeCalls } from './consume-calls.ts'

const [customers = 100_000, calls = 30_000, batchSize = 50] = process.argv.slice(2).map(Number)
/** What the sandbox's population answers, about. */
const MIX: Outcome[] = ['connected', 'connected', 'connected', 'no-answer', 'no-answer', 'no-answer', 'busy', 'rejected', 'powered-off', 'invalid-number']

const folder = await mkdtemp(join(tmpdir(), 'crm-bench-'))
const server = await startEmbedded({ dataDir: folder, log: silentLogger(), durability: 'durable' })
try {
  await migrate(server.url, MIGRATIONS)
  const db = openPool({ url: server.url, name: 'bench', max: 1, statementTimeoutMs: 0 })
  const deps: Deps = {
    db, keys: createKeyring(newKeySet()), clock: systemClock, log: silentLogger(),
    notifier: createNotifier({ url: server.url, name: 'bench' }), audit: async () => undefined, book: new CompiledBook(),
  }
  await seedRules(deps)
  await db.sql`insert into crm.team_user (user_id, version, name, role, skills, active) select uuidv7(), 1, 'n', 'agent', '{senior}', true from generate_series(1, 10)`
  await db.sql`
    insert into crm.customer (customer_id, version, name, company, level, status, tags, region, industry, intent, marketing_consent,
      recording_consent, time_zone, created_at, updated_at, touched_at)
    select uuidv7(), 1, '张伟', '杭州蓝鲸网络科技有限公司', 'C', 'new', '{VIP,展会}', '浙江', '软件', 'unknown', 'granted', 'unknown', 'Asia/Shanghai', at, at, at
      from generate_series(1, ${customers}), date_trunc('milliseconds', now()) as at`
  await db.sql`
    insert into crm.phone (customer_id, phone_id, position, sealed, blind_index, last_four_index)
    select customer_id, uuidv7(), 0, sha256(customer_id::text::bytea), sha256(customer_id::text::bytea), substr(sha256(customer_id::text::bytea), 1, 2) from crm.customer`
  await db.sql`analyze crm.customer`
  const phones = await db.sql<{ customerId: string; phoneId: string }>`select customer_id as "customerId", phone_id as "phoneId" from crm.phone order by blind_index limit ${calls}`
  const [backend] = await db.sql<{ pid: number }>`select pg_backend_pid() as pid`
  const apply = consumeCalls(deps)

  const batches = Array.from({ length: Math.ceil(calls / batchSize) }, (_, index) =>
    Array.from({ length: batchSize }, (_, at) => {
      const { customerId, phoneId } = phones[(index * batchSize + at) % phones.length] as { customerId: string; phoneId: string }
      return logged(endedCall(customerId, phoneId, Date.now(), { outcome: MIX[(index + at * 7) % 10] as Outcome }))
    }))
  for (const batch of batches.slice(0, 20)) await apply(batch, DELIVERED)

  const [us, pg, started] = [process.cpuUsage(), await cpuSecondsOf(backend?.pid as number), performance.now()]
  for (const batch of batches.slice(20)) await apply(batch, DELIVERED)
  const seconds = (performance.now() - started) / 1_000
  const used = process.cpuUsage(us)
  const count = (batches.length - 20) * batchSize
  const [hot] = await db.sql`select n_tup_upd as updates, n_tup_hot_upd as hot from pg_stat_user_tables where relid = 'crm.customer'::regclass`
  console.log(JSON.stringify({
    calls: count, batchSize, perSecond: Math.round(count / seconds),
    nodeMsPerCall: +((used.user + used.system) / 1_000 / count).toFixed(3),
    postgresMsPerCall: +(((await cpuSecondsOf(backend?.pid as number)) - pg) * 1_000 / count).toFixed(3),
    ...hot,
  }))
  await deps.notifier.close()
  await db.close()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** User and system time of a process, from /proc (ticks of 10 ms). */
async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

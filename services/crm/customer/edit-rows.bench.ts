/*
 * CPU per edit of a customer's row, ours without HTTP and PostgreSQL's, by how many edits share a batch.
 * Run: node services/crm/customer/edit-rows.bench.ts [customers] [edits]
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
import { inTransaction } from '@loopline/postgres/transaction'
import { silentLogger } from '@loopline/telemetry/logger'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { Deps } from '../deps.ts'
import { CompiledBook } from '../rule/rule-book.ts'
import { seedRules } from '../rule/seed-rules.ts'
import { MIGRATIONS, person } from '../test/harness.ts'
import { insertPhones } from './phone.sql.ts'
import { editRows } from './edit-rows.ts'
import { openEditing } from './edit-customer.ts'

const [customers = 50_000, edits = 6_000] = process.argv.slice(2).map(Number)
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
  await deps.book.current(db)
  await db.sql`
    insert into crm.customer (customer_id, version, name, company, level, status, tags, region, industry, intent, marketing_consent,
      recording_consent, time_zone, created_at, updated_at, touched_at)
    select uuidv7(), 1, '张伟', '杭州蓝鲸网络科技有限公司', 'C', 'new', '{VIP,展会}', '浙江', '软件', 'unknown', 'granted', 'unknown', 'Asia/Shanghai', at, at, at
      from generate_series(1, ${customers}), date_trunc('milliseconds', now()) as at`
  const ids = (await db.sql<{ id: CustomerId }>`select customer_id as id from crm.customer order by customer_id`).map(({ id }) => id)
  for (let at = 0; at < ids.length; at += 5_000) {
    await db.sql`
      insert into crm.consent (customer_id, id, purpose, state, source, at, recorded_at)
      select id, uuidv7(), 'marketing', 'granted', '官网表单', now(), now() from unnest(${ids.slice(at, at + 5_000)}::uuid[]) as id`
  }
  await sealPhones()
  await db.sql`vacuum analyze crm.customer`
  await db.sql`vacuum analyze crm.phone`
  await db.sql`vacuum analyze crm.consent`
  const [backend] = await db.sql<{ pid: number }>`select pg_backend_pid() as pid`
  const actor = { identity: person('admin'), scope: 'all' as const }
  const versions = new Map(ids.map((id) => [id, 1]))
  const locked = openEditing(deps)
  let next = 0
  /** Spread over the table, as edits of many people are. */
  const nextEdit = () => {
    next = (next + 7_919) % ids.length
    const customerId = ids[next] as CustomerId
    const version = versions.get(customerId) as number
    versions.set(customerId, version + 1)
    return { actor, customerId, input: { version, level: 'ABCD'[version % 4] as 'A' }, at: Date.now() }
  }
  for (const size of [1, 1, 5, 10, 20, 50]) await measure(size, async () => {
    const answers = await editRows(deps, Array.from({ length: size }, nextEdit))
    if (answers.some(({ kind }) => kind !== 'written')) throw new Error('an edit was not written')
  })
  await measure(1, async () => {
    const { customerId, input } = nextEdit()
    await locked(actor, customerId, { ...input, name: '张伟' })
  }, 'under a lock of its own')

  async function measure(size: number, work: () => Promise<void>, what = 'gathered'): Promise<void> {
    const count = Math.ceil(edits / size)
    for (let round = 0; round < 20; round++) await work()
    const [us, pg] = [process.cpuUsage(), await cpuSecondsOf(backend?.pid as number)]
    for (let round = 0; round < count; round++) await work()
    const used = process.cpuUsage(us)
    console.log(JSON.stringify({
      what, size, nodeUs: Math.round((used.user + used.system) / count / size), postgresUs: Math.round(((await cpuSecondsOf(backend?.pid as number)) - pg) * 1e6 / count / size),
    }))
    await db.sql`truncate crm.outbox`
  }

  async function sealPhones(): Promise<void> {
    const rows = ids.map((customerId, index) => {
      const number = `+86139${String(10_000_000 + index)}` as E164
      return { customerId, phoneId: customerId as never, position: 0, sealed: deps.keys.sealPhone(new Phone(number), customerId), state: 'usable' as const, blindIndex: deps.keys.blindIndex(number), lastFourIndex: deps.keys.lastFourIndex(number.slice(-4)) }
    })
    for (let at = 0; at < rows.length; at += 5_000) await inTransaction(db, (transaction) => insertPhones(transaction, rows.slice(at, at + 5_000)))
  }
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

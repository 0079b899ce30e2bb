/*
 * CPU of the dialer and of PostgreSQL per 1,000 attempts, against a scripted voice that answers every call and ends it a
 * second later, and a scripted crm that tells each call back as an edit of its customer.
 * Run: node services/dialer/dialer.bench.ts [rate] [seconds] [customers] [echo: 0|1]
 */
import { fork } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresLog } from '@loopline/event-log/postgres-log'
import { startRelay } from '@loopline/event-log/relay'
import { serviceToken } from '@loopline/http/identity-token'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { SILENT } from '@loopline/postgres/log'
import { migrate } from '@loopline/postgres/migrate'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import type { CallEndedEvent } from '@loopline/contracts/call-event'
import { noonInChina, present } from './test/harness.ts'
import { ScriptedCrm, customer } from './test/scripted-crm.ts'
import { ScriptedVoice } from './test/scripted-voice.ts'

const [rate = 500, seconds = 20, customers = 40_000, echo = 1] = process.argv.slice(2).map(Number)
const TICKS_PER_SECOND = 100

/** CPU seconds of a process and of its children that were waited for; of PostgreSQL the whole tree is added up. */
async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}
async function cpuOfTree(root: number): Promise<number> {
  let sum = await cpuOf(root)
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    if (Number(stat.split(') ')[1]?.split(' ')[1]) === root) sum += await cpuOf(Number(name)).catch(() => 0)
  }
  return sum
}

/** CPU of PostgreSQL by who asks: application names of the backends, and `server` for its own processes. */
async function cpuByApplication(): Promise<Map<string, number>> {
  const sums = new Map<string, number>()
  const backends = await db.sql<{ pid: number; name: string }>`select pid, coalesce(nullif(application_name, ''), backend_type, 'server') as name from pg_stat_activity`
  for (const { pid, name } of backends) sums.set(name, (sums.get(name) ?? 0) + await cpuOf(pid).catch(() => 0))
  return sums
}

const dataDir = await mkdtemp(join(tmpdir(), 'dialer-bench-'))
const server = await startEmbedded({ dataDir, log: SILENT })
await migrate(server.url, [new URL('../../drivers/event-log/migrations', import.meta.url), new URL('migrations', import.meta.url)])
const db = openPool({ url: server.url, name: 'bench', max: 4 })
await db.sql`create schema crm`
await db.sql`select loopline.create_outbox('crm')`
await db.sql`insert into dialer.knowledge (key, version, value) values ('callee-clock', 1, ${JSON.stringify({ offsetMs: noonInChina() })}::jsonb)`
const notifier = createNotifier({ url: server.url, name: 'bench' })
const relay = startRelay({ db, url: server.url, services: ['crm', 'dialer'], notifier })
const keySet = newKeySet()
const keys = createKeyring(keySet)
const crm = new ScriptedCrm(db, notifier)
const voice = new ScriptedVoice()
voice.script = (call) => {
  setTimeout(() => voice.end(call), 1_000)
  return null
}
crm.add(...Array.from({ length: customers }, () => customer(keys, { level: (['A', 'B', 'C', 'D'] as const)[Math.floor(Math.random() * 4)] ?? 'C' })))
const [crmUrl, voiceLink] = await Promise.all([crm.listen(), voice.listen()])

const child = fork(new URL('test/dialer-child.ts', import.meta.url), { execArgv: process.env['PROF'] ? ['--cpu-prof', '--cpu-prof-dir=/tmp/loopline/dialer/prof'] : [], env: { ...process.env, DATABASE_URL: server.url, CRM_URL: crmUrl, VOICE_LINK: voiceLink, LOOPLINE_KEYS: JSON.stringify(keySet) } })
const url = await new Promise<string>((resolve) => { child.once('message', (message) => resolve((message as { url: string }).url)) })
const ask = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
  const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${await serviceToken(keys.signingKey('identity'), 'bench')}`, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) })
  return await response.json() as Record<string, unknown>
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

await db.sql`insert into dialer.line (line_id, name, type, enabled, remote, local, number_format, caller_ids, max_concurrent, max_per_second, weight, sandbox, carrier, contract, created_at, updated_at)
  values (uuidv7(), 'Bench', '4g', true, '127.0.0.1:5060', '127.0.0.1:0', 'e164', '{+861012345678}', 20000, 5000, 10, true, '', '', now(), now())`
const eventLog = openPostgresLog({ db, url: server.url, notifier })
if (echo === 1) {
  eventLog.consume<CallEndedEvent>({
    group: 'bench', topics: ['dialer.call'], batchMax: 200,
    async handle(events) {
      const changed = events.map(({ event: { data } }) => {
        const before = present(crm.customers.get(data.customerId))
        const after = { ...before, version: before.version + 1, lastOutcome: data.outcome, lastCalledAt: data.startedAt, attemptCount: before.attemptCount + 1 }
        crm.customers.set(data.customerId, after)
        return after
      })
      await crm.tell(...changed)
    },
  })
}
const made = await ask('POST', '/campaigns', { name: 'Bench', audience: { combinator: 'and', rules: [] }, ratePerSecond: rate, maxConcurrent: 20_000 })
const loadFrom = performance.now()
const [dialerAtLoad, postgresAtLoad] = await Promise.all([cpuOf(child.pid ?? 0), cpuOfTree(server.pid)])
await ask('POST', `/campaigns/${String(made['campaignId'])}/start`, {})
await ask('POST', `/campaigns/${String(made['campaignId'])}/pause`, {})
for (;;) {
  const progress = await ask('GET', `/campaigns/${String(made['campaignId'])}/progress`)
  if (Number(progress['ready']) >= customers - 1_000) break
  await wait(250)
}
const loadSeconds = (performance.now() - loadFrom) / 1_000
const loadCpu = { dialer: (await cpuOf(child.pid ?? 0)) - dialerAtLoad, postgres: (await cpuOfTree(server.pid)) - postgresAtLoad }
await wait(1_000)
await ask('POST', `/campaigns/${String(made['campaignId'])}/resume`, {})
await wait(3_000)
await ask('POST', '/internal/stats/reset')
const [dialerBefore, postgresBefore] = await Promise.all([cpuOf(child.pid ?? 0), cpuOfTree(server.pid)])
const applicationsBefore = await cpuByApplication()
const from = performance.now()
await wait(seconds * 1_000)
const elapsed = (performance.now() - from) / 1_000
const [dialerAfter, postgresAfter] = await Promise.all([cpuOf(child.pid ?? 0), cpuOfTree(server.pid)])
const applications = await cpuByApplication()
const stats = await ask('GET', '/internal/stats')
const attempts = Number(stats['attempts'])
console.error(stats)
for (const [name, cpu] of applications) console.error(name.padEnd(32), Math.round(((cpu - (applicationsBefore.get(name) ?? 0)) / attempts) * 1e6) / 1e3)
console.log(JSON.stringify({
  attempts, perSecond: Math.round(attempts / elapsed), loadSeconds: Math.round(loadSeconds * 10) / 10, loadCpu,
  dialerCpuPer1000: Math.round(((dialerAfter - dialerBefore) / attempts) * 1e6) / 1e3, postgresCpuPer1000: Math.round(((postgresAfter - postgresBefore) / attempts) * 1e6) / 1e3,
}))
child.disconnect()
await new Promise((resolve) => { child.once('exit', resolve) })
await eventLog.close()
await relay.stop()
await Promise.all([crm.close(), voice.close(), notifier.close()])
await db.close()
await server.stop()
await rm(dataDir, { recursive: true, force: true })
process.exit(0)

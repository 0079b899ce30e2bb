import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportId } from '@loopline/vocabulary/ids'
import { newId } from '@loopline/clock/new-id'
import { inTransaction } from '@loopline/postgres/transaction'
import { importRow } from '../import/import.sql.ts'
import { startJobs } from '../import/jobs.ts'
import { person, startHarness } from './harness.ts'
import type { Harness } from './harness.ts'

let crm: Harness
const admin = person('admin')
const CHILD = fileURLToPath(new URL('./import-child.ts', import.meta.url))
const OPTIONS = { columns: ['name', 'phone'], hasHeader: false }

beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

const file = (rows: number, from: number): string => Array.from({ length: rows }, (_, n) => `张${n % 97 === 0 ? '' : '伟'},${n % 97 === 0 ? '12' : 13_300_000_000 + from + n}\n`).join('')

/** No limit of its own: under load only the test's time-out decides. */
async function until<Value>(look: () => Promise<Value | undefined | false>): Promise<Value> {
  for (;;) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Somebody else is about to take this number: who wants to store it waits until `open`, and then finds it free. */
async function holdNumber(digits: string): Promise<{ open: () => Promise<void> }> {
  const held = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  const rollback = new Error('the number is free again')
  const holding = inTransaction(crm.deps.db, async (transaction) => {
    await transaction.sql`set local idle_in_transaction_session_timeout = 0`
    await transaction.sql`insert into crm.phone_index (blind_index, customer_id) values (${crm.deps.keys.blindIndex(digits)}, ${newId()})`
    held.resolve()
    await leave.promise
    throw rollback
  }).catch((error: unknown) => {
    if (error !== rollback) throw error
  })
  await Promise.race([held.promise, holding])
  return { open: async () => (leave.resolve(), holding) }
}

test('kill -9 in an import: it goes on behind the last committed batch, and no row is there twice', async () => {
  const { body } = await crm.upload(admin, '/imports', file(8_000, 0), OPTIONS)
  const data = { importId: body.importId, databaseUrl: crm.database.url, dataDir: crm.deps.dataDir, keySource: crm.keySource }
  const state = async () => (await importRow(crm.deps.db, body.importId))
  const importing = async () => (await crm.deps.db.sql`
    select pid from pg_stat_activity where datname = current_database() and application_name = 'loopline crm import'`).length > 0

  // However fast the import is and however slow we are: it cannot get past the number that we hold before it is killed.
  const gate = await holdNumber(`+86${13_300_000_000 + 6_000}`)
  const child = spawn(process.execPath, [CHILD, JSON.stringify(data)], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  await until(async () => ((await state())?.rowsDone ?? 0) >= 1_000)
  child.kill('SIGKILL')
  await exited
  await gate.open()
  // PostgreSQL ends what the dead one had begun when it next looks at the socket.
  await until(async () => !(await importing()))
  const killedAt = (await state())?.rowsDone ?? 0
  expect(killedAt).toBeGreaterThanOrEqual(1_000)
  expect(killedAt).toBeLessThan(6_000)

  const second = spawn(process.execPath, [CHILD, JSON.stringify(data)], { stdio: 'ignore' })
  expect(await once(second, 'exit')).toEqual([0, null])
  const bad = Math.ceil(8_000 / 97)
  expect(await state()).toMatchObject({ state: 'done', rowsDone: 8_000, created: 8_000 - bad, failed: bad, skipped: 0 })
  const [counted] = await crm.deps.db.sql`select count(*) as rows, count(distinct customer_id) as customers from crm.phone where blind_index in (select blind_index from crm.phone_index)`
  expect(counted).toEqual({ rows: 8_000 - bad, customers: 8_000 - bad })
  const { body: errors } = await crm.ask<string>(admin, 'GET', `/imports/${body.importId}/errors`)
  expect(errors.trim().split('\n')).toHaveLength(bad + 1)
  const events = await crm.takeEvents()
  expect(Math.max(...events.map((event) => event.data.customerIds.length))).toBe(1_000)
  const told = events.flatMap((event) => event.data.customerIds)
  expect(new Set(told).size).toBe(8_000 - bad)
  expect(told).toHaveLength(8_000 - bad)
}, 60_000)

test('a worker at work for long is not taken for dead', async () => {
  const jobs = await startJobs(crm.deps, { databaseUrl: crm.database.url, dataDir: crm.deps.dataDir, keySource: crm.keySource, beatMs: 20 })
  const { body } = await crm.upload(admin, '/imports', file(3_000, 200_000), OPTIONS)
  await jobs.enqueue(body.importId as ImportId)
  const lockedBy = async () => (await crm.deps.db.sql<{ locked: string | null; beats: boolean }>`
    select locked_by as locked, exists (select from crm.worker_heartbeat where worker_id = locked_by) as beats from crm_jobs.jobs where key = ${body.importId}`)[0]
  expect(await until(async () => {
    const job = await lockedBy()
    return job?.locked ? job : undefined
  })).toMatchObject({ beats: true })
  await until(async () => (await importRow(crm.deps.db, body.importId))?.state === 'done')
  expect(await importRow(crm.deps.db, body.importId)).toMatchObject({ rowsDone: 3_000, skipped: 0 })
  await jobs.stop()
}, 60_000)

test('a job whose worker is dead is done by the next one, not in four hours (F19)', async () => {
  const first = await startJobs(crm.deps, { databaseUrl: crm.database.url, dataDir: crm.deps.dataDir, keySource: crm.keySource, beatMs: 100 })
  await first.stop()
  const { body } = await crm.upload(admin, '/imports', file(10, 100_000), OPTIONS)
  // As a killed worker leaves it: locked, by somebody who no longer beats.
  await crm.deps.db.sql`select crm_jobs.add_job('crm-import', ${JSON.stringify({ importId: body.importId })}::json, job_key => ${body.importId})`
  await crm.deps.db.sql`update crm_jobs._private_jobs set locked_by = 'worker-dead', locked_at = now() - interval '1 minute', attempts = 1`
  const second = await startJobs(crm.deps, { databaseUrl: crm.database.url, dataDir: crm.deps.dataDir, keySource: crm.keySource, beatMs: 100 })
  await until(async () => (await importRow(crm.deps.db, body.importId))?.state === 'done')
  await second.stop()
}, 60_000)

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLogger } from '@loopline/telemetry/logger'
import { identifier, fragment } from '@loopline/postgres/sql'
import { createNotifier } from '@loopline/postgres/notify'
import type { ImportId } from '@loopline/vocabulary/ids'
import { runImport } from '../import/run-import.ts'
import { consumeCalls } from '../outcome/consume-calls.ts'
import { DELIVERED, endedCall, logged } from './call.ts'
import { person, startHarness } from './harness.ts'
import type { Harness } from './harness.ts'

let crm: Harness
const admin = person('admin')
const CANARIES = ['13900001234', '13900001235']
beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

/** Every row of every table of the database as text. */
async function everything(): Promise<string> {
  const tables = await crm.deps.db.sql<{ name: string }>`
    select schemaname || '.' || tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`
  let text = ''
  for (const { name } of tables) {
    const { rows } = await crm.deps.db.run<{ line: string }>(fragment`select t::text as line from ${identifier(name)} t`)
    text += rows.map((row) => row.line).join('\n')
  }
  return text
}

test('a number that was created, edited, imported, searched, called and refused is nowhere in clear (P16)', async () => {
  let logs = ''
  Object.assign(crm.deps, { log: createLogger({ name: 'crm', level: 'trace', destination: { write: (line: string) => void (logs += line) } }) })
  const { body: created } = await crm.ask(admin, 'POST', '/customers', { name: '金丝雀', phones: [CANARIES[0]] })
  await crm.ask(admin, 'PATCH', `/customers/${created.customerId}`, { version: 1, addPhones: ['138 0000 9999'] })
  await crm.ask(admin, 'GET', `/customers?search=${CANARIES[0]}`)
  const refused = await crm.ask(admin, 'POST', '/customers', { name: '金丝雀', phones: [CANARIES[0]] })
  const { body: upload } = await crm.upload(admin, '/imports', `金丝雀二,${CANARIES[1]}\n坏行,${CANARIES[1]}99\n`, { columns: ['name', 'phone'], hasHeader: false })
  const notifier = createNotifier({ url: crm.database.url, name: 'test' })
  const uploaded = await Promise.all((await readdir(crm.deps.dataDir)).map((name) => readFile(join(crm.deps.dataDir, name), 'latin1')))
  await runImport({ ...crm.deps, notifier, importId: upload.importId as ImportId, shouldStop: () => false })
  await notifier.close()
  await consumeCalls(crm.deps)([logged(endedCall(created.customerId, created.phones[0]?.phoneId as string, crm.clock.now(), { outcome: 'invalid-number' }))], DELIVERED)

  const files = await Promise.all((await readdir(crm.deps.dataDir)).map((name) => readFile(join(crm.deps.dataDir, name), 'latin1')))
  const written = [await everything(), logs, JSON.stringify(refused), ...uploaded, ...files].join('\n')
  expect(written).toContain('金丝雀二')
  for (const canary of CANARIES) {
    for (const form of [canary, Buffer.from(canary).toString('hex'), Buffer.from(`+86${canary}`).toString('base64').slice(0, 12)]) expect(written).not.toContain(form)
  }
})

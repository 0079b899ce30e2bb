import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, requireMigrated } from './migrate.ts'
import { testDatabase } from './test-database.ts'
import type { TestDatabase } from './test-database.ts'

let database: TestDatabase
let root: string
let folder: string
let number = 0
beforeAll(async () => {
  database = await testDatabase()
  root = await mkdtemp(join(tmpdir(), 'loopline-migrations-'))
})
afterAll(async () => {
  await database.drop()
  await rm(root, { recursive: true })
})
/** A service of its own for each test. */
beforeEach(async () => {
  folder = join(root, `service${++number}`, 'migrations')
  await mkdir(folder, { recursive: true })
})

const write = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text)
const run = (): Promise<string[]> => migrate(database.url, [folder])

test('each file is applied once, in order', async () => {
  await write('000001_a.sql', 'create table public.a1 (id integer); insert into a1 values (1);')
  await write('000002_b.sql', 'alter table a1 add column name text;')
  expect(await run()).toEqual([`service${number}/000001_a.sql`, `service${number}/000002_b.sql`])
  expect(await run()).toEqual([])
  await requireMigrated(database.db, [folder])
})

test('a failing file leaves nothing of itself, says its line, and can be mended', async () => {
  await write('000001_a.sql', 'create table public.a2 (id integer);')
  await write('000002_b.sql', 'create table public.b2 (id integer);\n\nselect nonsense from a2;')
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('000002_b.sql:3') })
  expect(await database.db.sql`select to_regclass('a2')::text as a, to_regclass('b2')::text as b`).toEqual([{ a: 'a2', b: null }])
  await write('000002_b.sql', 'create table public.b2 (id integer);')
  expect(await run()).toEqual([`service${number}/000002_b.sql`])
})

test('a file edited after it was applied is refused', async () => {
  await write('000001_a.sql', 'select 1;')
  await run()
  await write('000001_a.sql', 'select 2;')
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' })
  await write('000001_a.sql', 'select 1;\r\n'.trimEnd())
  expect(await run()).toEqual([])
})

test('a missing file is refused', async () => {
  await write('000001_a.sql', 'select 1;')
  await write('000003_c.sql', 'select 1;')
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_MISSING' })
})

test('a database of a newer version is refused', async () => {
  await write('000001_a.sql', 'select 1;')
  await write('000002_b.sql', 'select 1;')
  await run()
  await rm(join(folder, '000002_b.sql'))
  await expect(run()).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
  await expect(requireMigrated(database.db, [folder])).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
})

test('a misnamed file is refused', async () => {
  await write('first.sql', 'select 1;')
  await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_MISNAMED' })
})

test('a service that starts alone refuses a database with steps outstanding', async () => {
  await write('000001_a.sql', 'select 1;')
  await expect(requireMigrated(database.db, [folder])).rejects.toMatchObject({ code: 'MIGRATION_PENDING' })
})

test('several processes may migrate at once', async () => {
  await write('000001_a.sql', 'create table public.a9 (id integer);')
  await write('000002_b.sql', 'create table public.b9 (id integer);')
  const done = await Promise.all([run(), run(), run()])
  expect(done.flat().sort()).toEqual([`service${number}/000001_a.sql`, `service${number}/000002_b.sql`])
})

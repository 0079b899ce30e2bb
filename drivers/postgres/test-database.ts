import { createHash, randomBytes } from 'node:crypto'
import { assert } from '@loopline/vocabulary/assert'
import { migrate } from './migrate.ts'
import { ownMigrations, readMigrations } from './migration-set.ts'
import { openPool } from './pool.ts'
import type { Database, Queryable } from './queryable.ts'
import { sqlText } from './sql.ts'

export interface TestDatabase {
  url: string
  db: Database
  drop(): Promise<void>
}

const TEMPLATE_LOCK = 7_206_110_232

/**
 * A fresh database on the server of this test run, with the given migrations applied: a copy of a template that is
 * migrated once per set of files. Take one per test file, drop it in afterAll.
 *
 * @param directories as for `migrate`: `new URL('../migrations', import.meta.url)`.
 */
export async function testDatabase(directories: readonly (string | URL)[] = []): Promise<TestDatabase> {
  const server = process.env['LOOPLINE_TEST_POSTGRES']
  assert(server, 'LOOPLINE_TEST_POSTGRES is not set: run tests through vitest.config.ts, whose global set-up starts a server')
  const admin = openPool({ url: server, name: 'test set-up', max: 1, statementTimeoutMs: 60_000 })
  const template = await templateFor(admin, server, directories)
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await run(admin, `create database ${name} template ${template}`)
  const url = inDatabase(server, name)
  const db = openPool({ url, name: 'test', max: 4 })
  const drop = async (): Promise<void> => {
    await db.close()
    await run(admin, `drop database if exists ${name} with (force)`)
    await admin.close()
  }
  return { url, db, drop }
}

/** Made under a lock and renamed when whole: test files run in parallel, and any of them may be killed. */
async function templateFor(admin: Database, server: string, directories: readonly (string | URL)[]): Promise<string> {
  const name = `template_${await digestOf(directories)}`
  await admin.sql`select pg_advisory_lock(${TEMPLATE_LOCK})`
  try {
    const [found] = await admin.sql`select from pg_database where datname = ${name}`
    if (!found) {
      const unfinished = `${name}_unfinished`
      await run(admin, `drop database if exists ${unfinished} with (force)`)
      await run(admin, `create database ${unfinished}`)
      await migrate(inDatabase(server, unfinished), directories)
      await run(admin, `alter database ${unfinished} rename to ${name}`)
    }
  } finally {
    await admin.sql`select pg_advisory_unlock(${TEMPLATE_LOCK})`
  }
  return name
}

async function digestOf(directories: readonly (string | URL)[]): Promise<string> {
  const sets = [await ownMigrations(), ...(await Promise.all(directories.map(readMigrations)))]
  const text = JSON.stringify(sets.map(({ service, migrations }) => [service, migrations.map(({ checksum }) => checksum)]))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function run(database: Queryable, text: string): Promise<unknown> {
  return database.run(sqlText(text, []))
}

function inDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

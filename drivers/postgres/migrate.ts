import { MigrationError } from './migration-error.ts'
import { ownMigrations, readMigrations } from './migration-set.ts'
import type { Migration, MigrationSet } from './migration-set.ts'
import { openPool } from './pool.ts'
import type { Database, Queryable } from './queryable.ts'
import { sqlText } from './sql.ts'
import { inTransaction } from './transaction.ts'

/** Any number of ours; whoever holds this advisory lock migrates. */
const MIGRATION_LOCK = 7_206_110_231

export interface Applied {
  service: string
  number: number
  file: string
  checksum: string
}

export interface MigrateOptions {
  /** Into a database that `beginRestore` marked. */
  restoring?: boolean
  /** The last number of a service's files that is applied. */
  until?: (service: string) => number
}

/**
 * Brings a database to this version: each file once, in a transaction of its own together with its entry in
 * loopline.migration, so that a crash leaves it applied or not. Several processes may call this at once.
 *
 * @param directories `…/services/crm/migrations`, in the order of their dependencies; our own schema comes first.
 * @returns files applied now.
 * @throws MigrationError; then no file after the named one was touched.
 */
export async function migrate(url: string, directories: readonly (string | URL)[], { restoring = false, until = () => Number.POSITIVE_INFINITY }: MigrateOptions = {}): Promise<string[]> {
  const sets = [await ownMigrations(), ...(await Promise.all(directories.map(readMigrations)))]
  const database = openPool({ url, name: 'migrate', max: 2, statementTimeoutMs: 0, lockTimeoutMs: 30_000 })
  try {
    return await migrateSets(database, sets, { restoring, until })
  } finally {
    await database.close()
  }
}

/** Looks only: throws unless exactly this version's migrations are applied. For a service that starts on its own. */
export async function requireMigrated(database: Queryable, directories: readonly (string | URL)[]): Promise<void> {
  const sets = [await ownMigrations(), ...(await Promise.all(directories.map(readMigrations)))]
  if (await isRestoring(database)) throw unfinishedRestore()
  const [table] = await database.sql<{ known: boolean }>`select to_regclass('loopline.migration') is not null as known`
  const applied = table?.known === true ? await readApplied(database) : []
  for (const set of sets) {
    const [next] = outstanding(set, applied)
    if (next) throw new MigrationError('MIGRATION_PENDING', set.service, `${next.file} is not applied; run \`loopline migrate\``)
  }
}

/**
 * Marks an empty database as one that a restore fills, so that nothing starts on it before `loopline.restore` is dropped again.
 * @returns false when it has been used for something else.
 */
export function beginRestore(database: Database): Promise<boolean> {
  return locked(database, async (transaction) => {
    if (await isRestoring(transaction)) return true
    const [found] = await transaction.sql<{ used: boolean }>`select exists (select from pg_namespace where nspname = 'loopline') as used`
    if (found?.used) return false
    await transaction.run(sqlText('create schema loopline', []))
    await transaction.run(sqlText('create table loopline.restore (begun_at timestamptz not null default now())', []))
    return true
  })
}

async function isRestoring(database: Queryable): Promise<boolean> {
  const [found] = await database.sql<{ restoring: boolean }>`select to_regclass('loopline.restore') is not null as restoring`
  return found?.restoring === true
}

const unfinishedRestore = (): MigrationError => new MigrationError('RESTORE_UNFINISHED', 'loopline', 'a restore into this database was begun and not finished; run it again')

async function migrateSets(database: Database, sets: MigrationSet[], { restoring, until }: Required<MigrateOptions>): Promise<string[]> {
  const done: string[] = []
  if (!restoring && (await isRestoring(database))) throw unfinishedRestore()
  await locked(database, prepare)
  // Everything is compared before anything is applied.
  const before = await readApplied(database)
  for (const set of sets) outstanding(set, before)
  for (const set of sets) {
    for (;;) {
      const file = await locked(database, (transaction) => applyNext(transaction, set, until(set.service)))
      if (!file) break
      done.push(`${set.service}/${file}`)
    }
  }
  return done
}

/** One transaction under the lock, which goes with it: no lock outlives a crash. */
function locked<T>(database: Database, work: (transaction: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(database, async (transaction) => {
    await transaction.sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
    return work(transaction)
  })
}

async function prepare(transaction: Queryable): Promise<void> {
  const [found] = await transaction.sql<{ known: boolean }>`select to_regclass('loopline.migration') is not null as known`
  if (found?.known) return
  await transaction.run(sqlText('create schema if not exists loopline', []))
  await transaction.run(sqlText(`
    create table loopline.migration (
      service text not null, number integer not null, file text not null, checksum text not null,
      applied_at timestamptz not null default now(), primary key (service, number))`, []))
}

/** Looks again inside the lock: another process may have applied it meanwhile. */
async function applyNext(transaction: Queryable, set: MigrationSet, until: number): Promise<string | undefined> {
  const [next] = outstanding(set, await readApplied(transaction))
  if (!next || next.number > until) return undefined
  try {
    await transaction.run(sqlText(next.text, []))
  } catch (error) {
    throw new MigrationError('MIGRATION_FAILED', set.service, `${next.file}${lineOf(next, error)}: ${(error as Error).message}`, error)
  }
  await transaction.sql`
    insert into loopline.migration (service, number, file, checksum)
    values (${set.service}, ${next.number}, ${next.file}, ${next.checksum})`
  return next.file
}

/** What was done to this database. */
export function readApplied(database: Queryable): Promise<Applied[]> {
  return database.sql<Applied>`select service, number, file, checksum from loopline.migration order by service, number`
}

/** What a set still has to do. Throws when what was done is not what the files say. */
function outstanding({ service, migrations }: MigrationSet, applied: Applied[]): Migration[] {
  const done = applied.filter((row) => row.service === service)
  for (const [index, row] of done.entries()) {
    const file = migrations[index]
    if (!file) throw new MigrationError('DATABASE_NEWER', service, `${row.file} is applied but unknown here: the database belongs to a newer version`)
    if (file.number !== row.number) throw new MigrationError('MIGRATION_MISSING', service, `number ${file.number} was never applied, ${row.file} was`)
    if (file.checksum !== row.checksum) throw new MigrationError('MIGRATION_CHANGED', service, `${file.file} was edited after it was applied; write a new file instead`)
  }
  return migrations.slice(done.length)
}

/** PostgreSQL counts characters from 1. */
function lineOf({ text }: Migration, error: unknown): string {
  const position = Number((error as { position?: string }).position)
  return position > 0 ? `:${text.slice(0, position).split('\n').length}` : ''
}

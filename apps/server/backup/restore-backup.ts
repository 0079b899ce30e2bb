/**
 * `loopline restore`: a backup into a new installation. All of it is checked before anything is written; the rows become visible
 * in one commit; a database on the way there is started by nobody, and the same command finishes it.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import { sendCopy } from '@loopline/postgres/copy'
import { beginRestore, migrate, readApplied } from '@loopline/postgres/migrate'
import { openPool } from '@loopline/postgres/pool'
import type { Database, Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import { BackupError } from './backup-error.ts'
import { readManifest, sha256 } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { checkSealed, readSealed } from './sealed-file.ts'
import { emptyTables, plainName, readTables, sqlTarget, waitForDisk, writeSequence } from './tables.ts'

export interface RestorePlan {
  databaseUrl: string
  keys: Keyring
  /** The product's migrations, in order. */
  migrations: readonly URL[]
  folders: Readonly<Record<string, string>>
  objects: ObjectStore
  say: (text: string) => void
}

/**
 * @throws BackupError BACKUP_FOLDER_UNUSABLE · BACKUP_KEYS_DIFFER · BACKUP_DAMAGED · BACKUP_NEWER · RESTORE_TARGET_IN_USE;
 *   nothing was written then. Afterwards the database has the schema of this version, also when the backup is older.
 */
export async function restoreBackup(folder: string, plan: RestorePlan): Promise<Manifest> {
  const manifest = await readManifest(folder, plan.keys)
  await checkAll(folder, manifest)
  plan.say(`The backup of ${manifest.madeAt} is whole. Restoring …`)
  const database = openPool({ url: plan.databaseUrl, name: 'restore', max: 2, statementTimeoutMs: 0 })
  try {
    if (!(await beginRestore(database))) throw new BackupError('RESTORE_TARGET_IN_USE', 'the database has been used: restore into a new one')
    await migrateLike(manifest, database, plan)
    for (const { name } of manifest.objects) await plan.objects.put(name, await readFile(join(folder, 'objects', name)))
    for (const { path, content } of manifest.files) await restoreFile(join(folder, content.file), path, content, manifest, plan)
    await inTransaction(database, (transaction) => load(folder, manifest, transaction, plan.keys))
  } finally {
    await database.close()
  }
  const later = await migrate(plan.databaseUrl, plan.migrations)
  plan.say(`${manifest.tables.reduce((sum, { rows }) => sum + rows, 0)} rows restored${later.length === 0 ? '' : ` and brought to this version (${later.join(', ')})`}.`)
  return manifest
}

async function checkAll(folder: string, { tables, files, objects }: Manifest): Promise<void> {
  for (const { content } of [...tables, ...files]) await checkSealed(join(folder, content.file), content)
  for (const { name, sha256: told } of objects) {
    const bytes = await readFile(join(folder, 'objects', name)).catch((error: unknown) => {
      throw new BackupError('BACKUP_DAMAGED', `the backup is damaged: ${name} is missing`, error)
    })
    if (sha256(bytes) !== told) throw new BackupError('BACKUP_DAMAGED', `the backup is damaged: ${name}`)
  }
}

/** The schema that the backup was read from: its tables have the columns that the backup names. */
async function migrateLike({ migrations }: Manifest, database: Database, plan: RestorePlan): Promise<void> {
  await migrate(plan.databaseUrl, plan.migrations, { restoring: true, until: (service) => migrations.filter((each) => each.service === service).length })
  const applied = new Map((await readApplied(database)).map(({ service, number, checksum }) => [`${service}/${number}`, checksum]))
  const unknown = migrations.find(({ service, number, checksum }) => applied.get(`${service}/${number}`) !== checksum)
  if (unknown) throw new BackupError('BACKUP_NEWER', `the backup has ${unknown.service}/${unknown.file}, which this version does not know`)
}

/** In one transaction with the end of the restore: a crash leaves a database that nothing starts on. */
async function load(folder: string, manifest: Manifest, transaction: Transaction, keys: Keyring): Promise<void> {
  await waitForDisk(transaction)
  await emptyTables(transaction, await readTables(transaction)) // what migrations put there is in the backup, too
  for (const table of manifest.tables) {
    const rows = await sendCopy(transaction, `copy ${sqlTarget(table)} from stdin`, readSealed(join(folder, table.content.file), table.content, keys, `${manifest.id}/${table.content.file}`))
    if (rows !== table.rows) throw new BackupError('BACKUP_DAMAGED', `the backup is damaged: ${plainName(table)} has ${rows} rows instead of ${table.rows}`)
  }
  for (const sequence of manifest.sequences) await writeSequence(transaction, sequence)
  await transaction.sql`drop table loopline.restore`
}

async function restoreFile(source: string, path: string, content: Manifest['files'][number]['content'], { id }: Manifest, { folders, keys }: RestorePlan): Promise<void> {
  const folder = folders[dirname(path)]
  if (folder === undefined) return // of a folder that this version no longer has
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await pipeline(readSealed(source, content, keys, `${id}/${content.file}`), createWriteStream(join(folder, basename(path)), { mode: 0o600 }))
}

/** `loopline backup`: the database as of one instant, the audit's signed ends, and the recordings, in a folder of its own. */
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { newId } from '@loopline/clock/new-id'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import { copyOut } from '@loopline/postgres/copy'
import { readApplied } from '@loopline/postgres/migrate'
import { openPool } from '@loopline/postgres/pool'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import { BackupError } from './backup-error.ts'
import { sha256, writeManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { writeSealed } from './sealed-file.ts'
import { plainName, readSequences, readTables, sqlTarget, waitForDisk } from './tables.ts'

export interface BackupPlan {
  databaseUrl: string
  keys: Keyring
  /** Folders of the installation that are taken along, by the name they have in the backup. */
  folders: Readonly<Record<string, string>>
  /** null: recordings stay where they are. */
  objects: ObjectStore | null
  say: (text: string) => void
}

/** Top folders of the object store. */
const OBJECT_FOLDERS = ['recordings']

/**
 * The product may go on running: everything is read in one transaction and sees one instant of the database. On Citus that holds
 * for each node alone; stop the product there first. Recordings are copied after it: of one that the database does not name yet
 * chunks may be there, and one whose time was over meanwhile is not, as the next verification says.
 *
 * @throws BackupError BACKUP_FOLDER_UNUSABLE; the folder has its name only when the backup is whole.
 */
export async function makeBackup(target: string, plan: BackupPlan): Promise<Manifest> {
  const folder = resolve(target)
  const unfinished = `${folder}.unfinished-${process.pid}`
  await refuseUsed(folder)
  try {
    const manifest = await fill(unfinished, plan)
    await rename(unfinished, folder)
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    plan.say(`${rows} rows of ${manifest.tables.length} tables and ${manifest.objects.length} pieces of recordings are in ${folder}.`)
    plan.say('They are sealed with the keys of this installation, which are not in it: keep keys.json somewhere else, or nobody can ever read them.')
    return manifest
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }) // a full disk is not to stay full for what is of no use
    throw error
  }
}

async function fill(unfinished: string, plan: BackupPlan): Promise<Manifest> {
  await mkdir(join(unfinished, 'tables'), { recursive: true, mode: 0o700 })
  const id = newId()
  const manifest: Manifest = { format: 1, id, madeAt: new Date().toISOString(), dataKey: plan.keys.newestVersion, migrations: [], tables: [], sequences: [], files: [], objects: [] }
  // First: a signed end of the audit chain that is ahead of the database would be a chain that was cut.
  for (const [name, path] of Object.entries(plan.folders)) manifest.files.push(...(await takeFolder(unfinished, name, path, plan.keys, id)))
  await readDatabase(unfinished, plan, manifest)
  if (plan.objects !== null) manifest.objects.push(...(await takeObjects(unfinished, plan.objects)))
  await writeManifest(unfinished, manifest, plan.keys)
  return manifest
}

async function refuseUsed(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new BackupError('BACKUP_FOLDER_UNUSABLE', `${folder} cannot be used`, error)
  })
  if (entries.length > 0) throw new BackupError('BACKUP_FOLDER_UNUSABLE', `${folder} is not empty: name a new folder`)
}

async function readDatabase(folder: string, { databaseUrl, keys }: BackupPlan, manifest: Manifest): Promise<void> {
  const database = openPool({ url: databaseUrl, name: 'backup', max: 1, statementTimeoutMs: 0 })
  try {
    await inTransaction(database, async (transaction) => {
      await waitForDisk(transaction)
      manifest.migrations.push(...(await readApplied(transaction)))
      for (const table of await readTables(transaction)) manifest.tables.push(await takeTable(folder, transaction, table, keys, manifest.id))
      manifest.sequences.push(...(await readSequences(transaction)))
    }, { isolation: 'repeatable read', readOnly: true })
  } finally {
    await database.close()
  }
}

async function takeTable(folder: string, transaction: Transaction, table: { schema: string; name: string; columns: string[] }, keys: Keyring, id: string): Promise<Manifest['tables'][number]> {
  const file = `tables/${plainName(table)}`
  const copy = copyOut(transaction, sqlTarget(table))
  const content = await writeSealed(join(folder, file), file, copy.stream, keys, `${id}/${file}`)
  return { ...table, rows: copy.rows(), content }
}

async function takeFolder(folder: string, name: string, path: string, keys: Keyring, id: string): Promise<Manifest['files']> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  const taken: Manifest['files'] = []
  await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 })
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = `files/${name}.${entry.name}`
    taken.push({ path: `${name}/${entry.name}`, content: await writeSealed(join(folder, file), file, createReadStream(join(path, entry.name)), keys, `${id}/${file}`) })
  }
  return taken
}

/** One at a time: a store of the network is not to be stormed while calls are recorded into it. */
async function takeObjects(folder: string, objects: ObjectStore): Promise<Manifest['objects']> {
  const taken: Manifest['objects'] = []
  for (const name of (await Promise.all(OBJECT_FOLDERS.map((top) => objects.list(top)))).flat()) {
    const bytes = await objects.get(name)
    if (bytes === null) continue // its time was over meanwhile
    const path = join(folder, 'objects', name)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(path, bytes, { mode: 0o600, flush: true })
    taken.push({ name, bytes: bytes.length, sha256: sha256(bytes) })
  }
  return taken
}

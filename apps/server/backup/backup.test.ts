/** A backup of an older version, a restore that was broken off, and bytes that are not what was written. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { openDiskStore } from '@loopline/objects/disk-store'
import { beginRestore, migrate, readApplied } from '@loopline/postgres/migrate'
import { testDatabase } from '@loopline/postgres/test-database'
import { MIGRATIONS } from '../migrations.ts'
import { makeBackup } from './make-backup.ts'
import { restoreBackup } from './restore-backup.ts'

const LONG = 120_000
const root = mkdtempSync(join(tmpdir(), 'loopline backup '))
afterAll(() => rmSync(root, { recursive: true }))

const keys = createKeyring(newKeySet())
const objects = openDiskStore(join(root, 'objects'))
const say = (): void => undefined
let serial = 0
const newFolder = (): string => join(root, `backup-${(serial += 1)}`)
const SOME_TEXT = 'a\tb\\n\n"ü" 张伟 \u0001'

/** A team with a name that COPY must escape, in a database that knows `until` files of each service. */
async function backupOf(until: number): Promise<{ folder: string; rows: number }> {
  const { url, db, drop } = await testDatabase()
  try {
    await migrate(url, MIGRATIONS, { until: () => until })
    await db.sql`insert into hub.team (team_id, name) values (gen_random_uuid(), ${SOME_TEXT})`
    const folder = newFolder()
    const { tables } = await makeBackup(folder, { databaseUrl: url, keys, folders: {}, objects, say })
    return { folder, rows: tables.reduce((sum, table) => sum + table.rows, 0) }
  } finally {
    await drop()
  }
}

const planOf = (databaseUrl: string) => ({ databaseUrl, keys, migrations: MIGRATIONS, folders: {}, objects, say })

/** A database without the product's own schema. */
async function emptyDatabase(): ReturnType<typeof testDatabase> {
  const database = await testDatabase()
  await database.db.sql`drop schema loopline cascade`
  return database
}

test('a backup of an older version is restored and brought to this one', async () => {
  const { folder } = await backupOf(1)
  const { url, db, drop } = await emptyDatabase()
  try {
    await restoreBackup(folder, planOf(url))
    expect(await db.sql`select name from hub.team`).toEqual([{ name: SOME_TEXT }])
    expect((await readApplied(db)).filter(({ service }) => service === 'dialer').length).toBeGreaterThan(1)
    expect(await migrate(url, MIGRATIONS)).toEqual([])
  } finally {
    await drop()
  }
}, LONG)

test('nothing starts on a database whose restore was broken off, and the same command finishes it', async () => {
  const { folder } = await backupOf(1)
  const { url, db, drop } = await emptyDatabase()
  try {
    expect(await beginRestore(db)).toBe(true)
    await migrate(url, MIGRATIONS, { restoring: true, until: () => 1 })
    await expect(migrate(url, MIGRATIONS)).rejects.toMatchObject({ code: 'RESTORE_UNFINISHED' })
    await restoreBackup(folder, planOf(url))
    expect(await db.sql`select name from hub.team`).toEqual([{ name: SOME_TEXT }])
    await expect(restoreBackup(folder, planOf(url))).rejects.toMatchObject({ code: 'RESTORE_TARGET_IN_USE' })
  } finally {
    await drop()
  }
}, LONG)

test('a changed byte, a short file, a changed list and an unfinished folder are each refused before anything is written', async () => {
  const { url, db, drop } = await emptyDatabase()
  try {
    const refused = (folder: string, code: string) => expect(restoreBackup(folder, planOf(url)), code).rejects.toMatchObject({ code })
    const { folder } = await backupOf(Number.POSITIVE_INFINITY)
    const file = join(folder, 'tables', 'hub.team')
    const whole = readFileSync(file)
    const changed = Buffer.from(whole)
    changed[20] = (changed[20] ?? 0) ^ 1
    writeFileSync(file, changed)
    await refused(folder, 'BACKUP_DAMAGED')
    writeFileSync(file, whole)
    truncateSync(file, whole.length - 3)
    await refused(folder, 'BACKUP_DAMAGED')
    rmSync(file)
    await refused(folder, 'BACKUP_DAMAGED')
    writeFileSync(file, whole)
    const list = join(folder, 'backup.json')
    writeFileSync(list, readFileSync(list, 'utf8').replace('hub.team', 'hub.user'))
    await refused(folder, 'BACKUP_KEYS_DIFFER')
    rmSync(list)
    await refused(folder, 'BACKUP_FOLDER_UNUSABLE')
    expect(await db.sql`select from pg_namespace where nspname = 'loopline'`).toEqual([])
  } finally {
    await drop()
  }
}, LONG)

test('a folder with something in it is not written over', async () => {
  const { folder } = await backupOf(1)
  const { url, drop } = await testDatabase(MIGRATIONS)
  try {
    await expect(makeBackup(folder, { databaseUrl: url, keys, folders: {}, objects: null, say })).rejects.toMatchObject({ code: 'BACKUP_FOLDER_UNUSABLE' })
  } finally {
    await drop()
  }
}, LONG)

test('a backup that could not be finished leaves nothing behind', async () => {
  const { url, drop } = await testDatabase(MIGRATIONS)
  const folder = newFolder()
  const full: typeof objects = { ...objects, list: () => Promise.reject(new Error('the store is away')) }
  try {
    await expect(makeBackup(folder, { databaseUrl: url, keys, folders: {}, objects: full, say })).rejects.toThrow('the store is away')
    expect(readdirSync(root).filter((name) => name.startsWith(basename(folder)))).toEqual([])
  } finally {
    await drop()
  }
}, LONG)

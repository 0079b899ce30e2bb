/** `loopline backup FOLDER` and `loopline restore FOLDER`: which installation is meant, and that its keys are there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseKeySet, readOrCreateKeyFile } from '@loopline/keys/key-file'
import { createKeyring, type Keyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { SILENT } from '@loopline/postgres/log'
import type { ServerConfig } from '../config.ts'
import { livingRun, openHome, readDatabaseFile, type Home } from '../home.ts'
import { MIGRATIONS } from '../migrations.ts'
import { BackupError } from './backup-error.ts'
import { makeBackup } from './make-backup.ts'
import { restoreBackup } from './restore-backup.ts'

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url))

export type Say = (text: string) => void

/** @throws BackupError · EmbeddedError */
export async function runBackup(folder: string, { withRecordings }: { withRecordings: boolean }, config: ServerConfig, say: Say): Promise<void> {
  const home = openHome(homeOf(config))
  const keys = keysOf(home, config)
  const objects = withRecordings ? await openObjects(objectsOf(home, config)) : null
  try {
    await onDatabase(home, config, (databaseUrl) => makeBackup(folder, { databaseUrl, keys, folders: foldersOf(home), objects, say }))
  } finally {
    await objects?.close()
  }
}

/** @throws BackupError · EmbeddedError */
export async function runRestore(folder: string, config: ServerConfig, say: Say): Promise<void> {
  const home = openHome(homeOf(config))
  if (livingRun(home) !== null) throw new BackupError('RESTORE_TARGET_IN_USE', 'Loopline runs in this folder: stop it first')
  const keys = keysOf(home, config)
  const objects = await openObjects(objectsOf(home, config))
  try {
    await onDatabase(home, config, (databaseUrl) => restoreBackup(folder, { databaseUrl, keys, migrations: MIGRATIONS, folders: foldersOf(home), objects, say }))
  } finally {
    await objects.close()
  }
}

/** The signed ends of the audit chain, and sealed files of imports that are not finished. */
const foldersOf = (home: Home): Record<string, string> => ({ audit: home.auditDir, uploads: home.uploadsDir })
const homeOf = (config: ServerConfig): string => config.LOOPLINE_HOME || join(PROJECT, '.loopline', 'main')
const objectsOf = (home: Home, config: ServerConfig): string => config.OBJECTS_URL || pathToFileURL(join(home.folder, 'objects')).href

/** Never made here: a restore with fresh keys would be a database full of what nobody can read. */
function keysOf(home: Home, { LOOPLINE_KEYS }: ServerConfig): Keyring {
  if (LOOPLINE_KEYS !== undefined && LOOPLINE_KEYS !== '') return createKeyring(parseKeySet(LOOPLINE_KEYS))
  if (!existsSync(home.keyFile)) throw new BackupError('BACKUP_KEYS_MISSING', `there is no ${home.keyFile}: name the folder of the installation in LOOPLINE_HOME, put its keys.json there (chmod 600), or give the keys in LOOPLINE_KEYS`)
  return createKeyring(readOrCreateKeyFile(home.keyFile))
}

/** The database that was named, that of the running installation, or the embedded one, started for as long as this takes. */
async function onDatabase<T>(home: Home, config: ServerConfig, work: (url: string) => Promise<T>): Promise<T> {
  if (config.DATABASE_URL !== '') return work(config.DATABASE_URL)
  const running = livingRun(home) === null ? null : readDatabaseFile(home)
  if (running !== null) return work(running)
  const server = await startEmbedded({ dataDir: home.postgresDir, log: SILENT })
  try {
    return await work(server.url)
  } finally {
    await server.stop()
  }
}

import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MigrationError } from './migration-error.ts'

export interface Migration {
  number: number
  /** The file's name. */
  file: string
  text: string
  /** sha256 of the text, line ends normalised: a checkout on Windows is no change. */
  checksum: string
}

/** The migrations of one package, in order. */
export interface MigrationSet {
  /** The folder that holds `migrations/`: `crm` for services/crm/migrations. */
  service: string
  migrations: Migration[]
}

const FILE_FORM = /^(\d{6})_[a-z0-9_]+\.sql$/

/**
 * Reads `000001_name.sql`, `000002_….sql`, … of a folder.
 *
 * @throws MigrationError MIGRATION_MISNAMED for a file of another form, MIGRATION_MISSING for a gap in the numbers.
 */
export async function readMigrations(directory: string | URL): Promise<MigrationSet> {
  const folder = resolve(typeof directory === 'string' ? directory : fileURLToPath(directory))
  const service = basename(dirname(folder))
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const migrations = await Promise.all(files.map((file, index) => readMigration(service, folder, file, index + 1)))
  return { service, migrations }
}

/** The schema `loopline` with the functions every other migration may use. Always the first set. */
export function ownMigrations(): Promise<MigrationSet> {
  return readMigrations(new URL('./migrations', import.meta.url))
}

async function readMigration(service: string, folder: string, file: string, expected: number): Promise<Migration> {
  const number = Number(FILE_FORM.exec(file)?.[1])
  if (!number) throw new MigrationError('MIGRATION_MISNAMED', service, `${file} is not named like 000001_what_it_does.sql`)
  if (number !== expected) throw new MigrationError('MIGRATION_MISSING', service, `number ${expected} is missing or ${file} is there twice`)
  const text = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n')
  return { number, file, text, checksum: createHash('sha256').update(text).digest('hex') }
}

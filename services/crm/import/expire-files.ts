import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deps } from '../deps.ts'
import { unfinishedImports } from './import.sql.ts'

const DAY_MS = 86_400_000
/** Long enough for people to repair and send the rows again; with the file its key is gone. */
const ERRORS_KEPT_DAYS = 30
/** An upload of an unfinished import stays; one without an import is of a request that broke off. */
const ORPHANS_KEPT_DAYS = 1

/** Removes uploads and error files that nobody needs any more. Returns how many. */
export async function expireFiles({ db, clock }: Pick<Deps, 'db' | 'clock'>, dataDir: string): Promise<number> {
  const unfinished = new Set<string>(await unfinishedImports(db))
  let removed = 0
  for (const name of await readdir(dataDir)) {
    const [importId = '', kind] = name.split('.')
    if ((kind !== 'upload' && kind !== 'errors') || unfinished.has(importId)) continue
    const { mtimeMs } = await stat(join(dataDir, name))
    const keptDays = kind === 'errors' ? ERRORS_KEPT_DAYS : ORPHANS_KEPT_DAYS
    if (clock.now() - mtimeMs < keptDays * DAY_MS) continue
    await rm(join(dataDir, name), { force: true })
    removed += 1
  }
  return removed
}

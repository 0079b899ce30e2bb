import { execFile } from 'node:child_process'
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { VERSION, startEmbedded } from './embedded-server.ts'
import { endServer, isAlive } from './embedded-leftover.ts'
import { SILENT } from './log.ts'

/** Servers of test runs, one folder each; a run that was killed is cleaned up by the next. */
const STORE = join(tmpdir(), `loopline-test-${process.getuid?.() ?? 'user'}`)

/** Vitest's global set-up: one PostgreSQL for all test files of the run, unless LOOPLINE_TEST_POSTGRES names one. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['LOOPLINE_TEST_POSTGRES']) return undefined
  await mkdir(STORE, { recursive: true, mode: 0o755 })
  await removeDeadRuns()
  const dataDir = join(STORE, `run-${process.pid}`)
  await copySeed(dataDir)
  const server = await startEmbedded({ dataDir, log: SILENT, durability: 'test' })
  process.env['LOOPLINE_TEST_POSTGRES'] = server.url
  return () => server.remove()
}

/**
 * Starts from a copy of a server made once: initdb takes 2 s of processor time, copying 40 MB a tenth. `cp -a` keeps the
 * owner, which fs.cp does not. Without cp (Windows) the run makes its own.
 */
async function copySeed(dataDir: string): Promise<void> {
  if (process.platform === 'win32') return
  const seed = join(STORE, `seed-${VERSION}`)
  if (!(await access(seed).then(() => true, () => false))) {
    const unfinished = join(STORE, `run-${process.pid}-seed`)
    const server = await startEmbedded({ dataDir: unfinished, log: SILENT, durability: 'test' })
    await server.stop()
    await rename(server.folder, seed).catch(() => rm(server.folder, { recursive: true }))
  }
  await promisify(execFile)('cp', ['-a', seed, dataDir])
}

async function removeDeadRuns(): Promise<void> {
  for (const run of await readdir(STORE)) {
    const folder = join(STORE, run)
    if (!run.startsWith('run-') || isAlive(Number.parseInt(run.slice(4), 10))) continue
    await endServer(join(folder, 'cluster'))
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Decides where an installation keeps its files, and that only one runs in a folder at a time. `run.json` names the
 * living processes, for people, for the next start and for the chaos test.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChildStatus } from './supervisor.ts'

export interface RunFile {
  supervisor: number
  address: string
  startedAt: string
  children: ChildStatus[]
  postgres: { pid: number; port: number } | null
}

export interface Home {
  folder: string
  postgresDir: string
  keyFile: string
  voiceDir: string
  uploadsDir: string
  auditDir: string
  logDir: string
  tlsDir: string
}

export function openHome(folder: string): Home {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const inside = (name: string): string => {
    const path = join(folder, name)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
  return {
    folder,
    postgresDir: join(folder, 'postgres'),
    keyFile: join(folder, 'keys.json'),
    voiceDir: inside('voice'),
    uploadsDir: inside('uploads'),
    auditDir: inside('audit'),
    logDir: inside('log'),
    tlsDir: inside('tls'),
  }
}

const runFile = (home: Home): string => join(home.folder, 'run.json')

/** The run file of a living installation in this folder, or null when there is none or its supervisor is gone. */
export function livingRun(home: Home): RunFile | null {
  try {
    const run = JSON.parse(readFileSync(runFile(home), 'utf8')) as RunFile
    return isAlive(run.supervisor) ? run : null
  } catch {
    return null
  }
}

const databaseFile = (home: Home): string => join(home.folder, 'database.json')

/** For psql, the benches and a backup; the folder is the installation's own, and the file 0600 like the keys beside it. */
export function writeDatabaseFile(home: Home, url: string): void {
  writeFileSync(databaseFile(home), JSON.stringify({ url }), { mode: 0o600 })
}

/** The database of the installation that runs in this folder. */
export function readDatabaseFile(home: Home): string | null {
  try {
    return (JSON.parse(readFileSync(databaseFile(home), 'utf8')) as { url: string }).url
  } catch {
    return null
  }
}

/** Children of a supervisor that was killed: they notice by themselves, but not if they were frozen, so they are ended. */
export function endLeftovers(home: Home): void {
  let run: RunFile
  try {
    run = JSON.parse(readFileSync(runFile(home), 'utf8')) as RunFile
  } catch {
    return
  }
  for (const child of run.children) {
    if (child.pid !== null && isOurs(child.pid)) process.kill(child.pid, 'SIGKILL')
  }
  rmSync(runFile(home), { force: true })
}

/** A one-time link is for the terminal only: it never lies in a file. */
const withoutSecrets = (name: string, value: unknown): unknown => (name === 'setupUrl' ? undefined : value)

export function writeRun(home: Home, run: RunFile): void {
  const next = `${runFile(home)}.next`
  writeFileSync(next, JSON.stringify(run, withoutSecrets, 2), { mode: 0o600 })
  renameSync(next, runFile(home))
}

export function removeRun(home: Home): void {
  rmSync(runFile(home), { force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return isOurs(pid)
  } catch {
    return false
  }
}

/** Process numbers are reused: only one whose command line names our server counts. */
function isOurs(pid: number): boolean {
  if (process.platform !== 'linux') return true
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return command.includes('apps/server/main.ts') || command.includes('sandbox/main.ts')
  } catch {
    return false
  }
}

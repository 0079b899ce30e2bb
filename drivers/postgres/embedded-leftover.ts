import { readFile, readdir, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

/** What a running server says of itself in postmaster.pid (PostgreSQL's miscinit.c: pid, folder, start, port, …, state). */
export interface Postmaster {
  pid: number
  port: number
  ready: boolean
}

/** The server of this data folder, if one is alive. A file left by a dead one is removed. */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const file = join(cluster, 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!pid) return undefined
  if (await isServerOf(pid, cluster)) return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  // Another process may carry the number now (a restarted container): the server would refuse to start over the file.
  await rm(file, { force: true })
  return undefined
}

/** Ends every process still working in the data folder: politely, then by force. Afterwards a server can start there. */
export async function endServer(cluster: string): Promise<void> {
  const postmaster = await runningPostmaster(cluster)
  if (postmaster) await endProcess(postmaster.pid)
  // Orphans of a killed postmaster leave by themselves, but one that was stopped (SIGSTOP) never does.
  for (const pid of await processesIn(cluster)) signal(pid, 'SIGKILL')
  while ((await processesIn(cluster)).length > 0) await after(20)
}

/** Fast shutdown (SIGINT: open transactions end), immediate after 20 s (SIGQUIT), then SIGKILL. */
async function endProcess(pid: number): Promise<void> {
  const steps = [['SIGINT', 20_000], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]] as const
  for (const [name, patienceMs] of steps) {
    signal(pid, name)
    for (const started = Date.now(); Date.now() - started < patienceMs; await after(20)) {
      if (!isAlive(pid)) return
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It left by itself.
  }
}

/** A server works in its data folder; where the system does not tell (no /proc), a living process is believed. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === (await realpath(cluster))
}

async function processesIn(cluster: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const folder = await realpath(cluster).catch(() => cluster)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return pids.filter((_, index) => places[index] === folder).map(Number)
}

import { readFileSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { SILENT } from '@loopline/postgres/log'
import { migrate } from '@loopline/postgres/migrate'
import { openPool } from '@loopline/postgres/pool'
import { sqlText } from '@loopline/postgres/sql'
import { LOG_MIGRATIONS } from './migrations.ts'

export interface BenchServer {
  url: string
  /** CPU seconds so far of this process and of every process of the server. */
  cpuSeconds(): number
  stop(): Promise<void>
}

/** A durable server of its own with an outbox `bench.outbox` and the heads of two topics. */
export async function startBenchServer(): Promise<BenchServer> {
  const server = await startEmbedded({ dataDir: join(tmpdir(), `loopline-bench-${process.pid}`), log: SILENT })
  await migrate(server.url, [LOG_MIGRATIONS])
  const database = openPool({ url: server.url, name: 'bench set-up', max: 1 })
  for (const text of ['create schema bench', "select loopline.create_outbox('bench')"]) await database.run(sqlText(text, []))
  await database.close()
  return {
    url: server.url,
    cpuSeconds: () => serverCpuSeconds(server.pid) + ownCpuSeconds(),
    async stop() {
      await server.stop()
      await rm(server.folder, { recursive: true, force: true })
    },
  }
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Processes of the server that end in between are lost; backends of a pool do not. */
function serverCpuSeconds(postmaster: number): number {
  const family = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && (Number(name) === postmaster || parentOf(name) === postmaster))
  return family.reduce((sum, pid) => sum + processCpuSeconds(Number(pid)), 0)
}

function parentOf(pid: string): number {
  return Number(readProc(`${pid}/stat`).split(') ')[1]?.split(' ')[1])
}

/** Time on a CPU so far: /proc/PID/schedstat counts nanoseconds, /proc/PID/stat only hundredths of a second. */
export function processCpuSeconds(pid: number): number {
  return Number(readProc(`${pid}/schedstat`).split(' ')[0]) / 1e9
}

/** Empty for a process that ended. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}

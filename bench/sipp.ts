/** sipp as the carrier: started with one of its scenarios, counted by its own statistics file. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SippCounts {
  /** INVITEs that opened a call. */
  incoming: number
  successful: number
  failed: number
  open: number
  /** Messages sipp sent again because we were silent: a late ACK or a late 200 to its BYE. */
  retransmissions: number
}

export interface Sipp {
  pid: number
  counts(): SippCounts
  /** Resolves when no call is open. */
  stop(): Promise<SippCounts>
}

const SCENARIOS = fileURLToPath(new URL('../interop/sipp/', import.meta.url))

/** @throws when sipp is not installed (`apt-get install sip-tester`) or its port is taken. */
export async function startSipp({ scenario, port, holdMs }: { scenario: string; port: number; holdMs: number }): Promise<Sipp> {
  const folder = mkdtempSync(join(tmpdir(), 'sipp-'))
  const statistics = join(folder, 'statistics.csv')
  const child = spawn('sipp', [
    '-sf', join(SCENARIOS, scenario), '-i', '127.0.0.1', '-p', String(port), '-d', String(holdMs), '-nostdin', '-aa',
    '-trace_stat', '-stf', statistics, '-fd', '1', '-buff_size', '4194304', '-l', '100000',
  ], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  await started(child, statistics)
  const counts = (): SippCounts => countsIn(readFileSync(statistics, 'utf8'))
  return {
    pid: child.pid as number, counts,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGUSR1') // finish the calls that are up, write the last line, and leave
      const hard = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await gone
      clearTimeout(hard)
      return counts()
    },
  }
}

function started(child: ChildProcess, statistics: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = setInterval(() => {
      if (!existsSync(statistics)) return
      clearInterval(look)
      resolve()
    }, 20)
    const fail = (why: string): void => {
      clearInterval(look)
      reject(new Error(`sipp ${why}; install it with: apt-get install -y --no-install-recommends sip-tester`))
    }
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => fail(`ended with ${String(code)}`))
  })
}

/** The last line of the file, by the names in its head. */
function countsIn(csv: string): SippCounts {
  const lines = csv.trim().split('\n')
  const head = (lines[0] ?? '').split(';')
  const last = (lines.length > 1 ? (lines.at(-1) ?? '') : '').split(';')
  const value = (name: string): number => Number(last[head.indexOf(name)] ?? 0)
  return {
    incoming: value('IncomingCall(C)'), successful: value('SuccessfulCall(C)'), failed: value('FailedCall(C)'), open: value('CurrentCall'),
    retransmissions: value('Retransmissions(C)'),
  }
}

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import type { Home } from './embedded-home.ts'
import { isAlive } from './embedded-leftover.ts'

/**
 * Claims the home for this process: one product at a time looks after one server, and only that one stops it.
 *
 * @returns gives the home back.
 * @throws EmbeddedError EMBEDDED_IN_USE while another living process holds it.
 */
export async function ownHome(home: Home): Promise<() => Promise<void>> {
  const file = join(home.folder, 'owner')
  const mine = `${process.pid} ${await startOf(process.pid)}`
  for (;;) {
    try {
      await writeFile(file, mine, { flag: 'wx', mode: 0o600 })
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid, started] = (await readFile(file, 'utf8').catch(() => '')).split(' ')
    if (pid && isAlive(Number(pid)) && (await startOf(Number(pid))) === started) {
      throw new EmbeddedError('EMBEDDED_IN_USE', `The database in ${home.folder} is in use by process ${pid}; stop that one first.`)
    }
    await rm(file, { force: true })
  }
}

/** When a process started, in ticks since boot (proc(5), field 22): tells a process from a later one of the same number. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
}

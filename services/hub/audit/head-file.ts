import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyObject } from 'node:crypto'
import type { Clock } from '@loopline/clock/clock'
import type { Queryable } from '@loopline/postgres/queryable'
import type { Logger } from '@loopline/telemetry/logger'
import { checkpointOf } from './audit-chain.ts'
import type { Checkpoint } from './audit-chain.ts'
import { readHead } from './audit.sql.ts'

const FILE = 'audit-heads.ndjson'
const EVERY_MS = 60_000

export interface HeadFile {
  /** Writes the present head now, if it moved. */
  write(): Promise<void>
  stop(): Promise<void>
}

/** Writes the signed end of the audit chain outside the database each minute; copy the file to another system. */
export function startHeadFile({ db, key, clock, dir, log }: { db: Queryable; key: KeyObject; clock: Clock; dir: string; log: Logger }): HeadFile {
  let last = ''
  const write = async (): Promise<void> => {
    const head = await readHead(db)
    const now = `${head.day}/${head.seq}`
    if (now === last || head.seq === 0) return
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await appendFile(join(dir, FILE), `${JSON.stringify(checkpointOf(key, head, clock.now()))}\n`, { mode: 0o600, flush: true })
    last = now
  }
  const attempt = (): Promise<void> => write().catch((error: unknown) => log.error({ err: error }, 'the head of the audit chain could not be written'))
  const timer = setInterval(() => void attempt(), EVERY_MS).unref()
  return {
    write,
    async stop() {
      clearInterval(timer)
      await attempt()
    },
  }
}

/** The checkpoints written so far, oldest first; a line cut short by a crash is left out. */
export async function readCheckpoints(dir: string): Promise<Checkpoint[]> {
  const text = await readFile(join(dir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Checkpoint)
}

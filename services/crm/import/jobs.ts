import { EventEmitter } from 'node:events'
import pg from 'pg'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import type { WorkerEvents } from 'graphile-worker'
import { connectionConfig } from '@loopline/postgres/pool'
import type { ImportId } from '@loopline/vocabulary/ids'
import type { Deps } from '../deps.ts'
import { startImportThread } from './import-thread.ts'
import type { ImportThread } from './import-thread.ts'
import { beat, deadWorkers, forgetWorkers } from './heartbeat.sql.ts'
import { unfinishedImports } from './import.sql.ts'
import type { ImportWorkerData } from './import-worker.ts'

export interface JobsConfig {
  databaseUrl: string
  dataDir: string
  keySource: ImportWorkerData['keySource']
  /** How often a worker says that it lives, and looks for dead ones. */
  beatMs?: number
}

export interface Jobs {
  /** Has an import done soon, here or in another process; asking twice is asking once. */
  enqueue(importId: ImportId): Promise<void>
  stop(): Promise<void>
}

const SCHEMA = 'crm_jobs'
const BEAT_MS = 5_000
const JOB_ATTEMPTS_MAX = 25

/**
 * Runs imports as jobs of graphile-worker, one at a time per process. graphile-worker keeps the jobs of a killed worker
 * for four hours; here each worker beats, and what a silent one had locked is freed at once by whoever notices (F19).
 */
export async function startJobs(deps: Deps, config: JobsConfig): Promise<Jobs> {
  const beatMs = config.beatMs ?? BEAT_MS
  const pgPool = jobPool(deps, config.databaseUrl)
  const shared = { pgPool, schema: SCHEMA, logger: loggerOf(deps) }
  const utils = await makeWorkerUtils(shared)
  await utils.migrate()
  const running = new Set<ImportThread>()

  const importFile = async (payload: unknown): Promise<void> => {
    const thread = startImportThread({ ...config, importId: (payload as { importId: ImportId }).importId })
    running.add(thread)
    try {
      if ((await thread.done) === 'stopped') throw new Error('the process is stopping; the import goes on at the next start')
    } finally {
      running.delete(thread)
    }
  }
  const enqueue = async (importId: ImportId): Promise<void> => {
    await utils.addJob('crm-import', { importId }, { jobKey: importId, jobKeyMode: 'preserve_run_at', maxAttempts: JOB_ATTEMPTS_MAX })
  }

  const workerIds: string[] = []
  await freeDeadWorkers(deps, utils, { beatMs, workerIds })
  // Jobs are locked in the name of the pool. Listening before it is made: one that nobody beats for is taken for dead.
  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => void workerIds.push(workerPool.id))
  const runner = await run({ ...shared, events, taskList: { 'crm-import': importFile }, concurrency: 1, noHandleSignals: true, pollInterval: 2_000, gracefulShutdownAbortTimeout: 60_000 })
  for (const importId of await unfinishedImports(deps.db)) await enqueue(importId)

  const heart = setInterval(() => {
    keepAlive().catch((error: unknown) => deps.log.warn({ err: error }, 'the job worker could not say that it lives'))
  }, beatMs)
  const keepAlive = async (): Promise<void> => {
    await beat(deps.db, workerIds)
    await freeDeadWorkers(deps, utils, { beatMs, workerIds })
  }
  await keepAlive()

  return {
    enqueue,
    async stop() {
      clearInterval(heart)
      for (const thread of running) thread.stop()
      await runner.stop()
      await forgetWorkers(deps.db, workerIds)
      await utils.release()
      await pgPool.end()
    },
  }
}

/** graphile-worker wants a pool of pg's own. Each client needs a listener, or a restart of the database ends us (F8). */
function jobPool({ log }: Deps, url: string): pg.Pool {
  const pool = new pg.Pool({ ...connectionConfig({ url, name: 'crm jobs' }), max: 3 })
  pool.on('error', (error) => log.warn({ reason: error.message }, 'an idle connection of the jobs was lost'))
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

type Utils = Awaited<ReturnType<typeof makeWorkerUtils>>

/** A worker that missed three beats is dead: its jobs are free, and are tried again at once. */
async function freeDeadWorkers({ db, log }: Deps, utils: Utils, { beatMs, workerIds }: { beatMs: number; workerIds: readonly string[] }): Promise<void> {
  const dead = await deadWorkers(db, beatMs * 3, workerIds)
  if (dead.length === 0) return
  await utils.forceUnlockWorkers(dead)
  await forgetWorkers(db, dead)
  log.warn({ workers: dead }, 'jobs of dead workers were freed')
}

function loggerOf({ log }: Deps): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({ from: 'graphile-worker' }, message)
    else if (level === 'warning') log.warn({ from: 'graphile-worker' }, message)
  })
}

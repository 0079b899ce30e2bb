import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { open, readFile, rm, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import { embeddedBinaries } from './embedded-binaries.ts'
import { SUPERUSER, clusterOf, prepareCluster, secretOf } from './embedded-cluster.ts'
import { EmbeddedError } from './embedded-error.ts'
import { binariesStore, canReach, prepareHome, writeInHome } from './embedded-home.ts'
import type { Home } from './embedded-home.ts'
import { endServer, isAlive, runningPostmaster } from './embedded-leftover.ts'
import { ownHome } from './embedded-owner.ts'
import { serverArguments } from './embedded-settings.ts'
import type { Durability } from './embedded-settings.ts'
import type { Log } from './log.ts'

/** Of the npm packages with the binaries. */
export const VERSION = '18.4.0-beta.17'
/** Role and database of the product. */
const APPLICATION = 'loopline'
/** Crash recovery after a long import reads up to max_wal_size. */
const START_PATIENCE_MS = 120_000
const WATCH_EVERY_MS = 200
const LOG_BYTES_MAX = 10_000_000

export interface EmbeddedOptions {
  /** Home of the server: data, secrets, log. Any path, spaces included. */
  dataDir: string
  log: Log
  durability?: Durability
}

/** A PostgreSQL of our own. While it is held, it is restarted on the same port when it dies. */
export interface EmbeddedServer {
  /** Connects as the product's own role, which is no superuser but may create databases. */
  readonly url: string
  readonly port: number
  /** Of the postmaster; changes when it had to be restarted. */
  readonly pid: number
  /** Where it really lives: differs from dataDir where the server's user cannot reach that. */
  readonly folder: string
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
  /** Stops it and deletes its data: for tests and benches, whose temporary folder may not be where the data is. */
  remove(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL of a data folder, or adopts the one a killed process of ours left running there.
 * The server sits in its own session: a Ctrl-C at the terminal reaches us, and we stop it in our order.
 *
 * @throws EmbeddedError when there are no binaries, the folder is held by a living process, or the server fails.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const home = await prepareHome(resolve(options.dataDir))
  const release = await ownHome(home)
  try {
    const binaries = await embeddedBinaries(binariesStore(home, VERSION), (path) => canReach(path, home.user))
    await prepareCluster(home, binaries)
    const flags = serverArguments(options.durability ?? 'durable')
    const port = (await adopt(home, flags, options.log)) ?? (await startAnew(home, binaries, flags))
    const url = await prepareDatabase(home, port)
    return await watch({ home, binaries, flags, port, url, log: options.log, release })
  } catch (error) {
    await release()
    throw error
  }
}

/** The port of a healthy left-over that runs with our settings; any other is stopped. */
async function adopt(home: Home, flags: string[], log: Log): Promise<number | undefined> {
  const left = await runningPostmaster(clusterOf(home))
  const known = await readState(home)
  if (left?.ready && known.settings === digest(flags) && (await answers(home, left.port))) {
    log.info({ pid: left.pid, port: left.port }, 'adopted the PostgreSQL that was left running')
    return left.port
  }
  await endServer(clusterOf(home))
  return undefined
}

async function startAnew(home: Home, binaries: string, flags: string[]): Promise<number> {
  const port = await freePort((await readState(home)).port)
  await launch(home, binaries, flags, port)
  await writeInHome(home, 'server.json', JSON.stringify({ port, settings: digest(flags) }))
  return port
}

async function launch(home: Home, binaries: string, flags: string[], port: number): Promise<void> {
  const logFile = await openLog(home)
  const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', clusterOf(home), '-p', String(port), ...flags], {
    ...home.user, cwd: home.folder, env: { TZ: 'UTC' }, detached: true, windowsHide: true, stdio: ['ignore', logFile.fd, logFile.fd],
  })
  let ended = false
  child.once('exit', () => (ended = true)).once('error', () => (ended = true))
  child.unref()
  await logFile.close()
  for (const started = Date.now(); Date.now() - started < START_PATIENCE_MS; await after(10)) {
    if (ended) throw new EmbeddedError('EMBEDDED_FAILED', `PostgreSQL did not start: ${await endOfLog(home)}`)
    if ((await runningPostmaster(clusterOf(home)))?.ready) return
  }
  throw new EmbeddedError('EMBEDDED_FAILED', `PostgreSQL was not ready after ${START_PATIENCE_MS / 1000} s: ${await endOfLog(home)}`)
}

interface Watched {
  home: Home
  binaries: string
  flags: string[]
  port: number
  url: string
  log: Log
  release: () => Promise<void>
}

/** Looks whether the postmaster lives, child or adopted alike, and restarts a dead one on the same port (P14). */
async function watch({ home, binaries, flags, port, url, log, release }: Watched): Promise<EmbeddedServer> {
  const cluster = clusterOf(home)
  let pid = (await runningPostmaster(cluster))?.pid ?? 0
  let restarting: Promise<void> | undefined
  const restart = async (): Promise<void> => {
    log.error({ pid }, 'PostgreSQL died; starting it again')
    await endServer(cluster)
    await launch(home, binaries, flags, port)
    pid = (await runningPostmaster(cluster))?.pid ?? 0
  }
  const timer = setInterval(() => {
    if (restarting || isAlive(pid)) return
    restarting = restart()
      .catch((error: unknown) => log.error({ err: error }, 'PostgreSQL could not be started again'))
      .finally(() => (restarting = undefined))
  }, WATCH_EVERY_MS).unref()
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    await restarting
    await endServer(cluster)
    await release()
  }
  const remove = async (): Promise<void> => {
    await stop()
    await rm(home.folder, { recursive: true, force: true })
  }
  return { url, port, folder: home.folder, stop, remove, get pid() { return pid } }
}

/** Role and database of the product, made on first start. */
async function prepareDatabase(home: Home, port: number): Promise<string> {
  const password = await secretOf(home, 'application.password')
  const client = await connectAsSuperuser(home, port)
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [APPLICATION])
    if (found.rowCount === 0) {
      await client.query(`drop role if exists ${APPLICATION}`)
      await client.query(`create role ${APPLICATION} login createdb password '${password}'`)
      await client.query(`create database ${APPLICATION} owner ${APPLICATION}`)
    }
  } finally {
    await client.end()
  }
  return `postgresql://${APPLICATION}:${password}@127.0.0.1:${port}/${APPLICATION}`
}

async function connectAsSuperuser(home: Home, port: number): Promise<pg.Client> {
  const password = await secretOf(home, 'superuser.password')
  const client = new pg.Client({ host: '127.0.0.1', port, user: SUPERUSER, password, database: 'postgres', connectionTimeoutMillis: 5_000, query_timeout: 30_000 })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

function answers(home: Home, port: number): Promise<boolean> {
  return connectAsSuperuser(home, port).then((client) => client.end()).then(() => true, () => false)
}

async function readState(home: Home): Promise<{ port?: number; settings?: string }> {
  const text = await readFile(join(home.folder, 'server.json'), 'utf8').catch(() => '{}')
  return JSON.parse(text) as { port?: number; settings?: string }
}

function digest(flags: string[]): string {
  return createHash('sha256').update([VERSION, ...flags].join('\n')).digest('hex')
}

/** The port of last time while nobody else has it, so that an address written down stays true; else any free one. */
async function freePort(preferred: number | undefined): Promise<number> {
  const probe = createServer()
  const listen = (port: number): Promise<number> => new Promise((done, fail) => {
    probe.once('error', fail).listen(port, '127.0.0.1', () => done((probe.address() as { port: number }).port))
  })
  const port = await listen(preferred ?? 0).catch(() => listen(0))
  await new Promise((done) => probe.close(done))
  return port
}

async function openLog(home: Home): ReturnType<typeof open> {
  const file = join(home.folder, 'server.log')
  const size = (await stat(file).catch(() => undefined))?.size ?? 0
  if (size > LOG_BYTES_MAX) await truncate(file)
  const log = await open(file, 'a', 0o600)
  if (home.user) await log.chown(home.user.uid, home.user.gid)
  return log
}

async function endOfLog(home: Home): Promise<string> {
  const text = await readFile(join(home.folder, 'server.log'), 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-5).join(' | ')
}

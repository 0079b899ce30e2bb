/** Runs one or more services in this process: alone on a machine of its own, or as a child of `start` and `demo`. */
import type { KeyObject } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { ZodError } from 'zod'
import { assert } from '@loopline/vocabulary/assert'
import { openPostgresLog } from '@loopline/event-log/postgres-log'
import { startRelay } from '@loopline/event-log/relay'
import { createServiceClient } from '@loopline/http/service-client'
import { loadKeyring, type Keyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { requireMigrated } from '@loopline/postgres/migrate'
import { logDestination } from '@loopline/telemetry/log-destination'
import { createLogger, type Logger } from '@loopline/telemetry/logger'
import type { EventLog } from '@loopline/event-log/event-log'
import { logFormatOf, readServeConfig, type ServeConfig } from './config.ts'
import { MIGRATIONS } from './migrations.ts'
import { makeDemoPeople } from './demo-data.ts'
import { PORT_TAKEN_EXIT } from './supervisor.ts'

export const SERVICES = ['hub', 'crm', 'voice', 'dialer'] as const
export type ServiceName = (typeof SERVICES)[number]
type Env = Record<string, string | undefined>

/** What a running service tells whoever started it, for instance its address. */
export interface Running {
  told: Record<string, unknown>
  stop(): Promise<void>
}

interface Surroundings {
  env: Env
  config: ServeConfig
  keys: Keyring
  eventLog: () => EventLog
  log: Logger
}

function loggerOf(wanted: readonly ServiceName[], { LOG_LEVEL: level, LOG_FORMAT, LOG_DIR }: ServeConfig): Logger {
  const name = wanted.join('+')
  const format = logFormatOf(LOG_FORMAT, process.stdout.isTTY)
  const destination = logDestination({ format, ...(LOG_DIR === '' ? {} : { file: join(LOG_DIR, `${name}.log`) }) })
  return createLogger({ name, level, ...(destination ? { destination } : {}) })
}

/** Starts the services in the order of SERVICES; stops in reverse. @throws before a socket opens when a setting is wrong. */
export async function serve(wanted: readonly ServiceName[], env: Env, log: Logger): Promise<Running> {
  const config = readServeConfig(env)
  const keys = loadKeyring({ file: config.LOOPLINE_KEY_FILE, value: config.LOOPLINE_KEYS })
  const needsDatabase = wanted.some((name) => name !== 'voice')
  const stops: (() => Promise<void>)[] = []
  const told: Record<string, unknown> = {}
  const stop = async (): Promise<void> => {
    for (const step of stops.reverse()) await step().catch((error: unknown) => log.error({ err: error }, 'a part could not be stopped'))
  }
  try {
    // Voice keeps no state in the database and reads no events.
    const opened = needsDatabase ? await openLog(config, wanted, log, stops) : null
    const eventLog = (): EventLog => {
      assert(opened, 'a service that reads events runs with a database')
      return opened
    }
    for (const name of SERVICES.filter((service) => wanted.includes(service))) {
      const running = await START[name]({ env, config, keys, eventLog, log: log.child({ service: name }) })
      Object.assign(told, running.told)
      stops.push(() => running.stop())
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { told, stop }
}

async function openLog({ DATABASE_URL: url, PROCESS_NAME: processName, PROCESS_BEFORE: predecessor }: ServeConfig, wanted: readonly ServiceName[], log: Logger, stops: (() => Promise<void>)[]): Promise<EventLog> {
  const db = openPool({ url, name: `${wanted.join('+')} log`, max: 4, log })
  stops.push(() => db.close())
  await requireMigrated(db, MIGRATIONS)
  const notifier = createNotifier({ url, name: 'log', log })
  stops.push(() => notifier.close())
  const eventLog = openPostgresLog({ db, url, notifier, log, ...(processName !== '' && { processName }), ...(predecessor !== '' && { predecessor }) })
  stops.push(() => eventLog.close())
  if (wanted.includes('hub')) {
    // hub owns the log; every service's outbox is emptied by it alone.
    const relay = startRelay({ db, url, services: ['hub', 'crm', 'dialer'], notifier, log })
    stops.push(() => relay.stop())
  }
  return eventLog
}

const START: Record<ServiceName, (surroundings: Surroundings) => Promise<Running>> = {
  async hub({ env, config, keys, eventLog, log }) {
    const [{ startHub }, { readConfig }] = await Promise.all([import('@loopline/hub/main'), import('@loopline/hub/config')])
    const hub = await startHub(readConfig(env), { eventLog: eventLog(), keys, log })
    if (config.DEMO === '1') await makeDemoPeople(hub, config.CALLEE_OFFSET_MS)
    const setupUrl = config.DEMO === '1' ? null : await hub.setupUrl()
    return { told: { address: hub.url, addresses: hub.addresses, hubInternal: hub.internalUrl, setupUrl }, stop: () => hub.stop() }
  },
  async crm({ env, config, keys, eventLog, log }) {
    const [{ startCrm }, { readConfig }] = await Promise.all([import('@loopline/crm/main'), import('@loopline/crm/config')])
    const crm = await startCrm(readConfig(env), {
      eventLog: eventLog(), keys, keySource: { file: config.LOOPLINE_KEY_FILE, value: config.LOOPLINE_KEYS }, log,
      audit: auditAt(config, keys.signingKey('identity'), 'crm'),
    })
    await crm.ready
    return { told: { crm: crm.url }, stop: () => crm.stop() }
  },
  async voice({ env, config, keys, log }) {
    goFirst(log)
    const [{ startVoice, keysTextOf }, { readConfig }] = await Promise.all([import('@loopline/voice/main'), import('@loopline/voice/config')])
    const voice = await startVoice(readConfig(env as NodeJS.ProcessEnv), {
      keys, keysText: keysTextOf(config.LOOPLINE_KEY_FILE, config.LOOPLINE_KEYS), log,
    })
    return { told: { voice: voice.url, voiceLink: voice.link }, stop: () => voice.stop() }
  },
  async dialer({ env, config, keys, eventLog, log }) {
    const [{ startDialer }, { readConfig }] = await Promise.all([import('@loopline/dialer/main'), import('@loopline/dialer/config')])
    const hub = createServiceClient({ baseUrl: config.HUB_INTERNAL_URL, identityKey: keys.signingKey('identity'), name: 'dialer' })
    const dialer = await startDialer(readConfig(env), {
      eventLog: eventLog(), keys, log, audit: auditAt(config, keys.signingKey('identity'), 'dialer'),
      showQuality: (quality) => hub.call('/internal/live/quality', { method: 'POST', body: quality, timeoutMs: 1_000 }),
    })
    return { told: { dialer: dialer.url }, stop: () => dialer.stop() }
  },
}

/**
 * An answer that waits half a second for its ACK is sent again and counts against us, so signalling goes before imports and
 * reports where the system allows it. Set before the threads start: they inherit it.
 */
function goFirst(log: Logger): void {
  try {
    setPriority(0, PRIORITY)
    // Where Linux weighs sessions against each other (sched_autogroup), a process's own priority counts within its session only, and
    // each child of the supervisor has one of its own: sched(7), The autogroup feature.
    if (existsSync(AUTOGROUP)) writeFileSync(AUTOGROUP, String(PRIORITY))
  } catch {
    log.debug('voice runs at ordinary priority: the system does not allow more')
  }
}
const PRIORITY = -10
const AUTOGROUP = '/proc/self/autogroup'

/** One act of a person or key; kept by hub, which answers when it is committed. */
export interface AuditEntry {
  actorId: string
  actorName: string
  action: string
  subject: string
  details: Record<string, unknown>
}

function auditAt({ HUB_INTERNAL_URL: baseUrl }: ServeConfig, identityKey: KeyObject, name: string): (entry: AuditEntry) => Promise<void> {
  const client = createServiceClient({ baseUrl, identityKey, name })
  return (entry) => client.call('/internal/audit', { method: 'POST', body: { entries: [entry] } })
}

/** Serves until told to stop: by a signal, or because whoever started us is gone. */
export async function serveUntilStopped(wanted: readonly ServiceName[], env: Env): Promise<void> {
  const log = loggerOf(wanted, readServeConfig(env))
  // A bug ends the process, as it must; its stack goes where every other line goes, without numbers.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by an error nobody expected')
    process.exit(1)
  })
  const running = await serve(wanted, env, log).catch((error: unknown) => leave(error, log))
  process.send?.({ ready: true, told: running.told })
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
    process.once('disconnect', () => resolve())
  })
  await running.stop()
}

/** A supervisor chooses other ports when one is taken, so that alone is no error yet. */
function leave(error: unknown, log: Logger): never {
  if (error instanceof ZodError) throw error
  const portTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  if (portTaken && process.send) log.info({ err: error }, 'a port is taken')
  else log.fatal({ err: error }, 'could not start')
  process.exit(portTaken ? PORT_TAKEN_EXIT : 1)
}

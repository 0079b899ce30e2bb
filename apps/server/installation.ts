/** Starts a whole installation on this machine: database, migrations, console, services, and in the demo the sandbox. */
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { loadKeyring, type Keyring } from '@loopline/keys/keyring'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { migrate } from '@loopline/postgres/migrate'
import { logDestination, type LogFormat } from '@loopline/telemetry/log-destination'
import { createLogger, type Logger } from '@loopline/telemetry/logger'
import { logFormatOf, type ServerConfig } from './config.ts'
import { builtConsole } from './console-build.ts'
import { calleeOffset } from './demo-data.ts'
import { endLeftovers, livingRun, openHome, removeRun, writeDatabaseFile, writeRun, type Home } from './home.ts'
import { lanCertificate, lanConfig, type LanCertificate } from './lan.ts'
import { MIGRATIONS } from './migrations.ts'
import { freePort, freeUdpPort, gatewayPort } from './ports.ts'
import { SERVICES, type ServiceName } from './serve.ts'
import { ChildStartError, supervise, type ChildSpec, type Supervisor } from './supervisor.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

export interface Installation {
  address: string
  /** What the children told when they became ready, all together and by child. */
  told: Record<string, unknown>
  toldBy(child: string): Record<string, unknown>
  /** Every address of our pages, with `--lan` those that others in the network reach first. */
  addresses: string[]
  /** Null: plain http, or a certificate that was given. */
  authority: LanCertificate | null
  home: Home
  databaseUrl: string
  keys: Keyring
  log: Logger
  identityKey: KeyObject
  stop(): Promise<void>
}

export interface InstallationOptions {
  config: ServerConfig
  demo: boolean
  /** Others in this machine's network may come in, by https. */
  lan: boolean
  say: (text: string) => void
}

/** Somebody runs an installation in this folder already. */
export class AlreadyRunningError extends Error {
  readonly address: string
  constructor(address: string) {
    super(`Loopline already runs in this folder: ${address}`)
    this.address = address
  }
}

export async function startInstallation({ config, demo, lan, say }: InstallationOptions): Promise<Installation> {
  const home = openHome(config.LOOPLINE_HOME || join(PROJECT, '.loopline', demo ? 'demo' : 'main'))
  const living = livingRun(home)
  if (living) throw new AlreadyRunningError(living.address)
  endLeftovers(home)
  const format = logFormatOf(config.LOG_FORMAT, demo || process.stdout.isTTY)
  const log = installationLog(home, config, format)
  const stops: (() => Promise<void>)[] = [async () => removeRun(home)]
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step()
  }
  try {
    say('Starting the database …')
    const [database, consoleDir] = await Promise.all([openDatabase(config, home, log, stops), config.CONSOLE_DIR || builtConsole(say)])
    writeDatabaseFile(home, database.url)
    const keys = loadKeyring({ file: home.keyFile, value: config.LOOPLINE_KEYS })
    await migrate(database.url, MIGRATIONS)
    const services = servicesOf(config.LOOPLINE_ONLY)
    const authority = lan && config.TLS_CERT === '' ? await lanCertificate(home, { names: config.LAN_NAMES, log, say }) : null
    if (authority) stops.push(async () => authority.stop())
    say(`Starting ${services.join(', ')}${demo && services.includes('voice') ? ' and two sandbox carriers' : ''} …`)
    const plan = { config: lan ? lanConfig(config, authority) : config, authority, demo, home, format, databaseUrl: database.url, consoleDir, services }
    const started = Date.now()
    const write = (children: Parameters<typeof writeRun>[1]['children']): void => {
      const address = children.find((child) => child.name === 'hub')?.told['address']
      writeRun(home, {
        supervisor: process.pid, address: typeof address === 'string' ? address : '', startedAt: new Date(started).toISOString(), children,
        postgres: database.server ? { pid: database.server.pid, port: database.server.port } : null,
      })
    }
    const supervisor = await superviseOnFreePorts(plan, log, write)
    stops.push(() => supervisor.stop())
    const told = Object.assign({}, ...supervisor.children().map((child) => child.told)) as Record<string, unknown>
    const toldBy = (name: string): Record<string, unknown> => supervisor.children().find((child) => child.name === name)?.told ?? {}
    const addresses = told['addresses']
    return { address: String(told['address']), addresses: Array.isArray(addresses) ? addresses.map(String) : [], authority, told, toldBy, home, databaseUrl: database.url, keys, log, identityKey: keys.signingKey('identity'), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function installationLog(home: Home, { LOG_LEVEL: level }: ServerConfig, format: LogFormat): Logger {
  const destination = logDestination({ format, file: join(home.logDir, 'loopline.log') })
  return createLogger({ name: 'loopline', level, ...(destination ? { destination } : {}) })
}

const PORT_CHOICES_MAX = 5

/** A port that was free when it was chosen may be another's a moment later (two starts at the same instant): others are chosen then. */
async function superviseOnFreePorts(plan: Plan, log: Logger, write: Parameters<typeof supervise>[2]): Promise<Supervisor> {
  for (let choice = 1; ; choice += 1) {
    try {
      return await supervise(await childrenOf(plan), log, write)
    } catch (error) {
      if (!(error instanceof ChildStartError) || !error.portTaken || choice === PORT_CHOICES_MAX) throw error
      log.info({ choice }, 'a chosen port was taken meanwhile; others are chosen')
    }
  }
}

/** hub is always there: it is the sign-on, the gateway and the owner of the log. */
export function servicesOf(only: string): ServiceName[] {
  if (only === '') return [...SERVICES]
  const named = new Set(only.split(',').map((name) => name.trim()))
  for (const name of named) if (!SERVICES.includes(name as ServiceName)) throw new Error(`LOOPLINE_ONLY names no service of ours: ${name}`)
  return SERVICES.filter((name) => name === 'hub' || named.has(name))
}

interface OpenDatabase {
  url: string
  server: Awaited<ReturnType<typeof startEmbedded>> | null
}

async function openDatabase(config: ServerConfig, home: Home, log: Logger, stops: (() => Promise<void>)[]): Promise<OpenDatabase> {
  if (config.DATABASE_URL !== '') return { url: config.DATABASE_URL, server: null }
  const server = await startEmbedded({ dataDir: home.postgresDir, log })
  stops.push(() => server.stop())
  return { url: server.url, server }
}

interface Plan {
  config: ServerConfig
  authority: LanCertificate | null
  demo: boolean
  home: Home
  format: LogFormat
  databaseUrl: string
  consoleDir: string
  services: ServiceName[]
}

/** One child a service; every address is chosen here, so that a child that is restarted is found where it was. */
async function childrenOf({ config, authority, demo, home, format, databaseUrl, consoleDir, services }: Plan): Promise<ChildSpec[]> {
  const port = await gatewayPort(config.HOST, config.PORT)
  const [hubInternal, crm, dialer, voice, link] = await Promise.all(Array.from({ length: 5 }, () => freePort()))
  const { offsetMs } = demo ? calleeOffset(Date.now(), config.CALLEE_CLOCK) : { offsetMs: 0 }
  const runs = (name: ServiceName): boolean => services.includes(name)
  const env: Record<string, string> = {
    DATABASE_URL: databaseUrl,
    LOOPLINE_KEY_FILE: home.keyFile,
    LOG_LEVEL: config.LOG_LEVEL,
    LOG_FORMAT: format,
    LOG_DIR: home.logDir,
    DEMO: demo ? '1' : '',
    CALLEE_OFFSET_MS: String(offsetMs),
    HOST: config.HOST,
    PORT: String(port),
    TLS_CERT: config.TLS_CERT,
    TLS_KEY: config.TLS_KEY,
    TLS_AUTHORITY: authority?.authorityFile ?? '',
    ...(config.MEDIA_ADDRESS === '' ? {} : { MEDIA_ADDRESS: config.MEDIA_ADDRESS }),
    ...telephonesCertificate(config),
    HUB_INTERNAL_PORT: String(hubInternal),
    HUB_INTERNAL_URL: `http://127.0.0.1:${hubInternal}`,
    CONSOLE_DIR: consoleDir,
    AUDIT_DIR: home.auditDir,
    CALLEE_CLOCK_SETTABLE: String(demo),
    CRM_SANDBOX: String(demo),
    CRM_PORT: String(crm),
    CRM_URL: runs('crm') ? `http://127.0.0.1:${crm}` : '',
    CRM_DATA_DIR: home.uploadsDir,
    DIALER_PORT: String(dialer),
    DIALER_URL: runs('dialer') ? `http://127.0.0.1:${dialer}` : '',
    VOICE_LISTEN: `127.0.0.1:${voice}`,
    VOICE_URL: runs('voice') ? `http://127.0.0.1:${voice}` : '',
    VOICE_LINK_LISTEN: `127.0.0.1:${link}`,
    VOICE_LINK: runs('voice') ? `127.0.0.1:${link}` : '',
    VOICE_DIR: home.voiceDir,
    OBJECTS_URL: config.OBJECTS_URL || pathToFileURL(join(home.folder, 'objects')).href,
  }
  const specs = services.map((name) => specOf(name, [MAIN, 'serve', name], env))
  if (demo && runs('voice')) specs.push(...(await carriers(home, offsetMs, config.DEMO_CALL_BACK_PERCENT)))
  if (format === 'json') return specs
  // What a process says beside its log (a crash of Node itself) stands in its log too, not between the sentences.
  return specs.map((spec) => ({ ...spec, errorFile: join(home.logDir, `${spec.name}.log`) }))
}

/** Desk telephones are shown the gateway's certificate where they have none of their own. */
function telephonesCertificate({ TLS_CERT, TLS_KEY, AGENT_TLS_CERT }: ServerConfig): Record<string, string> {
  return TLS_CERT === '' || AGENT_TLS_CERT !== '' ? {} : { AGENT_TLS_CERT: TLS_CERT, AGENT_TLS_KEY: TLS_KEY }
}

/** Two carriers of two habits: one tells causes as Q.850 does, one as Chinese carriers do, by announcement and a bare 480. */
const CARRIERS = [{ name: 'sandbox', profile: 'standard' }, { name: 'sandbox-chinese', profile: 'chinese' }] as const

async function carriers(home: Home, offsetMs: number, callBackPercent: number): Promise<ChildSpec[]> {
  return Promise.all(CARRIERS.map(async ({ name, profile }) => specOf(name, [join(PROJECT, 'sandbox', 'main.ts')], {
    CARRIER_PORT: String(await freeUdpPort()),
    CARRIER_CONTROL_PORT: String(await freePort()),
    CARRIER_LOG: join(home.logDir, `${name}-calls.ndjson`),
    CARRIER_PROFILE: profile,
    CARRIER_CALLEE_OFFSET_MS: String(offsetMs),
    CARRIER_CALL_BACK_PERCENT: String(callBackPercent),
  })))
}

function specOf(name: string, args: string[], env: Record<string, string>): ChildSpec {
  return { name, command: process.execPath, args, env, startTimeoutMs: 60_000, stopTimeoutMs: 5_000 }
}

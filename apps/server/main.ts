/** The `loopline` command: demo, start, serve, migrate, recordings. `bin/loopline.mjs` runs it on Node 24. */
import { z } from 'zod'
import type { EventLog } from '@loopline/event-log/event-log'
import { EmbeddedError } from '@loopline/postgres/embedded-error'
import { migrate } from '@loopline/postgres/migrate'
import { MigrationError } from '@loopline/postgres/migration-error'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { BackupError } from './backup/backup-error.ts'
import { readConfig } from './config.ts'
import { AlreadyRunningError, startInstallation, type Installation } from './installation.ts'
import { howToReach } from './lan.ts'
import { MIGRATIONS } from './migrations.ts'
import { PortTakenError } from './ports.ts'
import { SERVICES, serveUntilStopped, type ServiceName } from './serve.ts'
import { ChildStartError } from './supervisor.ts'

const USAGE = `loopline demo [--lan]        everything with synthetic customers and the sandbox carrier
loopline start [--lan]       everything, for real; --lan: for others in the network too, by https
loopline serve SERVICE …     some services in one process: ${SERVICES.join(', ')}
loopline recordings verify   holds every recording against its hash chain; ends with 1 when one is damaged
loopline backup FOLDER       everything as of one instant, without the keys; --without-recordings leaves those out
loopline restore FOLDER      a backup into a new installation, whose keys.json is that of the old one
loopline migrate             brings the database at DATABASE_URL up to date`

async function main([command, ...rest]: string[]): Promise<void> {
  switch (command) {
    case 'demo':
    case 'start': return runInstallation({ demo: command === 'demo', lan: isLan(rest) })
    case 'serve': return serveUntilStopped(namesOf(rest), process.env)
    case 'migrate': return runMigrations()
    case 'recordings': return checkRecordings(rest)
    case 'backup': return backUp(rest)
    case 'restore': return restore(rest)
    default: throw new UsageError(command === undefined ? USAGE : `unknown command: ${command}\n${USAGE}`)
  }
}

class UsageError extends Error {}

function namesOf(words: string[]): ServiceName[] {
  const unknown = words.find((word) => !SERVICES.includes(word as ServiceName))
  if (words.length === 0 || unknown !== undefined) throw new UsageError(`name one or more services: ${SERVICES.join(', ')}`)
  return words as ServiceName[]
}

function isLan(options: string[]): boolean {
  const unknown = options.find((option) => option !== '--lan')
  if (unknown !== undefined) throw new UsageError(`unknown option: ${unknown}\n${USAGE}`)
  return options.length > 0
}

async function runInstallation({ demo, lan }: { demo: boolean; lan: boolean }): Promise<void> {
  const config = readConfig(process.env)
  const stopped = stopSignal()
  const say = (text: string): void => console.log(text)
  const installation = await startInstallation({ config, demo, lan, say })
  try {
    say(demo ? await welcomeToDemo(installation, config.DEMO_CUSTOMERS) : welcome(installation))
    if (lan) say(howToReach(installation, { demo }))
    say(`Loopline is ready: ${installation.address}`)
    await stopped
    say('Stopping …')
  } finally {
    await installation.stop()
  }
}

async function welcomeToDemo(installation: Installation, customers: number): Promise<string> {
  const { prepareDemo, demoGreeting, followCalleeClock } = await import('./demo.ts')
  console.log('Preparing the customers, lines and campaigns of the demo …')
  await prepareDemo(installation, { customers, log: installation.log })
  followCalleeClock(installation, await openTail(installation.databaseUrl))
  return demoGreeting(installation.address)
}

function welcome({ told }: Installation): string {
  const { setupUrl } = told
  return typeof setupUrl === 'string' ? `\nMake the first administrator here (once, within 24 hours):\n  ${setupUrl}\n` : ''
}

async function openTail(url: string): Promise<EventLog> {
  const { openPostgresLog } = await import('@loopline/event-log/postgres-log')
  const options = { url, name: 'demo' }
  return openPostgresLog({ db: openPool({ ...options, max: 1 }), url, notifier: createNotifier(options) })
}

async function checkRecordings([act, ...others]: string[]): Promise<void> {
  if (act !== 'verify' || others.length > 0) throw new UsageError(`recordings verify, and nothing more\n${USAGE}`)
  const { verifyRecordings } = await import('./recordings.ts')
  if ((await verifyRecordings(process.env, (text) => console.log(text))) > 0) process.exit(1)
}

async function backUp(words: string[]): Promise<void> {
  const [folder, option, ...others] = words
  if (folder === undefined || folder.startsWith('--') || (option !== undefined && option !== '--without-recordings') || others.length > 0) throw new UsageError(USAGE)
  const { runBackup } = await import('./backup/commands.ts')
  await runBackup(folder, { withRecordings: option === undefined }, readConfig(process.env), (text) => console.log(text))
}

async function restore([folder, ...others]: string[]): Promise<void> {
  if (folder === undefined || folder.startsWith('--') || others.length > 0) throw new UsageError(USAGE)
  const { runRestore } = await import('./backup/commands.ts')
  await runRestore(folder, readConfig(process.env), (text) => console.log(text))
}

async function runMigrations(): Promise<void> {
  const { DATABASE_URL } = readConfig(process.env)
  if (DATABASE_URL === '') throw new UsageError('DATABASE_URL must name the database to migrate')
  const files = await migrate(DATABASE_URL, MIGRATIONS)
  console.log(files.length === 0 ? 'The database is up to date.' : `Applied: ${files.join(', ')}`)
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

try {
  await main(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  if (error instanceof AlreadyRunningError) {
    console.log(error.message)
    process.exit(0)
  }
  if (error instanceof ChildStartError) console.error(`Loopline could not start: ${error.message}`)
  else if (error instanceof EmbeddedError || error instanceof PortTakenError) console.error(error.message)
  else if (error instanceof BackupError || error instanceof MigrationError) console.error(`${error.code}: ${error.message}`)
  else if (error instanceof z.ZodError) console.error(`These settings are wrong:\n${z.prettifyError(error)}`)
  else console.error(error instanceof UsageError || (error instanceof Error && error.name === 'NothingRunsError') ? error.message : error)
  process.exit(1)
}

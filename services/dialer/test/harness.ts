import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { systemClock } from '@loopline/clock/clock'
import type { Clock } from '@loopline/clock/clock'
import { openPostgresLog } from '@loopline/event-log/postgres-log'
import { startRelay } from '@loopline/event-log/relay'
import { signIdentity } from '@loopline/http/identity-token'
import type { Identity } from '@loopline/http/identity-token'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import type { Keyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { createLogger, silentLogger } from '@loopline/telemetry/logger'
import type { Role } from '@loopline/vocabulary/roles'
import type { CampaignSettings, CampaignView } from '@loopline/contracts/campaign'
import { readConfig } from '../config.ts'
import type { DialerConfig } from '../config.ts'
import type { AuditEntry } from '../dialer.ts'
import { startDialer } from '../main.ts'
import type { RunningDialer } from '../main.ts'
import { ScriptedCrm } from './scripted-crm.ts'
import { ScriptedVoice } from './scripted-voice.ts'

const LOG_MIGRATIONS = new URL('../../../drivers/event-log/migrations', import.meta.url)
const MIGRATIONS = new URL('../migrations', import.meta.url)

/** A database, a log with its relay, a scripted crm and a scripted voice; dialers are started on it at will. */
export interface World {
  database: TestDatabase
  keys: Keyring
  crm: ScriptedCrm
  voice: ScriptedVoice
  audits: AuditEntry[]
  auditFails: boolean
  startDialer(settings?: Partial<DialerConfig>, clock?: Clock): Promise<RunningDialer>
  /** A dialer in a process of its own, to be killed; `gone` resolves when it is. */
  forkDialer(settings?: Record<string, string>): Promise<{ url: string; child: ChildProcess; gone: Promise<unknown> }>
  /** A request of a person of this role; answers the parsed body. */
  ask<Answer>(url: string, method: string, path: string, body?: unknown, who?: Role | Identity): Promise<{ status: number; body: Answer }>
  close(): Promise<void>
}

/** What the callee's clock is set ahead by, so that it is about noon in China whenever the test runs. */
export function noonInChina(): number {
  const noon = 12 * 3_600_000
  const local = (Date.now() + 8 * 3_600_000) % 86_400_000
  return noon - local
}

export async function openWorld(): Promise<World> {
  const database = await testDatabase([LOG_MIGRATIONS, MIGRATIONS])
  const { db, url } = database
  await db.sql`create schema crm`
  await db.sql`select loopline.create_outbox('crm')`
  await db.sql`create schema hub`
  await db.sql`select loopline.create_outbox('hub')`
  await db.sql`insert into dialer.knowledge (key, version, value) values ('callee-clock', 1, ${JSON.stringify({ offsetMs: noonInChina() })}::jsonb)`
  const keySet = newKeySet()
  const keys = createKeyring(keySet)
  const log = process.env['TEST_LOG'] ? createLogger({ name: 'test', level: 'debug' }) : silentLogger()
  const notifier = createNotifier({ url, name: 'test' })
  const relay = startRelay({ db, url, services: ['crm', 'hub', 'dialer'], notifier, log })
  const crm = new ScriptedCrm(db, notifier)
  crm.keys = keys
  const voice = new ScriptedVoice()
  const [crmUrl, voiceLink] = await Promise.all([crm.listen(), voice.listen()])
  const audits: AuditEntry[] = []
  const stops: (() => Promise<void>)[] = []
  const world: World = {
    database, keys, crm, voice, audits, auditFails: false,
    async startDialer(settings = {}, clock = systemClock) {
      const eventLog = openPostgresLog({ db, url, notifier, log, ttlMs: 1_500 })
      const config = { ...readConfig({ DATABASE_URL: url, CRM_URL: crmUrl, VOICE_LINK: voiceLink, DIALER_TICK_MS: '20', DIALER_DATABASE_CONNECTIONS: '6' }), ...settings }
      const dialer = await startDialer(config, { eventLog, keys, log, clock, audit: async (entry) => { if (world.auditFails) throw new Error('the audit is away'); audits.push(entry) } })
      let isStopped = false
      const stop = async (): Promise<void> => {
        if (isStopped) return
        isStopped = true
        await dialer.stop()
        await eventLog.close()
      }
      stops.push(stop)
      await dialer.ready
      return { ...dialer, stop }
    },
    async forkDialer(settings = {}) {
      const env = { ...process.env, DATABASE_URL: url, CRM_URL: crmUrl, VOICE_LINK: voiceLink, DIALER_TICK_MS: '20', LOOPLINE_KEYS: JSON.stringify(keySet), ...settings }
      const child = fork(new URL('dialer-child.ts', import.meta.url), { env, execArgv: [] })
      stops.push(async () => { child.kill('SIGKILL') })
      const gone = once(child, 'exit')
      const [message] = await Promise.race([once(child, 'message'), gone.then(() => { throw new Error('the dialer did not start') })])
      return { url: (message as { url: string }).url, child, gone }
    },
    async ask(base, method, path, body, who = 'admin') {
      const identity = typeof who === 'object' ? who : { sub: who === 'service' ? 'service:test' : '00000000-0000-7000-8000-0000000000aa', role: who, name: 'Test', teamId: null }
      const token = await signIdentity(keys.signingKey('identity'), identity)
      const response = await fetch(`${base}${path}`, {
        method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: await response.json() as never }
    },
    async close() {
      for (const stop of stops.toReversed()) await stop()
      await relay.stop()
      await Promise.all([crm.close(), voice.close(), notifier.close()])
      await database.drop()
    },
  }
  return world
}

/** Waits for something another part brings about; looks every 10 ms. */
export async function until<T>(look: () => Promise<T | false | undefined | null> | T | false | undefined | null, what: string, withinMs = 30_000): Promise<T> {
  const giveUpAt = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain: ${what}`)
    await new Promise((resolve) => { setTimeout(resolve, 10) })
  }
}

/** What the test relies on to be there. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test relies on something that is not there')
  return value
}

export const EVERYBODY = { combinator: 'and', rules: [] }

export async function addLine(world: World, url: string, fields: object = {}): Promise<string> {
  const { status, body } = await world.ask<{ lineId: string }>(url, 'POST', '/lines', {
    name: 'Sandbox', type: '4g', remote: '127.0.0.1:5060', callerIds: ['+861012345678'], maxConcurrent: 5_000, maxPerSecond: 2_000, sandbox: true, ...fields,
  })
  if (status !== 201) throw new Error(`line: ${status} ${JSON.stringify(body)}`)
  return body.lineId
}

/** A line without a dialer that could make it. */
export async function storeLine(world: World): Promise<void> {
  await world.database.db.sql`
    insert into dialer.line (line_id, name, type, enabled, remote, local, number_format, caller_ids, max_concurrent, max_per_second, weight, sandbox, carrier, contract, created_at, updated_at)
    values (uuidv7(), 'Sandbox', '4g', true, '127.0.0.1:5060', '127.0.0.1:0', 'e164', '{+861012345678}', 5000, 2000, 10, true, '', '', now(), now())`
}

export async function startCampaign(world: World, url: string, settings: Partial<CampaignSettings> = {}): Promise<CampaignView> {
  const made = await world.ask<CampaignView>(url, 'POST', '/campaigns', { name: 'Test', audience: EVERYBODY, ratePerSecond: 200, maxConcurrent: 1_000, ...settings })
  if (made.status !== 201) throw new Error(`campaign: ${made.status} ${JSON.stringify(made.body)}`)
  const started = await world.ask<CampaignView>(url, 'POST', `/campaigns/${made.body.campaignId}/start`, {})
  if (started.status !== 200) throw new Error(`start: ${started.status} ${JSON.stringify(started.body)}`)
  return started.body
}

/** An audience of one test: customers made with this region. */
export const region = (name: string): object => ({ combinator: 'and', rules: [{ field: 'region', operator: '=', value: name }] })

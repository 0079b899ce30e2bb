import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresLog } from '@loopline/event-log/postgres-log'
import { startRelay } from '@loopline/event-log/relay'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import type { Keyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { sqlText } from '@loopline/postgres/sql'
import { testDatabase } from '@loopline/postgres/test-database'
import type { Database } from '@loopline/postgres/queryable'
import { createLogger } from '@loopline/telemetry/logger'
import { readConfig } from '../config.ts'
import { startHub } from '../main.ts'
import type { Hub } from '../main.ts'

const MIGRATIONS = [new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)]
export const PASSWORD = 'loopline-demo-1'

export interface HubUnderTest {
  hub: Hub
  db: Database
  databaseUrl: string
  keys: Keyring
  auditDir: string
  /** Everything that was logged. */
  log(): string
  close(): Promise<void>
}

/** A whole hub on a real database, with relay and log, listening on free ports. */
export async function hubUnderTest(settings: Record<string, unknown> = {}, services: readonly string[] = ['hub']): Promise<HubUnderTest> {
  const database = await testDatabase(MIGRATIONS)
  for (const other of services.filter((service) => service !== 'hub')) {
    await database.db.run(sqlText(`create schema ${other}`, []))
    await database.db.sql`select loopline.create_outbox(${other})`
  }
  const lines: string[] = []
  const log = createLogger({ name: 'hub', level: 'debug', destination: { write: (line: string) => { lines.push(line) } } })
  const keys = createKeyring(newKeySet())
  const notifier = createNotifier({ url: database.url, name: 'test' })
  const eventLog = openPostgresLog({ db: database.db, url: database.url, notifier })
  const relay = startRelay({ db: database.db, url: database.url, services, notifier })
  const auditDir = mkdtempSync(join(tmpdir(), 'loopline-audit-'))
  const config = readConfig({ DATABASE_URL: database.url, AUDIT_DIR: auditDir, SIGN_INS_PER_MINUTE: 1_000, CALLEE_CLOCK_SETTABLE: true, ...settings })
  const hub = await startHub(config, { eventLog, keys, log })
  return {
    hub, keys, auditDir, db: database.db, databaseUrl: database.url,
    log: () => lines.join(''),
    async close() {
      await hub.stop()
      await relay.stop()
      await eventLog.close()
      await notifier.close()
      await database.drop()
    },
  }
}

/** A browser as far as cookies and origin go. */
export class Browser {
  readonly #base: string
  #cookies = new Map<string, string>()
  origin: string | null
  constructor(base: string) {
    this.#base = base
    this.origin = base
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const sent: Record<string, string> = { ...headers }
    if (this.#cookies.size > 0) sent['cookie'] = this.cookie
    if (this.origin !== null && method !== 'GET') sent['origin'] = this.origin
    if (body !== undefined && typeof body !== 'string') sent['content-type'] = 'application/json'
    const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(this.#base + path, { method, headers: sent, body: payload, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) as RegExpExecArray
      if (value === '') this.#cookies.delete(name as string)
      else this.#cookies.set(name as string, value as string)
    }
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, code: codeIn(text), json: <T>() => JSON.parse(text) as T }
  }

  async signIn(username: string, password = PASSWORD): Promise<Answer> {
    return this.ask('POST', '/api/auth/sign-in/username', { username, password })
  }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The error code of a refusal. */
  code: string | undefined
  /** Parsed body, as the test expects it. */
  json<T>(): T
}

/** A refusal's body. */
export interface Refused {
  error: { code: string; details: unknown }
}

const codeIn = (text: string): string | undefined => /"error":\{"code":"(\w+)"/.exec(text)?.[1]

/** A service behind the gateway that answers as told. */
export async function serviceBehind(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ url: string; close(): Promise<void>; server: Server }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }) }
}

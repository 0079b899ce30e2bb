import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@loopline/telemetry/logger'
import { createRegistry } from '@loopline/telemetry/metrics'
import { virtualClock } from '@loopline/clock/clock'
import type { VirtualClock } from '@loopline/clock/clock'
import { newId } from '@loopline/clock/new-id'
import type { Http } from '@loopline/http/create-http'
import { signIdentity } from '@loopline/http/identity-token'
import type { Identity } from '@loopline/http/identity-token'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import type { ImportId } from '@loopline/vocabulary/ids'
import type { Role } from '@loopline/vocabulary/roles'
import type { CustomerView, TimelineItem } from '@loopline/contracts/customer'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { ErrorBody } from '@loopline/contracts/error'
import type { ImportPreview as ImportPreviewSchema, ImportView } from '@loopline/contracts/import'
import type { RuleBookView as RuleBookViewSchema } from '@loopline/contracts/rule'
import type { RuleBook } from '@loopline/contracts/rule-event'
import type { z } from 'zod'
import { createApp } from '../app.ts'
import type { AuditEntry } from '../deps.ts'
import type { ImportDeps } from '../import/import-deps.ts'
import { CompiledBook } from '../rule/rule-book.ts'
import { seedRules } from '../rule/seed-rules.ts'

type ImportPreview = Omit<z.infer<typeof ImportPreviewSchema>, 'errors'>
type RuleBookView = z.infer<typeof RuleBookViewSchema>

export const MIGRATIONS = [new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)]

export interface Answer<Body> {
  status: number
  body: Body
}

/** Whatever crm may answer or announce, all at once: a test looks at the part it asked for. */
export type Answered = CustomerView & ErrorBody & ImportView & RuleBookView & ImportPreview
  & { items: (CustomerView & TimelineItem)[]; next: string | null; phone: string; matching: number; estimated: boolean; customers: CustomerState[] }
export interface Announced {
  type: string
  subject?: string
  causation?: string
  data: CustomerState & RuleBook & { importId: string; customerIds: string[] }
}

/** crm on a real PostgreSQL, asked through HTTP by whoever the test wants. */
export interface Harness {
  readonly deps: ImportDeps
  /** Imports that were asked for and that no job took. */
  readonly enqueued: ImportId[]
  readonly keySource: { file: string; value: string }
  /** Sends a file as a browser would. */
  upload<Body = Answered>(who: Identity, url: string, file: string | Buffer, options?: object): Promise<Answer<Body>>
  readonly app: Http
  readonly database: TestDatabase
  readonly clock: VirtualClock
  readonly audited: AuditEntry[]
  /** Whom agents serve, as the dialer would say: agent id → customer id. */
  readonly served: Map<string, string>
  /** Makes the audit refuse until told otherwise. */
  auditFails: boolean
  ask<Body = Answered>(who: Identity, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<Answer<Body>>
  /** Events in the outbox, oldest first, removed on reading. */
  takeEvents(): Promise<Announced[]>
  close(): Promise<void>
}

/** Somebody with a role. */
export function person(role: Role, teamId: string | null = null): Identity {
  return { sub: newId(), role, name: `a ${role}`, teamId }
}

export async function startHarness(): Promise<Harness> {
  const database = await testDatabase(MIGRATIONS)
  const keySet = newKeySet()
  const keys = createKeyring(keySet)
  const dataDir = await mkdtemp(join(tmpdir(), 'crm-test-'))
  const enqueued: ImportId[] = []
  const clock = virtualClock()
  const notifier = createNotifier({ url: database.url, name: 'test' })
  const audited: AuditEntry[] = []
  const served = new Map<string, string>()
  const deps: ImportDeps = {
    dataDir, fileBytesMax: 10_000_000, enqueue: async (importId) => void enqueued.push(importId),
    db: database.db, keys, clock, log: silentLogger(), notifier, book: new CompiledBook(),
    serves: async (agentId, customerId) => {
      if (served.get(agentId) === 'away') throw new Error('the dialer is away')
      return served.get(agentId) === customerId
    },
    audit: async (entry) => {
      if (harness.auditFails) throw new Error('hub is away')
      audited.push(entry)
    },
  }
  await seedRules(deps)
  const app = await createApp(deps, createRegistry('crm'))
  await database.db.sql`delete from crm.outbox`
  const harness: Harness = {
    deps, app, database, clock, audited, served, enqueued, auditFails: false, keySource: { file: '', value: JSON.stringify(keySet) },
    async ask<Body>(who: Identity, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) {
      const token = await signIdentity(keys.signingKey('identity'), who)
      const response = await app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload ? { payload } : {}) })
      const isJson = String(response.headers['content-type']).startsWith('application/json')
      return { status: response.statusCode, body: (isJson ? response.json() : response.body) as Body }
    },
    async upload<Body>(who: Identity, url: string, file: string | Buffer, options?: object) {
      const token = await signIdentity(keys.signingKey('identity'), who)
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), '客户.csv')
      if (options) form.append('options', JSON.stringify(options))
      const encoded = new Response(form)
      const response = await app.inject({
        method: 'POST', url, payload: Buffer.from(await encoded.arrayBuffer()),
        headers: { authorization: `Bearer ${token}`, 'content-type': encoded.headers.get('content-type') as string },
      })
      return { status: response.statusCode, body: response.json() as Body }
    },
    async takeEvents() {
      const rows = await database.db.sql<{ body: string }>`delete from crm.outbox returning body`
      return rows.map((row) => JSON.parse(row.body) as Announced & { time: string }).sort((a, b) => a.time.localeCompare(b.time))
    },
    async close() {
      await app.close()
      await notifier.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return harness
}

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
import type { Role } from '@loopline/vocabulary/roles'
import { createApp } from '../app.ts'
import type { AuditEntry, Deps } from '../deps.ts'
import { seedRules } from '../rule/seed-rules.ts'

export const MIGRATIONS = [new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)]

export interface Answer<Body> {
  status: number
  body: Body
}

/** crm on a real PostgreSQL, asked through HTTP by whoever the test wants. */
export interface Harness {
  readonly deps: Deps
  readonly app: Http
  readonly database: TestDatabase
  readonly clock: VirtualClock
  readonly audited: AuditEntry[]
  /** Makes the audit refuse until told otherwise. */
  auditFails: boolean
  ask<Body = any>(who: Identity, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<Answer<Body>>
  /** Events in the outbox, oldest first, removed on reading. */
  takeEvents(): Promise<{ type: string; subject?: string; causation?: string; data: any }[]>
  close(): Promise<void>
}

/** Somebody with a role. */
export function person(role: Role, teamId: string | null = null): Identity {
  return { sub: newId(), role, name: `a ${role}`, teamId }
}

export async function startHarness(): Promise<Harness> {
  const database = await testDatabase(MIGRATIONS)
  const keys = createKeyring(newKeySet())
  const clock = virtualClock()
  const notifier = createNotifier({ url: database.url, name: 'test' })
  const audited: AuditEntry[] = []
  const deps: Deps = {
    db: database.db, keys, clock, log: silentLogger(), notifier,
    audit: async (entry) => {
      if (harness.auditFails) throw new Error('hub is away')
      audited.push(entry)
    },
  }
  await seedRules(deps)
  const app = await createApp(deps, createRegistry('crm'))
  await database.db.sql`delete from crm.outbox`
  const harness: Harness = {
    deps, app, database, clock, audited, auditFails: false,
    async ask(who, method, url, payload) {
      const token = await signIdentity(keys.signingKey('identity'), who)
      const response = await app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload ? { payload } : {}) })
      return { status: response.statusCode, body: response.body === '' ? undefined : response.headers['content-type']?.includes('ndjson') ? response.body : response.json() }
    },
    async takeEvents() {
      const rows = await database.db.sql<{ body: string }>`delete from crm.outbox returning body, sequence`
      return rows.map((row) => JSON.parse(row.body)).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    },
    async close() {
      await app.close()
      await notifier.close()
      await database.drop()
    },
  }
  return harness
}

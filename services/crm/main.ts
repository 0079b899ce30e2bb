import { mkdir } from 'node:fs/promises'
import { z } from 'zod'
import { systemClock } from '@loopline/clock/clock'
import type { Clock } from '@loopline/clock/clock'
import type { EventLog } from '@loopline/event-log/event-log'
import { createServiceClient } from '@loopline/http/service-client'
import type { Keyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import type { Logger } from '@loopline/telemetry/logger'
import { createRegistry, loopHistograms } from '@loopline/telemetry/metrics'
import type { CallEvent } from '@loopline/contracts/call-event'
import type { UserChanged } from '@loopline/contracts/setting-event'
import { createApp } from './app.ts'
import type { CrmConfig } from './config.ts'
import type { Deps } from './deps.ts'
import { expireFiles } from './import/expire-files.ts'
import { startJobs } from './import/jobs.ts'
import { consumeCalls } from './outcome/consume-calls.ts'
import { CompiledBook } from './rule/rule-book.ts'
import { seedRules } from './rule/seed-rules.ts'
import { consumeUsers } from './team/consume-users.ts'

/** What the process around gives crm. */
export interface CrmSurroundings {
  eventLog: EventLog
  keys: Keyring
  /** Where the keyring came from: the thread of an import opens its own. */
  keySource: { file: string; value?: string | undefined }
  log: Logger
  audit: Deps['audit']
  clock?: Clock
}

export interface Crm {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Resolves when crm takes part in every consumer group. */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

const Serves = z.object({ serves: z.boolean() })

function askDialer(baseUrl: string, keys: Keyring): NonNullable<Deps['serves']> {
  const dialer = createServiceClient({ baseUrl, identityKey: keys.signingKey('identity'), name: 'crm' })
  return async (agentId, customerId) => (await dialer.call(`/internal/agents/${agentId}/serves/${customerId}`, { answer: Serves, timeoutMs: 1_000 })).serves
}

/** Starts crm: rules written, HTTP listening, events consumed. Stops in the reverse order. */
export async function startCrm(config: CrmConfig, { eventLog, keys, keySource, log, audit, clock = systemClock }: CrmSurroundings): Promise<Crm> {
  const db = openPool({ url: config.DATABASE_URL, name: 'crm', max: config.CRM_DATABASE_CONNECTIONS, log })
  const notifier = createNotifier({ url: config.DATABASE_URL, name: 'crm', log })
  const deps: Deps = { db, keys, clock, log, notifier, audit, ...(config.DIALER_URL === '' ? {} : { serves: askDialer(config.DIALER_URL, keys) }), book: new CompiledBook(), sandbox: config.CRM_SANDBOX }
  const registry = createRegistry('crm')
  const { hangUpToRecord } = loopHistograms(registry)
  await seedRules(deps)
  await mkdir(config.CRM_DATA_DIR, { recursive: true, mode: 0o700 })
  await expireFiles(deps, config.CRM_DATA_DIR)
  const jobs = await startJobs(deps, { databaseUrl: config.DATABASE_URL, dataDir: config.CRM_DATA_DIR, keySource })

  const app = await createApp({ ...deps, dataDir: config.CRM_DATA_DIR, fileBytesMax: config.CRM_IMPORT_BYTES_MAX, enqueue: jobs.enqueue }, registry)
  const url = await app.listen({ host: config.CRM_HOST, port: config.CRM_PORT })
  const calls = eventLog.consume<CallEvent>({
    group: 'crm', topics: ['dialer.call'], batchMax: config.CRM_OUTCOME_BATCH_MAX,
    handle: consumeCalls(deps, (endedAt) => hangUpToRecord.observe(Math.max(0, clock.now() - endedAt) / 1_000)),
  })
  const users = eventLog.consume<UserChanged>({ group: 'crm.people', topics: ['hub.user'], handle: consumeUsers(deps) })

  return {
    url,
    ready: Promise.all([calls.joined, users.joined]).then(() => undefined),
    async stop() {
      await Promise.all([calls.stop(), users.stop()])
      await app.close()
      await jobs.stop()
      await notifier.close()
      await db.close()
    },
  }
}

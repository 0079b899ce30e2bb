/** A dialer as a process of its own, for tests that kill it and benches that measure it. Settings by environment. */
import { openPostgresLog } from '@loopline/event-log/postgres-log'
import { parseKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { createLogger } from '@loopline/telemetry/logger'
import { readConfig } from '../config.ts'
import { startDialer } from '../main.ts'

const url = process.env['DATABASE_URL'] ?? ''
const log = createLogger({ name: 'dialer', level: process.env['TEST_LOG'] ? 'debug' : 'error' })
const db = openPool({ url, name: 'log', max: 3, log })
const notifier = createNotifier({ url, name: 'log', log })
const eventLog = openPostgresLog({ db, url, notifier, log, ttlMs: 1_500 })
const keys = createKeyring(parseKeySet(process.env['LOOPLINE_KEYS'] ?? ''))
const dialer = await startDialer(readConfig(process.env), { eventLog, keys, log, audit: async () => undefined })
await dialer.ready
process.send?.({ url: dialer.url })
process.once('disconnect', () => process.exit(0))

import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import { DatabaseError, endsConnection, sqlState } from './errors.ts'
import { SILENT } from './log.ts'
import type { Log } from './log.ts'
import type { Database } from './queryable.ts'
import { resultTypes } from './result-types.ts'
import { queryableOver, runOn } from './session.ts'

export interface PoolOptions {
  url: string
  /** Shown in pg_stat_activity: which process of ours holds a connection. */
  name: string
  /** Connections at most. On 2 cores more than 8 or so only queue inside the server. */
  max?: number
  log?: Log
  /** The server ends a statement after this; the client gives it 2 s more and then drops the connection (F7). */
  statementTimeoutMs?: number
  lockTimeoutMs?: number
  /** How long a caller waits for a connection: a free one (then DATABASE_BUSY), or a server that is away. */
  patienceMs?: number
}

const STATEMENT_TIMEOUT_MS = 15_000
const LOCK_TIMEOUT_MS = 5_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
const PATIENCE_MS = 10_000
const CLIENT_GRACE_MS = 2_000

const leases = new WeakMap<Database, () => Promise<Lease>>()

/** A connection checked out; `end` with the error that happened on it, if any. */
export interface Lease {
  readonly client: pg.PoolClient
  end(error?: unknown): void
}

/**
 * Connections to one database. They survive its restart: what was running fails with CONNECTION_LOST, and the next
 * caller waits with jittered retries for the server to be back (F6).
 */
export function openPool(options: PoolOptions): Database {
  const log = options.log ?? SILENT
  const pool = new pg.Pool(poolConfig(options))
  // Without a listener an error of an idle connection ends the process; without one on the client, an error of a
  // connection that is checked out does (F8, node-postgres #3202).
  pool.on('error', (error) => log.warn({ pool: options.name, reason: error.message }, 'an idle database connection was lost'))
  pool.on('connect', (client) => client.on('error', () => undefined))

  const lease = (): Promise<Lease> => checkOut(pool, options.patienceMs ?? PATIENCE_MS)
  const queryable = queryableOver(async (statement) => {
    const { client, end } = await lease()
    try {
      const result = await runOn<never>(client, statement)
      end()
      return result
    } catch (error) {
      end(error)
      throw error
    }
  })
  const database: Database = {
    kind: 'database',
    ...queryable,
    load: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
  leases.set(database, lease)
  return database
}

/** For the drivers here that need a connection of their own for a while: transactions, COPY, migrations. */
export function leaseOf(database: Database): Promise<Lease> {
  const lease = leases.get(database)
  if (!lease) throw new TypeError('not a database of openPool')
  return lease()
}

/** What a connection of ours asks of server and socket, shared by the pool and the notifier. */
export function connectionConfig(options: PoolOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS
  return {
    connectionString: options.url,
    application_name: `loopline ${options.name}`,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + CLIENT_GRACE_MS,
    lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The default path begins with a schema of the role's name, and there is one: unqualified names would land in it.
    options: '-c timezone=UTC -c jit=off -c search_path=public',
    types: resultTypes,
  }
}

function poolConfig(options: PoolOptions): pg.PoolConfig {
  return { ...connectionConfig(options), max: options.max ?? 4, min: 1, idleTimeoutMillis: 60_000 }
}

/** Getting a connection has no effect yet, so it may be tried again, unlike anything after it. */
async function checkOut(pool: pg.Pool, patienceMs: number): Promise<Lease> {
  const giveUpAt = performance.now() + patienceMs
  for (let pauseMs = 25; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    try {
      const client = await pool.connect()
      return { client, end: (error) => client.release(error !== undefined && endsConnection(error)) }
    } catch (error) {
      const refusal = refusalOf(error, performance.now() >= giveUpAt)
      if (refusal) throw refusal
      // Jitter: after a restart a hundred waiting callers must not all come in the same millisecond.
      await after(pauseMs * (0.5 + Math.random()))
    }
  }
}

/** What to tell the caller, or nothing while it is worth trying again. */
function refusalOf(error: unknown, outOfPatience: boolean): Error | undefined {
  const message = (error as Error).message
  if (message === 'timeout exceeded when trying to connect') return new DatabaseError('DATABASE_BUSY', 'no database connection became free in time', error)
  if (message.startsWith('Cannot use a pool after')) return new DatabaseError('DATABASE_UNAVAILABLE', 'the pool was closed', error)
  const state = sqlState(error)
  // 28: wrong password; 3D: no such database. Waiting does not mend these.
  const hopeless = state?.startsWith('28') === true || state?.startsWith('3D') === true
  return hopeless || outOfPatience ? new DatabaseError('DATABASE_UNAVAILABLE', `the database cannot be reached: ${message}`, error) : undefined
}

import { setTimeout as after } from 'node:timers/promises'
import type pg from 'pg'
import { assert } from '@loopline/vocabulary/assert'
import { CommitUnknownError, DatabaseError, endsConnection, isConnectionLost, sqlState } from './errors.ts'
import { leaseOf } from './pool.ts'
import type { Lease } from './pool.ts'
import type { Database, Transaction } from './queryable.ts'
import { presentable, queryableOver, runOn } from './session.ts'

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readOnly?: boolean
}

const clients = new WeakMap<Transaction, pg.PoolClient>()

/**
 * Runs `work` in one transaction: it commits when work returns, rolls back when it throws.
 *
 * @throws CommitUnknownError when the answer to COMMIT was lost (F5). DatabaseError TRANSACTION_ABORTED when work
 *   swallowed a failed statement: PostgreSQL then rolls back and calls that success.
 */
export async function inTransaction<T>(database: Database, work: (transaction: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
  const { client, end } = await begin(database, options)
  const afterCommit: (() => void)[] = []
  const turn = oneAtATime()
  const transaction: Transaction = {
    kind: 'transaction',
    ...queryableOver((statement) => turn(() => runOn(client, statement))),
    afterCommit: (then) => void afterCommit.push(then),
  }
  clients.set(transaction, client)
  const result = await attempt(client, end, () => work(transaction).finally(turn.close))
  await commit(client, end)
  for (const then of afterCommit) then()
  return result
}

interface Turn {
  <T>(run: () => Promise<T>): Promise<T>
  close(): void
}

/**
 * Statements of one transaction follow each other, also when the caller started several at once. After its end none
 * runs: the connection belongs to somebody else then.
 */
function oneAtATime(): Turn {
  let last: Promise<unknown> | undefined
  let closed = false
  const turn = <T>(run: () => Promise<T>): Promise<T> => {
    assert(!closed, 'a statement was run in a transaction that has ended: await every statement')
    const mine = last ? last.then(run, run) : run()
    const done = mine.catch(() => undefined).finally(() => {
      if (last === done) last = undefined
    })
    last = done
    return mine
  }
  return Object.assign(turn, { close: () => void (closed = true) })
}

/** The connection of a transaction, for COPY. */
export function clientOf(transaction: Transaction): pg.PoolClient {
  const client = clients.get(transaction)
  if (!client) throw new TypeError('not a transaction of inTransaction')
  return client
}

/** 40001: serialisation failure; 40P01: deadlock. Nothing happened, and the same work may well succeed now. */
const WORTH_REPEATING = new Set(['40001', '40P01'])

/**
 * Repeats work that lost against another transaction, at most `tries` times in all. Never after a lost COMMIT: that
 * error passes through.
 */
export async function retryable<T>(work: () => Promise<T>, tries = 4): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried >= tries || !WORTH_REPEATING.has(sqlState(error) ?? '')) throw error
      await after(Math.random() * 10 * 2 ** tried)
    }
  }
}

/**
 * A transaction begun. A pooled connection may have died unseen (the server restarted); nothing has happened yet, so
 * another is taken. The pool's patience bounds this: each try consumes a dead connection.
 */
async function begin(database: Database, options: TransactionOptions): Promise<Lease> {
  for (;;) {
    const lease = await leaseOf(database)
    try {
      await lease.client.query(beginText(options))
      return lease
    } catch (error) {
      lease.end(error)
      if (!isConnectionLost(error)) throw presentable(error)
    }
  }
}

function beginText({ isolation, readOnly }: TransactionOptions): string {
  return ['begin', isolation && `isolation level ${isolation}`, readOnly && 'read only'].filter(Boolean).join(' ')
}

async function attempt<T>(client: pg.PoolClient, end: (error?: unknown) => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    end(await rollback(client, error))
    throw presentable(error)
  }
}

/** What is wrong with the connection after a failed transaction, if anything; the failure may be the caller's own. */
async function rollback(client: pg.PoolClient, error: unknown): Promise<unknown> {
  if (isConnectionLost(error)) return error
  if (sqlState(error) !== undefined && endsConnection(error)) return error
  return client.query('rollback').then(() => undefined, (second: unknown) => second)
}

async function commit(client: pg.PoolClient, end: (error?: unknown) => void): Promise<void> {
  let tag: string
  try {
    tag = (await client.query('commit')).command
  } catch (error) {
    end(error)
    // An ERROR (a deferred constraint, say) rolled back for certain; FATAL or no answer says nothing.
    const refused = sqlState(error) !== undefined && (error as { severity?: string }).severity === 'ERROR' && !endsConnection(error)
    throw refused ? presentable(error) : new CommitUnknownError(error)
  }
  end()
  if (tag !== 'COMMIT') throw new DatabaseError('TRANSACTION_ABORTED', 'a statement of the transaction failed and its error was swallowed; nothing was committed')
}

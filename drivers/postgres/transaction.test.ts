import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { CommitUnknownError } from './errors.ts'
import { openPool } from './pool.ts'
import { testDatabase } from './test-database.ts'
import type { TestDatabase } from './test-database.ts'
import { inTransaction, retryable } from './transaction.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.execute`create table account (id integer primary key, balance integer not null, peer integer unique deferrable initially deferred)`
  await database.db.execute`insert into account values (1, 100, 1), (2, 100, 2)`
})
afterAll(() => database.drop())

const balanceOf = async (id: number): Promise<unknown> => (await database.db.sql`select balance from account where id = ${id}`)[0]?.['balance']

test('what throws is rolled back, and the error arrives as it was thrown', async () => {
  const mine = new Error('no money')
  const work = inTransaction(database.db, async (transaction) => {
    await transaction.execute`update account set balance = 0 where id = 1`
    throw mine
  })
  await expect(work).rejects.toBe(mine)
  expect(await balanceOf(1)).toBe(100)
})

test('afterCommit is called after the commit and not after a rollback', async () => {
  const said: string[] = []
  await inTransaction(database.db, async (transaction) => transaction.afterCommit(() => said.push('committed')))
  await inTransaction(database.db, async (transaction) => {
    transaction.afterCommit(() => said.push('never'))
    throw new Error('stop')
  }).catch(() => undefined)
  expect(said).toEqual(['committed'])
})

test('a swallowed failure does not look like a commit', async () => {
  const work = inTransaction(database.db, async (transaction) => {
    await transaction.execute`update account set balance = 0 where id = 1`
    await transaction.sql`select 1 / 0`.catch(() => undefined)
  })
  await expect(work).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' })
  expect(await balanceOf(1)).toBe(100)
})

test('a constraint checked at commit is refused for certain, not unknown', async () => {
  const work = inTransaction(database.db, (transaction) => transaction.execute`update account set peer = 2 where id = 1`)
  await expect(work).rejects.toMatchObject({ code: '23505' })
})

test('statements started together run one after the other, and none after the end', async () => {
  let late: (() => Promise<unknown>) | undefined
  const answers = await inTransaction(database.db, (transaction) => {
    late = () => transaction.sql`select 9 as n`
    return Promise.all([1, 2, 3].map((n) => transaction.sql`select ${n}::int as n`))
  })
  expect(answers.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  await expect(late?.()).rejects.toThrow('has ended')
})

test('work that lost a serialisation conflict is repeated until it fits', async () => {
  const add = (): Promise<void> => inTransaction(database.db, async (transaction) => {
    const [row] = await transaction.sql<{ balance: number }>`select balance from account where id = 2`
    await transaction.execute`update account set balance = ${(row?.balance ?? 0) + 1} where id = 2`
  }, { isolation: 'serializable' })
  await Promise.all(Array.from({ length: 4 }, () => retryable(add, 20)))
  expect(await balanceOf(2)).toBe(104)
})

test('F8: a connection ended inside a transaction fails that transaction only', async () => {
  const work = inTransaction(database.db, async (transaction) => {
    const [mine] = await transaction.sql<{ pid: number }>`select pg_backend_pid() as pid`
    await database.db.sql`select pg_terminate_backend(${mine?.pid})`
    await transaction.execute`update account set balance = 0 where id = 1`
  })
  await expect(work).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  expect(await balanceOf(1)).toBe(100)
})

test('F5: the answer to COMMIT is cut off: unknown, and here the row is there', async () => {
  const proxy = await cutAnswerTo('commit', database.url)
  const db = openPool({ url: proxy.url, name: 'through a proxy', max: 1 })
  const work = inTransaction(db, (transaction) => transaction.execute`insert into account values (3, 1, 3)`)
  await expect(work).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' })
  expect(await balanceOf(3)).toBe(1)
  await db.close()
  await proxy.close()
})

/** A proxy that passes everything on until the client says `word`; the server hears it, its answer is lost. */
async function cutAnswerTo(word: string, target: string): Promise<{ url: string; close: () => Promise<void> }> {
  const { hostname, port } = new URL(target)
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    let cut = false
    client.on('data', (data) => {
      cut ||= data.includes(word)
      server.write(data)
    })
    server.on('data', (data) => (cut ? client.destroy() : client.write(data)))
    client.on('close', () => server.destroy()).on('error', () => undefined)
    server.on('error', () => undefined)
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const url = new URL(target)
  url.port = String((proxy.address() as AddressInfo).port)
  return { url: url.href, close: () => new Promise((done) => proxy.close(() => done())) }
}

test('F5: a connection ended before the answer to COMMIT is surfaced as unknown', async () => {
  const work = inTransaction(database.db, async (transaction) => {
    const [mine] = await transaction.sql<{ pid: number }>`select pg_backend_pid() as pid`
    await database.db.sql`select pg_terminate_backend(${mine?.pid})`
  })
  await expect(work).rejects.toBeInstanceOf(CommitUnknownError)
})

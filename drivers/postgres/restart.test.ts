import { afterAll, beforeAll, expect, test } from 'vitest'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from './embedded-server.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import { listen } from './listen.ts'
import { SILENT } from './log.ts'
import { createNotifier } from './notify.ts'
import { openPool } from './pool.ts'
import { inTransaction } from './transaction.ts'

/** A server of its own, in a folder with spaces, for it is killed and stopped here. */
let folder: string
let server: EmbeddedServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopline test '))
  server = await startEmbedded({ dataDir: join(folder, 'a server'), log: SILENT, durability: 'test' })
})
afterAll(async () => {
  await server.remove()
  await rm(folder, { recursive: true, force: true })
})

test('the data folder has checksums, the built-in collation and UTF-8', async () => {
  const db = openPool({ url: server.url, name: 'test' })
  const rows = await db.sql`
    select current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding,
           datlocprovider as provider, datlocale as locale, current_setting('is_superuser') as superuser
      from pg_database where datname = current_database()`
  expect(rows).toEqual([{ checksums: 'on', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', superuser: 'off' }])
  await db.close()
})

test('a second process is told who holds the folder', async () => {
  const second = startEmbedded({ dataDir: join(folder, 'a server'), log: SILENT, durability: 'test' })
  await expect(second).rejects.toMatchObject({ code: 'EMBEDDED_IN_USE', message: expect.stringContaining(String(process.pid)) })
})

test('F7: a backend that hangs fails its caller in time and does not stay in the pool', async () => {
  const db = openPool({ url: server.url, name: 'test', max: 1, statementTimeoutMs: 200 })
  const other = openPool({ url: server.url, name: 'other', max: 1 })
  const [hung] = await db.sql<{ pid: number }>`select pg_backend_pid() as pid`
  process.kill(hung?.pid ?? 0, 'SIGSTOP')
  try {
    await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    const [next] = await db.sql<{ pid: number }>`select pg_backend_pid() as pid`
    expect(next?.pid).not.toBe(hung?.pid)
    expect(await other.sql`select 1 as one`).toEqual([{ one: 1 }])
  } finally {
    process.kill(hung?.pid ?? 0, 'SIGCONT')
  }
  await db.close()
  await other.close()
})

test('F6: a killed server is back on the same port, and whoever waits for it goes on', async () => {
  const db = openPool({ url: server.url, name: 'test' })
  await db.execute`create table if not exists kept (id integer)`
  await inTransaction(db, (transaction) => transaction.execute`insert into kept values (1)`)
  const before = server.pid
  process.kill(before, 'SIGKILL')
  await expect.poll(() => server.pid, { timeout: 15_000 }).not.toBe(before)
  expect(await inTransaction(db, (transaction) => transaction.sql`select 1 as one`)).toEqual([{ one: 1 }])
  await db.close()
})

test('F8: an idle connection that is ended costs nobody anything', async () => {
  const db = openPool({ url: server.url, name: 'idle', max: 2 })
  const other = openPool({ url: server.url, name: 'other', max: 1 })
  await db.sql`select 1`
  await other.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'loopline idle'`
  await expect.poll(() => db.load().open).toBe(0)
  expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  await db.close()
  await other.close()
})

test('F15: a listener that lost its connection listens again and looks once', async () => {
  const other = openPool({ url: server.url, name: 'other', max: 1 })
  const notifier = createNotifier({ url: server.url, name: 'test' })
  let looked = 0
  const listener = listen({ url: server.url, name: 'test', channels: { 'work to do': () => (looked += 1) } })
  await listener.listening
  expect(looked).toBe(1)
  notifier.notify('work to do')
  await expect.poll(() => looked).toBe(2)
  await other.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'loopline test listener'`
  await expect.poll(() => looked).toBe(3)
  notifier.notify('work to do')
  await expect.poll(() => looked).toBe(4)
  await listener.close()
  await notifier.close()
  await other.close()
})

test('one connection listens to several channels and tells them apart', async () => {
  const notifier = createNotifier({ url: server.url, name: 'two' })
  const heard: [string, readonly string[] | null][] = []
  const listener = listen({ url: server.url, name: 'two', channels: { one: (about) => heard.push(['one', about]), other: (about) => heard.push(['other', about]) } })
  await listener.listening
  notifier.notify('other', 'x')
  await expect.poll(() => heard).toEqual([['one', null], ['other', null], ['other', ['x']]])
  await listener.close()
  await notifier.close()
})

test('F16: a thousand notifications at once become a few', async () => {
  const notifier = createNotifier({ url: server.url, name: 'burst' })
  let heard = 0
  const listener = listen({ url: server.url, name: 'burst', channels: { burst: () => (heard += 1) } })
  await listener.listening
  for (let sent = 0; sent < 1_000; sent++) notifier.notify('burst')
  await notifier.close()
  await expect.poll(() => heard).toBeGreaterThan(1)
  expect(heard).toBeLessThanOrEqual(3)
  await listener.close()
})

test('P16: the server log keeps nothing of a failed row or statement', async () => {
  const db = openPool({ url: server.url, name: 'test' })
  await db.execute`create table if not exists person (phone text primary key)`
  const insert = (): Promise<number> => db.execute`insert into person values (${'13900001234'})`
  await insert()
  await expect(insert()).rejects.toMatchObject({ code: '23505' })
  const wrong: unknown = await db.sql`select ${'13900001234'}::text::integer`.catch((error: unknown) => error)
  expect(wrong).toMatchObject({ code: '22003', message: 'value "…" is out of range for type integer' })
  expect((wrong as Error).stack).not.toContain('13900001234')
  const log = await readFile(join(server.folder, 'server.log'), 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain('13900001234')
  await db.close()
})

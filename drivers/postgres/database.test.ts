import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bucketOf } from '@loopline/vocabulary/bucket'
import { uuidv7 } from '@loopline/vocabulary/ids'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { CopyRows, copyInBinary } from './copy-binary.ts'
import { copyIn, copyRow } from './copy.ts'
import { isUniqueViolation } from './errors.ts'
import { fragment, identifier, json, sqlText } from './sql.ts'
import { testDatabase } from './test-database.ts'
import type { TestDatabase } from './test-database.ts'
import { inTransaction } from './transaction.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.execute`create table thing (id integer primary key, name text, tags text[], body jsonb, raw bytea, at timestamptz)`
})
afterAll(() => database.drop())

describe('values', () => {
  test('arrive in the form the product uses', async () => {
    const [row] = await database.db.sql`
      select count(*) as count, '2026-11-22 10:12:13.123456+08'::timestamptz as at, 'infinity'::timestamptz as never,
             date '2026-02-28' as day, '{"a":[1]}'::jsonb as body, array[1,2]::int8[] as numbers, 1.5::numeric as amount`
    expect(row).toEqual({
      count: 1, at: new Date('2026-11-22T02:12:13.123Z'), never: Infinity, day: '2026-02-28', body: { a: [1] }, numbers: [1, 2], amount: '1.5',
    })
  })

  test.each([
    ['2026-01-31T23:59:59.999Z'], ['1999-12-31T00:00:00.000Z'], ['2026-03-01T12:00:00.100Z'], ['0900-01-01T00:00:00.000Z'],
  ])('an instant comes back as it went: %s', async (text) => {
    const [row] = await database.db.sql<{ at: Date }>`select ${new Date(text)}::timestamptz as at`
    expect(row?.at.toISOString()).toBe(text)
  })

  test('go as arrays, json and bytes', async () => {
    const [row] = await database.db.sql`
      select ${['a', 'b,"c']}::text[] as names, ${json([1, 'x'])}::jsonb as body, ${Buffer.from([0, 255])}::bytea as raw,
             ${[new Date(0)]}::timestamptz[] as times`
    expect(row).toEqual({ names: ['a', 'b,"c'], body: [1, 'x'], raw: Buffer.from([0, 255]), times: [new Date(0)] })
  })

  test('undefined is refused instead of becoming null', async () => {
    await expect(database.db.sql`select ${undefined}::text`).rejects.toThrow('undefined')
  })
})

describe('statements', () => {
  test('fragments are placed with their parameters renumbered', async () => {
    const condition = sqlText('x between $1 and $2', [2, 4])
    const rows = await database.db.sql<{ x: number }>`
      select ${identifier('x')} from generate_series(${1}::int, ${9}) as x where ${condition} and ${fragment`x <> ${3}`} order by x`
    expect(rows.map(({ x }) => x)).toEqual([2, 4])
  })

  test('the same site is prepared once per connection and can be called with other values', async () => {
    const double = (n: number): Promise<{ twice: number }[]> => database.db.sql`select ${n}::int * 2 as twice`
    expect(await double(2)).toEqual([{ twice: 4 }])
    expect(await double(3)).toEqual([{ twice: 6 }])
    const prepared = await database.db.sql`select name from pg_prepared_statements where statement like '%* 2 as twice'`
    expect(prepared).toHaveLength(1)
  })

  test('execute answers how many rows were touched', async () => {
    expect(await database.db.execute`insert into thing (id) select generate_series(100, 104)`).toBe(5)
    expect(await database.db.execute`delete from thing where id >= ${100}`).toBe(5)
  })

  test('a violated key is recognised by its table, and its row stays out of what a logger writes', async () => {
    const error: unknown = await database.db.execute`insert into thing (id, name) values (1, '13900001234'), (1, 'x')`.catch((reason: unknown) => reason)
    expect(isUniqueViolation(error, 'public.thing')).toBe(true)
    expect(isUniqueViolation(error, 'public.other')).toBe(false)
    expect(Object.keys(error as object)).not.toContain('detail')
  })
})

test('COPY stores what a row had, whatever characters it holds', async () => {
  const rows = [
    [10, 'tab\tnew\nline\\ "quote" 张伟', ['a,b', 'c"d\\', null], { deep: ['x\ny'] }, Buffer.from([1, 92]), new Date(1_000)],
    [11, null, [], null, null, null],
    [12, '\\N', ['null'], json('text'), null, null],
  ]
  const stored = await inTransaction(database.db, (transaction) => copyIn(transaction, 'thing (id, name, tags, body, raw, at)', rows.map(copyRow)))
  expect(stored).toBe(3)
  const found = await database.db.sql`select * from thing where id >= 10 order by id`
  expect(found.map((row) => Object.values(row))).toEqual([
    rows[0],
    rows[1],
    [12, '\\N', ['null'], 'text', null, null],
  ])
})

test('COPY in binary form stores the same, and of many rows those that were asked for', async () => {
  await database.db.run(fragment`create table binary_thing (id uuid, name text, tags text[], words bigint[], raw bytea, hex bytea, at timestamptz, position smallint, fine boolean)`)
  const rows = new CopyRows()
  const ends = [0]
  const ids = [uuidv7(1, new Uint8Array(10).fill(255)), uuidv7(1_700_000_000_000, new Uint8Array(10)), uuidv7(2, new Uint8Array(10))]
  const long = '长'.repeat(30_000)
  const names = ['tab\tnew\nline\\ "quote" 张伟 é 🙂', null, long]
  for (const [at, id] of ids.entries()) {
    rows.row(9)
    rows.uuid(id)
    rows.text(names[at] as string | null)
    rows.textArray(at === 0 ? ['a,b', 'c"d\\'] : [])
    rows.int8Array(at === 0 ? [1, -1, 0, 7] : [])
    rows.bytea(Buffer.from([1, 92]))
    rows.byteaHex('00ff')
    rows.timestamp(at === 1 ? -1 : 1_764_000_000_123)
    rows.int2(-2)
    rows.bool(at === 0)
    ends.push(rows.end)
  }
  const target = 'binary_thing (id, name, tags, words, raw, hex, at, position, fine)'
  const [first = 0, second = 0, third = 0, fourth = 0] = ends
  await inTransaction(database.db, (transaction) => copyInBinary(transaction, target, rows.pieces([{ from: first, to: second }, { from: third, to: fourth }])))
  const found = await database.db.sql`select id, name, tags, words::text[] as words, raw, hex, at, position, fine from binary_thing order by at desc, name`
  const common = { raw: Buffer.from([1, 92]), hex: Buffer.from([0, 255]), at: new Date(1_764_000_000_123), position: -2 }
  expect(found).toEqual([
    { ...common, id: ids[0], name: names[0], tags: ['a,b', 'c"d\\'], words: ['8589934591', '7'], fine: true },
    { ...common, id: ids[2], name: long, tags: [], words: [], fine: false },
  ])
  await inTransaction(database.db, (transaction) => copyInBinary(transaction, target, rows.pieces([{ from: second, to: third }])))
  expect(await database.db.sql`select id, name, at from binary_thing where name is null`).toEqual([{ id: ids[1], name: null, at: new Date(-1) }])
  rows.clear()
  expect(await inTransaction(database.db, (transaction) => copyInBinary(transaction, target, rows.pieces()))).toBe(0)
})

test('a COPY that PostgreSQL refuses fails the transaction and leaves the connection usable', async () => {
  const bad = inTransaction(database.db, (transaction) => copyIn(transaction, 'thing (id)', ['no number\n']))
  await expect(bad).rejects.toMatchObject({ code: '22P02' })
  expect(await database.db.sql`select 1 as one`).toEqual([{ one: 1 }])
})

test('a source that fails in the middle of a COPY leaves nothing behind', async () => {
  function* rows(): Generator<string> {
    yield copyRow([50])
    throw new Error('the file ended too early')
  }
  await expect(inTransaction(database.db, (transaction) => copyIn(transaction, 'thing (id)', rows()))).rejects.toThrow('too early')
  expect(await database.db.sql`select id from thing where id = 50`).toEqual([])
})

test('loopline.bucket() is bucketOf()', async () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => uuidv7(1_700_000_000_000 + index, crypto.getRandomValues(new Uint8Array(10))) as CustomerId)
  const rows = await database.db.sql<{ id: CustomerId; bucket: number }>`select id, loopline.bucket(id) as bucket from unnest(${ids}::uuid[]) as id`
  expect(rows.map(({ bucket }) => bucket)).toEqual(ids.map(bucketOf))
})

test('spread, everywhere and alone do nothing without citus', async () => {
  await database.db.sql`select loopline.spread('thing', 'id'), loopline.everywhere('thing'), loopline.alone('thing')`
})

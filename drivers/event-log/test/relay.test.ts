import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { sqlText } from '@loopline/postgres/sql'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { inTransaction } from '@loopline/postgres/transaction'
import { makeEvent } from '../make-event.ts'
import { LOG_MIGRATIONS } from '../migrations.ts'
import { appendToOutbox, outboxDepth } from '../outbox.ts'
import { drainOutbox, openTopics, waitingOutboxes } from '../relay.sql.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase([LOG_MIGRATIONS])
  for (const service of ['shop', 'yard']) {
    await database.db.run(sqlText(`create schema ${service}`, []))
    await database.db.sql`select loopline.create_outbox(${service})`
  }
})
afterAll(() => database.drop())

const write = (type: string, sequence = 1, key = newId()): Promise<void> =>
  appendToOutbox(database.db, [makeEvent({ type, subject: key, sequence, time: 0, data: { sequence } })])

test('a topic that another relay holds is skipped without waiting, while others move', async () => {
  const { db } = database
  for (const type of ['shop.note.written', 'shop.bill.sent']) await write(type)
  expect(await openTopics(db, 'shop')).toBe(2)
  await inTransaction(db, async (other) => {
    await other.sql`select from log.head where topic = 'shop.note' for update`
    expect(await drainOutbox(db, 'shop', 100)).toMatchObject({ due: 2, moved: 1 })
    expect(await openTopics(db, 'shop')).toBe(0)
  })
  expect(await drainOutbox(db, 'shop', 100)).toMatchObject({ due: 1, moved: 1 })
})

test('an event whose topic is new waits until the topic is opened', async () => {
  const { db } = database
  await write('yard.gate.opened')
  expect(await drainOutbox(db, 'yard', 100)).toMatchObject({ due: 1, moved: 0 })
  expect(await openTopics(db, 'yard')).toBe(1)
  expect(await drainOutbox(db, 'yard', 100)).toMatchObject({ due: 1, moved: 1 })
})

test('a batch takes the oldest of each key, whatever was written first', async () => {
  const { db } = database
  const key = newId()
  for (const sequence of [3, 1, 2]) await write('yard.gate.opened', sequence, key)
  for (let batch = 0; batch < 3; batch++) await drainOutbox(db, 'yard', 1)
  const rows = await db.sql<{ body: string }>`select body from log.event where key = ${key} order by "offset"`
  expect(rows.map(({ body }) => (JSON.parse(body) as { data: { sequence: number } }).data.sequence)).toEqual([1, 2, 3])
})

test('outboxes with something in them are found, and how long it has waited', async () => {
  const { db } = database
  expect(await waitingOutboxes(db, ['shop', 'yard'])).toEqual([])
  await write('yard.gate.opened')
  expect(await waitingOutboxes(db, ['shop', 'yard'])).toEqual(['yard'])
  expect(await outboxDepth(db, 'shop')).toEqual({ events: 0, oldestMs: null })
  const { events, oldestMs } = await outboxDepth(db, 'yard')
  expect(events).toBe(1)
  expect(oldestMs).toBeGreaterThanOrEqual(0)
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { isId } from '@loopline/vocabulary/ids'
import { keyOf, makeEvent, serviceOf, topicOf } from '../make-event.ts'

const KEY = '0190a000-0000-7000-8000-0000000003ff'
const spec = { type: 'crm.customer.changed', data: { name: '张伟' }, subject: KEY, sequence: 3, time: Date.UTC(2026, 0, 5) }

describe('an event', () => {
  test('is a CloudEvent whose source and topic follow from its type', () => {
    const event = makeEvent({ ...spec, id: KEY, causation: ['rule-1', 'rule-2'] })
    expect(event).toMatchObject({ topic: 'crm.customer', partition: 63, key: KEY, sequence: 3, id: KEY })
    expect(JSON.parse(event.body)).toEqual({
      specversion: '1.0', id: KEY, source: '/crm', type: 'crm.customer.changed', subject: KEY, time: '2026-01-05T00:00:00.000Z',
      datacontenttype: 'application/json', causation: 'rule-1 rule-2', data: { name: '张伟' },
    })
  })

  test('says nothing of a causation or subject it has not', () => {
    const { subject: _, ...about } = spec
    const body: unknown = JSON.parse(makeEvent({ ...about, key: KEY, causation: [] }).body)
    expect(body).not.toHaveProperty('causation')
    expect(body).not.toHaveProperty('subject')
  })

  test('without a usable key, type or sequence is a mistake of the writer', () => {
    const { subject: _, ...about } = spec
    expect(() => makeEvent(about)).toThrow('key')
    expect(() => makeEvent({ ...spec, subject: KEY.toUpperCase() })).toThrow('key')
    expect(() => makeEvent({ ...spec, sequence: 1.5 })).toThrow('sequence')
    expect(() => topicOf('customer-changed')).toThrow('type')
  })

  test('of something that has no UUID gets the same key every time', () => {
    expect(isId(keyOf('hub.setting/callee-clock'))).toBe(true)
    expect(keyOf('hub.setting/callee-clock')).toBe(keyOf('hub.setting/callee-clock'))
    expect(keyOf('hub.setting/callee-clock')).not.toBe(keyOf('hub.setting/company-name'))
    expect(serviceOf('hub.setting')).toBe('hub')
  })
})

describe('the partition of an event', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.drop())

  test('is the one PostgreSQL computes', async () => {
    const keys = fc.sample(fc.uuid(), 500)
    const rows = await database.db.sql<{ key: string; partition: number }>`
      select key, loopline.bucket(key) % 64 as partition from unnest(${keys}::uuid[]) as key`
    for (const { key, partition } of rows) expect(makeEvent({ ...spec, subject: key }).partition).toBe(partition)
  })
})

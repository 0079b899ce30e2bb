import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Queryable } from '@loopline/postgres/queryable'
import { deliver, keyName } from '../delivery.ts'
import type { LogEvent } from '../event-log.ts'

const NOWHERE: Queryable = { sql: () => Promise.resolve([]), execute: () => Promise.resolve(0), run: () => Promise.resolve({ rows: [], rowCount: 0 }) }

const eventAt = (offset: number, key: string): LogEvent => ({ topic: 'shop.note', partition: 0, offset, key, body: '', event: undefined })

const batches = fc.record({
  keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 40 }),
  poison: fc.uniqueArray(fc.nat(39), { maxLength: 5 }),
})

test('whatever is poisoned, every other event up to it is handled once and in order, and nothing behind it', async () => {
  await fc.assert(fc.asyncProperty(batches, async ({ keys, poison }) => {
    const events = keys.map((key, offset) => eventAt(offset, key))
    const handled: number[] = []
    const passed: number[] = []
    const parked = new Set<string>()
    await deliver({
      db: NOWHERE, group: 'test',
      async handle(part) {
        if (part.some(({ offset }) => poison.includes(offset))) throw new TypeError('poison')
        handled.push(...part.map(({ offset }) => offset))
      },
      onPassed: (part) => passed.push(...part.map(({ offset }) => offset)),
      onPoison: () => undefined,
    }, events, parked)
    const firstBad = new Map<string, number>()
    for (const { offset, key } of events) if (poison.includes(offset) && !firstBad.has(key)) firstBad.set(key, offset)
    expect(handled).toEqual(events.filter(({ offset, key }) => offset < (firstBad.get(key) ?? Infinity)).map(({ offset }) => offset))
    expect(parked).toEqual(new Set([...firstBad.keys()].map((key) => keyName({ topic: 'shop.note', key }))))
    expect(new Set(passed)).toEqual(new Set(events.map(({ offset }) => offset)))
  }))
})

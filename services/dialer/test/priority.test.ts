import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { LEVELS } from '@loopline/vocabulary/customer'
import { bucketOf } from '@loopline/vocabulary/bucket'
import type { CampaignId } from '@loopline/vocabulary/ids'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { addEntries } from '../audience/entry.sql.ts'
import { keepPersons } from '../audience/person.sql.ts'
import { Slots } from '../owner/slots.ts'
import { takeSlots } from '../owner/owner.sql.ts'
import { BATCH, ReadyPool } from '../pool/ready-pool.ts'
import { present } from './harness.ts'
import { customer } from './scripted-crm.ts'

const PRIORITY = { A: 400, B: 300, C: 200, D: 100 }
const keys = createKeyring(newKeySet())
let database: TestDatabase
beforeAll(async () => { database = await testDatabase([new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)]) })
afterAll(() => database.drop())

async function fill(campaignId: CampaignId, count: number): Promise<void> {
  const people = Array.from({ length: count }, (_, index) => customer(keys, { level: LEVELS[index % 4] ?? 'D' })).toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1))
  await keepPersons(database.db, people, true, keys)
  await addEntries(database.db, people.map(({ customerId, level }) => ({
    bucket: bucketOf(customerId), customerId, campaignId, byApi: false, placement: { matches: true, priority: PRIORITY[level], recheckAt: null, hold: null },
  })), Date.now() - 60_000)
}

async function claimer(campaignId: CampaignId, partitions: readonly number[]): Promise<ReadyPool> {
  const slots = new Slots()
  const leases = partitions.map((partition) => ({ partition, token: Number(process.hrtime.bigint() / 1_000n) }))
  await takeSlots(database.db, newId(), leases)
  slots.gain(leases)
  const pool = new ReadyPool(campaignId, { db: database.db, slots, monotonic: () => performance.now() })
  await pool.look(slots.buckets())
  return pool
}

/** Takes everything out of a pool as the loop does: refill when it wants, then the best. */
async function* inOrder(pool: ReadyPool): AsyncGenerator<{ customerId: string; priority: number }, void, void> {
  for (;;) {
    while (pool.wants(BATCH) && (await pool.refill(BATCH)) > 0);
    const entry = pool.pop()
    if (!entry) return
    yield entry
  }
}

test('2,000 customers over 1,024 buckets and two claimers: no lower priority goes while a higher one waits longer than a batch', async () => {
  const campaignId = newId<CampaignId>()
  await fill(campaignId, 2_000)
  const halves = [Array.from({ length: 32 }, (_, slot) => slot), Array.from({ length: 32 }, (_, slot) => slot + 32)]
  const pools = await Promise.all(halves.map((half) => claimer(campaignId, half)))
  const taken = await Promise.all(pools.map(async (pool) => {
    const order: { customerId: string; priority: number }[] = []
    for await (const entry of inOrder(pool)) order.push(entry)
    return order
  }))
  expect(new Set(taken.flat().map((entry) => entry.customerId)).size).toBe(2_000)
  expect(taken.flat()).toHaveLength(2_000)
  for (const order of taken) {
    const sorted = order.map((entry) => entry.priority).toSorted((a, b) => b - a)
    const late = order.filter((entry, index) => entry.priority > (sorted[Math.max(0, index - BATCH)] ?? 0) || entry.priority < (sorted[Math.min(sorted.length - 1, index + BATCH)] ?? 0))
    expect(late).toEqual([])
    // Within one process the order is exact: the heap is asked only after whatever is better has been claimed.
    expect(order.map((entry) => entry.priority)).toEqual(sorted)
  }
})

test('an A that becomes ready overtakes the pooled ones', async () => {
  const campaignId = newId<CampaignId>()
  await fill(campaignId, 400)
  const pool = await claimer(campaignId, Array.from({ length: 64 }, (_, slot) => slot))
  const order = inOrder(pool)
  for (let taken = 0; taken < 150; taken += 1) await order.next()
  const late = customer(keys, { level: 'A' })
  await keepPersons(database.db, [late], true, keys)
  const move = present((await addEntries(database.db, [{ bucket: bucketOf(late.customerId), customerId: late.customerId, campaignId, byApi: false, placement: { matches: true, priority: 400, recheckAt: null, hold: null } }], Date.now()))[0])
  pool.best.offer(move.bucket, move.priority, move.dueAt.getTime())
  expect((await order.next()).value).toMatchObject({ customerId: late.customerId })
})

test('a claimer whose token is old gets nothing, and one that stopped gives everything back', async () => {
  const campaignId = newId<CampaignId>()
  await fill(campaignId, 300)
  const all = Array.from({ length: 64 }, (_, slot) => slot)
  const old = await claimer(campaignId, all)
  expect(await old.refill(BATCH)).toBeGreaterThan(0)
  const successor = await claimer(campaignId, all)
  expect(await old.refill(2 * BATCH)).toBe(0)
  await old.release()
  const taken: string[] = []
  await successor.look(Array.from({ length: 1_024 }, (_, bucket) => bucket))
  for await (const { customerId } of inOrder(successor)) taken.push(customerId)
  expect(taken).toHaveLength(300)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { PostgresProxy } from './postgres-proxy.ts'
import { customer } from './scripted-crm.ts'

let world: World
let proxy: PostgresProxy
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
  proxy = new PostgresProxy(new URL(world.database.url))
})
afterAll(async () => {
  await world.close()
  await proxy.close()
})

test('an answer to COMMIT that is lost: what was written is dialled once, what was settled is settled once', async () => {
  const crowd = Array.from({ length: 60 }, () => customer(world.keys, { region: 'commit' }))
  world.crm.add(...crowd)
  const dialer = await world.startDialer({ DATABASE_URL: await proxy.listen(new URL(world.database.url)) })
  // Parameters are visible on the wire: only write-aheads carry the decision, only outcomes the evidence.
  Object.assign(proxy, { loseCommits: 2, of: '"leaseToken"' })
  await startCampaign(world, dialer.url, { audience: region('commit'), ratePerSecond: 40 })
  await until(() => proxy.lost === 2, 'two commits lost')
  await until(() => world.voice.dialled.length === 60, 'all called')
  Object.assign(proxy, { loseCommits: 1, of: '"outcomeReason"' })
  await until(async () => (await world.database.db.sql`select from dialer.attempt where outcome = 'connected'`).length === 60, 'all settled')
  const { body } = await world.ask<{ commitUnknown: number }>(dialer.url, 'GET', '/internal/stats', undefined, 'service')
  expect(body.commitUnknown).toBe(2)
  expect(new Set(world.voice.dialled.map((call) => call.customerId)).size).toBe(60)
  expect(world.voice.dialled).toHaveLength(60)
  const events = await until(async () => {
    const rows = await world.database.db.sql`select from log.event where topic = 'dialer.call'`
    return rows.length >= 60 && rows
  }, 'events')
  expect(events).toHaveLength(60)
})

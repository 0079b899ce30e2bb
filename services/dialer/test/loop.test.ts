import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { addLine, openWorld, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

test('an audience is loaded, called once each, and every outcome is told', async () => {
  const people: CustomerState[] = Array.from({ length: 50 }, () => customer(world.keys))
  world.crm.add(...people)
  const { url } = await world.startDialer()
  await addLine(world, url)
  const { campaignId } = await startCampaign(world, url, { finishWhenEmpty: true })
  await until(() => world.voice.dialled.length === 50, 'fifty calls')
  await until(async () => (await world.database.db.sql`select from dialer.attempt where outcome = 'connected'`).length === 50, 'fifty outcomes')
  expect(new Set(world.voice.dialled.map((call) => call.customerId)).size).toBe(50)
  await until(() => world.voice.acked.size === 50, 'all acknowledged')
  const told = await until(async () => {
    const rows = await world.database.db.sql`select body from log.event where topic = 'dialer.call'`
    return rows.length === 50 && rows
  }, 'fifty events')
  expect(told).toHaveLength(50)
  await until(async () => (await world.ask<{ state: string }>(url, 'GET', `/campaigns/${campaignId}`)).body.state === 'finished', 'finished')
  const { body } = await world.ask<{ done: number; attempts: number; outcomes: object }>(url, 'GET', `/campaigns/${campaignId}/progress`)
  expect(body).toMatchObject({ done: 50, attempts: 50, outcomes: { connected: 50 } })
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { LineView } from '@loopline/contracts/line'
import type { RunningDialer } from '../main.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
})
afterAll(() => world.close())
beforeEach(() => { world.voice.script = () => ({}) })

const people = (count: number, fields: Partial<CustomerState>): CustomerState[] => {
  const made = Array.from({ length: count }, () => customer(world.keys, fields))
  world.crm.add(...made)
  return made
}
const outcomesOf = (crowd: readonly CustomerState[]): Promise<{ outcome: string | null; count: number }[]> =>
  world.database.db.sql<{ outcome: string | null; count: number }>`
    select outcome, count(*) as count from dialer.attempt where customer_id = any(${crowd.map((one) => one.customerId)}::uuid[]) group by outcome`

test('a line that answers 404 to everything is taken out, marks nobody invalid, and its calls are made again over another', { timeout: 30_000 }, async () => {
  const broken = await addLine(world, dialer.url, { name: 'Broken', weight: 100 })
  const crowd = people(60, { region: 'not found' })
  // It was good before: only then its word on a number weighs anything at all.
  const before = people(15, { region: 'found' })
  await startCampaign(world, dialer.url, { audience: region('found') })
  await until(async () => (await outcomesOf(before)).find((row) => row.outcome === 'connected')?.count === 15, 'a good line')
  world.voice.script = (call) => (call.lineId === broken ? { ringingAt: null, answeredAt: null, evidence: { sipStatus: 404, endedBy: 'carrier' } } : {})
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('not found'), ratePerSecond: 40 })
  const views = async (): Promise<LineView[]> => (await world.ask<{ items: LineView[] }>(dialer.url, 'GET', '/lines')).body.items
  await until(async () => (await views()).find((line) => line.lineId === broken)?.state === 'tripped', 'tripped')
  await until(async () => (await outcomesOf(crowd)).every((row) => row.outcome !== null), 'everything settled')
  await until(async () => (await outcomesOf(crowd)).every((row) => row.outcome === 'line-failed'), 'what it said is held')
  const seen = await world.database.db.sql<{ sightings: object }>`
    select invalid_sightings as sightings from dialer.person where customer_id = any(${crowd.map((one) => one.customerId)}::uuid[]) and invalid_sightings is not null`
  expect(seen.flatMap((row) => Object.values(row.sightings).flat())).toEqual([])
  const { body } = await world.ask<{ holdReason: string | null; inFlight: number }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)
  expect(body).toMatchObject({ holdReason: 'line-down', inFlight: 0 })
  await addLine(world, dialer.url, { name: 'Good' })
  await until(async () => (await outcomesOf(crowd)).some((row) => row.outcome === 'connected'), 'another line carries it')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('every database connection is cut in the middle of a campaign: nobody is called twice and nothing is lost', { timeout: 30_000 }, async () => {
  const crowd = people(300, { region: 'cut' })
  await startCampaign(world, dialer.url, { audience: region('cut'), ratePerSecond: 100 })
  const mine = (): string[] => world.voice.dialled.map((call) => call.customerId).filter((id) => crowd.some((one) => one.customerId === id))
  for (const calls of [50, 120, 200]) {
    await until(() => mine().length > calls, `${calls} calls`)
    await world.database.db.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'loopline dialer%'`
  }
  await until(async () => (await outcomesOf(crowd)).find((row) => row.outcome === 'connected')?.count === 300, 'everybody reached', 20_000)
  expect(mine()).toHaveLength(300)
  expect(new Set(mine()).size).toBe(300)
})

test('while voice is away nothing is dialled and the campaign says why', async () => {
  const crowd = people(10, { region: 'away' })
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('away'), ratePerSecond: 0.1 })
  await world.voice.close()
  await until(async () => (await world.ask<{ holdReason: string }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body.holdReason === 'voice-away', 'it says so')
  const refused = await world.ask<{ error: { code: string } }>(dialer.url, 'POST', '/calls', { customerId: present(crowd[0]).customerId })
  expect(refused.body.error.code).toBe('VOICE_AWAY')
})

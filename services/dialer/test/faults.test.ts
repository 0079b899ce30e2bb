import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { LineView } from '@loopline/contracts/line'
import type { DialCommand } from '@loopline/contracts/voice-link'
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

test('a line that answers 404 to everything is taken out, marks nobody invalid, and its calls are made again over another', { timeout: 120_000 }, async () => {
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
  const progress = async (): Promise<{ holdReason: string | null; inFlight: number }> => (await world.ask<{ holdReason: string | null; inFlight: number }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body
  await until(async () => (await progress()).holdReason === 'line-down', 'the next tick says so')
  expect((await progress()).inFlight).toBe(0)
  await addLine(world, dialer.url, { name: 'Good' })
  await until(async () => (await outcomesOf(crowd)).some((row) => row.outcome === 'connected'), 'another line carries it')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

interface Told {
  type: string
  data: { attemptId: string; customerId: string; outcome: string; was?: { outcome: string } }
}
const toldOf = async (crowd: readonly CustomerState[]): Promise<Told[]> =>
  (await world.database.db.sql<{ body: string }>`
    select body from log.event where topic = 'dialer.call' and key = any(${crowd.map((one) => one.customerId)}::uuid[]) order by partition, "offset"`).map((row) => JSON.parse(row.body) as Told)

test('what a line said by Q.850 cause 1 is taken back for everybody when it is tripped, each once, behind the end of its call', { timeout: 120_000 }, async () => {
  const liar = await addLine(world, dialer.url, { name: 'Liar' })
  const crowd = people(30, { region: 'liar' })
  world.voice.script = () => null
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('liar'), lineIds: [liar], ratePerSecond: 50 })
  const calls = await until(() => {
    const mine = world.voice.dialled.filter((call) => call.lineId === liar)
    return mine.length === crowd.length && mine
  }, 'everybody is called')
  const deny = (call: DialCommand): void => world.voice.end(call, { ringingAt: null, answeredAt: null, evidence: { sipStatus: 404, q850: 1, endedBy: 'carrier' } })
  for (const call of calls.slice(0, 8)) {
    deny(call)
    await until(() => world.voice.acked.has(call.attemptId), 'believed')
  }
  await until(async () => (await outcomesOf(crowd)).find((row) => row.outcome === 'invalid-number')?.count === 8, 'eight are invalid')
  for (const call of calls.slice(8)) deny(call)
  const told = await until(async () => {
    const all = await toldOf(crowd)
    return all.filter((one) => one.type === 'dialer.call.ended').length === crowd.length && all.filter((one) => one.type === 'dialer.call.corrected').length >= 8 && all
  }, 'every word is taken back')
  const untrue = told.filter((one) => one.data.outcome === 'invalid-number')
  expect(told).toHaveLength(crowd.length + untrue.length)
  for (const { data: { attemptId } } of untrue) {
    const [end, correction, ...more] = told.filter((one) => one.data.attemptId === attemptId)
    expect(end?.type).toBe('dialer.call.ended')
    expect(correction).toMatchObject({ type: 'dialer.call.corrected', data: { outcome: 'line-failed', was: { outcome: 'invalid-number' } } })
    expect(more).toEqual([])
  }
  await until(async () => (await outcomesOf(crowd)).every((row) => row.outcome === 'line-failed'), 'nobody is invalid')
  const entries = await world.database.db.sql<{ state: string; tries: number }>`
    select distinct state, tries from dialer.entry where campaign_id = ${campaignId} and last_outcome is not null`
  expect(entries).toEqual([{ state: 'waiting', tries: 0 }])
  const { body } = await world.ask<{ outcomes: Record<string, number> }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)
  expect(body.outcomes['invalid-number'] ?? 0).toBe(0)
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('every database connection is cut in the middle of a campaign: nobody is called twice and nothing is lost', { timeout: 120_000 }, async () => {
  const crowd = people(300, { region: 'cut' })
  await startCampaign(world, dialer.url, { audience: region('cut'), ratePerSecond: 100 })
  const mine = (): string[] => world.voice.dialled.map((call) => call.customerId).filter((id) => crowd.some((one) => one.customerId === id))
  for (const calls of [50, 120, 200]) {
    await until(() => mine().length > calls, `${calls} calls`)
    await world.database.db.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'loopline dialer%'`
  }
  await until(async () => (await outcomesOf(crowd)).find((row) => row.outcome === 'connected')?.count === 300, 'everybody reached', 60_000)
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

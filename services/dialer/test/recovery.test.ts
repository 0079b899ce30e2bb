import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { CALL_CRASH_POINTS } from '../crash-point.ts'
import { openWorld, present, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
})
afterAll(() => world.close())
beforeEach(() => { world.voice.script = () => ({}) })

const people = (count: number, fields: Partial<CustomerState>): CustomerState[] => {
  const made = Array.from({ length: count }, () => customer(world.keys, fields))
  world.crm.add(...made)
  return made
}
const calls = (crowd: readonly CustomerState[]): string[] => world.voice.dialled.map((call) => call.customerId).filter((id) => crowd.some((one) => one.customerId === id))
const outcomes = async (crowd: readonly CustomerState[]): Promise<{ customerId: string; outcome: string | null }[]> =>
  world.database.db.sql<{ customerId: string; outcome: string | null }>`
    select customer_id as "customerId", outcome from dialer.attempt where customer_id = any(${crowd.map((one) => one.customerId)}::uuid[])`

for (const [index, point] of CALL_CRASH_POINTS.entries()) {
  test(`a dialer killed at ${point} calls nobody twice and loses no outcome`, { timeout: 120_000 }, async () => {
    const crowd = people(30, { region: `crash ${index}` })
    const doomed = await world.forkDialer({ CRASH_AT: point })
    const made = await world.ask<{ campaignId: string }>(doomed.url, 'POST', '/campaigns', { name: point, audience: region(`crash ${index}`), ratePerSecond: 100 })
    await world.ask(doomed.url, 'POST', `/campaigns/${made.body.campaignId}/start`, {}).catch(() => undefined)
    await doomed.gone
    const successor = await world.startDialer()
    await until(async () => (await outcomes(crowd)).filter((row) => row.outcome === 'connected').length === 30, 'everybody reached', 60_000)
    const all = await outcomes(crowd)
    expect(new Set(calls(crowd)).size).toBe(30)
    expect(calls(crowd)).toHaveLength(30)
    expect(all.every((row) => row.outcome === 'connected' || row.outcome === 'cancelled')).toBe(true)
    const connected = await until(async () => {
      const rows = await world.database.db.sql<{ outcome: string }>`
        select body::json->'data'->>'outcome' as outcome from log.event where topic = 'dialer.call' and key = any(${crowd.map((one) => one.customerId)}::uuid[])`
      return rows.length === all.length && rows
    }, 'one event an attempt')
    expect(connected.filter((row) => row.outcome === 'connected')).toHaveLength(30)
    await successor.stop()
  })
}

test('two dialers share the slots, both dial, and nobody is called twice; when one stops the other dials on', { timeout: 120_000 }, async () => {
  const crowd = people(600, { region: 'two' })
  const [one, two] = await Promise.all([world.startDialer(), world.startDialer()])
  await until(async () => {
    const rows = await world.database.db.sql<{ owners: number }>`select count(distinct dialer_id) as owners from dialer.slot s where dialer_id in (select dialer_id from dialer.instance where seen_at > now() - interval '2 seconds')`
    return rows[0]?.owners === 2
  }, 'both own slots', 15_000)
  const { campaignId } = await startCampaign(world, one.url, { audience: region('two'), ratePerSecond: 150 })
  await until(() => calls(crowd).length > 200, 'calls', 15_000)
  const dialers = await world.database.db.sql<{ dialerId: string }>`select distinct dialer_id as "dialerId" from dialer.attempt where campaign_id = ${campaignId}`
  expect(dialers).toHaveLength(2)
  await two.stop()
  await until(() => calls(crowd).length >= 600, 'all called', 60_000)
  expect(new Set(calls(crowd)).size).toBe(600)
  expect(calls(crowd)).toHaveLength(600)
  await one.stop()
})

test('a dialer that is frozen past its lease writes nothing when it wakes', { timeout: 120_000 }, async () => {
  const crowd = people(400, { region: 'frozen' })
  const frozen = await world.forkDialer()
  await startCampaign(world, frozen.url, { audience: region('frozen'), ratePerSecond: 60 })
  await until(() => calls(crowd).length > 20, 'it dials')
  frozen.child.kill('SIGSTOP')
  const successor = await world.startDialer()
  await until(() => calls(crowd).length > 150, 'the successor dials', 60_000)
  frozen.child.kill('SIGCONT')
  await until(() => calls(crowd).length >= 400, 'all called', 60_000)
  expect(new Set(calls(crowd)).size).toBe(400)
  expect(calls(crowd)).toHaveLength(400)
  frozen.child.kill('SIGKILL')
  await successor.stop()
})

test('a voice process that died tells what it ended, and what it never saw is tried again', { timeout: 120_000 }, async () => {
  const crowd = people(4, { region: 'voice' })
  const dialer = await world.startDialer()
  world.voice.script = () => null
  await startCampaign(world, dialer.url, { audience: region('voice') })
  await until(() => calls(crowd).length === 4, 'four calls')
  const ended = world.voice.dialled.slice(-4)
  world.voice.restart(() => ({ ringingAt: null, answeredAt: null, evidence: { sipStatus: null, endedBy: 'crash' } }))
  await until(async () => (await outcomes(crowd)).filter((row) => row.outcome === 'unknown').length === 4, 'ended as unknown', 15_000)
  await until(() => ended.every((call) => world.voice.acked.has(call.attemptId)), 'acknowledged')

  const lost = people(1, { region: 'voice lost' })
  world.voice.deaf = true
  await startCampaign(world, dialer.url, { audience: region('voice lost') })
  await until(async () => (await outcomes(lost)).length === 1, 'an attempt whose command is lost')
  world.voice.deaf = false
  world.voice.script = () => ({})
  await until(async () => (await outcomes(lost)).filter((row) => row.outcome === 'connected').length === 1, 'tried again', 15_000)
  expect((await outcomes(lost)).map((row) => row.outcome)).toEqual(expect.arrayContaining(['cancelled', 'connected']))
  const [person] = await world.database.db.sql<{ attempts: number }>`select attempts_that_day as attempts from dialer.person where customer_id = ${present(lost[0]).customerId}`
  expect(person?.attempts).toBe(1)
  await dialer.stop()
})

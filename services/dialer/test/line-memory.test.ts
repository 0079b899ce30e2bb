import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { LineView } from '@loopline/contracts/line'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { addLine, openWorld, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

const people = (count: number, fields: Partial<CustomerState>): CustomerState[] => {
  const made = Array.from({ length: count }, () => customer(world.keys, fields))
  world.crm.add(...made)
  return made
}
const countOf = async (crowd: readonly CustomerState[], outcome: string): Promise<number> => {
  const rows = await world.database.db.sql<{ count: number }>`
    select count(*) as count from dialer.attempt where customer_id = any(${crowd.map((one) => one.customerId)}::uuid[]) and outcome = ${outcome}`
  return Number(rows[0]?.count)
}
const lineOf = async (url: string, lineId: string): Promise<LineView | undefined> =>
  (await world.ask<{ items: LineView[] }>(url, 'GET', '/lines')).body.items.find((line) => line.lineId === lineId)
const DENIED = { ringingAt: null, answeredAt: null, evidence: { sipStatus: 404, q850: 1, endedBy: 'carrier' as const } }

test('a dialer killed between false answers and the trip leaves its successor all it needs: the next ones trip the line, and all is taken back', { timeout: 120_000 }, async () => {
  const doomed = await world.forkDialer()
  const liar = await addLine(world, doomed.url, { name: 'Liar' })
  const crowd = people(14, { region: 'denied' })
  world.voice.script = () => null
  await startCampaign(world, doomed.url, { audience: region('denied'), lineIds: [liar], ratePerSecond: 50 })
  const calls: DialCommand[] = await until(() => world.voice.dialled.length === crowd.length && [...world.voice.dialled], 'everybody is called')
  for (const call of calls.slice(0, 8)) world.voice.end(call, DENIED)
  await until(async () => (await countOf(crowd, 'invalid-number')) === 8, 'eight are believed')
  doomed.child.kill('SIGKILL')
  await doomed.gone

  const successor = await world.startDialer()
  expect((await lineOf(successor.url, liar))?.state).not.toBe('tripped')
  // Alone they are too few to trip a line of which nothing is known.
  for (const call of calls.slice(8, 12)) world.voice.end(call, DENIED)
  await until(async () => (await countOf(crowd, 'line-failed')) === 12, 'all twelve are taken back')
  expect(await countOf(crowd, 'invalid-number')).toBe(0)
  expect((await lineOf(successor.url, liar))?.state).toBe('tripped')
  for (const call of calls.slice(12)) world.voice.end(call, {})
  await successor.stop()
})

test('a line that was tripped rests on under the next dialer, and only then is let in again', { timeout: 120_000 }, async () => {
  const first = await world.startDialer()
  const broken = await addLine(world, first.url, { name: 'Broken' })
  people(60, { region: 'broken' })
  world.voice.script = () => DENIED
  const { campaignId } = await startCampaign(world, first.url, { audience: region('broken'), lineIds: [broken], ratePerSecond: 50 })
  const isMarked = async (): Promise<boolean> => (await world.database.db.sql`select 1 from dialer.line where line_id = ${broken} and tripped_at is not null`).length === 1
  await until(isMarked, 'it is tripped and stored as such')
  await first.stop()
  const dialledSoFar = world.voice.dialled.length
  const second = await world.startDialer()
  expect(await lineOf(second.url, broken)).toMatchObject({ state: 'tripped' })
  await until(async () => (await world.ask<{ holdReason: string | null }>(second.url, 'GET', `/campaigns/${campaignId}/progress`)).body.holdReason === 'line-down', 'the campaign says so')
  expect(world.voice.dialled).toHaveLength(dialledSoFar)
  await second.stop()
})

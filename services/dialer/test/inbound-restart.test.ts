import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InboundOrder } from '@loopline/contracts/inbound'
import { AgentDesk } from './agent-desk.ts'
import { openWorld, present, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  world.voice.script = () => null
  await storeLine(world)
})
afterAll(() => world.close())

const DEAD = '00000000-0000-7000-8000-000000000000'

test('the dialer is killed while a caller rings at an agent: its successor joins the two, and nothing is lost or written twice', { timeout: 120_000 }, async () => {
  const first = await world.forkDialer()
  const { campaignId } = await startCampaign(world, first.url, { audience: null, mode: 'preview' })
  const seller = new AgentDesk(world, first.url)
  await seller.begin(campaignId)
  const person = customer(world.keys)
  world.crm.add(person)
  const { sealed } = present(person.phones[0])
  const blindIndex = world.keys.blindIndex(world.keys.openPhone(Buffer.from(sealed, 'base64'), person.customerId).reveal()).toString('base64')
  world.crm.numbers.set(blindIndex, person.customerId)
  const [line] = await world.database.db.sql<{ lineId: string }>`select line_id as "lineId" from dialer.line`
  const attemptId = world.voice.callIn({ lineId: present(line).lineId, from: { sealed: 'sealed-by-voice', blindIndex } })
  await seller.is(({ call }) => call?.phase === 'incoming', 'a caller rings')
  first.child.kill('SIGKILL')
  await first.gone

  const second = await world.forkDialer()
  seller.url = second.url
  expect((await seller.me()).call).toMatchObject({ attemptId, phase: 'incoming' })
  expect(await seller.ask('POST', `/agents/me/incoming/${attemptId}/accept`)).toMatchObject({ status: 200 })
  await seller.inState('talking')
  const answers = (): InboundOrder[] => world.voice.inboundOrders.filter((order) => order.attemptId === attemptId && order.order === 'answer')
  expect(answers().length).toBeGreaterThan(0)
  world.voice.callerLeaves(attemptId)
  await seller.inState('wrap-up')
  const rows = await world.database.db.sql<{ outcome: string; dialerId: string }>`select outcome, dialer_id as "dialerId" from dialer.attempt where customer_id = ${person.customerId}`
  expect(rows).toEqual([{ outcome: 'connected', dialerId: expect.any(String) }])
  await until(() => world.voice.acked.has(attemptId), 'the end is acknowledged')
  second.child.kill('SIGKILL')
  await second.gone
})

test('killed after the agent said yes and before voice heard it: the successor says it', { timeout: 120_000 }, async () => {
  const person = customer(world.keys)
  world.crm.add(person)
  const [line] = await world.database.db.sql<{ lineId: string }>`select line_id as "lineId" from dialer.line`
  const dialer = await world.startDialer()
  const { campaignId } = await startCampaign(world, dialer.url, { audience: null, mode: 'preview' })
  const seller = new AgentDesk(world, dialer.url)
  await seller.begin(campaignId)
  const attemptId = world.voice.callIn({ lineId: present(line).lineId, from: null })
  await seller.is(({ call }) => call?.phase === 'incoming', 'a caller rings')
  await dialer.stop()
  // What a process leaves that was killed between the commit of the yes and its word to voice.
  await world.database.db.sql`
    update dialer.agent_session set version = version + 1, changed_at = now(),
           body = jsonb_set(jsonb_set(body::jsonb, '{session,call,phase}', '"ringing"'), '{version}', to_jsonb(version + 1))::json where agent_id = ${seller.agentId}`
  await world.database.db.sql`update dialer.attempt set dialer_id = ${DEAD} where id = ${attemptId}`
  const successor = await world.startDialer()
  seller.url = successor.url
  await seller.inState('talking')
  expect(world.voice.inboundOrders.findLast((order) => order.attemptId === attemptId)).toMatchObject({ order: 'answer', talk: { agentId: seller.agentId } })
  world.voice.callerLeaves(attemptId)
  await until(async () => (await world.database.db.sql`select 1 from dialer.attempt where id = ${attemptId} and outcome = 'connected'`).length === 1, 'its outcome is kept')
})

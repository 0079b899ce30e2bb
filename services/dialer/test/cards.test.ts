import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AgentView } from '@loopline/contracts/agent'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
const desks: AgentDesk[] = []
const running: string[] = []
let crowds = 0
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
  world.voice.script = () => null
})
afterAll(() => world.close())
afterEach(async () => {
  const lead = new AgentDesk(world, dialer.url, { role: 'admin' })
  for (const desk of desks.splice(0)) await lead.ask('POST', `/agents/${desk.agentId}/force`, { state: 'offline', reason: 'the test is over' })
  for (const campaignId of running.splice(0)) await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

function desk(): AgentDesk {
  const made = new AgentDesk(world, dialer.url)
  desks.push(made)
  return made
}
async function campaign(size: number, settings: Partial<CampaignSettings> = {}): Promise<{ campaignId: string; crowd: CustomerState[] }> {
  const name = `cards ${crowds += 1}`
  const crowd = Array.from({ length: size }, () => customer(world.keys, { region: name }))
  world.crm.add(...crowd)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'preview', wrapUpMs: 60_000, previewMs: 60_000, ...settings })
  running.push(campaignId)
  return { campaignId, crowd }
}
const shown = (seller: AgentDesk): Promise<AgentView> => seller.is(({ call }) => call?.phase === 'preview', 'a card')
const entryOf = async ({ customerId }: { customerId: string }): Promise<{ state: string; hold: string | null } | undefined> =>
  (await world.database.db.sql<{ state: string; hold: string | null }>`select state, hold_reason as hold from dialer.entry where customer_id = ${customerId}`)[0]
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code

test('preview: the card comes before the voice, yes dials it for its agent', async () => {
  const seller = desk()
  const { campaignId, crowd } = await campaign(1)
  await seller.begin(campaignId)
  const card = present((await shown(seller)).call)
  expect(card).toMatchObject({ customerId: present(crowd[0]).customerId, customerName: '张伟', campaignName: 'Test' })
  expect(world.voice.dialled.some(({ campaignId: of }) => of === campaignId)).toBe(false)
  expect(await seller.ask('POST', `/agents/me/preview/${card.attemptId}/accept`)).toMatchObject({ status: 200, body: { state: 'reserved' } })
  const call = await seller.call()
  expect(call).toMatchObject({ attemptId: card.attemptId, talk: { agentId: seller.agentId } })
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.hangUp(call)
  await seller.inState('wrap-up')
  expect(code(await seller.ask('POST', `/agents/me/preview/${card.attemptId}/accept`))).toBe('CARD_GONE')
})

test('a skipped card is put aside with its reason, and the next one comes', async () => {
  const seller = desk()
  const { campaignId } = await campaign(2)
  await seller.begin(campaignId)
  const first = present((await shown(seller)).call)
  expect((await seller.ask('POST', `/agents/me/preview/${first.attemptId}/skip`, { reason: 'already-served' })).status).toBe(200)
  await until(async () => (await entryOf(first))?.hold === 'skipped-already-served', 'put aside')
  const second = await seller.is(({ call }) => call?.phase === 'preview' && call.customerId !== first.customerId, 'the next card')
  expect(second.call?.attemptId).not.toBe(first.attemptId)
})

test('why this customer: an agent reads it on his card and of his own calls, also of customers who are not his', async () => {
  const [seller, other] = [desk(), desk()]
  const { campaignId } = await campaign(1)
  await seller.begin(campaignId)
  const card = present((await shown(seller)).call)
  const why = (who: AgentDesk) => who.ask<{ inDialList: boolean; priority: number | null; rules: unknown[] }>('GET', `/campaigns/${campaignId}/why-not/${card.customerId}`)
  expect(await why(seller)).toMatchObject({ status: 200, body: { inDialList: true, priority: expect.any(Number) } })
  expect(code(await why(other))).toBe('CUSTOMER_NOT_FOUND')
  await seller.ask('POST', `/agents/me/preview/${card.attemptId}/accept`)
  await seller.call()
  const calls = async (who: AgentDesk) => (await who.ask<{ items: { attemptId: string; decision: { priority: number } }[] }>('GET', `/attempts?customerId=${card.customerId}`)).body.items
  expect(await calls(seller)).toMatchObject([{ attemptId: card.attemptId, decision: { priority: expect.any(Number), rules: expect.any(Array) } }])
  expect(await calls(other)).toEqual([])
})

test('a card that nobody answers goes back, and its agent is on a pause that says so', async () => {
  const seller = desk()
  const { campaignId, crowd } = await campaign(1, { previewMs: 5_000 })
  await seller.begin(campaignId)
  await shown(seller)
  expect((await entryOf(present(crowd[0])))?.state).toBe('leased')
  expect(await seller.inState('paused', 15_000)).toMatchObject({ reason: 'no-answer', call: null })
  await until(async () => ['ready', 'leased'].includes((await entryOf(present(crowd[0])))?.state ?? ''), 'back in the list')
  const other = desk()
  await other.begin(campaignId)
  expect((await shown(other)).call).toMatchObject({ customerId: present(crowd[0]).customerId })
})

test('a customer who may no longer be called takes his card with him', async () => {
  const seller = desk()
  const { campaignId, crowd } = await campaign(1)
  await seller.begin(campaignId)
  await shown(seller)
  await world.crm.edit(present(crowd[0]).customerId, { neverCall: true })
  expect(await seller.inState('ready')).toMatchObject({ call: null })
})

test('dialled by hand, an agent with a telephone hears the call, and goes back to his pause', async () => {
  const seller = desk()
  await seller.begin()
  await seller.wish({ state: 'paused', reason: 'paperwork' })
  const who = customer(world.keys, { ownerId: seller.agentId })
  world.crm.add(who)
  const { status, body } = await seller.ask<{ attemptId: string }>('POST', '/calls', { customerId: who.customerId })
  expect(status).toBe(202)
  const call = await seller.call()
  expect(call).toMatchObject({ attemptId: body.attemptId, campaignId: null, talk: { agentId: seller.agentId } })
  expect(code(await seller.ask('POST', '/calls', { customerId: who.customerId }))).toBe('AGENT_BUSY')
  world.voice.end(call, { answeredAt: null, evidence: { sipStatus: 486 } })
  const notes = await seller.inState('wrap-up')
  expect(Date.parse(present(notes.wrapUpUntil)) - Date.parse(notes.since)).toBe(10_000)
  expect((await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, next: 'paused' })).body.state).toBe('paused')
})

test('a session that another process has just changed is no busy agent: he dials all the same', async () => {
  const seller = desk()
  await seller.begin()
  const who = customer(world.keys, { ownerId: seller.agentId })
  world.crm.add(who)
  await seller.is(({ state, reason }) => state === 'ready' && reason !== null, 'why he is idle is told')
  // Without its instant of change: this process hears of it by no round.
  await world.database.db.sql`
    update dialer.agent_session set version = version + 1, body = jsonb_set(body::jsonb, '{version}', to_jsonb(version + 1))::json where agent_id = ${seller.agentId}`
  expect(await seller.ask('POST', '/calls', { customerId: who.customerId })).toMatchObject({ status: 202 })
  expect(await seller.call()).toMatchObject({ customerId: who.customerId, talk: { agentId: seller.agentId } })
})

/** Talks with a new customer up to the notes. */
async function talked(seller: AgentDesk): Promise<{ who: CustomerState; attemptId: string }> {
  const who = customer(world.keys, { ownerId: seller.agentId })
  world.crm.add(who)
  const asked = await seller.ask<{ attemptId: string }>('POST', '/calls', { customerId: who.customerId })
  expect(asked).toMatchObject({ status: 202 })
  const { body } = asked
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.hangUp(call)
  await seller.inState('wrap-up')
  return { who, attemptId: body.attemptId }
}
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString()

test('a callback is promised only for a time at which the customer may be called, caps and hours counted in', async () => {
  const seller = desk()
  await seller.begin()
  const { who, attemptId } = await talked(seller)
  const promise = (at: string): Promise<{ status: number; body: AgentView }> => seller.ask('POST', '/agents/me/wrap-up', { attemptId, callback: { at, agentId: seller.agentId } })
  const night = await promise(inMinutes(14 * 60))
  expect([night.status, code(night)]).toEqual([409, 'CALLBACK_NOT_ALLOWED'])
  expect((night.body as unknown as { error: { details: { reasons: { reason: string }[] } } }).error.details.reasons.map(({ reason }) => reason)).toContain('outside-hours')
  await world.database.db.sql`update dialer.person set attempts_that_day = 3 where customer_id = ${who.customerId}`
  const capped = await promise(inMinutes(30))
  expect((capped.body as unknown as { error: { details: { reasons: { reason: string }[] } } }).error.details.reasons).toMatchObject([{ reason: 'attempts-per-day' }])
  expect(await seller.me()).toMatchObject({ state: 'wrap-up' })
  await world.database.db.sql`update dialer.person set attempts_that_day = 1 where customer_id = ${who.customerId}`
  expect((await promise(inMinutes(30))).status).toBe(200)
  expect(await world.database.db.sql`select state, agent_id as "agentId" from dialer.callback where customer_id = ${who.customerId}`).toEqual([{ state: 'open', agentId: seller.agentId }])
})

test('a promised call is shown at its time to whom it was promised, and kept by his yes', async () => {
  const [seller, other] = [desk(), desk()]
  await seller.begin()
  const { who, attemptId } = await talked(seller)
  await seller.ask('POST', '/agents/me/wrap-up', { attemptId, callback: { at: inMinutes(30), agentId: seller.agentId }, next: 'paused' })
  await other.begin()
  await world.database.db.sql`update dialer.callback set at = now() - interval '1 second', not_before = now() - interval '1 second' where customer_id = ${who.customerId}`
  await seller.wish({ state: 'ready' })
  const card = present((await shown(seller)).call)
  expect(card).toMatchObject({ customerId: who.customerId, campaignId: null })
  expect((await other.me()).call).toBeNull()
  expect((await seller.ask('POST', `/agents/me/preview/${card.attemptId}/accept`)).status).toBe(200)
  expect(await seller.call()).toMatchObject({ attemptId: card.attemptId, customerId: who.customerId, talk: { agentId: seller.agentId } })
  expect(await world.database.db.sql`select state, kept_in as "keptIn" from dialer.callback where customer_id = ${who.customerId}`).toEqual([{ state: 'kept', keptIn: card.attemptId }])
})

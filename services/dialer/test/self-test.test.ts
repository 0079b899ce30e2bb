import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { AgentView } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'
import type { RunningDialer } from '../main.ts'
import { AgentDesk, PAGE_FINDINGS } from './agent-desk.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
let lead: AgentDesk
const desks: AgentDesk[] = []
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
  world.voice.script = () => null
  lead = new AgentDesk(world, dialer.url, { role: 'admin' })
})
afterAll(() => world.close())
afterEach(async () => {
  for (const desk of desks.splice(0)) await lead.ask('POST', `/agents/${desk.agentId}/force`, { state: 'offline', reason: 'the test is over' })
})

/** Somebody who has signed on and whose leg is up. */
async function seated(options: ConstructorParameters<typeof AgentDesk>[2] = {}): Promise<AgentDesk> {
  const seller = new AgentDesk(world, dialer.url, options)
  desks.push(seller)
  await signsOn(seller)
  return seller
}
async function signsOn(seller: AgentDesk): Promise<void> {
  await seller.ask('POST', '/agents/me/sign-on', { pageId: 'page-of-tests' })
  world.voice.leg(seller.agentId, 'up')
  await seller.is(({ leg }) => leg === 'up', 'the leg is up')
}
const error = (answer: { status: number; body: unknown }): { code: string; details?: unknown } => (answer.body as { error: { code: string } }).error
const orders = (agentId: UserId): unknown[] => world.voice.orders.filter((order) => order.order === 'test-leg' && order.agentId === agentId)
const stored = async (agentId: UserId): Promise<AgentView> =>
  (await world.database.db.sql<{ body: AgentView }>`select body from dialer.agent_session where agent_id = ${agentId}`)[0]?.body as AgentView

test('nobody is ready before his telephone was tried; once it passed he is, until he goes home', async () => {
  const seller = await seated()
  expect(await seller.me()).toMatchObject({ state: 'paused', selfTest: { state: 'missing', faults: [] } })
  expect(error(await seller.wish({ state: 'ready' }))).toMatchObject({ code: 'SELF_TEST_MISSING', details: { state: 'missing' } })
  expect(error(await lead.ask('POST', `/agents/${seller.agentId}/force`, { state: 'ready', reason: 'x' })).code).toBe('SELF_TEST_MISSING')

  const begun = await seller.ask('POST', '/agents/me/self-test')
  expect(begun.body.selfTest).toMatchObject({ state: 'running', startedAt: expect.any(String), at: null })
  const { testId } = begun.body.selfTest
  await until(() => orders(seller.agentId).length === 1, 'voice is told')
  expect(orders(seller.agentId)).toEqual([{ order: 'test-leg', agentId: seller.agentId, testId }])
  await seller.is(({ selfTest }) => selfTest.leg !== null, 'voice has told its part')
  expect(error(await seller.wish({ state: 'ready' }))).toMatchObject({ code: 'SELF_TEST_MISSING', details: { state: 'running' } })
  const told = await seller.ask('POST', `/agents/me/self-test/${testId}/page`, PAGE_FINDINGS)
  expect(told.body.selfTest).toMatchObject({ state: 'passed', faults: [], at: expect.any(String), device: 'headset', page: { echo: { packetsReceived: 50 } }, leg: { heardMs: 600 } })
  expect(error(await seller.ask('POST', `/agents/me/self-test/${testId}/page`, PAGE_FINDINGS)).code).toBe('AGENT_STATE_WRONG')
  expect((await seller.wish({ state: 'ready' })).body).toMatchObject({ state: 'ready' })

  await seller.wish({ state: 'offline' })
  await signsOn(seller)
  expect(error(await seller.wish({ state: 'ready' })).code).toBe('SELF_TEST_MISSING')
})

test('what is wrong is said, and the next try may pass', async () => {
  const seller = await seated()
  world.voice.findings.set(seller.agentId, { heardMs: 0, levelDbfs: null, loss: 0.2 })
  expect((await seller.test()).selfTest).toMatchObject({ state: 'failed', faults: ['silent', 'loss'] })
  expect(error(await seller.wish({ state: 'ready' }))).toMatchObject({ code: 'SELF_TEST_FAILED', details: { faults: ['silent', 'loss'] } })
  world.voice.findings.delete(seller.agentId)
  expect((await seller.test({ echo: { packetsReceived: 0, loss: 0, jitterMs: 0, levelDbfs: null } })).selfTest).toMatchObject({ state: 'failed', faults: ['no-echo'] })
  expect((await seller.test()).selfTest.state).toBe('passed')
  expect((await seller.wish({ state: 'ready' })).status).toBe(200)
})

test('another microphone needs a test of its own, the same one does not', async () => {
  const seller = await seated()
  await seller.test()
  await seller.wish({ state: 'ready' })
  expect((await seller.ask('PUT', '/agents/me/device', { device: 'headset' })).body).toMatchObject({ state: 'ready', selfTest: { state: 'passed' } })
  expect((await seller.ask('PUT', '/agents/me/device', { device: 'the laptop' })).body).toMatchObject({ state: 'paused', reason: 'self-test', selfTest: { state: 'missing' } })
  expect(error(await seller.wish({ state: 'ready' })).code).toBe('SELF_TEST_MISSING')
  expect(await seller.test({ device: 'the laptop' })).toMatchObject({ state: 'ready', selfTest: { device: 'the laptop' } })
})

test('a microphone that changes in a call: the call goes on, and a test is due before the next', async () => {
  const who = customer(world.keys, { region: 'changed microphone' })
  world.crm.add(who)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('changed microphone'), mode: 'progressive', wrapUpMs: 60_000 })
  const seller = new AgentDesk(world, dialer.url)
  desks.push(seller)
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  expect(error(await seller.ask('POST', '/agents/me/self-test')).code).toBe('AGENT_BUSY')
  expect((await seller.ask('PUT', '/agents/me/device', { device: 'the laptop' })).body).toMatchObject({ state: 'talking', selfTest: { state: 'missing' } })
  world.voice.hangUp(call)
  await seller.inState('wrap-up')
  expect((await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, next: 'ready' })).body).toMatchObject({ state: 'paused', reason: 'self-test' })
})

test('a lead lets somebody work without, says why, and is audited first; it ends with the shift', async () => {
  const teamId = newId()
  const seller = await seated({ teamId })
  const path = `/agents/${seller.agentId}/self-test/waive`
  expect((await seller.ask('POST', path, { reason: 'x' })).status).toBe(403)
  const stranger = new AgentDesk(world, dialer.url, { role: 'supervisor', teamId: newId() })
  expect(error(await stranger.ask('POST', path, { reason: 'x' })).code).toBe('AGENT_NOT_FOUND')
  const own = new AgentDesk(world, dialer.url, { role: 'supervisor', teamId })
  world.auditFails = true
  expect((await own.ask('POST', path, { reason: '备用耳机' })).status).toBeGreaterThanOrEqual(500)
  world.auditFails = false
  expect((await seller.me()).selfTest.state).toBe('missing')
  world.voice.findings.set(seller.agentId, { heardMs: 0, levelDbfs: null })
  await seller.test()
  expect(await own.ask('POST', path, { reason: '备用耳机' })).toMatchObject({ status: 200, body: { selfTest: { state: 'waived', faults: ['silent'], waived: { by: '王芳', reason: '备用耳机' } } } })
  expect(world.audits.at(-1)).toMatchObject({ action: 'agent:waive-self-test', subject: seller.agentId, details: { reason: '备用耳机', state: 'failed', faults: ['silent'] } })
  expect((await seller.ask('PUT', '/agents/me/device', { device: 'another' })).body.selfTest.state).toBe('waived')
  expect((await seller.wish({ state: 'ready' })).body.state).toBe('ready')
  expect((await seller.test()).selfTest).toMatchObject({ state: 'waived', faults: ['silent'] })
  expect((await seller.me()).state).toBe('ready')
  await seller.wish({ state: 'offline' })
  expect((await seller.me()).selfTest).toMatchObject({ state: 'missing', waived: null })
})

test('a test of which nothing is heard is given up, also after the dialer began anew', async () => {
  const seller = await seated()
  world.voice.findings.set(seller.agentId, null)
  await seller.ask('POST', '/agents/me/self-test')
  const row = await stored(seller.agentId)
  const early = { ...row, version: row.version + 1, selfTest: { ...row.selfTest, startedAt: Date.now() - 60_000 } }
  await world.database.db.sql`update dialer.agent_session set body = ${JSON.stringify(early)}::json, version = ${early.version}, changed_at = now() where agent_id = ${seller.agentId}`
  const given = await seller.is(({ selfTest }) => selfTest.state === 'failed', 'it is given up')
  expect(given.selfTest.faults).toEqual(['no-result'])
  expect(present(given.selfTest.at)).not.toBe('')
})

test('what cannot be tested says why', async () => {
  const seller = new AgentDesk(world, dialer.url)
  desks.push(seller)
  expect(error(await seller.ask('POST', '/agents/me/self-test')).code).toBe('AGENT_NOT_SIGNED_ON')
  await seller.ask('POST', '/agents/me/sign-on', { pageId: 'page-of-tests' })
  expect(error(await seller.ask('POST', '/agents/me/self-test')).code).toBe('AGENT_LEG_DOWN')
  expect((await seller.ask('POST', '/agents/me/self-test/nonsense/page', PAGE_FINDINGS)).status).toBe(400)
  expect((await seller.ask('POST', `/agents/me/self-test/${newId()}/page`, { ...PAGE_FINDINGS, echo: { packetsReceived: -1 } })).status).toBe(400)
})

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { AgentView } from '@loopline/contracts/agent'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
const desks: AgentDesk[] = []
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
  world.voice.script = () => null
})
afterAll(() => world.close())
afterEach(async () => {
  for (const desk of desks.splice(0)) await lead.ask('POST', `/agents/${desk.agentId}/force`, { state: 'offline', reason: 'the test is over' })
  for (const campaignId of running.splice(0)) await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

let lead: AgentDesk
beforeAll(() => { lead = new AgentDesk(world, dialer.url, { role: 'admin' }) })
const running: string[] = []
let crowds = 0

function desk(options: ConstructorParameters<typeof AgentDesk>[2] = {}): AgentDesk {
  const made = new AgentDesk(world, dialer.url, options)
  desks.push(made)
  return made
}
async function campaign(size: number, settings: Partial<CampaignSettings>, fields: Partial<CustomerState> = {}): Promise<{ campaignId: string; crowd: CustomerState[] }> {
  const name = `desk ${crowds += 1}`
  const crowd = Array.from({ length: size }, () => customer(world.keys, { region: name, ...fields }))
  world.crm.add(...crowd)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'progressive', wrapUpMs: 60_000, ...settings })
  running.push(campaignId)
  return { campaignId, crowd }
}
const attempt = async ({ attemptId }: Pick<DialCommand, 'attemptId'>): Promise<Record<string, unknown> | undefined> =>
  (await world.database.db.sql`select * from dialer.attempt where id = ${attemptId}`)[0]
const told = async (type: string, key: string): Promise<Record<string, unknown>[]> =>
  (await world.database.db.sql<{ body: string }>`select body from log.event where key = ${key} order by partition, "offset"`)
    .map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> }).filter((event) => event.type === type).map(({ data }) => data)
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code

test('progressive: reserved before the call leaves, joined at the answer, notes, and the next', async () => {
  const seller = desk()
  const { campaignId } = await campaign(2, {}, { recordingConsent: 'granted' })
  await seller.begin(campaignId)
  const call = await seller.call()
  expect(call).toMatchObject({ hangUpAfterMs: null, talk: { agentId: seller.agentId, recording: { record: 'yes', basis: 'granted' }, fallback: { afterMs: 2_000, play: 'no-agent-zh', then: 'hang-up' } } })
  world.voice.ring(call)
  await seller.inState('ringing')
  world.voice.answer(call)
  expect((await seller.inState('talking')).call).toMatchObject({ attemptId: call.attemptId, phase: 'talking', customerName: '张伟', recording: 'off' })
  world.voice.hangUp(call)
  const over = await seller.inState('wrap-up')
  expect(over.call).toMatchObject({ phase: 'ended', outcome: 'connected' })
  expect(Date.parse(present(over.wrapUpUntil)) - Date.parse(over.since)).toBe(60_000)
  const done = await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, disposition: '有意向', note: '下周再谈', outcome: 'connected' })
  expect(done).toMatchObject({ status: 200, body: { state: 'ready' } })
  expect(await attempt(call)).toMatchObject({ agent_id: seller.agentId, disposition: '有意向', note: '下周再谈', wrap_up_outcome: 'connected', outcome: 'connected' })
  await until(async () => (await told('dialer.call.wrapped-up', call.customerId)).length === 1, 'the notes are told')
  expect(await told('dialer.call.ended', call.customerId)).toMatchObject([{ agentId: seller.agentId, outcome: 'connected', connectedAt: expect.any(Number) }])
  expect(await told('dialer.call.wrapped-up', call.customerId)).toMatchObject([{ attemptId: call.attemptId, agentName: '王芳', disposition: '有意向', note: '下周再谈', callback: null }])
  const next = await until(async () => { const again = await seller.call(); return again.attemptId !== call.attemptId && again }, 'the next call')
  world.voice.end(next, { answeredAt: null, evidence: { sipStatus: 486 } })
  await seller.inState('ready')
  expect((await world.database.db.sql<{ state: string }>`select state from dialer.agent_time where agent_id = ${seller.agentId} order by version`).map(({ state }) => state))
    .toEqual(['paused', 'ready', 'reserved', 'ringing', 'talking', 'wrap-up', 'ready', 'reserved', 'ringing'])
  expect((await told('dialer.agent.changed', seller.agentId)).map(({ version }) => version)).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]))
})

test('crm may ask whom an agent serves: the one on his line and a moment after, and nobody else', async () => {
  const seller = desk()
  const { campaignId } = await campaign(1, {})
  await seller.begin(campaignId)
  const call = await seller.call()
  const service = { sub: 'service:crm', role: 'service' as const, name: 'crm', teamId: null }
  const asked = async (agentId: string, customerId: string): Promise<unknown> => (await world.ask(dialer.url, 'GET', `/internal/agents/${agentId}/serves/${customerId}`, undefined, service)).body
  expect(await asked(seller.agentId, call.customerId)).toEqual({ serves: true })
  expect(await asked(seller.agentId, newId())).toEqual({ serves: false })
  expect(await asked(newId(), call.customerId)).toEqual({ serves: false })
  world.voice.end(call, { answeredAt: null, evidence: { sipStatus: 486 } })
  await seller.inState('ready')
  expect(await asked(seller.agentId, call.customerId)).toEqual({ serves: true })
})

test('progressive never has more calls under way than agents who were ready, whatever happens to the calls', { timeout: 120_000 }, async () => {
  const sellers = Array.from({ length: 4 }, () => desk())
  const { campaignId, crowd } = await campaign(60, { wrapUpMs: 0, ratePerSecond: 200, retry: { maxAttempts: 1, afterMinutes: {} } })
  const open = new Set<string>()
  let most = 0
  const ends = new Map<string, DialCommand>()
  world.voice.script = (call) => {
    if (call.campaignId === campaignId) {
      open.add(call.attemptId)
      ends.set(call.attemptId, call)
      most = Math.max(most, open.size)
    }
    return null
  }
  for (const seller of sellers) await seller.begin(campaignId)
  let random = 7
  const next = (below: number): number => (random = (random * 48_271) % 2_147_483_647) % below
  await until(() => {
    for (const call of [...ends.values()].slice(0, 1 + next(3))) {
      ends.delete(call.attemptId)
      open.delete(call.attemptId)
      const kind = next(4)
      if (kind > 1) world.voice.answer(call)
      if (kind > 1) world.voice.hangUp(call)
      else world.voice.end(call, { answeredAt: null, evidence: { sipStatus: kind === 0 ? 486 : 480 } })
    }
    return world.voice.dialled.filter((call) => call.campaignId === campaignId).length === crowd.length && open.size === 0
  }, 'everybody is called', 60_000)
  world.voice.script = () => null
  expect(most).toBeLessThanOrEqual(4)
  expect(most).toBeGreaterThan(1)
  const calls = world.voice.dialled.filter((call) => call.campaignId === campaignId)
  expect(calls.every(({ talk }) => sellers.some(({ agentId }) => agentId === talk?.agentId))).toBe(true)
  for (const seller of sellers) await seller.inState('ready')
})

test('a person who answered while the leg was gone is abandoned, and counted so', async () => {
  const seller = desk()
  const { campaignId, crowd } = await campaign(1, {})
  await seller.begin(campaignId)
  const call = await seller.call()
  expect(call.talk?.recording).toEqual({ record: 'after-announcement', basis: 'announced', announcement: 'recording-announcement-zh' })
  world.voice.leg(seller.agentId, 'down')
  world.voice.answer(call)
  world.voice.hangUp(call)
  await until(async () => (await attempt(call))?.['outcome'] === 'abandoned', 'abandoned')
  expect(await world.database.db.sql`select from dialer.person where customer_id = ${present(crowd[0]).customerId} and abandoned_at is not null`).toHaveLength(1)
  await until(async () => (await told('dialer.call.ended', present(crowd[0]).customerId)).length === 1, 'told')
  expect(await told('dialer.call.ended', present(crowd[0]).customerId)).toMatchObject([{ outcome: 'abandoned', outcomeReason: 'no-agent-in-time', connectedAt: null }])
  expect(await seller.inState('paused', 10_000)).toMatchObject({ reason: 'leg-lost' })
})

test('who answers while the reserved agent cannot hear gets another ready agent, and the first keeps nothing of the call', async () => {
  const [first, second] = [desk(), desk()]
  const { campaignId } = await campaign(1, { wrapUpMs: 0 })
  await first.begin(campaignId)
  const call = await first.call()
  await second.begin(campaignId)
  world.voice.leg(first.agentId, 'down')
  await first.is(({ leg }) => leg === 'down', 'the leg is lost')
  world.voice.answerAlone(call)
  expect((await second.inState('talking')).call).toMatchObject({ attemptId: call.attemptId, customerName: '张伟' })
  expect(world.voice.orders.filter(({ order }) => order === 'connect')).toEqual([{ order: 'connect', attemptId: call.attemptId, agentId: second.agentId }])
  expect(await first.inState('paused', 10_000)).toMatchObject({ reason: 'leg-lost', call: null })
  expect(world.voice.hungUp).not.toContain(call.attemptId)
  world.voice.hangUp(call)
  await until(async () => (await attempt(call))?.['outcome'] === 'connected', 'connected')
  expect(await attempt(call)).toMatchObject({ agent_id: second.agentId })
})

test('a leg that is lost between the answer and the connection is made good by the next agent; one whom voice refuses, by the one after', async () => {
  const [first, second, third] = [desk(), desk(), desk()]
  const { campaignId } = await campaign(1, { wrapUpMs: 0 })
  await first.begin(campaignId)
  const call = await first.call()
  await second.begin(campaignId)
  await third.begin(campaignId)
  world.voice.legLostUnheard(second.agentId)
  world.voice.answerAlone(call)
  world.voice.leg(first.agentId, 'down')
  await third.inState('talking')
  expect(world.voice.orders.filter((order) => order.order === 'connect' && order.attemptId === call.attemptId).map((order) => 'agentId' in order && order.agentId)).toEqual([second.agentId, third.agentId])
  world.voice.hangUp(call)
  await third.inState('ready')
})

test('nobody is free within two seconds: abandoned by the book, and no agent is given to him after the fallback began', async () => {
  const [first, second] = [desk(), desk()]
  const { campaignId } = await campaign(1, { wrapUpMs: 0 })
  await first.begin(campaignId)
  const call = await first.call()
  world.voice.leg(first.agentId, 'down')
  await first.is(({ leg }) => leg === 'down', 'the leg is lost')
  world.voice.answerAlone(call)
  world.voice.fallBack(call)
  world.voice.hangUp(call)
  await until(async () => (await attempt(call))?.['outcome'] === 'abandoned', 'abandoned')
  await second.begin(campaignId)
  expect(world.voice.orders.filter((order) => order.order === 'connect' && order.attemptId === call.attemptId)).toEqual([])
  const progress = await until(async () => {
    const { body } = await world.ask<{ outcomes: Record<string, number>; abandonedShare: number | null }>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)
    return body.outcomes['abandoned'] === 1 && body
  }, 'counted')
  expect(progress.abandonedShare).toBe(1)
})

test('f24: a leg that is back within the grace keeps the call; one that is not frees the agent', async () => {
  const seller = desk()
  const { campaignId } = await campaign(1, {})
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.leg(seller.agentId, 'down')
  await seller.is(({ leg }) => leg === 'down', 'lost')
  world.voice.leg(seller.agentId, 'up')
  expect(await seller.is(({ leg }) => leg === 'up', 'back')).toMatchObject({ state: 'talking', call: { attemptId: call.attemptId } })
  world.voice.leg(seller.agentId, 'down')
  expect(await seller.inState('paused', 6_000)).toMatchObject({ reason: 'leg-lost', call: null })
  expect(world.voice.hungUp).not.toContain(call.attemptId)
  world.voice.hangUp(call)
  await until(async () => (await attempt(call))?.['ended_at'], 'ended')
  expect(await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, note: '掉线了' })).toMatchObject({ status: 200, body: { state: 'paused' } })
  expect(await attempt(call)).toMatchObject({ note: '掉线了' })
})

test('a second page takes over: the session and its call stay, the first page is told', async () => {
  const seller = desk()
  const { campaignId } = await campaign(1, {})
  await seller.begin(campaignId)
  const call = await seller.call()
  const before = await seller.me()
  const second = await seller.ask('POST', '/agents/me/sign-on', { pageId: 'the-second-page', campaignIds: [campaignId] })
  expect(second.body).toMatchObject({ pageId: 'the-second-page', call: { attemptId: call.attemptId } })
  expect(second.body.version).toBeGreaterThan(before.version)
  const late = await seller.wish({ state: 'paused', reason: 'break', version: before.version })
  expect([late.status, code(late)]).toEqual([409, 'VERSION_CONFLICT'])
})

test('a stuck agent is freed by a lead, who says why; the audit is first', async () => {
  const teamId = newId()
  const seller = desk({ teamId })
  const { campaignId } = await campaign(1, {})
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  const stranger = new AgentDesk(world, dialer.url, { role: 'supervisor', teamId: newId() })
  expect(code(await stranger.ask('POST', `/agents/${seller.agentId}/force`, { state: 'paused', reason: 'x' }))).toBe('AGENT_NOT_FOUND')
  expect((await seller.ask('POST', `/agents/${seller.agentId}/force`, { state: 'paused', reason: 'x' })).status).toBe(403)
  const own = new AgentDesk(world, dialer.url, { role: 'supervisor', teamId })
  world.auditFails = true
  expect((await own.ask('POST', `/agents/${seller.agentId}/force`, { state: 'paused', reason: '通话卡住' })).status).toBeGreaterThanOrEqual(500)
  world.auditFails = false
  expect(await seller.me()).toMatchObject({ state: 'talking' })
  expect(await own.ask('POST', `/agents/${seller.agentId}/force`, { state: 'paused', reason: '通话卡住' })).toMatchObject({ status: 200, body: { state: 'paused', reason: 'forced', said: '通话卡住', call: null } })
  expect(world.audits.at(-1)).toMatchObject({ action: 'agent:force', subject: seller.agentId, details: { from: 'talking', to: 'paused', reason: '通话卡住', attemptId: call.attemptId } })
  await until(() => world.voice.hungUp.includes(call.attemptId), 'the call is ended')
  expect((await own.ask<{ items: AgentView[] }>('GET', '/agents')).body.items.map(({ agentId }) => agentId)).toEqual([seller.agentId])
})

test('wrap-up is extended on the agent’s word, and a break that was wished during the call follows it', async () => {
  const seller = desk()
  const { campaignId } = await campaign(1, { wrapUpMs: 30_000 })
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  expect((await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId })).status).toBe(409)
  expect((await seller.wish({ state: 'paused', reason: 'meal' })).body).toMatchObject({ state: 'talking', next: { state: 'paused', reason: 'meal' } })
  world.voice.hangUp(call)
  const before = await seller.inState('wrap-up')
  const extended = await seller.ask('POST', '/agents/me/wrap-up/extend', { seconds: 120 })
  expect(Date.parse(present(extended.body.wrapUpUntil)) - Date.parse(present(before.wrapUpUntil))).toBe(120_000)
  expect((await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, next: 'paused' })).body).toMatchObject({ state: 'paused' })
})

test('an idle agent can always read why', async () => {
  const seller = desk()
  await seller.begin()
  await seller.is(({ reason }) => reason === 'no-campaign', 'no campaign')
  const { campaignId } = await campaign(0, {})
  await seller.ask('POST', '/agents/me/sign-on', { pageId: 'another-page', campaignIds: [campaignId] })
  await seller.is(({ reason }) => reason === 'none-due', 'nobody is due')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/pause`, {})
  await seller.is(({ reason }) => reason === 'campaign-not-running', 'paused')
})

test('on the call: hold, digits, recording, hang-up; a lead listens only after the audit; nobody else touches it', async () => {
  const teamId = newId()
  const [seller, other, boss] = [desk({ teamId }), desk({ teamId }), desk({ role: 'supervisor', teamId })]
  const { campaignId } = await campaign(1, {}, { recordingConsent: 'granted' })
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  const path = `/calls/${call.attemptId}/talk`
  expect(code(await other.ask('POST', path, { do: 'hang-up' }))).toBe('CALL_NOT_FOUND')
  expect((await seller.ask('POST', path, { do: 'hold' })).status).toBe(202)
  expect((await seller.me()).state).toBe('on-hold')
  await seller.ask('POST', path, { do: 'resume' })
  await seller.ask('POST', path, { do: 'digits', digits: '12#' })
  world.voice.tell({ kind: 'recording-started', attemptId: call.attemptId, at: Date.now(), basis: 'granted' })
  await seller.is(({ call: now }) => now?.recording === 'on', 'it is recorded')
  world.voice.tell({ kind: 'no-audio', attemptId: call.attemptId, at: Date.now(), leg: 'customer', since: Date.now() - 2_000 })
  await seller.is(({ call: now }) => now?.noAudio === 'customer', 'nothing is heard')
  world.voice.tell({ kind: 'no-audio', attemptId: call.attemptId, at: Date.now(), leg: 'customer', since: null })
  await seller.is(({ call: now }) => now?.noAudio === null, 'and heard again')
  expect((await seller.ask('POST', path, { do: 'pause-recording' })).status).toBe(202)
  expect((await seller.me()).call?.recording).toBe('paused')
  expect((await seller.ask('POST', path, { do: 'attend', as: 'listen' })).status).toBe(403)
  expect(code(await boss.ask('POST', path, { do: 'attend', as: 'listen' }))).toBe('AGENT_LEG_DOWN')
  await boss.begin()
  world.auditFails = true
  expect((await boss.ask('POST', path, { do: 'attend', as: 'listen' })).status).toBeGreaterThanOrEqual(500)
  world.auditFails = false
  expect(world.voice.orders.filter(({ order }) => order === 'attend')).toEqual([])
  expect((await boss.ask('POST', path, { do: 'attend', as: 'listen' })).status).toBe(202)
  await until(() => world.voice.orders.some(({ order }) => order === 'attend'), 'the lead listens')
  expect(world.audits.at(-1)).toMatchObject({ action: 'call:attend', subject: call.attemptId, details: { as: 'listen', agentId: seller.agentId } })
  expect(world.voice.orders.filter((one) => 'attemptId' in one && one.attemptId === call.attemptId)).toEqual([
    { order: 'hold', attemptId: call.attemptId, on: true }, { order: 'hold', attemptId: call.attemptId, on: false }, { order: 'digits', attemptId: call.attemptId, digits: '12#' },
    { order: 'record', attemptId: call.attemptId, on: false }, { order: 'attend', attemptId: call.attemptId, agentId: boss.agentId, as: 'listen' },
  ])
  expect((await seller.ask('POST', path, { do: 'hang-up' })).status).toBe(202)
  await seller.inState('wrap-up')
})

test('a call is handed over: the one before writes his notes, the other one talks; a refusal frees him', async () => {
  const [seller, expert] = [desk(), desk()]
  const { campaignId } = await campaign(1, {})
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  await expert.begin()
  world.voice.leg(expert.agentId, 'down')
  await expert.is(({ leg }) => leg === 'down', 'down')
  expect(code(await seller.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'hand-over', agentId: expert.agentId }))).toBe('AGENT_LEG_DOWN')
  world.voice.leg(expert.agentId, 'up')
  await expert.is(({ leg }) => leg === 'up', 'up')
  await seller.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'hand-over', agentId: expert.agentId })
  expect((await expert.inState('talking')).call).toMatchObject({ attemptId: call.attemptId })
  await seller.inState('wrap-up')
  world.voice.hangUp(call)
  await expert.inState('wrap-up')
  await until(async () => (await attempt(call))?.['agent_id'] === expert.agentId, 'the last who talked')
})

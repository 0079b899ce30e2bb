import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { ColleagueList } from '@loopline/contracts/agent'
import type { TransferCommand } from '@loopline/contracts/transfer'
import type { DialCommand, TalkOrder } from '@loopline/contracts/voice-link'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
let lead: AgentDesk
const desks: AgentDesk[] = []
const running: string[] = []
let crowds = 0
const ANSWER_SECONDS = 10

beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer({ TRANSFER_ANSWER_SECONDS: ANSWER_SECONDS })
  await addLine(world, dialer.url)
  world.voice.script = () => null
  lead = new AgentDesk(world, dialer.url, { role: 'admin' })
})
afterAll(() => world.close())
afterEach(async () => {
  for (const desk of desks.splice(0)) await lead.ask('POST', `/agents/${desk.agentId}/force`, { state: 'offline', reason: 'the test is over' })
  for (const campaignId of running.splice(0)) await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

function desk(options: ConstructorParameters<typeof AgentDesk>[2] = {}): AgentDesk {
  const made = new AgentDesk(world, dialer.url, options)
  desks.push(made)
  return made
}
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code
const why = (answer: { body: unknown }): unknown => (answer.body as { error: { details: { reason: string } } }).error.details.reason

/** A seller in the middle of a call, of a campaign of his own. */
async function talking(): Promise<{ seller: AgentDesk; call: DialCommand; campaignId: string }> {
  const seller = desk()
  const name = `transfer ${crowds += 1}`
  world.crm.add(customer(world.keys, { region: name, recordingConsent: 'granted' }))
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'progressive', wrapUpMs: 60_000 })
  running.push(campaignId)
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  return { seller, call, campaignId }
}
const wants = (who: AgentDesk, call: DialCommand, command: TransferCommand): Promise<{ status: number; body: { attemptId: string } }> => who.ask('POST', `/calls/${call.attemptId}/transfer`, command)
const asks = (kind: 'blind' | 'consult', to: Extract<TransferCommand, { do: 'ask' }>['to'], note = ''): TransferCommand => ({ do: 'ask', kind, to, note })
const orders = ({ attemptId }: DialCommand): TalkOrder[] => world.voice.orders.filter((one) => 'attemptId' in one && one.attemptId === attemptId)
const kept = async ({ attemptId }: DialCommand): Promise<Record<string, unknown>[]> =>
  world.database.db.sql`select kind, result, failure, from_agent, to_agent, joined_at is not null as joined from dialer.transfer where attempt_id = ${attemptId} order by asked_at`
const parts = async ({ attemptId }: DialCommand): Promise<unknown[][]> =>
  (await world.database.db.sql<{ agent: string; role: string; left: boolean }>`select agent_id as agent, role, left_at is not null as left from dialer.call_part where attempt_id = ${attemptId} order by joined_at`).map(({ agent, role, left }) => [agent, role, left])
const failedFor = (who: AgentDesk, reason: string): Promise<unknown> => who.is(({ call }) => call?.transferFailed?.reason === reason, reason)

test('blind, to a colleague by name: the call stays with who asks until it is the colleague’s', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  expect((await seller.ask<ColleagueList>('GET', '/agents/colleagues')).body.items.find(({ agentId }) => agentId === colleague.agentId)).toMatchObject({ state: 'ready', canBeAsked: true, sameCampaign: false })
  expect((await wants(seller, call, asks('blind', { agentId: colleague.agentId }, '要发票'))).status).toBe(202)
  expect(await seller.me()).toMatchObject({ state: 'on-hold', call: { transfer: { side: 'asking', phase: 'asked', kind: 'blind', agentId: colleague.agentId } } })
  expect(await colleague.me()).toMatchObject({ state: 'reserved', call: { phase: 'asked', customerId: call.customerId, customerName: '张伟', transfer: { side: 'asked', agentId: seller.agentId, name: '王芳', note: '要发票' } } })
  expect((await seller.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'hang-up' })).status).toBe(409)
  expect((await wants(colleague, call, { do: 'accept' })).status).toBe(202)
  expect(await colleague.inState('talking')).toMatchObject({ call: { attemptId: call.attemptId, transfer: null } })
  expect(await seller.inState('wrap-up')).toMatchObject({ call: { transfer: null } })
  expect(orders(call)).toEqual([{ order: 'hold', attemptId: call.attemptId, on: true }, { order: 'hand-over', attemptId: call.attemptId, agentId: colleague.agentId }])
  expect(await kept(call)).toMatchObject([{ kind: 'blind', result: 'completed', from_agent: seller.agentId, to_agent: colleague.agentId, joined: true }])
  expect(await parts(call)).toEqual([[seller.agentId, 'agent', true], [colleague.agentId, 'agent', false]])
  world.voice.hangUp(call)
  await colleague.inState('wrap-up')
})

test('each writes his notes; the record of the call names both', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('blind', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await colleague.inState('talking')
  await seller.inState('wrap-up')
  expect(await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, note: '转给同事' })).toMatchObject({ status: 200, body: { state: 'ready' } })
  world.voice.hangUp(call)
  await colleague.inState('wrap-up')
  expect((await colleague.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, note: '已成交' })).status).toBe(200)
  const told = (type: string): Promise<Record<string, unknown>[]> => until(async () => {
    const all = (await world.database.db.sql<{ body: string }>`select body from log.event where key = ${call.customerId} order by partition, "offset"`).map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> })
    return all.filter((event) => event.type === 'dialer.call.wrapped-up').length === 2 && all.filter((event) => event.type === type).map(({ data }) => data)
  }, 'both notes are told')
  expect(await told('dialer.call.wrapped-up')).toMatchObject([{ agentId: seller.agentId, note: '转给同事', isPart: true }, { agentId: colleague.agentId, note: '已成交' }])
  const named = [{ agentId: seller.agentId, name: '王芳', as: 'agent' }, { agentId: colleague.agentId, as: 'agent' }]
  expect(await told('dialer.call.ended')).toMatchObject([{ agentId: colleague.agentId, parts: named }])
  const { body } = await lead.ask<{ items: unknown[] }>('GET', `/attempts?customerId=${call.customerId}&limit=5`)
  expect(body.items).toMatchObject([{ attemptId: call.attemptId, agentId: colleague.agentId, parts: [{ ...named[0], note: '转给同事' }, { ...named[1], note: null }] }])
})

test('nobody to ask: offline, on a break, at his notes, and none of the team', async () => {
  const { seller, call } = await talking()
  const [onBreak, busy] = [desk(), await talking()]
  await onBreak.begin()
  await onBreak.wish({ state: 'paused', reason: 'meal' })
  expect(why(await wants(seller, call, asks('blind', { agentId: newId() })))).toBe('offline')
  expect(why(await wants(seller, call, asks('blind', { agentId: onBreak.agentId })))).toBe('not-ready')
  expect(why(await wants(seller, call, asks('consult', { agentId: busy.seller.agentId })))).toBe('busy')
  expect(why(await wants(seller, call, asks('blind', { teamId: newId() })))).toBe('nobody-ready')
  expect(code(await wants(onBreak, call, asks('blind', { next: 'anybody' })))).toBe('CALL_NOT_FOUND')
  expect(await seller.me()).toMatchObject({ state: 'talking', call: { transfer: null } })
  world.voice.hangUp(call)
  world.voice.hangUp(busy.call)
})

test('no answer in time: the person is with who asked again, the colleague is on a pause', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('blind', { agentId: colleague.agentId }))
  await failedFor(seller, 'no-answer')
  expect(await seller.me()).toMatchObject({ state: 'talking', call: { transfer: null, transferFailed: { name: '王芳' } } })
  expect(await colleague.me()).toMatchObject({ state: 'paused', reason: 'no-answer', call: null })
  await until(() => orders(call).some((one) => one.order === 'hold' && !one.on), 'the person is back')
  expect(code(await wants(colleague, call, { do: 'accept' }))).toBe('CALL_NOT_FOUND')
  expect(await kept(call)).toMatchObject([{ result: 'failed', failure: 'no-answer', joined: false }])
  world.voice.hangUp(call)
})

test('declined: the colleague stays ready, the person is with who asked', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  expect((await wants(colleague, call, { do: 'decline' })).status).toBe(202)
  expect(await colleague.me()).toMatchObject({ state: 'ready', call: null })
  expect(await seller.me()).toMatchObject({ state: 'talking', call: { transferFailed: { reason: 'declined' } } })
  expect(code(await wants(seller, call, { do: 'take-back' }))).toBe('TRANSFER_GONE')
  const service = { sub: 'service:crm', role: 'service' as const, name: 'crm', teamId: null }
  const serves = await world.ask(dialer.url, 'GET', `/internal/agents/${colleague.agentId}/serves/${call.customerId}`, undefined, service)
  expect(serves.body, 'the story he was shown stays readable').toEqual({ serves: true })
  world.voice.hangUp(call)
})

test('to a team: who declines or does not answer is followed by the next who is ready', async () => {
  const { seller, call } = await talking()
  const teamId = newId()
  const [first, second] = [desk({ teamId }), desk({ teamId })]
  await first.begin()
  await second.begin()
  await wants(seller, call, asks('blind', { teamId }))
  await first.is(({ call: now }) => now?.phase === 'asked', 'the longest idle is asked')
  await wants(first, call, { do: 'decline' })
  await second.is(({ call: now }) => now?.phase === 'asked', 'then the next')
  expect(await seller.me()).toMatchObject({ state: 'on-hold', call: { transfer: { agentId: second.agentId } } })
  await wants(second, call, { do: 'accept' })
  await second.inState('talking')
  expect(await kept(call)).toMatchObject([{ failure: 'declined', to_agent: first.agentId }, { result: 'completed', to_agent: second.agentId }])
  world.voice.hangUp(call)
})

test('after a word with the colleague: spoken alone, taken back, asked again, let in, and his', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await seller.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  expect(await colleague.me()).toMatchObject({ state: 'talking', call: { transfer: { side: 'asked', phase: 'consulting' } } })
  expect((await colleague.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'hold' })).status).toBe(409)
  await wants(seller, call, { do: 'take-back' })
  expect(await seller.me()).toMatchObject({ state: 'talking', call: { transfer: null, transferFailed: null } })
  expect(await colleague.me()).toMatchObject({ state: 'ready', call: null })
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await seller.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak again')
  await wants(seller, call, { do: 'conference', on: true })
  await seller.is(({ state, call: now }) => state === 'talking' && now?.transfer?.phase === 'conference', 'all three')
  await wants(seller, call, { do: 'leave' })
  await seller.inState('wrap-up')
  expect(await colleague.is(({ call: now }) => now?.transfer === null, 'his')).toMatchObject({ state: 'talking', call: { attemptId: call.attemptId } })
  world.voice.hangUp(call)
  await colleague.inState('wrap-up')
  expect(await kept(call)).toMatchObject([{ result: 'taken-back', joined: true }, { result: 'completed', joined: true }])
  expect(await parts(call)).toEqual([[seller.agentId, 'agent', true], [colleague.agentId, 'colleague', true], [colleague.agentId, 'colleague', true]])
})

test('who pauses the recording of a conference pauses it for all three, and all of us see it', async () => {
  const { seller, call } = await talking()
  world.voice.tell({ kind: 'recording-started', attemptId: call.attemptId, at: Date.now(), basis: 'granted' })
  await seller.is(({ call: now }) => now?.recording === 'on', 'it is recorded')
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await seller.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  await wants(seller, call, { do: 'conference', on: true })
  await colleague.is(({ call: now }) => now?.transfer?.phase === 'conference' && now.recording === 'on', 'all three, recorded')
  expect((await colleague.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'pause-recording' })).status).toBe(202)
  await seller.is(({ call: now }) => now?.recording === 'paused', 'the seller sees it')
  await colleague.is(({ call: now }) => now?.recording === 'paused', 'the colleague sees it')
  expect((await seller.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'resume-recording' })).status).toBe(202)
  await colleague.is(({ call: now }) => now?.recording === 'on', 'the colleague sees that it goes on')
  world.voice.hangUp(call)
})

test('whoever hangs up out of a conference leaves the two others talking', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await seller.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  await wants(seller, call, { do: 'conference', on: true })
  await colleague.is(({ call: now }) => now?.transfer?.phase === 'conference', 'all three')
  expect((await colleague.ask('POST', `/calls/${call.attemptId}/talk`, { do: 'hang-up' })).status).toBe(202)
  await colleague.inState('ready')
  expect(await seller.me()).toMatchObject({ state: 'talking', call: { attemptId: call.attemptId, transfer: null } })
  expect(world.voice.hungUp).not.toContain(call.attemptId)
  world.voice.hangUp(call)
})

test('the colleague’s browser dies: while he is asked, and while they speak', async () => {
  const { seller, call } = await talking()
  for (const phase of ['asked', 'consulting'] as const) {
    const colleague = desk()
    await colleague.begin()
    await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
    if (phase === 'consulting') await wants(colleague, call, { do: 'accept' })
    await seller.is(({ call: now }) => now?.transfer?.phase === phase, phase)
    world.voice.leg(colleague.agentId, 'down')
    await seller.is(({ state, call: now }) => state === 'talking' && now?.transferFailed?.reason === 'leg-lost', 'back')
    expect(await colleague.inState('paused')).toMatchObject({ call: null })
  }
  expect(await kept(call)).toMatchObject([{ result: 'failed' }, { result: 'failed', failure: 'leg-lost', joined: true }])
  world.voice.hangUp(call)
})

test('the first seller’s browser dies while they speak: the person is the colleague’s', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await colleague.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  world.voice.leg(seller.agentId, 'down')
  await colleague.is(({ call: now }) => now?.transfer === null && now.attemptId === call.attemptId, 'his')
  await until(() => orders(call).some((one) => one.order === 'hand-over' && one.agentId === colleague.agentId), 'voice is told')
  expect(await seller.inState('paused')).toMatchObject({ reason: 'leg-lost' })
  world.voice.hangUp(call)
  await colleague.inState('wrap-up')
  expect(await kept(call)).toMatchObject([{ result: 'completed' }])
})

test('the first seller is freed by a lead while they speak: the call is not ended', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  await wants(colleague, call, { do: 'accept' })
  await colleague.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  await lead.ask('POST', `/agents/${seller.agentId}/force`, { state: 'paused', reason: 'stuck' })
  await colleague.is(({ call: now }) => now?.transfer === null && now.attemptId === call.attemptId, 'his')
  expect(world.voice.hungUp).not.toContain(call.attemptId)
  world.voice.hangUp(call)
})

test('the person hangs up: while the colleague is asked, and while they speak', async () => {
  for (const phase of ['asked', 'consulting'] as const) {
    const { seller, call } = await talking()
    const colleague = desk()
    await colleague.begin()
    await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
    if (phase === 'consulting') await wants(colleague, call, { do: 'accept' })
    await seller.is(({ call: now }) => now?.transfer?.phase === phase, phase)
    world.voice.hangUp(call)
    expect(await seller.inState('wrap-up')).toMatchObject({ call: { transfer: null, transferFailed: { reason: 'customer-gone' } } })
    expect(await colleague.inState('ready')).toMatchObject({ call: null })
    expect(await kept(call)).toMatchObject([{ result: 'failed', failure: 'customer-gone' }])
  }
})

test('voice does not join the colleague: the person is with who asked, and the reason is told', async () => {
  const { seller, call } = await talking()
  const colleague = desk()
  await colleague.begin()
  await wants(seller, call, asks('consult', { agentId: colleague.agentId }))
  world.voice.refuses = 'agent-busy'
  await wants(colleague, call, { do: 'accept' })
  await failedFor(seller, 'busy')
  world.voice.refuses = null
  expect(await seller.me()).toMatchObject({ state: 'talking' })
  await colleague.inState('ready')
  world.voice.hangUp(call)
})

test('nobody of ours is left: first the seller who is back, then who is ready of the campaign, then the message', async () => {
  const { seller, call, campaignId } = await talking()
  const waiting = (): void => world.voice.tell({ kind: 'waiting', attemptId: call.attemptId, at: Date.now(), since: Date.now() - 4_000, agentId: seller.agentId })
  world.voice.leg(seller.agentId, 'down')
  await seller.inState('paused')
  world.voice.leg(seller.agentId, 'up')
  await seller.is(({ leg }) => leg === 'up', 'back')
  waiting()
  expect(await seller.inState('talking')).toMatchObject({ call: { attemptId: call.attemptId, customerName: '张伟' } })
  const other = desk()
  await other.begin(campaignId)
  world.voice.leg(seller.agentId, 'down')
  await seller.inState('paused')
  waiting()
  expect(await other.inState('talking')).toMatchObject({ call: { attemptId: call.attemptId, customerName: '张伟' } })
  world.voice.leg(other.agentId, 'down')
  await other.inState('paused')
  waiting()
  await until(() => orders(call).some(({ order }) => order === 'fall-back'), 'the message')
  world.voice.hangUp(call)
})

test('two ask one colleague at the same instant: one is told that he is busy', async () => {
  const [one, two] = [await talking(), await talking()]
  const colleague = desk()
  await colleague.begin()
  const answers = await Promise.all([one, two].map(({ seller, call }) => wants(seller, call, asks('blind', { agentId: colleague.agentId }))))
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409])
  expect(why(answers.find(({ status }) => status === 409) as { body: unknown })).toBe('busy')
  for (const { call } of [one, two]) world.voice.hangUp(call)
})

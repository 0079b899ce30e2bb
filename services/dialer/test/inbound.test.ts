import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { AgentView } from '@loopline/contracts/agent'
import type { AttemptView, CampaignSettings } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { InboundOrder } from '@loopline/contracts/inbound'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
let lineId: string
let lead: AgentDesk
const desks: AgentDesk[] = []
const running: string[] = []
let crowds = 0
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer({ INBOUND_RING_MS: 1_500, INBOUND_QUEUE_MS: 8_000 })
  lineId = await addLine(world, dialer.url, { callerIds: ['+86 10 1234 5678'] })
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

/** A campaign that has nobody left to call, and one who may call back. */
async function quietCampaign(settings: Partial<CampaignSettings> = {}, fields: Partial<CustomerState> = {}): Promise<{ campaignId: string; person: CustomerState }> {
  const name = `inbound ${crowds += 1}`
  const person = customer(world.keys, { region: 'elsewhere', ...fields })
  world.crm.add(person)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'preview', wrapUpMs: 60_000, ...settings })
  running.push(campaignId)
  return { campaignId, person }
}

/** How voice tells of a caller with the number of this customer. */
function numberOf(person: CustomerState): { sealed: string; blindIndex: string } {
  const sealed = Buffer.from(present(person.phones[0]).sealed, 'base64')
  const blindIndex = world.keys.blindIndex(world.keys.openPhone(sealed, person.customerId).reveal()).toString('base64')
  world.crm.numbers.set(blindIndex, person.customerId)
  return { sealed: 'sealed-by-voice', blindIndex }
}

/** A talk of the past: this agent, in this campaign. */
async function haveTalked(person: CustomerState, agentId: string, campaignId: string): Promise<void> {
  await world.database.db.sql`
    insert into dialer.attempt (customer_id, id, campaign_id, campaign_name, phone_id, line_id, caller_id, decision, attempt_number, priority, lease_token, dialer_id, epoch, dial_by, started_at, ended_at, agent_id, connected_at, outcome, outcome_reason, conclusive)
    values (${person.customerId}, uuidv7(), ${campaignId}, 'Test', ${present(person.phones[0]).phoneId}, ${lineId}, '+86 10 1234 5678', '{}', 1, 0, 0, ${newId()}, 'past', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day', ${agentId}, now() - interval '1 day', 'connected', 'answered', true)`
}

const attempt = async (attemptId: AttemptId): Promise<Record<string, unknown> | undefined> => (await world.database.db.sql`select * from dialer.attempt where id = ${attemptId}`)[0]
const ended = (attemptId: AttemptId): Promise<Record<string, unknown>> => until(async () => { const row = await attempt(attemptId); return row?.['ended_at'] ? row : undefined }, 'the call has ended')
const told = async (type: string, key: string): Promise<Record<string, unknown>[]> =>
  (await world.database.db.sql<{ body: string }>`select body from log.event where key = ${key} order by partition, "offset"`)
    .map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> }).filter((event) => event.type === type).map(({ data }) => data)
const orders = (attemptId: AttemptId): InboundOrder[] => world.voice.inboundOrders.filter((order) => order.attemptId === attemptId)
const answer = (attemptId: AttemptId): Promise<Extract<InboundOrder, { order: 'answer' }>> =>
  until(() => orders(attemptId).find((order): order is Extract<InboundOrder, { order: 'answer' }> => order.order === 'answer'), 'the answer is ordered')
const incoming = (seller: AgentDesk): Promise<AgentView> => seller.is(({ call }) => call?.phase === 'incoming', 'a caller rings')
const accept = (seller: AgentDesk, attemptId: AttemptId) => seller.ask('POST', `/agents/me/incoming/${attemptId}/accept`)
const callbacks = (person: CustomerState): Promise<Record<string, unknown>[]> => world.database.db.sql`select * from dialer.callback where customer_id = ${person.customerId} order by id`

test('a customer calls back: it rings at who spoke with him last, who takes it, talks and writes notes', async () => {
  const { campaignId, person } = await quietCampaign()
  const [other, seller] = [desk(), desk()]
  await other.begin(campaignId)
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person), to: '01012345678' })
  const rung = await incoming(seller)
  expect(rung).toMatchObject({
    state: 'ringing', call: {
      attemptId, customerId: person.customerId, customerName: '张伟', campaignId, phase: 'incoming', decideBy: expect.any(String),
      inbound: { to: '+86 10 1234 5678', because: 'last-seller', caller: 'customer', takesItself: false },
    },
  })
  expect(orders(attemptId)).toEqual([expect.objectContaining({ order: 'ring' })])
  expect(await attempt(attemptId)).toMatchObject({ inbound_id: attemptId, agent_id: seller.agentId, campaign_id: campaignId, ended_at: null, decision: { inbound: { first: { agentId: seller.agentId, because: 'last-seller' } } } })
  expect(await accept(seller, attemptId)).toMatchObject({ status: 200 })
  expect((await answer(attemptId)).talk).toMatchObject({ agentId: seller.agentId, fallback: { afterMs: 2_000 } })
  expect((await seller.inState('talking')).call).toMatchObject({ attemptId, phase: 'talking' })
  expect((await other.me()).state).toBe('ready')
  world.voice.callerLeaves(attemptId)
  expect((await seller.inState('wrap-up')).call).toMatchObject({ outcome: 'connected' })
  expect(await seller.ask('POST', '/agents/me/wrap-up', { attemptId, note: '他自己打来的' })).toMatchObject({ status: 200, body: { state: 'ready' } })
  expect(await ended(attemptId)).toMatchObject({ outcome: 'connected', outcome_reason: 'caller-was-heard', agent_id: seller.agentId, note: '他自己打来的' })
  await until(async () => (await told('dialer.call.ended', person.customerId)).length === 1, 'the call is told')
  expect(await told('dialer.call.ended', person.customerId)).toMatchObject([{ attemptId, direction: 'inbound', outcome: 'connected', agentId: seller.agentId, connectedAt: expect.any(Number) }])
  expect(await callbacks(person)).toEqual([])
  expect((await world.database.db.sql`select attempts_that_day from dialer.person where customer_id = ${person.customerId}`)[0]).toEqual({ attempts_that_day: 0 })
})

test('a call that came in goes to a colleague as any other: declined it is the seller’s again, accepted it is his, and the record names both', async () => {
  const { campaignId, person } = await quietCampaign()
  const [seller, colleague] = [desk(), desk()]
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  await accept(seller, attemptId)
  await seller.inState('talking')
  await colleague.begin(campaignId)
  const asks = (): Promise<{ status: number }> => seller.ask('POST', `/calls/${attemptId}/transfer`, { do: 'ask', kind: 'blind', to: { agentId: colleague.agentId }, note: '' })
  expect((await asks()).status).toBe(202)
  await colleague.is(({ call }) => call?.phase === 'asked', 'he is asked')
  expect((await colleague.ask('POST', `/calls/${attemptId}/transfer`, { do: 'decline' })).status).toBe(202)
  expect(await seller.is(({ call }) => call?.transferFailed?.reason === 'declined', 'it is the seller’s again')).toMatchObject({ state: 'talking', call: { attemptId, transfer: null } })
  expect((await asks()).status).toBe(202)
  await colleague.is(({ call }) => call?.phase === 'asked', 'he is asked again')
  expect((await colleague.ask('POST', `/calls/${attemptId}/transfer`, { do: 'accept' })).status).toBe(202)
  expect((await colleague.inState('talking')).call).toMatchObject({ attemptId, customerId: person.customerId, inbound: { caller: 'customer' } })
  await seller.inState('wrap-up')
  world.voice.callerLeaves(attemptId)
  await colleague.inState('wrap-up')
  expect(await ended(attemptId)).toMatchObject({ outcome: 'connected', outcome_reason: 'caller-was-heard', agent_id: colleague.agentId })
  await until(async () => (await told('dialer.call.ended', person.customerId)).length === 1, 'the call is told')
  expect(await told('dialer.call.ended', person.customerId)).toMatchObject([{ direction: 'inbound', agentId: colleague.agentId, parts: [{ agentId: seller.agentId }, { agentId: colleague.agentId }] }])
  expect(await callbacks(person)).toEqual([])
})

test('the last seller talks with somebody else: it rings at the longest idle of the team, and progressive takes by itself', async () => {
  const { campaignId, person } = await quietCampaign({ mode: 'progressive' })
  const [seller, first, second] = [desk(), desk(), desk()]
  await seller.begin(campaignId)
  const elsewhere = customer(world.keys)
  world.crm.add(elsewhere)
  for (const one of [person, elsewhere]) await haveTalked(one, seller.agentId, campaignId)
  const busy = world.voice.callIn({ lineId, from: numberOf(elsewhere) })
  await seller.inState('talking')
  await first.begin(campaignId)
  await second.begin(campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  expect((await incoming(first)).call).toMatchObject({ attemptId, inbound: { because: 'team', takesItself: true } })
  expect((await first.inState('talking')).call).toMatchObject({ attemptId })
  expect((await second.me()).state).toBe('ready')
  expect((await seller.me()).call).toMatchObject({ attemptId: busy })
  world.voice.callerLeaves(attemptId)
  world.voice.callerLeaves(busy)
  await ended(attemptId)
})

test('declined it rings at the next, and who does not answer is paused', async () => {
  const { campaignId, person } = await quietCampaign()
  const [first, second] = [desk(), desk()]
  await first.begin(campaignId)
  await second.begin(campaignId)
  await haveTalked(person, first.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(first)
  expect(await first.ask('POST', `/agents/me/incoming/${attemptId}/decline`)).toMatchObject({ status: 200, body: { state: 'ready', call: null } })
  await incoming(second)
  expect((await attempt(attemptId))?.['agent_id']).toBe(second.agentId)
  expect(await second.inState('paused')).toMatchObject({ reason: 'no-answer' })
  // Everybody was asked: the caller hears the fallback at once.
  expect((await answer(attemptId)).talk).toMatchObject({ agentId: null, recording: { record: 'no' }, fallback: { afterMs: 0, then: 'hang-up' } })
  world.voice.callerLeaves(attemptId, 'us')
  expect(await ended(attemptId)).toMatchObject({ outcome: 'abandoned', outcome_reason: 'nobody-came' })
  expect((await first.me()).state).toBe('ready')
})

test('nobody is there: the fallback, a call back for the seller, and an event of the missed call', async () => {
  const { campaignId, person } = await quietCampaign()
  const seller = desk({ teamId: newId() })
  await seller.begin(campaignId)
  await seller.wish({ state: 'paused', reason: 'meal' })
  await haveTalked(person, seller.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  expect((await answer(attemptId)).talk.agentId).toBeNull()
  world.voice.callerLeaves(attemptId)
  await ended(attemptId)
  await until(async () => (await told('dialer.call.ended', person.customerId)).length === 1, 'the call is told')
  expect(await told('dialer.call.ended', person.customerId)).toMatchObject([{ direction: 'inbound', outcome: 'abandoned', outcomeReason: 'nobody-came' }])
  expect(await callbacks(person)).toMatchObject([{ state: 'open', agent_id: seller.agentId, made_in: attemptId }])
  const again = world.voice.callIn({ lineId, from: numberOf(person) })
  await answer(again)
  world.voice.callerLeaves(again)
  await ended(again)
  expect(await callbacks(person)).toHaveLength(1)
  // He is back: the card of the call back; and when the customer is quicker, it is kept.
  await seller.wish({ state: 'ready' })
  await seller.is(({ call }) => call?.phase === 'preview', 'the card of the call back')
  expect((await seller.me()).call?.callback).toMatchObject({ why: 'missed' })
  await seller.ask('POST', `/agents/me/preview/${present((await seller.me()).call).attemptId}/skip`, { reason: 'not-now' })
  const third = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  await accept(seller, third)
  await seller.inState('talking')
  world.voice.callerLeaves(third)
  await ended(third)
  expect(await callbacks(person)).toMatchObject([{ state: 'kept', kept_in: third }])
})

test('the caller gives up while it rings: the agent is free at once, and it is a missed call', async () => {
  const { campaignId, person } = await quietCampaign()
  const seller = desk()
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  world.voice.callerLeaves(attemptId)
  expect(await seller.inState('ready')).toMatchObject({ call: null })
  expect(await ended(attemptId)).toMatchObject({ outcome: 'abandoned', outcome_reason: 'caller-gave-up' })
  expect(await accept(seller, attemptId)).toMatchObject({ status: 409, body: { error: { code: 'CALLER_GONE' } } })
})

test('he gives up in the very moment in which he is written down: nobody rings for him afterwards', async () => {
  const { campaignId, person } = await quietCampaign()
  const seller = desk()
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  world.voice.callerLeaves(attemptId)
  expect(await ended(attemptId)).toMatchObject({ outcome: 'abandoned', outcome_reason: 'caller-gave-up' })
  await until(() => world.voice.acked.has(attemptId), 'the end is acknowledged')
  expect(await seller.inState('ready')).toMatchObject({ call: null })
})

test('who has spoken with us is done with in the campaign that wanted to call him', async () => {
  const name = `inbound ${crowds += 1}`
  const person = customer(world.keys, { region: name, timeZone: null })
  world.crm.add(person)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'preview' })
  running.push(campaignId)
  const entry = async (): Promise<unknown> => (await world.database.db.sql<{ state: string }>`select state from dialer.entry where customer_id = ${person.customerId}`)[0]?.state
  await until(async () => (await entry()) === 'waiting', 'his time zone is unknown: he waits')
  const seller = desk()
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  await accept(seller, attemptId)
  await seller.inState('talking')
  world.voice.callerLeaves(attemptId)
  await ended(attemptId)
  expect(await entry()).toBe('done')
})

test('two callers at once for one agent: he has one, the other waits and is his when he is free', async () => {
  const { campaignId, person } = await quietCampaign({ wrapUpMs: 0 })
  const another = customer(world.keys)
  world.crm.add(another)
  const seller = desk()
  await seller.begin(campaignId)
  for (const one of [person, another]) await haveTalked(one, seller.agentId, campaignId)
  const both = [person, another].map((one) => world.voice.callIn({ lineId, from: numberOf(one) }))
  const first = present((await incoming(seller)).call).attemptId as AttemptId
  const second = present(both.find((attemptId) => attemptId !== first))
  await until(() => orders(second).length > 0, 'the second rings too')
  await accept(seller, first)
  await seller.inState('talking')
  expect(orders(second).map(({ order }) => order)).toEqual(['ring'])
  world.voice.callerLeaves(first)
  expect((await incoming(seller)).call).toMatchObject({ attemptId: second })
  await accept(seller, second)
  await seller.inState('talking')
  world.voice.callerLeaves(second)
  await ended(second)
})

test('an agent who looks at a card or is paused is not rung; one who waits for notes gets it when he is ready', async () => {
  const { campaignId, person } = await quietCampaign()
  const seller = desk()
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const before = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  await accept(seller, before)
  await seller.inState('talking')
  world.voice.callerLeaves(before)
  await seller.inState('wrap-up')
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  await until(() => orders(attemptId).length > 0, 'it rings')
  expect((await seller.me()).state).toBe('wrap-up')
  await seller.ask('POST', '/agents/me/wrap-up', { attemptId: before, note: '' })
  await incoming(seller)
  world.voice.callerLeaves(attemptId)
  await ended(attemptId)
})

test('a stranger rings at the team of the line without a record, a withheld number too, and a number that is not ours is refused', async () => {
  const { campaignId } = await quietCampaign()
  const seller = desk()
  await seller.begin(campaignId)
  const blindIndex = world.keys.blindIndex('+8613911112222').toString('base64')
  const attemptId = world.voice.callIn({ lineId, from: { sealed: 'sealed-by-voice', blindIndex } })
  expect((await incoming(seller)).call).toMatchObject({ customerName: '', inbound: { because: 'team', caller: 'unknown' } })
  await seller.ask('POST', `/agents/me/incoming/${attemptId}/decline`)
  world.voice.callerLeaves(attemptId)
  const row = await ended(attemptId)
  const again = world.voice.callIn({ lineId, from: { sealed: 'sealed-by-voice', blindIndex } })
  await incoming(seller)
  expect((await attempt(again))?.['customer_id']).toBe(row['customer_id'])
  const seen = async (who: AgentDesk): Promise<boolean> => (await who.ask<{ items: AttemptView[] }>('GET', `/attempts?customerId=${String(row['customer_id'])}`)).body.items.some(({ attemptId: id }) => id === attemptId)
  expect([await seen(new AgentDesk(world, dialer.url, { role: 'supervisor', teamId: newId() })), await seen(seller), await seen(new AgentDesk(world, dialer.url))]).toEqual([true, true, false])
  await seller.ask('POST', `/agents/me/incoming/${again}/decline`)
  world.voice.callerLeaves(again)
  const withheld = world.voice.callIn({ lineId, from: null })
  expect((await incoming(seller)).call).toMatchObject({ inbound: { caller: 'withheld' } })
  world.voice.callerLeaves(withheld)
  const wrong = world.voice.callIn({ lineId, from: null, to: '+8675512345678' })
  expect(await until(() => orders(wrong)[0], 'it is refused')).toEqual({ order: 'refuse', attemptId: wrong, status: 404 })
  expect(await attempt(wrong)).toBeUndefined()
})

test('of a stranger who has spoken with him the agent makes a record: the call at hand is then that of a customer', async () => {
  const { campaignId } = await quietCampaign()
  const seller = desk()
  await seller.begin(campaignId)
  const blindIndex = world.keys.blindIndex('+8613911113333').toString('base64')
  const sealed = Buffer.from('sealed by voice').toString('base64')
  const attemptId = world.voice.callIn({ lineId, from: { sealed, blindIndex } })
  const { customerId } = present((await incoming(seller)).call)
  const make = (who: AgentDesk) => who.ask('POST', `/calls/${attemptId}/customer`, { name: '赵六' })
  expect(await make(desk())).toMatchObject({ status: 404 })
  await accept(seller, attemptId)
  await seller.inState('talking')
  expect(await make(seller)).toMatchObject({ status: 200, body: { call: { customerId, customerName: '赵六', inbound: { caller: 'customer' } } } })
  expect(world.crm.madeFrom).toMatchObject([{ customerId, sealed, actor: { sub: seller.agentId, role: 'agent' } }])
  expect(await make(seller)).toMatchObject({ status: 404, body: { error: { code: 'CALL_NOT_FOUND' } } })
  world.voice.callerLeaves(attemptId)
  expect(await ended(attemptId)).toMatchObject({ customer_id: customerId, outcome: 'connected', decision: { inbound: { caller: 'customer' } } })
  await seller.ask('POST', '/agents/me/wrap-up', { attemptId, note: '' })
  world.crm.numbers.set(blindIndex, customerId as never)
  const again = world.voice.callIn({ lineId, from: { sealed, blindIndex } })
  expect((await incoming(seller)).call).toMatchObject({ customerId, customerName: '赵六', inbound: { because: 'last-seller', caller: 'customer' } })
  world.voice.callerLeaves(again)
  await ended(again)
})

test('with crm away the dialer still knows who called before', async () => {
  const { campaignId, person } = await quietCampaign()
  const seller = desk()
  await seller.begin(campaignId)
  await haveTalked(person, seller.agentId, campaignId)
  const first = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  world.voice.callerLeaves(first)
  await seller.inState('ready')
  world.crm.isForgetful = true
  const second = world.voice.callIn({ lineId, from: numberOf(person) })
  expect((await incoming(seller)).call).toMatchObject({ customerId: person.customerId, inbound: { caller: 'customer' } })
  world.crm.isForgetful = false
  world.voice.callerLeaves(second)
})

test('who is on the line with us is not dialled, and who is being dialled may call us', async () => {
  const name = `inbound ${crowds += 1}`
  const person = customer(world.keys, { region: name })
  world.crm.add(person)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'agentless' })
  running.push(campaignId)
  const dialled = await until(() => world.voice.dialled.find(({ customerId }) => customerId === person.customerId), 'he is dialled')
  const seller = desk()
  const quiet = await quietCampaign()
  await seller.begin(quiet.campaignId, campaignId)
  const attemptId = world.voice.callIn({ lineId, from: numberOf(person) })
  await incoming(seller)
  await accept(seller, attemptId)
  await seller.inState('talking')
  world.voice.end(dialled, { answeredAt: null, evidence: { sipStatus: 486 } })
  await ended(dialled.attemptId)
  const byHand = await lead.ask<{ error: { code: string } }>('POST', '/calls', { customerId: person.customerId })
  expect(byHand).toMatchObject({ status: 409, body: { error: { code: 'CALL_NOT_ALLOWED' } } })
  world.voice.callerLeaves(attemptId)
  await ended(attemptId)
  const calls = await lead.ask<{ items: AttemptView[] }>('GET', `/attempts?customerId=${person.customerId}`)
  expect(calls.body.items.map(({ direction }) => direction)).toEqual(['inbound', 'outbound'])
})

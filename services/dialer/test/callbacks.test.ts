import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { CallbackView } from '@loopline/contracts/callback'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { PhoneId } from '@loopline/vocabulary/ids'
import { giveToTeams } from '../callback/callback.sql.ts'
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
  const lead = new AgentDesk(world, dialer.url, { role: 'admin' })
  for (const desk of desks.splice(0)) await lead.ask('POST', `/agents/${desk.agentId}/force`, { state: 'offline', reason: 'the test is over' })
})

function desk(teamId: string): AgentDesk {
  const made = new AgentDesk(world, dialer.url, { teamId })
  desks.push(made)
  return made
}

/** A promise of some time ago, by somebody of a team; negative: in the future. */
async function promise({ by, to, teamId, ago }: { by: AgentDesk; to: CustomerState; teamId: string; ago: number }): Promise<string> {
  world.crm.add(to)
  const id = newId()
  const at = new Date(Date.now() - ago * 1_000)
  await until(async () => {
    await world.ask(dialer.url, 'POST', '/calls', { customerId: to.customerId, phoneId: newId() }) // no such telephone: it only reads him from crm
    return (await world.database.db.sql`select from dialer.person where customer_id = ${to.customerId}`).length === 1
  }, 'the customer is known')
  await world.database.db.sql`
    insert into dialer.callback (customer_id, id, agent_id, team_id, at, made_by, made_at, made_in, state, not_before)
    values (${to.customerId}, ${id}, ${by.agentId}, ${teamId}, ${at}, ${by.agentId}, ${at}, ${newId()}, 'open', ${at})`
  return id
}
const someone = (): CustomerState => customer(world.keys)
const stateOf = async (id: string): Promise<{ state: string; agentId: string | null; reason: string | null } | undefined> =>
  (await world.database.db.sql<{ state: string; agentId: string | null; reason: string | null }>`select state, agent_id as "agentId", change_reason as reason from dialer.callback where id = ${id}`)[0]

test('a promise whose seller does not come is shown to the team after some minutes, not before, and says so', async () => {
  const teamId = newId()
  const [seller, colleague, stranger] = [desk(teamId), desk(teamId), desk(newId())]
  const early = await promise({ by: seller, to: someone(), teamId, ago: 60 })
  const late = someone()
  await promise({ by: seller, to: late, teamId, ago: 400 })
  await stranger.begin()
  await colleague.begin()
  const card = present((await colleague.is(({ call }) => call?.phase === 'preview', 'the card of the late one')).call)
  expect(card).toMatchObject({ customerId: late.customerId, callback: { why: 'promised', instead: true, timeZone: 'Asia/Shanghai' } })
  expect((await colleague.ask('POST', `/agents/me/preview/${card.attemptId}/accept`)).status).toBe(200)
  expect(await colleague.call()).toMatchObject({ customerId: late.customerId })
  expect((await stranger.me()).call).toBeNull()
  expect(await stateOf(early)).toMatchObject({ state: 'open', agentId: seller.agentId })
})

test('a call that a dead process wrote down keeps its promise: nobody is called twice for it', async () => {
  const teamId = newId()
  const seller = desk(teamId)
  const who = customer(world.keys, { ownerId: seller.agentId })
  const id = await promise({ by: seller, to: who, teamId, ago: -3_600 })
  await seller.begin()
  const called = await seller.ask<{ attemptId: string }>('POST', '/calls', { customerId: who.customerId })
  expect(called.status).toBe(202)
  await world.database.db.sql`update dialer.callback set shown_as = ${called.body.attemptId}, not_before = now() where id = ${id}`
  await until(async () => (await stateOf(id))?.state === 'kept', 'kept')
})

test('who is over his day is not called by promise either: the promise stays open for when he may be', async () => {
  const teamId = newId()
  const seller = desk(teamId)
  const [who, other] = [someone(), someone()]
  const id = await promise({ by: seller, to: who, teamId, ago: 500 })
  await promise({ by: seller, to: other, teamId, ago: 10 })
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.now() + (await calleeOffset()))
  await world.database.db.sql`update dialer.person set attempt_day = ${today}, attempts_that_day = 99 where customer_id = ${who.customerId}`
  await seller.begin()
  expect((await seller.is(({ call }) => call?.phase === 'preview', 'the other')).call).toMatchObject({ customerId: other.customerId })
  const [row] = await world.database.db.sql<{ state: string; rests: boolean }>`select state, not_before > now() as rests from dialer.callback where id = ${id}`
  expect(row).toEqual({ state: 'open', rests: true })
})
const calleeOffset = async (): Promise<number> => (await world.database.db.sql<{ value: { offsetMs: number } }>`select value from dialer.knowledge where key = 'callee-clock'`)[0]?.value.offsetMs ?? 0

test('promises are listed for whom they concern, with how late they are, moved and cancelled with a reason', async () => {
  const teamId = newId()
  const [seller, other] = [desk(teamId), desk(newId())]
  const lead = new AgentDesk(world, dialer.url, { role: 'supervisor', teamId })
  const id = await promise({ by: seller, to: someone(), teamId, ago: 120 })
  const listed = async (who: AgentDesk): Promise<CallbackView[]> => (await who.ask<{ items: CallbackView[] }>('GET', '/callbacks')).body.items.filter(({ callbackId }) => callbackId === id)
  expect(await listed(seller)).toMatchObject([{ customerName: '张伟', timeZone: 'Asia/Shanghai', lateMs: expect.any(Number), agentId: seller.agentId }])
  expect(await listed(lead)).toHaveLength(1)
  expect(await listed(other)).toEqual([])
  const at = new Date(Date.now() + 1_800_000).toISOString()
  expect((await other.ask('POST', `/callbacks/${id}/reschedule`, { at, reason: 'mine?' })).status).toBe(404)
  expect((await seller.ask('POST', `/callbacks/${id}/reschedule`, { at: new Date(Date.now() + 14 * 3_600_000).toISOString(), reason: 'at night' })).status).toBe(409)
  expect((await seller.ask('POST', `/callbacks/${id}/reschedule`, { at, reason: 'asked for it' })).status).toBe(200)
  expect(await listed(seller)).toMatchObject([{ at, lateMs: null, changeReason: 'asked for it' }])
  expect((await lead.ask('POST', `/callbacks/${id}/cancel`, { reason: 'has bought' })).status).toBe(200)
  expect(await stateOf(id)).toMatchObject({ state: 'cancelled', reason: 'has bought' })
  expect((await lead.ask('POST', `/callbacks/${id}/cancel`, { reason: 'again' })).status).toBe(404)
})

test('a progressive campaign leaves an agent free before his promised call, and nobody else', async () => {
  const teamId = newId()
  const [seller, colleague] = [desk(teamId), desk(teamId)]
  await promise({ by: seller, to: someone(), teamId, ago: -110 })
  const marker = desk(newId())
  await promise({ by: marker, to: someone(), teamId: newId(), ago: 5 })
  await marker.begin()
  await marker.is(({ call }) => call?.phase === 'preview', 'promises were read since')
  await seller.begin()
  const name = `kept for ${seller.agentId}`
  const crowd = Array.from({ length: 3 }, () => customer(world.keys, { region: name }))
  world.crm.add(...crowd)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'progressive' })
  await seller.ask('POST', '/agents/me/sign-on', { pageId: `page-${seller.agentId.slice(-8)}`, campaignIds: [campaignId] })
  await colleague.begin(campaignId)
  expect(await colleague.call()).toMatchObject({ campaignId })
  expect((await seller.me()).call).toBeNull()
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('a telephone that nobody answered gives way to the next; the decision says why', async () => {
  const seal = (number: string, id: CustomerState['customerId']): string => world.keys.sealPhone(new Phone(number as E164), id).toString('base64')
  const base = someone()
  const second = newId<PhoneId>()
  const who = { ...base, phones: [present(base.phones[0]), { phoneId: second, position: 1, sealed: seal('+8613911223344', base.customerId), state: 'usable' as const }] }
  world.crm.add(who)
  const dialOnce = async (): Promise<string> => {
    const { body, status } = await world.ask<{ attemptId: string }>(dialer.url, 'POST', '/calls', { customerId: who.customerId })
    expect(status).toBe(202)
    const call = await until(() => world.voice.dialled.find(({ attemptId }) => attemptId === body.attemptId), 'it is dialled')
    world.voice.end(call, { answeredAt: null, evidence: { sipStatus: 480 } })
    await until(async () => (await world.database.db.sql`select from dialer.attempt where id = ${body.attemptId} and ended_at is not null`).length === 1, 'it has ended')
    const [row] = await world.database.db.sql<{ phoneId: string; decision: { phone: { reason: string } } }>`select phone_id as "phoneId", decision from dialer.attempt where id = ${body.attemptId}`
    return `${row?.phoneId === second ? 'second' : 'first'}, ${row?.decision.phone.reason}`
  }
  expect(await dialOnce()).toBe('first, first')
  expect(await dialOnce()).toBe('second, alternative')
  expect(await dialOnce()).toBe('first, first')
})

test('a number that does not exist ends nothing while there is another: that one is dialled next, the first never again', async () => {
  const base = customer(world.keys)
  const name = `two telephones of ${base.customerId}`
  const second = newId<PhoneId>()
  const sealed = world.keys.sealPhone(new Phone('+8613911223355' as E164), base.customerId).toString('base64')
  const who = { ...base, region: name, phones: [present(base.phones[0]), { phoneId: second, position: 1, sealed, state: 'usable' as const }] }
  world.crm.add(who)
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'agentless' })
  const dialled = (nth: number) => until(() => world.voice.dialled.filter((call) => call.campaignId === campaignId)[nth], 'it is dialled')
  world.voice.end(await dialled(0), { answeredAt: null, evidence: { sipStatus: 404, q850: 1, announcement: 'invalid-number' } })
  const entry = await until(async () => (await world.database.db.sql<{ state: string; outcome: string; tries: Record<string, { invalid: boolean }> }>`
    select e.state, e.last_outcome as outcome, p.phone_tries as tries from dialer.entry e join dialer.person p on p.customer_id = e.customer_id
     where e.campaign_id = ${campaignId} and e.last_outcome is not null`)[0], 'the first has ended')
  expect(entry).toMatchObject({ state: 'waiting', outcome: 'invalid-number', tries: { [present(who.phones[0]).phoneId]: { invalid: true } } })
  await world.database.db.sql`update dialer.entry set wake_at = now(), due_at = now() where campaign_id = ${campaignId} and state = 'waiting'`
  const next = await dialled(1)
  const [attempt] = await world.database.db.sql<{ phoneId: string; decision: object }>`select phone_id as "phoneId", decision from dialer.attempt where id = ${next.attemptId}`
  expect(attempt).toMatchObject({ phoneId: second, decision: { phone: { reason: 'only', of: 2 } } })
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
})

test('the promises of who leaves the company are his team\'s at once', async () => {
  const teamId = newId()
  const [leaver, colleague] = [desk(teamId), desk(teamId)]
  const id = await promise({ by: leaver, to: someone(), teamId, ago: 5 })
  await giveToTeams(world.database.db, [leaver.agentId])
  expect(await stateOf(id)).toMatchObject({ state: 'open', agentId: null })
  await colleague.begin()
  expect((await colleague.is(({ call }) => call?.phase === 'preview', 'the card')).call?.callback).toMatchObject({ why: 'promised', instead: false })
})

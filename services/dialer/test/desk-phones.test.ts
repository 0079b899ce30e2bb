import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DeskPhoneCredentials, DeskPhoneSettings } from '@loopline/contracts/agent'
import type { TalkOrder } from '@loopline/contracts/voice-link'
import type { UserChanged } from '@loopline/contracts/setting-event'
import { newId } from '@loopline/clock/new-id'
import { makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { createNotifier } from '@loopline/postgres/notify'
import { inTransaction } from '@loopline/postgres/transaction'
import type { TeamId } from '@loopline/vocabulary/ids'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
let seller: AgentDesk
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
  await addLine(world, dialer.url)
  world.voice.script = () => null
})
afterAll(() => world.close())
beforeEach(() => {
  world.auditFails = false
  world.audits.length = 0
  world.voice.orders.length = 0
  seller = new AgentDesk(world, dialer.url)
})

const pathOf = ({ agentId }: AgentDesk): string => `/agents/${agentId}/desk-phone`
const renew = (whose = seller, who = whose): Promise<{ status: number; body: DeskPhoneCredentials }> => who.ask('PUT', pathOf(whose))
const look = (whose = seller, who = whose): Promise<{ status: number; body: DeskPhoneSettings }> => who.ask('GET', pathOf(whose))
const toldOf = (agentId: string) => world.voice.deskPhones.find((phone) => phone.agentId === agentId)
const opened = (agentId: string, which: 'md5' | 'sha256'): string => world.keys.open(Buffer.from(present(toldOf(agentId)).ha1Sealed[which], 'base64'), agentId)
const ordersOf = ({ agentId }: AgentDesk): TalkOrder[] => world.voice.orders.filter((order) => order.order !== 'test-leg' && 'agentId' in order && order.agentId === agentId)
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code
const signOn = (phone: 'browser' | 'desk', ...campaignIds: string[]) => seller.ask('POST', '/agents/me/sign-on', { pageId: 'page-of-tests', phone, campaignIds })

test('a secret of ours is told once; what is kept and told to voice is only what a digest is checked with', async () => {
  const { status, body } = await renew()
  expect(status).toBe(200)
  expect(body).toEqual({ agentId: seller.agentId, realm: 'loopline', servers: [{ transport: 'udp', address: '192.0.2.7:5060' }], user: expect.stringMatching(/^d[a-z1-9]{10}$/), secret: expect.stringMatching(/^[a-z1-9]{32}$/) })
  const a1 = `${body.user}:loopline:${body.secret}`
  expect(toldOf(seller.agentId)?.user).toBe(body.user)
  expect([opened(seller.agentId, 'md5'), opened(seller.agentId, 'sha256')]).toEqual([createHash('md5').update(a1).digest('hex'), createHash('sha256').update(a1).digest('hex')])
  expect(() => world.keys.open(Buffer.from(present(toldOf(seller.agentId)).ha1Sealed.md5, 'base64'), newId())).toThrow(/another context/)
  const [row] = await world.database.db.sql<{ body: string }>`select row_to_json(p)::text as body from dialer.desk_phone p where agent_id = ${seller.agentId}`
  expect(present(row).body).not.toContain(body.secret)
  expect((await look()).body).toEqual({ agentId: seller.agentId, realm: 'loopline', servers: body.servers, phone: { user: body.user, madeAt: expect.any(String), leg: 'down' } })
  expect(world.audits).toMatchObject([{ action: 'agent:renew-phone', actorId: seller.agentId, details: { user: body.user } }])
  expect(JSON.stringify(world.audits)).not.toContain(body.secret)
})

test('another secret takes the place of the first under the same user; taken back, voice knows the telephone no more', async () => {
  const first = (await renew()).body
  const before = opened(seller.agentId, 'sha256')
  const second = (await renew()).body
  expect(second.user).toBe(first.user)
  expect(second.secret).not.toBe(first.secret)
  expect(opened(seller.agentId, 'sha256')).not.toBe(before)
  expect(await seller.ask('DELETE', pathOf(seller))).toMatchObject({ status: 200, body: { phone: null } })
  expect(toldOf(seller.agentId)).toBeUndefined()
  expect(world.audits.map(({ action }) => action)).toEqual(['agent:renew-phone', 'agent:renew-phone', 'agent:remove-phone'])
})

test('what cannot be audited does not happen', async () => {
  world.auditFails = true
  expect((await renew()).status).toBe(500)
  expect((await look()).body.phone).toBeNull()
  world.auditFails = false
  await renew()
  world.auditFails = true
  expect((await seller.ask('DELETE', pathOf(seller))).status).toBe(500)
  expect((await look()).body.phone).not.toBeNull()
})

test("an agent has his own, a lead those of his team, an admin everybody's; an auditor none", async () => {
  const teamId = newId<TeamId>()
  const [lead, colleague, admin, auditor] = [['supervisor', teamId], ['agent', teamId], ['admin', null], ['auditor', null]].map(([role, team]) =>
    new AgentDesk(world, dialer.url, { role: role as 'agent', teamId: team ?? null })) as [AgentDesk, AgentDesk, AgentDesk, AgentDesk]
  expect((await renew(seller, colleague)).status).toBe(404)
  expect((await look(colleague, lead)).status).toBe(404) // who has never signed on is of no team that we know
  await colleague.ask('POST', '/agents/me/sign-on', { pageId: 'page-of-colleague' })
  expect((await renew(colleague, lead)).status).toBe(200)
  expect((await renew(seller, lead)).status).toBe(404)
  expect((await renew(seller, admin)).status).toBe(200)
  expect((await look(colleague, auditor)).status).toBe(403)
  await colleague.wish({ state: 'offline' })
})

test('a change by another dialer, and a voice that was started anew, are told within a second or two', async () => {
  const other = await world.startDialer()
  const body = (await renew()).body
  await other.stop()
  world.voice.deskPhones = []
  world.voice.restart(() => ({}))
  await until(() => toldOf(seller.agentId)?.user === body.user, 'the telephones are told to the new voice')
  await world.database.db.sql`delete from dialer.desk_phone where agent_id = ${seller.agentId}`
  await until(() => toldOf(seller.agentId) === undefined, 'what changed elsewhere is told')
})

test('who may no longer sign in has no telephone that could register', async () => {
  const colleague = new AgentDesk(world, dialer.url)
  await renew()
  await renew(colleague)
  const notifier = createNotifier({ url: world.database.url, name: 'hub of tests' })
  const changed = (userId: string, active: boolean) =>
    makeEvent<UserChanged>({ type: 'hub.user.changed', subject: userId, sequence: 2, time: Date.now(), data: { userId, version: 2, name: '王芳', role: 'agent', teamId: null, skills: [], active } })
  await inTransaction(world.database.db, (transaction) => publish(transaction, notifier, [changed(colleague.agentId, true), changed(seller.agentId, false)]))
  await until(() => toldOf(seller.agentId) === undefined, 'the telephone of the leaver is gone')
  expect(toldOf(colleague.agentId)).toBeDefined()
  await notifier.close()
})

test('progressive on a desk telephone: called at sign-on, joined at the answer, paused when it is hung up, not rung again', async () => {
  world.crm.add(customer(world.keys, { region: 'desk telephone' }))
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region('desk telephone'), mode: 'progressive', wrapUpMs: 60_000 })
  await renew()
  world.voice.leg(seller.agentId, 'registered', { phone: 'desk' })
  expect((await signOn('desk', campaignId)).body).toMatchObject({ phone: 'desk', state: 'paused', reason: 'signed-on' })
  await until(() => ordersOf(seller).length === 1, 'the desk telephone is called')
  expect(ordersOf(seller)).toEqual([{ order: 'call-desk', agentId: seller.agentId }])
  world.voice.leg(seller.agentId, 'up', { phone: 'desk' })
  await seller.is(({ leg }) => leg === 'up', 'the leg is up')
  expect((await look()).body.phone?.leg).toBe('up')
  expect(code(await seller.wish({ state: 'ready' }))).toBe('SELF_TEST_MISSING')
  expect((await seller.test()).selfTest).toMatchObject({ state: 'passed', page: null, leg: { heardMs: 600 } })
  await seller.wish({ state: 'ready' })
  const call = await seller.call()
  expect(call.talk?.agentId).toBe(seller.agentId)
  world.voice.answer(call)
  await seller.inState('talking')
  world.voice.hangUp(call)
  await seller.inState('wrap-up')
  await seller.ask('POST', '/agents/me/wrap-up', { attemptId: call.attemptId, next: 'ready' })
  await seller.inState('ready')
  world.voice.leg(seller.agentId, 'down', { phone: 'desk', reason: 'hung-up' })
  world.voice.leg(seller.agentId, 'registered', { phone: 'desk', reason: 'hung-up' })
  expect(await seller.is(({ state, leg }) => state === 'paused' && leg === 'registered', 'paused without a leg')).toMatchObject({ reason: 'leg-lost' })
  world.voice.leg(seller.agentId, 'down', { phone: 'desk', reason: 'unregistered' })
  expect(ordersOf(seller)).toHaveLength(1)
  world.voice.leg(seller.agentId, 'registered', { phone: 'desk' }) // switched on again
  await until(() => ordersOf(seller).length === 2, 'a telephone that has just come is called')
  world.voice.leg(seller.agentId, 'up', { phone: 'desk' })
  await seller.is(({ leg }) => leg === 'up', 'the leg is up again')
  await seller.wish({ state: 'offline' })
  await until(() => ordersOf(seller).length === 3, 'the leg is ended at sign-off')
  expect(ordersOf(seller).at(-1)).toEqual({ order: 'drop-leg', agentId: seller.agentId, reason: 'signed-off' })
})

test('a desk telephone that registers says nothing of him who talks by his browser, and is not called', async () => {
  await renew()
  await seller.begin()
  const isTold = (leg: string): Promise<boolean> => until(async () => (await look()).body.phone?.leg === leg, `the desk telephone is ${leg}`)
  world.voice.leg(seller.agentId, 'registered', { phone: 'desk' })
  await isTold('registered')
  world.voice.leg(seller.agentId, 'down', { phone: 'desk', reason: 'unregistered' })
  await isTold('down')
  world.voice.leg(seller.agentId, 'registered', { phone: 'desk' })
  await isTold('registered')
  expect(await seller.me()).toMatchObject({ state: 'ready', leg: 'up', phone: 'browser' })
  expect(ordersOf(seller)).toEqual([])
  expect((await signOn('desk')).body).toMatchObject({ phone: 'desk', leg: 'registered', state: 'paused', reason: 'self-test', selfTest: { state: 'missing' } })
  await until(() => ordersOf(seller).length === 2, 'the other telephone takes over')
  expect(ordersOf(seller).map(({ order }) => order)).toEqual(['drop-leg', 'call-desk'])
  await seller.wish({ state: 'offline' })
})

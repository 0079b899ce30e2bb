import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { LiveMessage } from '@loopline/contracts/live'
import { newId } from '@loopline/clock/new-id'
import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { appendToOutbox } from '@loopline/event-log/outbox'
import { installUpgrades } from '@loopline/http/upgrade'
import { createServer } from 'node:http'
import { silentLogger } from '@loopline/telemetry/logger'
import { permissions } from '../app.ts'
import { pushedOf, viewFor } from '../live/live-view.ts'
import type { Ownership } from '../live/live-view.ts'
import { createOutlet } from '../live/outlet.ts'
import { Browser, PASSWORD, hubUnderTest } from './hub-under-test.ts'
import type { HubUnderTest } from './hub-under-test.ts'

let under: HubUnderTest
let wangId: string
beforeAll(async () => {
  under = await hubUnderTest({}, ['hub', 'crm', 'dialer'])
  await under.hub.ensureUser({ username: 'admin', name: '管理员', password: PASSWORD, role: 'admin' })
  wangId = await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent', teamName: '一组' })
})
afterAll(() => under.close())

/** A page that watches; `messages` grows as they come. */
async function watch(cookie: string, origin = under.hub.url): Promise<{ socket: WebSocket; messages: LiveMessage[]; closed: Promise<number> }> {
  const socket = new WebSocket(`${under.hub.url.replace('http', 'ws')}/api/live`, { headers: { cookie, origin } })
  const messages: LiveMessage[] = []
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as LiveMessage))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject) })
  socket.send(JSON.stringify({ subscribe: ['customer', 'call', 'campaign', 'setting'] }))
  await expect.poll(() => messages.length).toBeGreaterThan(0)
  return { socket, messages, closed }
}

async function signedIn(username: string): Promise<Browser> {
  const browser = new Browser(under.hub.url)
  await browser.signIn(username)
  return browser
}

const customer = (ownerId: string | null): { customerId: string; event: OutboxEvent } => {
  const customerId = newId()
  return { customerId, event: makeEvent({ type: 'crm.customer.changed', subject: customerId, sequence: 1, time: Date.now(), data: { customerId, version: 1, ownerId, teamId: null } }) }
}

test.each([
  { name: 'without a session', cookie: false, own: true, status: 401 },
  { name: 'from a page of another origin', cookie: true, own: false, status: 403 },
])('an upgrade $name is refused with $status', async ({ cookie, own, status }) => {
  const browser = await signedIn('wang')
  const refused = watch(cookie ? browser.cookie : '', own ? under.hub.url : 'https://evil.example')
  await expect(refused).rejects.toThrow(`Unexpected server response: ${status}`)
})

test('an upgrade to another address is 404', async () => {
  const socket = new WebSocket(`${under.hub.url.replace('http', 'ws')}/api/other`, { headers: { origin: under.hub.url } })
  await expect(new Promise((_resolve, reject) => socket.once('error', reject))).rejects.toThrow('404')
})

test('an upgrade without a declared action does not start', () => {
  const server = createServer()
  const options = { permissions, authenticate: async () => null, assertOrigin: () => undefined, logger: silentLogger() }
  expect(() => installUpgrades(server, options, [{ path: '/x', config: {}, accept: () => undefined }])).toThrow('declares no permission')
  expect(() => installUpgrades(server, options, [{ path: '/x', config: { may: 'live:wach' }, accept: () => undefined }])).toThrow('unknown action')
  expect(() => installUpgrades(server, options, [{ path: '/x', config: { public: 'why not' }, accept: () => undefined }])).toThrow('must name an action')
})

test('an agent is pushed his own customers only, a supervisor of all sees all; settings reach everybody', async () => {
  const [wang, admin] = await Promise.all([watch((await signedIn('wang')).cookie), watch((await signedIn('admin')).cookie)])
  const [mine, others] = [customer(wangId), customer(newId())]
  await appendToOutbox(under.db, [mine.event, others.event])
  await under.hub.setCalleeClock(7_200_000)
  const version = { topic: 'customer', version: 1 }
  await expect.poll(() => admin.messages.filter(({ topic }) => topic === 'customer')).toHaveLength(2)
  await expect.poll(() => wang.messages.find(({ topic }) => topic === 'setting')).toMatchObject({ key: 'callee-clock', value: { offsetMs: 7_200_000 } })
  expect(wang.messages.filter(({ topic }) => topic === 'customer')).toEqual([{ ...version, customerId: mine.customerId }])
  wang.socket.close()
  admin.socket.close()
})

test('signing out closes the push connection of that session', async () => {
  const browser = await signedIn('wang')
  const page = await watch(browser.cookie)
  await browser.ask('POST', '/api/auth/sign-out')
  expect(await page.closed).toBe(4401)
})

test('who sends something else than a subscription is disconnected', async () => {
  const page = await watch((await signedIn('wang')).cookie)
  page.socket.send('{"subscribe":["everything"]}')
  expect(await page.closed).toBe(1007)
})

const agent = { sub: 'me', role: 'agent', name: '', teamId: 'team' } as const
const state = (ownerId: string | null, teamId: string | null = null): { type: string; data: unknown } =>
  ({ type: 'crm.customer.changed', data: { customerId: 'c', version: 2, ownerId, teamId } as CustomerState })
const call = { type: 'dialer.call.ended', data: { customerId: 'c', campaignId: 'k', attemptId: 'a', outcome: 'busy', lineName: 'l', endedAt: 5 } as unknown as CallEnded }
const full = { topic: 'call', customerId: 'c', campaignId: 'k', attemptId: 'a', outcome: 'busy', lineName: 'l', at: 5 }
const ofAgent = (agentId: string, teamId = 'team'): { type: string; data: unknown } => ({ type: 'dialer.agent.changed', data: { agentId, teamId, state: 'ready' } })
const views = [
  { name: 'my customer', before: null, event: state('me'), scope: 'own', want: { topic: 'customer', customerId: 'c', version: 2 } },
  { name: 'a customer of my team, as an agent', before: null, event: state('other', 'team'), scope: 'own', want: null },
  { name: 'a customer of my team, as its lead', before: null, event: state('other', 'team'), scope: 'team', want: { topic: 'customer', customerId: 'c', version: 2 } },
  { name: 'a customer just taken from me', before: { ownerId: 'me', teamId: null }, event: state('other'), scope: 'own', want: { topic: 'customer', customerId: 'c', version: 2 } },
  { name: 'a call to my customer', before: { ownerId: 'me', teamId: null }, event: call, scope: 'own', want: full },
  { name: "a call to another's customer", before: { ownerId: 'other', teamId: null }, event: call, scope: 'own', want: null },
  { name: 'a call to a customer whose owner is not known here', before: null, event: call, scope: 'own', want: { topic: 'customer', customerId: 'c', version: 0 } },
  { name: 'any call, for who may see all', before: null, event: call, scope: 'all', want: full },
  { name: 'a correction: the customer’s own event follows', before: null, event: { type: 'dialer.call.corrected', data: { customerId: 'c' } }, scope: 'all', want: null },
  { name: 'what this version does not know', before: null, event: { type: 'dialer.call.invented', data: null }, scope: 'all', want: null },
  { name: 'myself as an agent', before: null, event: ofAgent('me'), scope: 'own', want: { topic: 'agent', agent: ofAgent('me').data } },
  { name: 'another agent, as an agent', before: null, event: ofAgent('other'), scope: 'own', want: null },
  { name: 'an agent of my team, as its lead', before: null, event: ofAgent('other'), scope: 'team', want: { topic: 'agent', agent: ofAgent('other').data } },
  { name: 'an agent of another team', before: null, event: ofAgent('other', 'elsewhere'), scope: 'team', want: null },
  { name: 'any call, for who may see none', before: null, event: call, scope: null, want: null },
] as const
test.each(views)('of $name one is told what one may know', ({ before, event, scope, want }) => {
  const seen = { owners: new Map<string, Ownership>(before ? [['c', before]] : []), servedBy: new Map<string, string>(), serving: new Map<string, string>() }
  const pushed = pushedOf(event, seen)
  expect(pushed && viewFor(pushed, agent, scope)).toEqual(want)
})

test('whoever has a customer on the line is told of him and of the call, whoever owns him', () => {
  const seen = { owners: new Map<string, Ownership>([['c', { ownerId: 'other', teamId: null }]]), servedBy: new Map<string, string>(), serving: new Map<string, string>() }
  pushedOf({ type: 'dialer.agent.changed', data: { agentId: 'me', teamId: 'team', state: 'talking', call: { customerId: 'c' } } }, seen)
  for (const [event, want] of [[call, full], [state('other'), { topic: 'customer', customerId: 'c', version: 2 }]] as const) {
    const pushed = pushedOf(event, seen)
    expect(pushed && viewFor(pushed, agent, 'own')).toEqual(want)
    expect(pushed && viewFor(pushed, { ...agent, sub: 'somebody else' }, 'own')).toBeNull()
  }
  pushedOf({ type: 'dialer.agent.changed', data: { agentId: 'me', teamId: 'team', state: 'ready', call: null } }, seen)
  const after = pushedOf(state('other'), seen)
  expect(after && viewFor(after, agent, 'own'), 'his notes are done: he may read no more').toBeNull()
})

test('a page that reads too slowly gets one resync instead of a backlog', () => {
  const sent: string[] = []
  const socket = { bufferedAmount: 0, send: (text: string) => void sent.push(text) }
  const outlet = createOutlet(socket)
  outlet.offer({ topic: 'customer', customerId: 'c', version: 1 })
  outlet.offer({ topic: 'customer', customerId: 'c', version: 2 })
  outlet.flush()
  expect(sent.splice(0)).toEqual(['{"topic":"customer","customerId":"c","version":2}'])
  socket.bufferedAmount = 1_000_000
  for (let round = 0; round < 3; round++) {
    outlet.offer({ topic: 'customer', customerId: 'c', version: round })
    outlet.flush()
  }
  expect(sent).toEqual([])
  socket.bufferedAmount = 0
  outlet.flush()
  expect(sent.splice(0)).toEqual(['{"topic":"resync"}'])
})

test('a crowd of calls is cut to the newest, campaigns pass, and the page is told to ask again now and then', () => {
  const sent: string[] = []
  const outlet = createOutlet({ bufferedAmount: 0, send: (text: string) => void sent.push(text) })
  const burst = (): void => {
    outlet.offer({ topic: 'setting', key: 'callee-clock', version: 1, value: {} })
    for (let number = 0; number < 60; number++) outlet.offer({ topic: 'customer', customerId: `c${number}`, version: 1 })
    outlet.flush()
  }
  burst()
  expect(sent).toHaveLength(32)
  expect(sent.at(-1)).toContain('c59')
  sent.length = 0
  for (let round = 0; round < 40; round++) burst()
  expect(sent.filter((text) => text.includes('resync'))).toHaveLength(2)
  expect(sent.filter((text) => text.includes('setting'))).toHaveLength(40)
})


import type { IncomingHttpHeaders } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { appendToOutbox } from '@loopline/event-log/outbox'
import { checkTarget } from '../webhook/post.ts'
import { isPublicAddress } from '../webhook/public-address.ts'
import { Browser, PASSWORD, hubUnderTest, serviceBehind } from './hub-under-test.ts'
import type { HubUnderTest } from './hub-under-test.ts'

interface Received {
  headers: IncomingHttpHeaders
  body: string
}

let under: HubUnderTest
let receiver: Awaited<ReturnType<typeof serviceBehind>>
let admin: Browser
let received: Received[] = []
let answer: (received: Received) => number = () => 200

beforeAll(async () => {
  receiver = await serviceBehind((request, response) => {
    let body = ''
    request.on('data', (chunk) => { body += String(chunk) })
    request.on('end', () => {
      const one = { headers: request.headers, body }
      const status = answer(one)
      if (status < 300) received.push(one)
      response.writeHead(status).end()
    })
  })
  under = await hubUnderTest({ WEBHOOK_TO_LOOPBACK: true }, ['hub', 'dialer', 'crm'])
  await under.hub.ensureUser({ username: 'admin', name: '管理员', password: PASSWORD, role: 'admin' })
  admin = new Browser(under.hub.url)
  await admin.signIn('admin')
})
afterAll(async () => {
  await under.close()
  await receiver.close()
})
beforeEach(async () => {
  answer = () => 200
  received = []
})

const ended = (time = Date.now(), key = newId()): OutboxEvent =>
  makeEvent({ type: 'dialer.call.ended', subject: key, sequence: time, time, data: { customerId: key, outcome: 'busy' } })

async function subscribed(topics = ['dialer.call']): Promise<{ id: string; secret: string }> {
  const made = (await admin.ask('POST', '/api/hub/webhooks', { url: `${receiver.url}/results`, topics })).json<{ id: string; secret: string }>()
  // The group exists, so what comes from now on is its.
  await expect.poll(() => under.db.sql`select from log.member where group_name like ${`hub.webhook.${made.id}%`}`).toHaveLength(1)
  await expect.poll(async () => (await under.db.sql`select from log.lease where group_name like ${`hub.webhook.${made.id}%`} and owner is not null`).length).toBeGreaterThan(0)
  return made
}
const ids = (): string[] => received.map(({ headers }) => headers['webhook-id'] as string)
const remove = (id: string) => admin.ask('DELETE', `/api/hub/webhooks/${id}`)

test('results arrive signed and are genuine; after a rotation both secrets verify', async () => {
  const { id, secret } = await subscribed()
  const event = ended()
  await appendToOutbox(under.db, [event])
  await expect.poll(ids, { timeout: 10_000 }).toEqual([event.id])
  const [first] = received as [Received]
  expect(new Webhook(secret).verify(first.body, first.headers as Record<string, string>)).toMatchObject({ type: 'dialer.call.ended', data: { outcome: 'busy' } })
  expect(() => new Webhook(secret).verify(`${first.body} `, first.headers as Record<string, string>)).toThrow()
  const rotated = (await admin.ask('POST', `/api/hub/webhooks/${id}/rotate-secret`)).json<{ secret: string }>()
  await appendToOutbox(under.db, [ended()])
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(2)
  const second = received[1] as Received
  for (const known of [secret, rotated.secret]) new Webhook(known).verify(second.body, second.headers as Record<string, string>)
  expect(JSON.stringify(await under.db.sql`select w::text as row from hub.webhook w`)).not.toContain(secret.slice(6))
  expect((await admin.ask('GET', '/api/hub/webhooks')).text).not.toContain('whsec')
  await remove(id)
  expect(await under.db.sql`select from log.cursor where group_name like ${`hub.webhook.${id}%`}`).toEqual([])
})

test('while the receiver is away nothing is lost, and nothing it took is lost either', async () => {
  const { id } = await subscribed()
  const refuse = new Set<string>()
  answer = ({ headers }) => (refuse.has(headers['webhook-id'] as string) ? 200 : (refuse.add(headers['webhook-id'] as string), 503))
  const events = [ended(), ended()]
  await appendToOutbox(under.db, events)
  await expect.poll(() => new Set(ids()), { timeout: 15_000 }).toEqual(new Set(events.map((event) => event.id)))
  await expect.poll(async () => (await admin.ask('GET', '/api/hub/webhooks')).json<{ items: unknown[] }>().items, { timeout: 5_000 }).toMatchObject([{ id, active: true, failure: null, deliveredAt: expect.any(String) }])
  await remove(id)
})

test('one refused result does not hold up the others', async () => {
  const { id } = await subscribed()
  const [bad, good] = [ended(), ended()]
  answer = ({ headers }) => (headers['webhook-id'] === bad.id ? 422 : 200)
  await appendToOutbox(under.db, [bad, good])
  await expect.poll(ids, { timeout: 10_000 }).toEqual([good.id])
  await expect.poll(() => under.db.sql`select key from log.parked where group_name like ${`hub.webhook.${id}%`}`, { timeout: 10_000 }).toEqual([{ key: bad.key }])
  await remove(id)
})

test('a receiver that says it is gone gets nothing more', async () => {
  const { id } = await subscribed()
  answer = () => 410
  await appendToOutbox(under.db, [ended()])
  await expect.poll(async () => (await admin.ask('GET', '/api/hub/webhooks')).json<{ items: unknown[] }>().items, { timeout: 10_000 }).toMatchObject([{ id, active: false, failure: expect.stringContaining('410') }])
  await remove(id)
})

test('a replay brings again what happened since', async () => {
  const { id } = await subscribed()
  const [old, recent] = [ended(Date.parse('2026-01-01T00:00:00Z')), ended(Date.parse('2027-01-01T00:00:00Z'))]
  await appendToOutbox(under.db, [old, recent])
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(2)
  received = []
  expect((await admin.ask('POST', `/api/hub/webhooks/${id}/replay`, { since: '2026-12-31T00:00:00Z' })).status).toBe(200)
  await expect.poll(ids, { timeout: 10_000 }).toEqual([recent.id])
  await remove(id)
})

test('sealed numbers stay inside', async () => {
  const { id } = await subscribed(['crm.customer'])
  const customerId = newId()
  const data = { customerId, version: 1, name: '张伟', phones: [{ sealed: 'c2VhbGVk' }] }
  await appendToOutbox(under.db, [makeEvent({ type: 'crm.customer.changed', subject: customerId, sequence: 1, time: Date.now(), data })])
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1)
  expect(received[0]?.body).toContain('张伟')
  expect(received[0]?.body).not.toMatch(/phones|c2VhbGVk/)
  await remove(id)
})

test.each(['http://example.com/x', 'https://127.0.0.1/x', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[64:ff9b::7f00:1]/',
  'https://10.0.0.1/', 'https://169.254.169.254/latest', 'https://user@example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'nonsense', 'http://127.0.0.1/'])('%s is no target', (url) => {
  expect(() => checkTarget({ url, loopbackAllowed: false })).toThrow(expect.objectContaining({ code: 'WEBHOOK_TARGET_REFUSED' }))
})

test.each([['8.8.8.8', true], ['100.64.0.1', false], ['192.168.1.1', false], ['172.31.0.1', false], ['172.32.0.1', true], ['0.0.0.0', false], ['255.255.255.255', false],
  ['2606:4700::1', true], ['fe80::1', false], ['fc00::1', false], ['2002:7f00:1::', false], ['2001:0:1::', false], ['::ffff:10.0.0.1', false], ['::', false], ['name', false]])('%s public: %s', (address, want) => {
  expect(isPublicAddress(address)).toBe(want)
})

test('a name that leads to this machine is refused when connecting', async () => {
  const { post } = await import('../webhook/post.ts')
  await expect(post({ url: 'https://localhost/x', loopbackAllowed: false }, '{}', {})).rejects.toMatchObject({ code: 'WEBHOOK_TARGET_REFUSED' })
})

/** The product comes apart (milestone 4): the dialer without crm behind another company's system, and crm without telephony. */
import { expect, onTestFinished, test } from 'vitest'
import { Carrier } from '../carrier.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

async function alone(only: string): Promise<{ product: Product; admin: Session }> {
  const product = await startProduct({ withoutConsole: true, env: { LOOPLINE_ONLY: only, DEMO_CUSTOMERS: '20', CALLEE_CLOCK: '10:12', WEBHOOK_TO_LOOPBACK: 'true' } })
  onTestFinished(() => product.drop())
  return { product, admin: await product.signIn('admin') }
}

/** Whoever joins the dialer by API proves consent per person. */
const entry = (externalId: string, phone: string, more: object = {}): object =>
  ({ externalId, phone, sandbox: true, consent: { state: 'granted', source: 'crm of ours, contract 17', at: '2026-03-01T08:00:00Z' }, ...more })

const WANTED = [['a1', '13900000002', 'connected'], ['a2', '+8613900000010', 'busy'], ['a3', '139 0000 0011', 'rejected'], ['a4', '13900000021', 'invalid-number'], ['a5', '13900000028', 'unreachable']] as const

test('the dialer alone: people are entered by API with a key, called over SIP, and results arrive signed', async () => {
  const { product, admin } = await alone('dialer,voice')
  expect(product.run().children.map(({ name }) => name)).toEqual(['hub', 'voice', 'dialer', 'sandbox', 'sandbox-chinese'])
  const receiver = await WebhookReceiver.open()
  onTestFinished(() => receiver.close())
  const { key } = await admin.post<{ key: string }>('/api/hub/api-keys', { name: 'other crm' })
  const other = product.withKey(key)
  receiver.secret = (await other.post<{ secret: string }>('/api/hub/webhooks', { url: receiver.url, topics: ['dialer.call'] })).secret

  const { items: lines } = await other.get<{ items: { lineId: string; type: string }[] }>('/api/dialer/lines')
  const { campaignId } = await other.post<{ campaignId: string }>('/api/dialer/campaigns', {
    name: 'by API', audience: null, ratePerSecond: 20, hangUpAfterMs: 500, lineIds: lines.filter(({ type }) => type === '4g').map(({ lineId }) => lineId),
    retry: { maxAttempts: 1, afterMinutes: {} },
  })
  await other.post(`/api/dialer/campaigns/${campaignId}/start`)
  const path = `/api/dialer/campaigns/${campaignId}/entries`
  const entries = [
    ...WANTED.map(([externalId, phone]) => entry(externalId, phone)),
    entry('without-consent', '13900000004', { consent: { state: 'unknown', source: '', at: '' } }), entry('a-real-person', '13900000005', { sandbox: false }),
  ]
  const added = await other.post<{ added: number; customerIds: string[] }>(path, { entries })
  expect(added.added).toBe(WANTED.length + 2)
  expect(await other.post(path, { entries })).toMatchObject({ added: 0, known: WANTED.length + 2, customerIds: added.customerIds })
  expect((await other.raw('POST', path, { entries: [entry('a6', 'no number')] })).status).toBe(422)

  await eventually('the results have come', async () => receiver.results.size, (size) => size >= WANTED.length)
  const outcomes = [...receiver.results.values()].map(({ type, data }) => `${type} ${data.campaignId} ${data.customerId} ${data.outcome}`)
  expect(new Set(outcomes)).toEqual(new Set(WANTED.map(([, , outcome], index) => `dialer.call.ended ${campaignId} ${added.customerIds[index]} ${outcome}`)))
  expect(receiver.refused).toEqual([])
  expect(receiver.bodies).not.toMatch(/139\s?0000\s?00/)
  expect(new Carrier(product, 'sandbox').invites()).toHaveLength(WANTED.length)
  const [unproven, real] = added.customerIds.slice(WANTED.length)
  expect(await other.get(`/api/dialer/campaigns/${campaignId}/why-not/${unproven}`)).toMatchObject({ dialable: false, reasons: [{ reason: 'consent-unknown' }] })
  expect(await other.get(`/api/dialer/campaigns/${campaignId}/why-not/${real}`)).toMatchObject({ dialable: false, reasons: [{ reason: 'sandbox-mismatch' }] })
  expect((await other.raw('GET', '/api/crm/customers')).status).toBe(404)
  expect((await other.raw('POST', '/api/hub/api-keys', { name: 'from a key' })).status).toBe(403)
}, 60_000)

test('crm alone: customers are made, listed, edited, imported and found without a dialer', async () => {
  const { product, admin } = await alone('crm')
  expect(product.run().children.map(({ name }) => name)).toEqual(['hub', 'crm'])
  const { items } = await admin.get<{ items: { customerId: string }[] }>('/api/crm/customers?limit=50')
  expect(items).toHaveLength(20)
  const made = await admin.post<{ customerId: string; version: number }>('/api/crm/customers', { name: '欧阳修', phones: ['13912340001'] })
  expect(await admin.call('PATCH', `/api/crm/customers/${made.customerId}`, { version: made.version, level: 'A' })).toMatchObject({ level: 'A', version: made.version + 1 })
  expect(await admin.get('/api/crm/customers?search=oyx')).toMatchObject({ items: [{ customerId: made.customerId }] })

  const form = new FormData()
  form.append('options', JSON.stringify({ columns: ['name', 'phone'] }))
  form.append('file', new Blob(['姓名,电话\n王一,13912340002\n王二,13912340003\n王三,not a number\n']), 'people.csv')
  const { importId } = await admin.post<{ importId: string }>('/api/crm/imports', form)
  const done = await eventually('the import is done', () => admin.get<{ state: string }>(`/api/crm/imports/${importId}`), ({ state }) => state === 'done')
  expect(done).toMatchObject({ created: 2, failed: 1, notCallable: 2, errorFile: true })
  expect(await admin.get('/api/crm/customers?search=13912340003')).toMatchObject({ items: [{ name: '王二' }] })
  expect((await admin.raw('GET', '/api/dialer/campaigns')).status).toBe(404)
  expect(await product.stop()).toBe(0)
}, 60_000)

/** The whole product over real SIP against its sandbox carriers, by its API alone: data, reach, feedback. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Carrier, type TestNumber } from '../carrier.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { filesHolding, tablesHolding } from './leaks.ts'
import { addCustomer, attemptsOf, callOver, customerNow, importCsv, makeCampaign, startCampaign, steer, timelineOf, whyNot, type Attempt, type Campaign, type Customer } from './office.ts'

/** Nobody but this file knows it; it must come to light nowhere (P16). */
const CANARY = '13900001234'
const INVALID = '+8613900000021'

let product: Product
let office: Session
/** A carrier that tells causes as Q.850 does, behind the 4G line. */
let carrier: Carrier
let lineIds: string[]
let numbers: TestNumber[]
let byNumber: Map<string, Customer>
let numbersCampaign: Campaign

beforeAll(async () => {
  product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12', LOG_LEVEL: 'debug', LOG_FORMAT: 'text' } })
  office = await product.signIn('admin')
  carrier = new Carrier(product, 'sandbox')
  const lines = await office.get<{ items: { lineId: string; type: string }[] }>('/api/dialer/lines')
  lineIds = lines.items.filter(({ type }) => type === '4g').map(({ lineId }) => lineId)
  // Some of these take half a minute (a silent carrier is given up after Timer B, 32 s): they run while the rest is tested.
  numbers = await carrier.testNumbers()
  byNumber = new Map(await Promise.all(numbers.map(async ({ number }) => [number, await addCustomer(office, number, 'numbers')] as const)))
  numbersCampaign = await startCampaign(office, 'numbers', { lineIds })
}, 60_000)

afterAll(() => product?.drop())

test('the four roles sign in, and each may what its role says', async () => {
  for (const role of ['admin', 'supervisor', 'agent', 'auditor']) {
    const session = await product.signIn(role)
    expect(await session.get('/api/hub/me')).toMatchObject({ role })
    expect((await session.raw('POST', '/api/hub/api-keys', { name: role })).status).toBe(role === 'admin' ? 200 : 403)
    expect((await session.raw('POST', '/api/dialer/campaigns', { name: role, audience: null })).status).toBe(role === 'agent' || role === 'auditor' ? 403 : 201)
  }
  await expect(product.signIn('admin', 'wrong-password')).rejects.toMatchObject({ status: 401 })
  expect((await fetch(`${product.address}/api/crm/customers`)).status).toBe(401)
})

test('a new customer is called, and the call stands on the timeline with decision and outcome; a senior seller gets whoever answers', async () => {
  const customer = await addCustomer(office, '+8613812340001', 'story')
  // The population answers by its mood; this one is called by a campaign of its own and comes to whatever it comes to.
  const campaign = await startCampaign(office, 'story', { lineIds })
  const attempt = await callOver(office, campaign, customer, 40_000)
  const items = await eventually('the call is on the timeline', () => timelineOf(office, customer), (all) => all.some(({ kind }) => kind === 'call'))
  expect(items.find(({ kind }) => kind === 'call')?.body).toMatchObject({
    attemptId: attempt.attemptId, outcome: attempt.outcome, outcomeReason: attempt.outcomeReason, state: 'ended', lineType: '4g', campaignName: 'story',
    decision: { gate: { allowed: true, reason: null }, calleeTime: expect.stringMatching(/^10:\d\d$/), rules: expect.arrayContaining([expect.objectContaining({ matched: false })]) },
  })
  const connected = byNumber.get('+8613900000001') as Customer
  const now = await eventually('a connected customer has an owner', () => customerNow(office, connected), ({ ownerId }) => ownerId !== null)
  const { items: people } = await office.get<{ items: { userId: string; skills: string[] }[] }>('/api/hub/users')
  expect(people.find(({ userId }) => userId === now.ownerId)?.skills).toContain('senior')
  const rule = (await timelineOf(office, connected)).find(({ kind }) => kind === 'rule')
  expect(rule?.body).toMatchObject({ name: expect.any(String) })
})

test('an invalid number is marked and never dialled again', async () => {
  const customer = byNumber.get(INVALID) as Customer
  const now = await eventually('it is marked', () => customerNow(office, customer), ({ status }) => status === 'invalid')
  expect(now.phones).toMatchObject([{ state: 'invalid', masked: '+86 ••• 0021' }])
  const bystander = await addCustomer(office, '+8613812340002', 'again')
  await office.call('PATCH', `/api/crm/customers/${customer.customerId}`, { version: now.version, tags: ['numbers', 'again'] })
  const campaign = await startCampaign(office, 'again', { lineIds })
  await eventually('the other one is called', () => attemptsOf(office, campaign), (all) => all.some(({ customerId }) => customerId === bystander.customerId))
  expect((await whyNot(office, campaign, customer)).reasons.map(({ reason }) => reason)).toContain('status-invalid')
  expect(carrier.invites(INVALID)).toHaveLength(1)
})

test('an edit that leaves the audience withdraws the entry within a second, also from the ready pool', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, (_, index) => addCustomer(office, `+861381235${String(index).padStart(4, '0')}`, 'leaving')))
  const campaign = await startCampaign(office, 'leaving', { lineIds, ratePerSecond: 0.1 })
  await eventually('they are in the pool', () => office.get<{ inPool: number }>(`/api/dialer/campaigns/${campaign.campaignId}/progress`), ({ inPool }) => inPool >= 10)
  const [last] = await Promise.all(people.slice(-1).map((person) => customerNow(office, person)))
  const leaver = last as Customer
  expect(await whyNot(office, campaign, leaver)).toMatchObject({ inDialList: true })
  const edited = performance.now()
  await office.call('PATCH', `/api/crm/customers/${leaver.customerId}`, { version: leaver.version, tags: [] })
  await eventually('it left', () => whyNot(office, campaign, leaver), ({ inDialList }) => !inDialList, 5_000)
  expect(performance.now() - edited).toBeLessThan(1_000)
  expect((await whyNot(office, campaign, leaver)).reasons.map(({ reason }) => reason)).toEqual(['not-in-audience'])
  await steer(office, campaign, 'stop')
  expect((await attemptsOf(office, campaign)).some(({ customerId }) => customerId === leaver.customerId)).toBe(false)
})

test('why not now: every reason is told for whoever is not called', async () => {
  const campaign = await makeCampaign(office, 'why')
  const refused = await addCustomer(office, '+8613812340003', 'why', { marketingConsent: { state: 'refused', source: 'by phone', at: '2026-02-01T00:00:00Z' }, neverCall: true })
  const unasked = await addCustomer(office, '+8613812340004', 'other', { marketingConsent: undefined })
  const reasonsOf = async (customer: Customer): Promise<string[]> => (await whyNot(office, campaign, customer)).reasons.map(({ reason }) => reason)
  expect(await reasonsOf(refused)).toEqual(['never-call', 'do-not-call', 'consent-refused', 'campaign-not-running', 'not-in-list-yet'])
  expect(await reasonsOf(unasked)).toEqual(['consent-unknown', 'campaign-not-running', 'not-in-audience'])
})

test('after a stop no INVITE leaves, and what rings is cancelled within a second', async () => {
  await carrier.slowDown(20)
  const rows = Array.from({ length: 120 }, (_, index) => `访客 ${index},1381236${String(index).padStart(4, '0')},stopped`)
  expect(await importCsv(office, rows)).toMatchObject({ state: 'done', created: 120, notCallable: 0 })
  const startedAt = Date.now()
  const campaign = await startCampaign(office, 'stopped', { lineIds, ratePerSecond: 20, ringTimeMs: 60_000 })
  await eventually('thirty ring', () => carrier.openCalls(), (open) => open.filter(({ invitedAt, finalAt }) => invitedAt > startedAt && finalAt === null).length >= 30)
  await steer(office, campaign, 'stop')
  const stoppedAt = Date.now()
  const ours = new Set((await attemptsOf(office, campaign)).map(({ attemptId }) => `${attemptId}@loopline`))
  await eventually('none of its calls is up', () => carrier.openCalls(), (open) => !open.some(({ callId }) => ours.has(callId)), 10_000)
  await carrier.slowDown(1)
  const ended = await eventually('all are in the log', async () => carrier.endedCalls().filter(({ callId }) => ours.has(callId)), ({ length }) => length === ours.size)
  const cancelled = ended.filter(({ finalAt, cancelAt }) => cancelAt !== null || finalAt === null || finalAt > stoppedAt)
  expect(cancelled.length).toBeGreaterThanOrEqual(30)
  expect(Math.max(...cancelled.map(({ cancelAt }) => (cancelAt ?? Infinity) - stoppedAt))).toBeLessThan(1_000)
  expect(Math.max(...carrier.invites().filter(({ callId }) => ours.has(callId)).map(({ at }) => at - stoppedAt))).toBeLessThan(200)
  const outcomes = await eventually('each has its outcome', () => attemptsOf(office, campaign), (all) => all.every(({ outcome }) => outcome !== null))
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toContain('cancelled')
  expect(outcomes).toHaveLength(ours.size)
})

test('a number in clear is nowhere: output, files, journal, log, tables, write-ahead log (P16)', async () => {
  const customer = await addCustomer(office, CANARY, 'canary', { name: 'canary' })
  const found = await office.get<{ items: { customerId: string }[] }>(`/api/crm/customers?search=${CANARY}`)
  expect(found.items).toMatchObject([{ customerId: customer.customerId }])
  expect((await office.raw('POST', '/api/crm/customers', { name: 'twice', phones: [CANARY] })).status).toBe(409)
  // A second row with it is a duplicate, a third one is broken: both have their say in files.
  await importCsv(office, [`canary two,${CANARY},canary`, `canary three,${CANARY}99999,canary`])
  const campaign = await startCampaign(office, 'canary', { lineIds })
  await eventually('it is called', async () => carrier.invites(`+86${CANARY}`), ({ length }) => length === 1)
  const { url } = JSON.parse(readFileSync(join(product.home, 'database.json'), 'utf8')) as { url: string }
  // Once while the call is open, once with all that came of it.
  expect((await tablesHolding(url, CANARY)).tables).toEqual([])
  expect(filesHolding(product.home, CANARY).files).toEqual([])
  await callOver(office, campaign, customer, 40_000)
  const { tables, rows } = await tablesHolding(url, CANARY)
  expect({ tables, looked: rows > 1_000 }).toEqual({ tables: [], looked: true })
})

test('every test number comes to its documented outcome', async () => {
  // One of them calls back, which is another attempt of the campaign's.
  const ours = async (): Promise<Attempt[]> => (await attemptsOf(office, numbersCampaign)).filter(({ direction }) => direction === 'outbound')
  const attempts = await eventually('all numbers are through', ours, (all) => all.filter(({ outcome }) => outcome !== null).length === numbers.length, 50_000)
  const outcomes = numbers.map(({ number }) => [number, attempts.find(({ customerId }) => customerId === byNumber.get(number)?.customerId)?.outcome])
  expect(outcomes).toEqual(numbers.map(({ number, outcome }) => [number, outcome]))
}, 60_000)

test('a stop leaves nothing behind: exit code 0, no process, and the number still nowhere (P16)', async () => {
  const { children } = product.run()
  expect(await product.stop()).toBe(0)
  for (const { pid } of children) expect(() => process.kill(pid as number, 0)).toThrow('ESRCH')
  const { files, bytes } = filesHolding(product.home, CANARY)
  expect({ files, looked: bytes > 10_000_000 }).toEqual({ files: [], looked: true })
  expect(product.output()).not.toContain(CANARY)
  // Down to the last word of every log, of which the terminal shows no more than sentences.
  const logs = ['hub', 'crm', 'dialer', 'voice', 'loopline'].map((name) => readFileSync(join(product.home, 'log', `${name}.log`), 'utf8'))
  expect(logs.join('')).toContain('"level":20')
  expect(product.output()).not.toMatch(/"level"|^ +at /m)
})

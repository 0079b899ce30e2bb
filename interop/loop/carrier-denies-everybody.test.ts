/** A line that answers 404 to everything must not mark a single customer invalid: the whole product, over real SIP. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Carrier } from '../carrier.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { addCustomer, attemptsOf, customerNow, startCampaign, timelineOf, type Attempt, type Customer } from './office.ts'

let product: Product
let office: Session
let carriers: Carrier[]
let lineIds: string[]

beforeAll(async () => {
  product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12', LOG_FORMAT: 'text' } })
  office = await product.signIn('admin')
  carriers = [new Carrier(product, 'sandbox'), new Carrier(product, 'sandbox-chinese')]
  // Rings and talks a tenth as long: the test is about answers, not about waiting.
  for (const carrier of carriers) await carrier.slowDown(0.1)
  lineIds = (await lines()).map(({ lineId }) => lineId)
}, 60_000)

afterAll(() => product?.drop())

interface Line {
  lineId: string
  state: string
  stateReason: string | null
}
const lines = async (): Promise<Line[]> => (await office.get<{ items: Line[] }>('/api/dialer/lines')).items

const people = (count: number, block: number, tag: string): Promise<Customer[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => addCustomer(office, `+86138124${block}${String(index).padStart(4, '0')}`, tag)))
const nowOf = (customers: readonly Customer[]): Promise<Customer[]> => Promise.all(customers.map((customer) => customerNow(office, customer)))
const invalid = (customers: readonly Customer[]): string[] => customers.filter(({ status }) => status === 'invalid').map(({ customerId }) => customerId)

/** Calls everybody with the tag once over these lines. */
async function callAll(tag: string, crowd: readonly Customer[], over: readonly string[]): Promise<Attempt[]> {
  const campaign = await startCampaign(office, tag, { name: `${tag} over ${over.length}`, lineIds: over, ratePerSecond: 40 })
  return eventually(`${tag} are called`, () => attemptsOf(office, campaign), (all) => all.length === crowd.length && all.every(({ outcome }) => outcome !== null), 40_000)
}

test('lines are tripped and say so, what they said is taken back, and nobody is invalid in the end', async () => {
  // They were good before: only then their word on a number weighs anything, and only then it can do harm.
  const before = await people(50, 0, 'before')
  await callAll('before', before, lineIds)

  for (const carrier of carriers) await carrier.misbehave({ answer404: true })
  // Too few to trip a line. Denied by two lines, their numbers count as invalid, for now.
  const believed = await people(8, 1, 'believed')
  for (const lineId of lineIds) await callAll('believed', believed, [lineId])
  await eventually('two lines are believed', () => nowOf(believed), (all) => invalid(all).length === believed.length)

  const crowd = await people(60, 2, 'denied')
  const campaign = await startCampaign(office, 'denied', { lineIds, ratePerSecond: 20 })
  const tripped = await eventually('both lines are tripped', lines, (all) => all.every(({ state }) => state === 'tripped'), 30_000)
  for (const { stateReason } of tripped) expect(stateReason).toMatch(/^answers-deny-everybody: \d+ %$/)
  await eventually('the terminal is told', async () => product.output(), (output) => output.includes('dialer warning: a line was tripped; what it said last is held as line-failed: '))
  await eventually('the campaign says why it rests', () => office.get<{ holdReason: string | null }>(`/api/dialer/campaigns/${campaign.campaignId}/progress`), ({ holdReason }) => holdReason === 'line-down')

  const attempts = await eventually('all that they said is held', () => attemptsOf(office, campaign), (all) => all.length > 0 && all.every(({ outcome }) => outcome === 'line-failed'), 30_000)
  expect(attempts.length).toBeLessThan(crowd.length)
  // Also not those of before: a line that is found to lie has its latest hundred words taken back, true ones among them.
  await eventually('nobody is invalid any more', () => nowOf([...before, ...believed, ...crowd]), (all) => invalid(all).length === 0, 20_000)
  const stories = await Promise.all(believed.map((customer) => timelineOf(office, customer)))
  for (const items of stories) {
    const calls = items.filter(({ kind }) => kind === 'call')
    expect(calls.map(({ body }) => body['outcome'])).toEqual(['line-failed', 'line-failed'])
  }
  for (const { status, phones } of await nowOf([...believed, ...crowd])) expect([status, phones[0]?.state]).toEqual(['new', 'usable'])
}, 120_000)

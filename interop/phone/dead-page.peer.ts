/**
 * A page that dies in mid-call (reliability.md F24), twice. Frozen: its process stops, while the browser's own process goes on
 * answering pings on its WebSocket, so that nothing but consent (RFC 7675) can tell. Killed: its process is gone. Each time the
 * leg ends, the agent is paused and the person is not left waiting, all within seconds; and the agent who comes back works on.
 */
import assert from 'node:assert/strict'
import { Office } from '../console/browser.ts'
import { Carrier } from '../carrier.ts'
import { eventually, startProduct } from '../product.ts'
import { bundlePhone, PagePhone } from './page-phone.ts'

const CUSTOMER_HZ = 440

interface Person {
  customerId: string
  version: number
}
let person: Person | null = null

interface Me {
  state: string
  reason: string | null
  leg: string
  selfTest: { state: string }
  call: { attemptId: string } | null
}

const script = await bundlePhone()
const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12' } })
let office = await Office.open(product.address)
const carriers = [new Carrier(product, 'sandbox'), new Carrier(product, 'sandbox-chinese')]
const seller = await product.signIn('agent')
const me = (): Promise<Me> => seller.get<Me>('/api/dialer/agents/me')

/** What voice counts of agents' telephones. */
async function phonesOf(name: 'sockets' | 'legs'): Promise<number> {
  const text = await (await fetch(`${String(product.told('voice')['voice'])}/metrics`)).text()
  return Number(new RegExp(`^loopline_voice_phones_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
}

/** One person, the only owner of the number that sounds a tone, is called by a campaign of its own and put through. */
async function callsSomebody(region: string, phone: PagePhone): Promise<void> {
  const admin = await product.signIn('admin')
  const granted = { state: 'granted', source: 'test', at: new Date().toISOString() }
  person = person === null
    ? await admin.post<Person>('/api/crm/customers', { name: '张伟', phones: ['13900000006'], region, marketingConsent: granted, recordingConsent: granted })
    : await admin.call<Person>('PATCH', `/api/crm/customers/${person.customerId}`, { version: (await admin.get<Person>(`/api/crm/customers/${person.customerId}`)).version, region })
  const { campaignId } = await admin.post<{ campaignId: string }>('/api/dialer/campaigns', {
    name: region, mode: 'progressive', wrapUpMs: 0, hangUpAfterMs: null, audience: { combinator: 'and', rules: [{ field: 'region', operator: '=', value: region }] },
  })
  await seller.post('/api/dialer/agents/me/sign-on', { pageId: `page-${region}`, campaignIds: [campaignId] })
  const { selfTest } = await eventually("the page's leg stands", me, ({ leg }) => leg === 'up')
  if (selfTest.state !== 'passed') await phone.passTest(seller)
  await seller.post('/api/dialer/agents/me/state', { state: 'ready' })
  await admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  await eventually('they talk', me, ({ state }) => state === 'talking', 30_000)
}

const hears = (phone: PagePhone): Promise<unknown> =>
  eventually('the person is heard', () => phone.heard([CUSTOMER_HZ]), ({ shares, peak }) => peak > 0.05 && (shares[0] as number) > 0.8)

/** From the blow on: the leg ends, the agent is paused so that no call can come to him, the person is let go. */
async function isHealed(struck: number): Promise<string> {
  const after = (): string => ((Date.now() - struck) / 1_000).toFixed(1)
  await eventually('the leg is down', me, ({ leg }) => leg !== 'up', 30_000)
  const down = after()
  await eventually('he is paused', me, ({ state, reason, call }) => state === 'paused' && reason === 'leg-lost' && call === null, 30_000)
  const paused = after()
  await eventually('nobody is left waiting', async () => (await Promise.all(carriers.map((carrier) => carrier.openCalls()))).flat(), (calls) => calls.length === 0, 30_000)
  return `after ${down} s the leg is down, after ${paused} s he is paused, after ${after()} s nobody waits for him`
}

try {
  const frozen = await PagePhone.open(office, { script, username: 'agent', address: product.address })
  await frozen.stand()
  await callsSomebody('frozen', frozen)
  await hears(frozen)

  const renderers = await office.renderers()
  assert(renderers.length > 0)
  let struck = Date.now()
  for (const pid of renderers) process.kill(pid, 'SIGSTOP')
  const froze = await isHealed(struck)
  assert.equal(await phonesOf('sockets'), 1, 'the socket is as open as ever: consent alone told')
  console.log(`ok frozen, its WebSocket open: ${froze}`)
  for (const pid of renderers) process.kill(pid, 'SIGCONT')
  assert.match(await frozen.ended(), /^remote: .*No media from the telephone/)
  assert.equal(await frozen.call('sip:desk@loopline'), 'accepted')
  assert.equal(await frozen.connected(), 'connected')
  await eventually('the leg is up again', me, ({ leg }) => leg === 'up')
  console.log('ok thawed, it is told why, and calls the desk again')

  await frozen.listen()
  await callsSomebody('killed', frozen)
  await hears(frozen)
  struck = Date.now()
  for (const pid of await office.renderers()) process.kill(pid, 'SIGKILL')
  const died = await isHealed(struck)
  assert.equal(await phonesOf('legs'), 0)
  console.log(`ok killed: ${died}`)
  await office.close()
  office = await Office.open(product.address)
  const again = await PagePhone.open(office, { script, username: 'agent', address: product.address })
  await again.stand()
  await callsSomebody('again', again)
  await hears(again)
  console.log('ok a new page works on at once')
} catch (error) {
  console.error(product.output())
  throw error
} finally {
  await office.close()
  await product.drop()
}

/**
 * A seller behind a firewall that lets nothing through but coturn: Chromium may use relayed candidates only, takes its place
 * at the desk with the credentials that the product gave it, and hears and is heard. A credential that has ended, or is of
 * another secret, gets no relay.
 */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Office } from '../console/browser.ts'
import { bundlePhone, PagePhone, type IceServer } from '../phone/page-phone.ts'
import { eventually, startProduct, type Session } from '../product.ts'
import { startCoturn } from './coturn.ts'

const CUSTOMER_HZ = 440
/** A second of talk in both directions. */
const PACKETS = 50

interface Me {
  state: string
  leg: string
  selfTest: { state: string }
  call: { attemptId: string } | null
}

const script = await bundlePhone()
const coturn = await startCoturn()
const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12', TURN_URLS: coturn.url, TURN_SECRET: coturn.secret } })
const office = await Office.open(product.address)

/** As coturn's REST interface has them: the user name says until when (Unix s). */
function credentials({ secret, until }: { secret: string; until: number }): IceServer {
  const username = `${until}:somebody`
  return { urls: coturn.url, username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}

/** A person at the number that sounds a tone is called by a campaign, and put through to the seller. */
async function putsThrough(seller: Session, phone: PagePhone): Promise<string> {
  const admin = await product.signIn('admin')
  const granted = { state: 'granted', source: 'test', at: new Date().toISOString() }
  await admin.post('/api/crm/customers', { name: '张伟', phones: ['13900000006'], region: 'relayed', marketingConsent: granted, recordingConsent: granted })
  const { campaignId } = await admin.post<{ campaignId: string }>('/api/dialer/campaigns', {
    name: 'relayed', mode: 'progressive', wrapUpMs: 0, hangUpAfterMs: null, audience: { combinator: 'and', rules: [{ field: 'region', operator: '=', value: 'relayed' }] },
  })
  const me = (): Promise<Me> => seller.get<Me>('/api/dialer/agents/me')
  await seller.post('/api/dialer/agents/me/sign-on', { pageId: 'page-relayed', campaignIds: [campaignId] })
  await eventually("the page's leg stands", me, ({ leg }) => leg === 'up')
  await phone.passTest(seller)
  await seller.post('/api/dialer/agents/me/state', { state: 'ready' })
  await admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  const { call } = await eventually('they talk', me, ({ state }) => state === 'talking', 30_000)
  assert(call)
  return call.attemptId
}

try {
  const phone = await PagePhone.open(office, { script, username: 'agent', address: product.address })
  const seller = await product.signIn('agent')
  const { iceServers } = await seller.get<{ iceServers: IceServer[] }>('/api/dialer/agents/me/phone')
  await phone.stand({ iceServers, iceTransportPolicy: 'relay' })
  assert.deepEqual(await phone.path().then(({ kind, protocol }) => [kind, protocol]), ['relay', 'udp'])
  console.log('ok the leg stands, through the relay alone')

  await putsThrough(seller, phone)
  const heard = await eventually('the tone is heard through the relay', () => phone.heard([CUSTOMER_HZ]), ({ shares, peak }) => peak > 0.05 && (shares[0] as number) > 0.9)
  console.log(`ok hears the person: ${Math.round((heard.shares[0] as number) * 100)} % is ${CUSTOMER_HZ} Hz`)
  const before = await phone.path()
  const after = await eventually('packets pass both ways', () => phone.path(), ({ sent, received }) => sent > before.sent + PACKETS && received > before.received + PACKETS)
  assert.equal(after.kind, 'relay')
  console.log(`ok ${after.sent} packets out and ${after.received} in, relayed`)

  const now = Math.floor(Date.now() / 1_000)
  assert((await phone.gather([credentials({ secret: coturn.secret, until: now + 60 })])).candidates > 0, 'a good credential is relayed')
  const expired = await phone.gather([credentials({ secret: coturn.secret, until: now - 1 })])
  assert.deepEqual([expired.candidates, expired.errors.includes(401)], [0, true], JSON.stringify(expired))
  console.log('ok a credential that has ended gets no relay')
  const forged = await phone.gather([credentials({ secret: 'a guess', until: now + 60 })])
  assert.deepEqual([forged.candidates, forged.errors.includes(401)], [0, true], JSON.stringify(forged))
  console.log('ok nor does one of another secret')
} catch (error) {
  console.error(product.output(), coturn.output().split('\n').slice(-60).join('\n'))
  throw error
} finally {
  await office.close()
  await product.drop()
  await coturn.stop()
}

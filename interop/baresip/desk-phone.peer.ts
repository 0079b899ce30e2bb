/**
 * baresip on an agent's desk, through a whole product: its secret comes by the API, it registers by digest, is called when
 * its agent signs on, and he sells by it. What he hears is measured at his end; the carrier counts what reaches it.
 */
import assert from 'node:assert/strict'
import { Carrier } from '../carrier.ts'
import { addCustomer, startCampaign } from '../loop/office.ts'
import { eventually, startProduct, type Session } from '../product.ts'
import { startBaresip, type Baresip } from './baresip.ts'
import { secondsOf } from './tone.ts'

/** Neither is the tone of the other, so that nobody is taken for hearing himself. */
const [AGENT_HZ, CARRIER_HZ] = [1_000, 440] as const
/** Test numbers of the sandbox carrier: a tone, and what it hears. */
const [SOUNDS, ECHOES] = ['+8613900000006', '+8613900000007'] as const

interface Agent {
  state: string
  reason: string | null
  leg: string
  selfTest: { state: string; faults: string[]; leg: { heardMs: number; playedMs: number; loss: number; levelDbfs: number | null } | null }
  call: { attemptId: string; phase: string } | null
}
interface Credentials {
  agentId: string
  realm: string
  servers: { transport: string; address: string }[]
  user: string
  secret: string
}

const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', AGENT_SIP_LISTEN: '127.0.0.1:0', AGENT_DIGEST: 'md5' } })
let phone: Baresip | null = null

try {
  const [lead, agent] = [await product.signIn('supervisor'), await product.signIn('agent')]
  const { userId } = await agent.get<{ userId: string }>('/api/hub/me')
  const deskPhone = `/api/dialer/agents/${userId}/desk-phone`
  const { user, secret, servers } = await agent.call<Credentials>('PUT', deskPhone)
  const server = servers.find(({ transport }) => transport === 'udp')?.address
  assert(server, 'the answer says where to register')
  phone = await startBaresip({ server, user, secret, toneHz: AGENT_HZ })
  await eventually('the telephone registers', () => agent.get<{ phone: { leg: string } | null }>(deskPhone), (seen) => seen.phone?.leg === 'registered')
  console.log('ok registers by digest with what the API told once')

  await campaignOf(lead, SOUNDS, 'sounds')
  await signOn(agent)
  console.log('ok is called when its agent signs on, and answers by itself')
  await passTest(agent, phone)
  await ready(agent)
  const attemptId = await talking(agent)
  const heardFor = (hz: number): number => (phone?.heard() ?? []).reduce((sum, sound) => sum + secondsOf(hz, sound), 0)
  await eventually(`the agent hears ${CARRIER_HZ} Hz`, async () => heardFor(CARRIER_HZ), (seconds) => seconds >= 1)
  await hangUp(agent, attemptId)
  const records = () => [...new Carrier(product, 'sandbox').endedCalls(), ...new Carrier(product, 'sandbox-chinese').endedCalls()]
  const [record] = await eventually('the carrier wrote the call down', async () => records(), ({ length }) => length === 1)
  assert((record?.rtp?.received ?? 0) >= 50, `the carrier heard ${record?.rtp?.received} packets`)
  console.log(`ok progressive: the agent hears ${CARRIER_HZ} Hz, packets reach the carrier`)

  const ownBefore = heardFor(AGENT_HZ) // what the test of his telephone played back to him
  await campaignOf(lead, ECHOES, 'echoes')
  await signOn(agent)
  await ready(agent)
  const echoed = await talking(agent)
  await eventually(`the agent's ${AGENT_HZ} Hz come back from the other end`, async () => heardFor(AGENT_HZ) - ownBefore, (seconds) => seconds >= 1)
  await hangUp(agent, echoed)
  console.log(`ok its ${AGENT_HZ} Hz reach the other end and come back, though its SDP names another address than it sends from`)

  await ready(agent)
  await phone.command('hangup')
  const lost = await eventually('the agent is paused', () => me(agent), ({ state }) => state === 'paused')
  assert.deepEqual([lost.reason, lost.leg], ['leg-lost', 'registered'])
  await signOn(agent)
  console.log('ok hung up, its agent is paused and not rung again until he signs on anew')

  await agent.call('DELETE', deskPhone)
  await eventually('the leg ends', () => me(agent), ({ leg }) => leg === 'down')
  console.log('ok taken back, the telephone is cut off')
} catch (error) {
  console.error(phone?.output())
  console.error(product.output())
  throw error
} finally {
  await phone?.drop()
  await product.drop()
}

function me(agent: Session): Promise<Agent> {
  return agent.get<Agent>('/api/dialer/agents/me')
}

async function campaignOf(lead: Session, number: string, tag: string): Promise<void> {
  await addCustomer(lead, number, tag)
  await startCampaign(lead, tag, { mode: 'progressive', wrapUpMs: 600_000 })
}

async function signOn(agent: Session): Promise<void> {
  const { items } = await agent.get<{ items: { campaignId: string; mode: string }[] }>('/api/dialer/campaigns')
  const campaignIds = items.filter(({ mode }) => mode === 'progressive').map(({ campaignId }) => campaignId)
  await agent.post('/api/dialer/agents/me/sign-on', { pageId: 'page-of-baresip', phone: 'desk', campaignIds })
  await eventually('the leg is up', () => me(agent), ({ leg }) => leg === 'up')
}

/** Voice hears the telephone's tone, plays it back, and the telephone hears it: then its agent may sell by it. */
async function passTest(agent: Session, baresip: Baresip): Promise<void> {
  const refused = await agent.raw('POST', '/api/dialer/agents/me/state', { state: 'ready' })
  assert.deepEqual([refused.status, (await refused.json() as { error: { code: string } }).error.code], [409, 'SELF_TEST_MISSING'])
  await agent.post('/api/dialer/agents/me/self-test')
  const { selfTest } = await eventually('the telephone is tested', () => me(agent), (seen) => seen.selfTest.state !== 'running')
  assert.equal(selfTest.state, 'passed', JSON.stringify(selfTest))
  assert((selfTest.leg?.heardMs ?? 0) >= 400, JSON.stringify(selfTest))
  await eventually(`its agent hears his own ${AGENT_HZ} Hz`, async () => baresip.heard().reduce((sum, sound) => sum + secondsOf(AGENT_HZ, sound), 0), (seconds) => seconds >= 0.5)
  console.log(`ok tested before the shift: heard at ${Math.round(selfTest.leg?.levelDbfs ?? -200)} dBFS, and plays back to its agent`)
}

async function ready(agent: Session): Promise<void> {
  await agent.post('/api/dialer/agents/me/state', { state: 'ready' })
}

async function talking(agent: Session): Promise<string> {
  const { call } = await eventually('the agent talks', () => me(agent), ({ state }) => state === 'talking')
  assert(call)
  return call.attemptId
}

async function hangUp(agent: Session, attemptId: string): Promise<void> {
  await agent.post(`/api/dialer/calls/${attemptId}/talk`, { do: 'hang-up' })
  await eventually('the notes are waited for', () => me(agent), ({ state }) => state === 'wrap-up')
  await agent.post('/api/dialer/agents/me/wrap-up', { attemptId, next: 'paused' })
}

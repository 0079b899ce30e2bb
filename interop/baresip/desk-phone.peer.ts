/**
 * baresip on an agent's desk, through a whole product: its secret comes by the API, it registers by digest, is called when
 * its agent signs on, and he sells by it. What he hears is measured at his end; the carrier counts what reaches it.
 */
import assert from 'node:assert/strict'
import { Carrier } from '../carrier.ts'
import { addCustomer, startCampaign } from '../loop/office.ts'
import { eventually, startProduct } from '../product.ts'
import { Seller } from './seller.ts'

/** Neither is the tone of the other, so that nobody is taken for hearing himself. */
const [AGENT_HZ, CARRIER_HZ] = [1_000, 440] as const
/** Test numbers of the sandbox carrier: a tone, and what it hears. */
const [SOUNDS, ECHOES] = ['+8613900000006', '+8613900000007'] as const

const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', AGENT_SIP_LISTEN: '127.0.0.1:0', AGENT_DIGEST: 'md5' } })
let seller: Seller | null = null

try {
  const lead = await product.signIn('supervisor')
  const campaignOf = async (number: string, tag: string): Promise<void> => {
    await addCustomer(lead, number, tag)
    await startCampaign(lead, tag, { mode: 'progressive', wrapUpMs: 600_000 })
  }
  const agent = await Seller.arrive(product, AGENT_HZ)
  seller = agent
  console.log('ok registers by digest with what the API told once')

  await campaignOf(SOUNDS, 'sounds')
  await agent.signOn()
  console.log('ok is called when its agent signs on, and answers by itself')
  await refusedUntested(agent)
  await agent.ready()
  const attemptId = await agent.talking()
  await eventually(`the agent hears ${CARRIER_HZ} Hz`, async () => agent.heardFor(CARRIER_HZ), (seconds) => seconds >= 1)
  await agent.hangUp(attemptId)
  const records = () => [...new Carrier(product, 'sandbox').endedCalls(), ...new Carrier(product, 'sandbox-chinese').endedCalls()]
  const [record] = await eventually('the carrier wrote the call down', async () => records(), ({ length }) => length === 1)
  assert((record?.rtp?.received ?? 0) >= 50, `the carrier heard ${record?.rtp?.received} packets`)
  console.log(`ok progressive: the agent hears ${CARRIER_HZ} Hz, packets reach the carrier`)

  const ownBefore = agent.heardFor(AGENT_HZ) // what the test of his telephone played back to him
  await campaignOf(ECHOES, 'echoes')
  await agent.signOn()
  await agent.ready()
  const echoed = await agent.talking()
  await eventually(`the agent's ${AGENT_HZ} Hz come back from the other end`, async () => agent.heardFor(AGENT_HZ) - ownBefore, (seconds) => seconds >= 1)
  await agent.hangUp(echoed)
  console.log(`ok its ${AGENT_HZ} Hz reach the other end and come back, though its SDP names another address than it sends from`)

  await agent.ready()
  await agent.phone.command('hangup')
  const lost = await eventually('the agent is paused', () => agent.me(), ({ state }) => state === 'paused')
  assert.deepEqual([lost.reason, lost.leg], ['leg-lost', 'registered'])
  await agent.signOn()
  console.log('ok hung up, its agent is paused and not rung again until he signs on anew')

  await agent.giveBackPhone()
  console.log('ok taken back, the telephone is cut off')
} catch (error) {
  console.error(seller?.phone.output())
  console.error(product.output())
  throw error
} finally {
  await seller?.phone.drop()
  await product.drop()
}

/** Voice hears the telephone's tone, plays it back, and the telephone hears it: only then may its agent sell by it. */
async function refusedUntested(agent: Seller): Promise<void> {
  const refused = await agent.session.raw('POST', '/api/dialer/agents/me/state', { state: 'ready' })
  assert.deepEqual([refused.status, (await refused.json() as { error: { code: string } }).error.code], [409, 'SELF_TEST_MISSING'])
  const level = await agent.passTest()
  await eventually(`its agent hears his own ${AGENT_HZ} Hz`, async () => agent.heardFor(AGENT_HZ), (seconds) => seconds >= 0.5)
  console.log(`ok tested before the shift: heard at ${Math.round(level)} dBFS, and plays back to its agent`)
}

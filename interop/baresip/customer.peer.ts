/**
 * baresip as the person who is called, at the far end of a line, through a whole product: in clear, and with SRTP by SDES
 * where the line offers or requires it. Each hears the other's tone, measured at both ends, and the person hangs up. A line
 * that requires encryption calls nobody in clear.
 */
import assert from 'node:assert/strict'
import { addCustomer, attemptsOf, CONSENT, makeCampaign, steer, type Attempt } from '../loop/office.ts'
import { eventually, startProduct, type Session } from '../product.ts'
import { startCalledBaresip, type Baresip, type CalledWishes } from './baresip.ts'
import { Seller } from './seller.ts'
import { secondsOf } from './tone.ts'

const [AGENT_HZ, CUSTOMER_HZ] = [1_000, 440] as const

const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12', AGENT_SIP_LISTEN: '127.0.0.1:0', AGENT_DIGEST: 'md5' } })
const phones: Baresip[] = []

try {
  const [admin, lead] = [await product.signIn('admin'), await product.signIn('supervisor')]
  const agent = await Seller.arrive(product, AGENT_HZ)
  phones.push(agent.phone)

  const clear = await personOn({ admin, lead, number: '+8613900005001', srtp: 'off' })
  await talk(agent, clear, async () => {
    await bothHear(agent, clear.phone)
    console.log(`ok in clear: the person hears the agent's ${AGENT_HZ} Hz and the agent the person's ${CUSTOMER_HZ} Hz`)
  })
  assert.deepEqual(await endOf(lead, clear), { outcome: 'connected', outcomeReason: 'answered' })
  console.log('ok the person hangs up: the agent is free for his notes')

  for (const [srtp, encryption] of [['offer', 'srtp'], ['required', 'srtp-mand']] as const) {
    const person = await personOn({ admin, lead, number: srtp === 'offer' ? '+8613900005002' : '+8613900005003', srtp, encryption })
    await talk(agent, person, () => bothHear(agent, person.phone))
    assert.match(person.phone.output(), /SRTP is Enabled \(cryptosuite=AES_CM_128_HMAC_SHA1_80\)/)
    console.log(`ok ${srtp}: with keys in the SDP both hear each other by SRTP, AES_CM_128_HMAC_SHA1_80`)
  }

  const plain = await personOn({ admin, lead, number: '+8613900005004', srtp: 'offer' })
  await talk(agent, plain, () => bothHear(agent, plain.phone))
  assert.doesNotMatch(plain.phone.output(), /SRTP is Enabled/)
  console.log('ok offer: a telephone that knows no SRTP takes the call in clear')

  const stubborn = await personOn({ admin, lead, number: '+8613900005005', srtp: 'required' })
  await call(agent, stubborn)
  assert.deepEqual(await endOf(lead, stubborn), { outcome: 'line-failed', outcomeReason: 'encryption-refused' })
  assert.deepEqual(stubborn.phone.heard().filter(({ samples }) => samples.length > 0), [])
  console.log('ok required: a telephone that knows no SRTP is not spoken to, and the result says why')
} catch (error) {
  for (const phone of phones) console.error(phone.output().replaceAll(/\[\d+:\d+:\d+\][^\r\n[]*(?:\r|(?=\[))/g, ''))
  console.error(product.output())
  throw error
} finally {
  for (const phone of phones) await phone.drop()
  await product.drop()
}

interface Person {
  phone: Baresip
  campaign: Awaited<ReturnType<typeof makeCampaign>>
}

/** A line of his own to his telephone, and a campaign over that line for him alone. */
async function personOn({ admin, lead, number, srtp, encryption }: { admin: Session; lead: Session; number: string; srtp: string; encryption?: CalledWishes['encryption'] }): Promise<Person> {
  const phone = await startCalledBaresip({ number, toneHz: CUSTOMER_HZ, ...(encryption === undefined ? {} : { encryption }) })
  phones.push(phone)
  const { lineId } = await admin.post<{ lineId: string }>('/api/dialer/lines', { name: number, type: 'voip', remote: phone.sip, callerIds: ['+862038880009'], sandbox: true, probe: false, srtp })
  await addCustomer(lead, number, number, { recordingConsent: CONSENT })
  return { phone, campaign: await makeCampaign(lead, number, { mode: 'progressive', wrapUpMs: 600_000, hangUpAfterMs: null, lineIds: [lineId] }) }
}

async function call(agent: Seller, { campaign }: Person): Promise<void> {
  await steer(await product.signIn('supervisor'), campaign, 'start')
  await agent.signOn()
  await agent.ready()
}

/** He is called; when all is done the person hangs up, and the agent writes his notes. */
async function talk(agent: Seller, person: Person, doing: () => Promise<void>): Promise<void> {
  await call(agent, person)
  const attemptId = await agent.talking()
  await doing()
  await person.phone.command('hangup')
  await agent.finish(attemptId)
}

/** A second and more of the other's tone at each end, from here on. */
async function bothHear(agent: Seller, person: Baresip): Promise<void> {
  const [agentBefore, personBefore] = [agent.heardFor(CUSTOMER_HZ), heardBy(person)]
  await eventually(`the agent hears ${CUSTOMER_HZ} Hz`, async () => agent.heardFor(CUSTOMER_HZ) - agentBefore, (seconds) => seconds >= 1)
  await eventually(`the person hears ${AGENT_HZ} Hz`, async () => heardBy(person) - personBefore, (seconds) => seconds >= 1)
}

function heardBy(phone: Baresip): number {
  return phone.heard().reduce((sum, sound) => sum + secondsOf(AGENT_HZ, sound), 0)
}

async function endOf(lead: Session, { campaign }: Person): Promise<Pick<Attempt, 'outcome' | 'outcomeReason'>> {
  const [attempt] = await eventually('the call has its outcome', () => attemptsOf(lead, campaign), ([first]) => first !== undefined && first.outcome !== null)
  assert(attempt)
  return { outcome: attempt.outcome, outcomeReason: attempt.outcomeReason }
}

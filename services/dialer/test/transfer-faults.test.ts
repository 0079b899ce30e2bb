import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { AgentDesk } from './agent-desk.ts'
import { openWorld, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
})
afterAll(() => world.close())
beforeEach(() => { world.voice.script = () => null })

const transfer = (who: AgentDesk, { attemptId }: DialCommand, command: object): Promise<{ status: number }> => who.ask('POST', `/calls/${attemptId}/transfer`, command)
const told = ({ attemptId }: DialCommand, seller: AgentDesk, colleague: AgentDesk): void =>
  world.voice.tell({ kind: 'company', attemptId, at: Date.now(), agentId: seller.agentId, colleague: { agentId: colleague.agentId, mode: 'consult' } })

/** Two who speak while the person hears music. */
async function consulting(url: string, name: string): Promise<{ seller: AgentDesk; colleague: AgentDesk; call: DialCommand }> {
  const [seller, colleague] = [new AgentDesk(world, url), new AgentDesk(world, url)]
  world.crm.add(customer(world.keys, { region: name, recordingConsent: 'granted' }))
  const { campaignId } = await startCampaign(world, url, { audience: region(name), mode: 'progressive', wrapUpMs: 60_000 })
  await seller.begin(campaignId)
  const call = await seller.call()
  world.voice.answer(call)
  await seller.inState('talking')
  await colleague.begin()
  await transfer(seller, call, { do: 'ask', kind: 'consult', note: '', to: { agentId: colleague.agentId } })
  await transfer(colleague, call, { do: 'accept' })
  await seller.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  await colleague.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  return { seller, colleague, call }
}

test('a dialer killed in the middle of a consultation: its successor knows of it, and the colleague gets the person', { timeout: 120_000 }, async () => {
  const doomed = await world.forkDialer()
  const { seller, colleague, call } = await consulting(doomed.url, 'killed')
  doomed.child.kill('SIGKILL')
  await doomed.gone
  const successor = await world.startDialer()
  for (const each of [seller, colleague]) each.url = successor.url
  told(call, seller, colleague)
  expect(await seller.me()).toMatchObject({ state: 'on-hold', call: { attemptId: call.attemptId, transfer: { phase: 'consulting', agentId: colleague.agentId } } })
  expect(await colleague.me()).toMatchObject({ state: 'talking', call: { transfer: { side: 'asked' } } })
  await until(async () => (await transfer(seller, call, { do: 'complete' })).status === 202, 'voice is there')
  await seller.inState('wrap-up')
  expect(await colleague.is(({ call: now }) => now?.transfer === null, 'his')).toMatchObject({ state: 'talking' })
  world.voice.hangUp(call)
  await colleague.inState('wrap-up', 30_000)
  await successor.stop()
})

test('a dialer killed before it heard that the person was taken over: the successor asks voice', { timeout: 120_000 }, async () => {
  const doomed = await world.forkDialer()
  const { seller, colleague, call } = await consulting(doomed.url, 'unheard')
  doomed.child.kill('SIGKILL')
  await doomed.gone
  world.voice.handOver(call.attemptId, colleague.agentId)
  const successor = await world.startDialer()
  for (const each of [seller, colleague]) each.url = successor.url
  await seller.inState('wrap-up', 30_000)
  expect(await colleague.is(({ call: now }) => now?.transfer === null, 'his', 30_000)).toMatchObject({ state: 'talking', call: { attemptId: call.attemptId } })
  world.voice.hangUp(call)
  await colleague.inState('wrap-up', 30_000)
  await successor.stop()
})

test('a colleague whom voice still has beside the agent, and who was let go, leaves', { timeout: 60_000 }, async () => {
  const dialer = await world.startDialer()
  const { seller, colleague, call } = await consulting(dialer.url, 'let go')
  await transfer(seller, call, { do: 'take-back' })
  world.voice.orders.splice(0)
  told(call, seller, colleague)
  await until(() => world.voice.orders.some((one) => one.order === 'leave' && one.agentId === colleague.agentId), 'he leaves')
  expect(await seller.me()).toMatchObject({ state: 'talking' })
  world.voice.hangUp(call)
  await dialer.stop()
})

test('voice is killed while two speak: both are free, the seller has his notes, the transfer says why', { timeout: 60_000 }, async () => {
  const dialer = await world.startDialer()
  const { seller, colleague, call } = await consulting(dialer.url, 'dead voice')
  for (const each of [seller, colleague]) world.voice.leg(each.agentId, 'down')
  world.voice.restart(() => ({ evidence: { endedBy: 'crash', sipStatus: 200 } }))
  await seller.inState('wrap-up', 15_000)
  expect(await colleague.inState('paused', 15_000)).toMatchObject({ call: null })
  await until(async () => (await world.database.db.sql`select 1 from dialer.transfer where attempt_id = ${call.attemptId} and result = 'failed' and failure in ('customer-gone', 'leg-lost')`).length === 1, 'the transfer is over')
  await dialer.stop()
})

test('two dialers: one asks, the colleague answers at the other', { timeout: 60_000 }, async () => {
  const [one, two] = [await world.startDialer(), await world.startDialer()]
  const { seller, colleague, call } = await consulting(one.url, 'two dialers')
  await transfer(seller, call, { do: 'take-back' })
  await transfer(seller, call, { do: 'ask', kind: 'consult', note: '', to: { agentId: colleague.agentId } })
  colleague.url = two.url
  await until(async () => (await transfer(colleague, call, { do: 'accept' })).status === 202, 'the other dialer knows of it')
  await seller.is(({ call: now }) => now?.transfer?.phase === 'consulting', 'they speak')
  seller.url = two.url
  await until(async () => (await transfer(seller, call, { do: 'complete' })).status === 202, 'so does it of the answer')
  await seller.inState('wrap-up')
  world.voice.hangUp(call)
  await colleague.inState('wrap-up')
  await one.stop()
  await two.stop()
})

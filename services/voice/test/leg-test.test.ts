import { afterEach, expect, test } from 'vitest'
import { randomUUID } from 'node:crypto'
import type { LegFindings } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'
import { mediaOfTest, type MediaOfTest } from './media-of-test.ts'
import { rtpPeer, shareOf, type RtpPeer } from './rtp-peer.ts'

let media: MediaOfTest
const peers: RtpPeer[] = []
async function peer(): Promise<RtpPeer> {
  const made = await rtpPeer('PCMA', 101)
  peers.push(made)
  return made
}
afterEach(async () => {
  for (const each of peers.splice(0)) each.close()
  await media.stop()
})

/** Orders a test; resolves with what is found. */
function tested(agentId: UserId): Promise<LegFindings> {
  const testId = randomUUID()
  media.media.post({ type: 'talk', orders: [{ order: 'test-leg', agentId, testId }] })
  return media.first('leg-tested', (message) => message.testId === testId && message.agentId === agentId).then(({ findings }) => findings)
}

test('who speaks hears himself, and is measured', async () => {
  media = await mediaOfTest()
  const agent = await peer()
  const agentId = await media.desk(agent)
  agent.keepSaying(1_000)
  const found = await tested(agentId)
  expect(found).toMatchObject({ isInterrupted: false, loss: 0 })
  expect(found.listenedMs).toBeGreaterThanOrEqual(1_000)
  expect(found.playedMs).toBe(found.listenedMs)
  expect(found.heardMs).toBeGreaterThanOrEqual(400)
  expect(found.levelDbfs).toBeCloseTo(-15.3, 0) // 8,000 of 32,768 peak
  expect(found.framesReceived).toBeGreaterThan(found.framesDue * 0.5)
  await agent.when((heard) => heard.length >= found.playedMs / 20)
  expect(agent.heard).toHaveLength(found.playedMs / 20)
  expect(shareOf(1_000, agent.heard.slice(10))).toBeGreaterThan(0.9)
})

test('who is silent is waited for a little longer, and found silent', async () => {
  media = await mediaOfTest()
  const agent = await peer()
  const agentId = await media.desk(agent)
  agent.keepSaying(0)
  const found = await tested(agentId)
  expect(found).toMatchObject({ isInterrupted: false, listenedMs: 2_400, playedMs: 2_400, heardMs: 0 })
  expect(found.levelDbfs ?? -200).toBeLessThan(-60)
  expect(found.framesReceived).toBeGreaterThan(found.framesDue * 0.5)
})

test('a telephone that sends nothing is found so', async () => {
  media = await mediaOfTest()
  const found = await tested(await media.desk(await peer()))
  expect(found).toMatchObject({ isInterrupted: false, framesReceived: 0, framesDue: 240, heardMs: 0, levelDbfs: null })
})

test('a call that comes ends the test: nothing is played over a customer', async () => {
  media = await mediaOfTest()
  const [agent, customer] = [await peer(), await peer()]
  const agentId = await media.desk(agent)
  agent.keepSaying(1_000)
  const found = tested(agentId)
  const call = media.call(customer, { agentId })
  customer.keepSaying(440)
  call.answer()
  expect(await found).toMatchObject({ isInterrupted: true })
  await media.event('connected', call.attemptId)
  await Promise.all([customer.when((heard) => heard.length >= 25), agent.when((heard) => heard.length >= 30)])
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.9)
  expect(shareOf(440, agent.heard.slice(5))).toBeGreaterThan(0.9)
})

test('a test without a leg, in a call, or begun anew says so', async () => {
  media = await mediaOfTest()
  expect(await tested(randomUUID() as UserId)).toMatchObject({ isInterrupted: true, framesDue: 0 })
  const [agent, customer] = [await peer(), await peer()]
  const agentId = await media.desk(agent)
  agent.keepSaying(1_000)
  const [first, second] = await Promise.all([tested(agentId), tested(agentId)])
  expect([first.isInterrupted, second.isInterrupted]).toEqual([true, false])
  const call = media.call(customer, { agentId })
  call.answer()
  await media.event('connected', call.attemptId)
  expect(await tested(agentId)).toMatchObject({ isInterrupted: true, framesDue: 0 })
})

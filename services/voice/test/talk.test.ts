import { afterEach, expect, test } from 'vitest'
import { mediaOfTest, type MediaOfTest } from './media-of-test.ts'
import { rtpPeer, shareOf, type Heard, type RtpPeer } from './rtp-peer.ts'

let media: MediaOfTest
const peers: RtpPeer[] = []

async function peer(law: 'PCMA' | 'PCMU' = 'PCMA', telephoneEvent: number | null = 101): Promise<RtpPeer> {
  const made = await rtpPeer(law, telephoneEvent)
  peers.push(made)
  return made
}

afterEach(async () => {
  for (const each of peers.splice(0)) each.close()
  await media.stop()
})

/** Sequence numbers rise by one and timestamps never go back, under one SSRC. */
function expectUnbroken(heard: readonly Heard[]): void {
  for (const [index, packet] of heard.entries()) {
    const before = heard[index - 1]
    if (before === undefined) continue
    expect(packet.ssrc).toBe(before.ssrc)
    expect((packet.sequence - before.sequence) & 0xffff).toBe(1)
    expect((packet.timestamp - before.timestamp) >>> 0).toBeLessThan(80_000)
  }
}

test('at the answer the person and the reserved agent hear each other at once', async () => {
  media = await mediaOfTest()
  const [customer, agent] = [await peer(), await peer()]
  const agentId = await media.desk(agent)
  const call = media.call(customer, { agentId })
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  await agent.when((heard) => heard.length >= 5) // early media: what the line says before the answer
  expect(customer.heard).toEqual([]) // and nothing goes back
  call.answer()
  const connected = await media.event('connected', call.attemptId)
  expect(connected).toMatchObject({ agentId })
  expect(connected.afterAnswerMs).toBeLessThan(100)
  await Promise.all([customer.when((heard) => heard.length >= 25), agent.when((heard) => heard.length >= 30)])
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.9)
  expect(shareOf(440, agent.heard)).toBeGreaterThan(0.9)
  expectUnbroken(customer.heard)
  expectUnbroken(agent.heard)
  expect(agent.heard[0]?.ssrc).not.toBe(customer.ssrc)
  call.close()
  await media.first('call-closed')
})

test('A-law on one side and μ-law on the other are turned into each other', async () => {
  media = await mediaOfTest()
  const [customer, agent] = [await peer('PCMA'), await peer('PCMU')]
  const call = media.call(customer, { agentId: await media.desk(agent) })
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  call.answer()
  await Promise.all([customer.when((heard) => heard.length >= 25), agent.when((heard) => heard.length >= 25)])
  expect(new Set(customer.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([8]))
  expect(new Set(agent.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([0]))
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.9)
  expect(shareOf(440, agent.heard)).toBeGreaterThan(0.9)
})

test('f25: ten times as many broken calls as ports give every port back', async () => {
  media = await mediaOfTest({ calls: 4 })
  const customer = await peer()
  for (let round = 0; round < 10; round += 1) {
    const calls = Array.from({ length: 4 }, () => media.call(customer, {}))
    expect(media.caller.take()).toBeNull()
    calls.forEach((call, index) => {
      if (index % 2 === 0) call.answer() // some are broken before their answer, some after
      call.close()
    })
    await media.first('endpoints', () => media.caller.free === 4)
  }
})

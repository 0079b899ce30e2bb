/** Where our RTCP goes: where it is signalled, or back to where theirs comes from once a NAT has moved their RTP (RFC 4961). */
import { createSocket, type Socket } from 'node:dgram'
import { afterEach, expect, test } from 'vitest'
import { buildRtcp } from '@loopline/rtp/rtcp-build'
import { isRtcp } from '@loopline/rtp/packet.hot'
import { mediaOfTest } from './media-of-test.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

interface Ear {
  socket: Socket
  port: number
  /** Resolves with the first report that comes, and counts them. */
  first: Promise<void>
  heard: number
}

async function ear(host = '127.0.0.1'): Promise<Ear> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  const { promise, resolve } = Promise.withResolvers<void>()
  const made: Ear = { socket, port: socket.address().port, first: promise, heard: 0 }
  socket.on('message', (datagram) => {
    if (!isRtcp(datagram, datagram.length)) return
    made.heard += 1
    resolve()
  })
  open.push({ close: () => new Promise((done) => socket.close(() => done())) })
  return made
}

async function talkOf(remote: (agent: RtpPeer) => RtpPeer['remote']) {
  const media = await mediaOfTest()
  open.push({ close: () => media.stop() })
  const [customer, agent] = [await rtpPeer(), await rtpPeer()]
  open.push(customer, agent)
  const leg = { ...agent, remote: remote(agent) }
  const call = media.call(customer, { agentId: await media.desk(leg) })
  agent.target = leg.target
  call.answer()
  await media.event('connected', call.attemptId)
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  await agent.when((heard) => heard.length >= 10)
  return { agent, control: leg.target + 1 }
}

test('a port of its own (RFC 3605) gets the reports', { timeout: 30_000 }, async () => {
  const own = await ear()
  await talkOf((agent) => ({ ...agent.remote, rtcpPort: own.port }))
  await own.first
})

test('behind a NAT nothing goes to the port that was named; after a first report of theirs ours go back by the same way', { timeout: 30_000 }, async () => {
  const [named, through] = [await ear('127.0.0.9'), await ear()]
  const { agent, control } = await talkOf((peer) => ({ host: '127.0.0.9', port: peer.remote.port, rtcpPort: named.port, sourceHost: '127.0.0.1' }))
  const before = named.heard
  const report = buildRtcp([{ kind: 'receiver-report', ssrc: agent.ssrc, reports: [] }])
  through.socket.send(report, control, '127.0.0.1')
  await through.first
  expect(named.heard).toBe(before)
  const stranger = await ear('127.0.0.2')
  stranger.socket.send(report, control, '127.0.0.1')
  const { heard } = through
  await expect.poll(() => through.heard, { timeout: 20_000 }).toBeGreaterThan(heard)
  expect(stranger.heard).toBe(0)
})

/** Threats 9, 10 and 12 while a call is up: what a stranger sends to our media ports moves nothing, and is never answered. */
import { createSocket, type Socket } from 'node:dgram'
import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import fc from 'fast-check'
import { buildRtcp } from '@loopline/rtp/rtcp-build'
import { FRAME_SAMPLES, newRtpPacket, RTP_HEADER_BYTES, writeRtpHeader } from '@loopline/rtp/packet.hot'
import { BrowserPort } from '../media/browser-port.hot.ts'
import { Leg } from '../media/leg.hot.ts'
import { OutStream } from '../media/out-stream.hot.ts'
import { browserPeer } from './browser-peer.ts'
import { mediaOfTest } from './media-of-test.ts'
import { powerShare, rtpPeer, shareOf } from './rtp-peer.ts'

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

test('threat-9: RTP and RTCP sprayed from another address are never relayed, recorded, counted or answered', async () => {
  const media = await mediaOfTest()
  open.push({ close: () => media.stop() })
  const [customer, agent, stranger] = [await rtpPeer(), await rtpPeer(), await rtpPeer('PCMA', 101, '127.0.0.2')]
  open.push(customer, agent, stranger)
  const call = media.call(customer, { agentId: await media.desk(agent), recording: { record: 'yes', basis: 'granted' } })
  const both = [call.endpoint.port, agent.target]
  stranger.target = call.endpoint.port
  stranger.keepSaying(2_500) // before the person has said a word: there is nothing to be raced
  call.answer()
  await media.event('connected', call.attemptId)
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  await agent.when((heard) => heard.length >= 10)
  // What a listener on the wire could make: the person's own SSRC and the numbers that come next.
  const forged = new Uint8Array(RTP_HEADER_BYTES + FRAME_SAMPLES).fill(0x2a)
  const report = buildRtcp([{ kind: 'receiver-report', ssrc: customer.ssrc, reports: [{ ssrc: agent.heard[0]?.ssrc ?? 0, fractionLost: 255, cumulativeLost: 9, highestSequence: 1, jitter: 1, lsr: 0, dlsr: 0 }] }])
  for (let ahead = 1; ahead <= 200; ahead += 1) {
    const { sequence, timestamp } = customer.position()
    writeRtpHeader(forged, 0, { ...newRtpPacket(), payloadType: 8, ssrc: customer.ssrc, sequence: (sequence + ahead) & 0xffff, timestamp: (timestamp + 160 * ahead) >>> 0 })
    for (const port of both) {
      stranger.send(forged.slice(), port)
      stranger.send(report, port)
      stranger.send(report, port + 1)
    }
  }
  await agent.when((heard) => heard.length >= 120)
  await media.recorder((messages) => messages.filter(({ type }) => type === 'block').length >= 10)
  expect(stranger.heard).toEqual([])
  expect(stranger.control).toEqual([])
  expect(shareOf(440, agent.heard)).toBeGreaterThan(0.95)
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.95)
  for (const [index, { sequence }] of agent.heard.entries()) expect((sequence - (agent.heard[0]?.sequence ?? 0)) & 0xffff).toBe(index)
  const side = media.recorded.flatMap((message) => (message.type === 'block' ? [...message.customer] : []))
  expect(powerShare(2_500, side)).toBeLessThan(0.01)
  const { calls } = await media.first('quality', ({ calls: [each] }) => (each?.customer.packetsReceived ?? 0) > 40)
  expect(calls[0]?.customer.lossFar).toBeNull()
  expect(calls[0]?.agent.lossFar).toBeNull()
})

test('threat-9: a telephone behind a NAT is learned where its signalling proved itself; a sprayer moves nothing, before or after', async () => {
  const media = await mediaOfTest()
  open.push({ close: () => media.stop() })
  const [customer, agent, stranger, named] = [await rtpPeer(), await rtpPeer(), await rtpPeer('PCMA', 101, '127.0.0.2'), await rtpPeer('PCMA', 101, '127.0.0.9')]
  open.push(customer, agent, stranger, named)
  const seen = { ...agent, remote: { ...named.remote, sourceHost: agent.remote.host } } // its SDP names an address of its own
  const call = media.call(customer, { agentId: await media.desk(seen) })
  stranger.target = seen.target
  named.target = seen.target
  agent.target = seen.target
  stranger.keepSaying(2_500) // first of all
  call.answer()
  await media.event('connected', call.attemptId)
  customer.keepSaying(440)
  await named.when((heard) => heard.length >= 5) // until the telephone is heard, its SDP counts
  agent.keepSaying(1_000)
  await agent.when((heard) => heard.length >= 10)
  named.keepSaying(2_500) // whoever has that address is not the telephone
  await agent.when((heard) => heard.length >= 60)
  expect(stranger.heard).toEqual([])
  expect(shareOf(440, agent.heard)).toBeGreaterThan(0.95)
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.95)
})

/** A browser's leg on a port of the test's own, so that what it counts can be read. */
async function browserOnPort() {
  const port = await BrowserPort.open('127.0.0.1', 0)
  const browser = await browserPeer()
  open.push(port, browser)
  const leg = new Leg(1, new OutStream({ ssrc: browser.wish.ssrc, sequence: 1, timestamp: 1 }))
  leg.agree({ codec: 'PCMA', telephoneEvent: 126, ptimeMs: 20, direction: 'sendrecv' })
  const states: [boolean, string | null][] = []
  const heard: number[] = []
  const waiting = new Set<() => void>()
  leg.tap = { put: ({ sequence }) => { heard.push(sequence); for (const look of waiting) look() } }
  const opened = port.openLeg({ wish: { ...browser.wish, kind: 'browser' }, leg, control: { onRtcp: () => undefined }, onState: (isUp, reason) => { states.push([isUp, reason]); for (const look of waiting) look() } })
  const when = (holds: () => boolean): Promise<void> => new Promise((resolve) => {
    const look = (): void => { if (holds()) { waiting.delete(look); resolve() } }
    waiting.add(look)
    look()
  })
  await browser.connect(port.port)
  await when(() => states.length > 0)
  return { port, browser, opened, states, heard, when }
}

test('threat-10: floods of SRTP with a bad tag, of replays and of pieces are counted and change nothing', async () => {
  const { browser, opened, states, heard, when } = await browserOnPort()
  browser.keepSaying(1_000)
  await when(() => heard.length >= 5)
  const real = browser.said[0] as Uint8Array
  const dropped = opened.dropped
  let sent = 0
  const flood = (datagram: Uint8Array): void => {
    browser.send(datagram)
    sent += 1
  }
  for (let round = 0; round < 100; round += 1) {
    const forged = Uint8Array.from(real)
    forged[3] = (forged[3] as number) ^ (round + 1) // another sequence number under the old tag
    flood(forged)
    flood(real)
    const cut = real.slice(0, 12 + round % 40)
    flood(cut)
  }
  await expect.poll(() => opened.dropped - dropped).toBe(sent)
  const before = heard.length
  await when(() => heard.length >= before + 10)
  expect(new Set(heard).size).toBe(heard.length) // nothing was played twice
  for (const [index, sequence] of heard.entries()) expect((sequence - (heard[0] as number)) & 0xffff).toBe(index)
  expect(states).toEqual([[true, null]])
})

test('threat-12: hostile STUN at the port of the browsers gets no answer, and takes nothing from who is there', async () => {
  const { port, browser, states, heard, when } = await browserOnPort()
  browser.keepSaying(1_000)
  const stranger = await socketAt('127.0.0.4')
  let answered = 0
  stranger.on('message', () => { answered += 1 })
  const hostile = fc.sample(fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.concat([Buffer.from([(bytes[0] as number) & 3]), bytes])),
    // The header of a Binding with any length, then attributes whose lengths lie: longer than the datagram, zero, odd.
    fc.record({ says: fc.nat(0xffff), attributes: fc.array(fc.record({ type: fc.constantFrom(6, 8, 0x20, 0x8028, 0x25, 0xffff), says: fc.nat(0xffff), value: fc.uint8Array({ maxLength: 80 }) }), { maxLength: 8 }) })
      .map(({ says, attributes }) => stunOf(says, attributes)),
    fc.nat(60_000).map((length) => stunOf(undefined, [{ type: 6, says: undefined, value: Buffer.alloc(length % 1_200, `${browser.wish.ufrag}:`) }])),
  ), { numRuns: 600, seed: 12 })
  await Promise.all(hostile.map((datagram) => new Promise<void>((resolve) => { stranger.send(datagram, port.port, '127.0.0.1', () => resolve()) })))
  await expect.poll(() => port.strangers).toBeGreaterThan(300)
  const before = heard.length
  await when(() => heard.length >= before + 10)
  expect(answered).toBe(0)
  expect(port.failed).toBe(0)
  expect(states).toEqual([[true, null]])
})

async function socketAt(host: string): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  open.push(socket as unknown as { close(): void })
  return socket
}

/** `says`: the length a field claims; undefined: the true one. */
function stunOf(says: number | undefined, attributes: readonly { type: number; says: number | undefined; value: Uint8Array }[]): Buffer {
  const body = Buffer.concat(attributes.map(({ type, says: length, value }) => {
    const head = Buffer.alloc(4)
    head.writeUInt16BE(type, 0)
    head.writeUInt16BE(length ?? value.length, 2)
    return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
  }))
  const head = Buffer.alloc(20)
  head.writeUInt16BE(1, 0)
  head.writeUInt16BE(says ?? body.length, 2)
  head.writeUInt32BE(0x2112_a442, 4)
  randomBytes(12).copy(head, 8)
  return Buffer.concat([head, body])
}

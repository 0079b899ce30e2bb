/** SRTP towards a line while a call is up: what new session descriptions do to keys and counters. */
import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { masterBytes, type SrtpProfile } from '@loopline/rtp/srtp/profile'
import { LegSrtp } from '../media/leg-srtp.hot.ts'
import type { SrtpKeys } from '../media/media-messages.ts'
import { srtpReceiverOf, srtpSenderOf } from '../media/primitives.ts'
import { mediaOfTest } from './media-of-test.ts'
import { rtpPeer, shareOf, type RtpPeer } from './rtp-peer.ts'

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

const PROFILES: readonly SrtpProfile[] = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32', 'AEAD_AES_128_GCM']
const keysOf = (profile: SrtpProfile = 'AES_CM_128_HMAC_SHA1_80'): SrtpKeys =>
  ({ profile, send: randomBytes(masterBytes(profile)).toString('base64'), receive: randomBytes(masterBytes(profile)).toString('base64') })

async function callOn(keys: SrtpKeys | null) {
  const media = await mediaOfTest()
  open.push({ close: () => media.stop() })
  const [customer, agent] = [await rtpPeer(), await rtpPeer()]
  open.push(customer, agent)
  customer.secure(keys)
  const call = media.call(customer, { agentId: await media.desk(agent) }, keys)
  call.answer()
  await media.event('connected', call.attemptId)
  customer.keepSaying(440)
  agent.keepSaying(1_000)
  return { media, customer, agent, call }
}

/** Both hear each other, from here on. */
async function bothHear(customer: RtpPeer, agent: RtpPeer): Promise<void> {
  const [from, since] = [customer.heard.length, agent.heard.length]
  await customer.when((heard) => heard.length >= from + 30)
  await agent.when((heard) => heard.length >= since + 30)
  expect(shareOf(1_000, customer.heard.slice(from + 5))).toBeGreaterThan(0.8)
  expect(shareOf(440, agent.heard.slice(since + 5))).toBeGreaterThan(0.8)
}

test.each(PROFILES)('%s: both hear each other, and every packet on the wire opens', async (profile) => {
  const { customer, agent } = await callOn(keysOf(profile))
  await bothHear(customer, agent)
  expect(customer.unopened()).toBe(0)
})

test('plain RTP of somebody who knows no key is neither heard nor relayed', async () => {
  const { customer, agent } = await callOn(keysOf())
  await bothHear(customer, agent)
  customer.secure(null) // from the same place: without the key it is nobody
  customer.keepSaying(2_500)
  const { length } = agent.heard
  for (let n = 0; n < 50; n += 1) customer.say(2_500)
  await customer.when((heard) => heard.length >= 80)
  expect(shareOf(2_500, agent.heard.slice(length))).toBeLessThan(0.01)
})

test('a session description with the same keys, or another address under them, goes on without a break', async () => {
  const keys = keysOf()
  const { customer, agent, call } = await callOn(keys)
  await bothHear(customer, agent)
  call.describe(customer, keys)
  await bothHear(customer, agent)
  expect(customer.unopened()).toBe(0) // a context begun anew would repeat indexes, which its replay window refuses
})

test('a peer that changes its key is heard under the new one; ours stays and its counters go on', async () => {
  const before = keysOf()
  const after = { ...before, receive: keysOf().receive }
  const { customer, agent, call } = await callOn(before)
  await bothHear(customer, agent)
  call.describe(customer, after)
  await bothHear(customer, agent) // it still sends under the old key: our answer is on its way
  customer.secure(after)
  await bothHear(customer, agent)
})

test('into plain RTP and back', async () => {
  const keys = keysOf()
  const { customer, agent, call } = await callOn(null)
  await bothHear(customer, agent)
  call.describe(customer, keys)
  customer.secure(keys)
  await bothHear(customer, agent)
  call.describe(customer, null)
  customer.secure(null)
  await bothHear(customer, agent)
  const unopened = customer.unopened()
  call.describe(customer, keys)
  customer.secure(keys)
  await bothHear(customer, agent)
  expect(customer.unopened() - unopened).toBeLessThan(5) // what was on its way
})

/** A packet of one source: 20 bytes of payload. */
function packet(sequence: number): Uint8Array {
  const bytes = new Uint8Array(64)
  bytes.set([0x80, 8, sequence >> 8, sequence & 0xff, 0, 0, 0, sequence & 0xff, 1, 2, 3, 4])
  return bytes
}
const LENGTH = 32

test('no index is sealed twice under our key, whatever is described in between (RFC 3711 §9.1)', () => {
  const keys = keysOf()
  const leg = new LegSrtp()
  const listener = srtpReceiverOf({ ...keys, receive: keys.send }) // hears everything under our key and never a description
  let sequence = 65_000 // over a rollover
  for (const described of [keys, keys, { ...keys, receive: keysOf().receive }, null, keysOf('AEAD_AES_128_GCM'), keys]) {
    leg.use(described)
    for (let n = 0; n < 200; n += 1) {
      const bytes = packet(sequence & 0xffff)
      const length = leg.sealRtp(bytes, LENGTH)
      if (described?.send === keys.send) expect(listener.unprotectRtp(bytes, length)).toBe(LENGTH)
      sequence += 1
    }
  }
  leg.use({ ...keys, receive: keysOf().receive })
  expect(leg.sealRtp(packet((sequence - 1) & 0xffff), LENGTH)).toBe(0)
  expect(listener.dropped).toMatchObject({ replayed: 0, forged: 0 })
})

test('a packet heard before is not heard again after their key came back', () => {
  const keys = keysOf()
  const theirs = srtpSenderOf({ ...keys, send: keys.receive })
  const leg = new LegSrtp()
  leg.use(keys)
  const sealed = packet(7)
  const length = theirs.protectRtp(sealed, LENGTH)
  const again = Uint8Array.from(sealed)
  expect(leg.openRtp(sealed, length)).toBe(LENGTH)
  leg.use({ ...keys, receive: keysOf().receive })
  leg.use(keys)
  expect(leg.openRtp(again, length)).toBe(0)
})

test('the key before is given up with the first packet under the new one', () => {
  const before = keysOf()
  const after = { ...before, receive: keysOf().receive }
  const [old, fresh] = [srtpSenderOf({ ...before, send: before.receive }), srtpSenderOf({ ...after, send: after.receive })]
  const leg = new LegSrtp()
  const hear = (by: ReturnType<typeof srtpSenderOf>, sequence: number): number => {
    const bytes = packet(sequence)
    return leg.openRtp(bytes, by.protectRtp(bytes, LENGTH))
  }
  leg.use(before)
  expect(hear(old, 1)).toBe(LENGTH)
  leg.use(after)
  expect([hear(old, 2), hear(fresh, 3), hear(old, 4)]).toEqual([LENGTH, LENGTH, 0])
})

import { randomBytes } from 'node:crypto'
import { RtpPacket, SrtcpSession, SrtpSession, RtcpReceiverInfo, RtcpRrPacket, RtpHeader } from 'werift'
import { describe, expect, test } from 'vitest'
import { masterBytes, OVERHEAD_BYTES_MAX, PROFILES, type SrtpProfile } from '@loopline/rtp/srtp/profile'
import { srtpOf } from '../media/primitives.ts'

/** SRTP of werift, which shares no code with ours, under the same keys. It has no 32-bit profile. */
describe.each<[SrtpProfile, 1 | 7]>([['AES_CM_128_HMAC_SHA1_80', 1], ['AEAD_AES_128_GCM', 7]])('%s against werift', (profile, weriftProfile) => {
  const [send, receive] = [randomBytes(masterBytes(profile)), randomBytes(masterBytes(profile))]
  const { keyBytes } = PROFILES[profile]
  const options = { profile: weriftProfile, keys: {
    localMasterKey: receive.subarray(0, keyBytes), localMasterSalt: receive.subarray(keyBytes),
    remoteMasterKey: send.subarray(0, keyBytes), remoteMasterSalt: send.subarray(keyBytes),
  } }
  const fresh = (): ReturnType<typeof srtpOf> => srtpOf({ profile, send: send.toString('base64'), receive: receive.toString('base64') })

  const payload = Buffer.alloc(160, 0xd5)
  const header = (sequenceNumber: number): RtpHeader =>
    new RtpHeader({ version: 2, payloadType: 8, sequenceNumber, timestamp: sequenceNumber * 160, ssrc: 0xcafebabe })

  function protectedBy(sender: ReturnType<typeof srtpOf>['sender'], packet: Uint8Array, protocol: 'rtp' | 'rtcp'): Buffer {
    const buffer = Buffer.alloc(packet.length + OVERHEAD_BYTES_MAX)
    buffer.set(packet)
    return buffer.subarray(0, protocol === 'rtp' ? sender.protectRtp(buffer, packet.length) : sender.protectRtcp(buffer, packet.length))
  }

  test('it opens our packets, over a rollover', () => {
    const { sender } = fresh()
    const session = new SrtpSession(options)
    for (let sequence = 65_500; sequence < 65_600; sequence++) {
      const plain = new RtpPacket(header(sequence & 0xffff), payload).serialize()
      expect(RtpPacket.deSerialize(session.decrypt(protectedBy(sender, plain, 'rtp'))).payload.equals(payload)).toBe(true)
    }
  })

  test('we open its packets, over a rollover', () => {
    const { receiver } = fresh()
    const session = new SrtpSession(options)
    for (let sequence = 65_500; sequence < 65_600; sequence++) {
      const sealed = session.encrypt(payload, header(sequence & 0xffff))
      const length = receiver.unprotectRtp(sealed, sealed.length)
      expect(sealed.subarray(12, length).equals(payload)).toBe(true)
    }
    expect(receiver.dropped.forged).toBe(0)
  })

  test('reports go both ways', () => {
    const { sender, receiver } = fresh()
    const session = new SrtcpSession(options)
    const report = new RtcpRrPacket({ ssrc: 0xcafebabe, reports: [new RtcpReceiverInfo({ ssrc: 1, fractionLost: 2, packetsLost: 3, highestSequence: 4, jitter: 5, lsr: 6, dlsr: 7 })] }).serialize()
    for (let at = 0; at < 3; at++) {
      expect(session.decrypt(protectedBy(sender, report, 'rtcp')).equals(report)).toBe(true)
      const sealed = session.encrypt(report)
      expect(sealed.subarray(0, receiver.unprotectRtcp(sealed, sealed.length)).equals(report)).toBe(true)
    }
  })
})

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AesCounterMode } from './aes-cm.hot.ts'
import { transformFor, type DirectionKeys } from './choose-transform.ts'
import { GcmTransform } from './gcm-transform.hot.ts'
import { deriveSessionKeys } from './key-derivation.ts'
import { masterBytes, OVERHEAD_BYTES_MAX, PROFILES, type SrtpProfile } from './profile.ts'
import { SrtpReceiver } from './receiver.hot.ts'
import { SrtpSender } from './sender.hot.ts'
import type { SrtpPrimitives } from './primitives.ts'

const primitives: SrtpPrimitives = {
  aes128Blocks: (key) => (blocks) => createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(blocks),
  sha1: (data) => createHash('sha1').update(data).digest('binary'),
  aes128Gcm: (key) => ({
    seal(nonce, associated, text, tag) {
      const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(associated)
      text.set(cipher.update(text))
      cipher.final()
      tag.set(cipher.getAuthTag())
    },
    open(nonce, associated, text, tag) {
      const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAAD(associated).setAuthTag(tag)
      const plain = decipher.update(text)
      try {
        decipher.final()
      } catch {
        return false
      }
      text.set(plain)
      return true
    },
  }),
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const profiles = Object.keys(PROFILES) as SrtpProfile[]

/** A packet in a buffer with room behind it, as the sender wants it. */
function roomy(packet: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(packet.length + OVERHEAD_BYTES_MAX)
  buffer.set(packet)
  return buffer
}

function protectedBy(sender: SrtpSender, packet: Uint8Array, protocol: 'rtp' | 'rtcp' = 'rtp'): Uint8Array {
  const buffer = roomy(packet)
  return buffer.slice(0, protocol === 'rtp' ? sender.protectRtp(buffer, packet.length) : sender.protectRtcp(buffer, packet.length))
}

function openedBy(receiver: SrtpReceiver, packet: Uint8Array, protocol: 'rtp' | 'rtcp' = 'rtp'): Uint8Array {
  const buffer = packet.slice()
  return buffer.slice(0, protocol === 'rtp' ? receiver.unprotectRtp(buffer, packet.length) : receiver.unprotectRtcp(buffer, packet.length))
}

function rtp(sequence: number, ssrc = 0xcafebabe, payload = 160): Uint8Array {
  const packet = new Uint8Array(12 + payload).fill(0xd5, 12)
  const view = new DataView(packet.buffer)
  view.setUint16(0, 0x8008)
  view.setUint16(2, sequence & 0xffff)
  view.setUint32(4, 160 * sequence)
  view.setUint32(8, ssrc)
  return packet
}

const report = hex('81c8000bcafebabe abababababababababababababababab')

function keysOf(profile: SrtpProfile): DirectionKeys {
  return { profile, master: Uint8Array.from({ length: masterBytes(profile) }, (_, at) => 3 * at + 1) }
}

function pair(profile: SrtpProfile): { sender: SrtpSender; receiver: SrtpReceiver } {
  return { sender: new SrtpSender(primitives, keysOf(profile)), receiver: new SrtpReceiver(primitives, keysOf(profile)) }
}

/** RFC 3711 B.3; libSRTP's reference packets are under the same master key. */
const MASTER = hex('e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6')

describe('vectors', () => {
  test('key derivation of RFC 3711 B.3', () => {
    const keys = deriveSessionKeys(primitives, { profile: 'AES_CM_128_HMAC_SHA1_80', master: MASTER }, 'rtp')
    expect(toHex(keys.key)).toBe('c61e7a93744f39ee10734afe3ff7a087')
    expect(toHex(keys.salt)).toBe('30cbbc08863d8c85d49db34a9ae1')
    expect(toHex(keys.authenticationKey)).toBe('cebe321f6ff7716b6fd4ab49af256a156d38baa4')
  })

  test('keystream of RFC 3711 B.2, first blocks', () => {
    const aes = new AesCounterMode(primitives.aes128Blocks(hex('2b7e151628aed2a6abf7158809cf4f3c')), hex('f0f1f2f3f4f5f6f7f8f9fafbfcfd'))
    const keystream = new Uint8Array(48)
    aes.crypt(keystream, 0, 48, 0, 0, 0)
    expect(toHex(keystream)).toBe('e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0')
  })

  // libSRTP test/srtp_driver.c, srtp_validate(): default policy, AES_CM_128_HMAC_SHA1_80.
  const keys: DirectionKeys = { profile: 'AES_CM_128_HMAC_SHA1_80', master: MASTER }
  const plainRtp = hex('800f1234decafbadcafebabe abababababababababababababababab')
  const srtp = hex('800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb')
  const srtcp = hex('81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798')

  test('AES-CM packets of libSRTP, protected', () => {
    const sender = new SrtpSender(primitives, keys)
    expect(toHex(protectedBy(sender, plainRtp))).toBe(toHex(srtp))
    expect(toHex(protectedBy(sender, report, 'rtcp'))).toBe(toHex(srtcp))
  })

  test('AES-CM packets of libSRTP, opened', () => {
    const receiver = new SrtpReceiver(primitives, keys)
    expect(toHex(openedBy(receiver, srtp))).toBe(toHex(plainRtp))
    expect(toHex(openedBy(receiver, srtcp, 'rtcp'))).toBe(toHex(report))
  })

  test('the 32-bit profile shortens the tag of RTP, not that of RTCP', () => {
    const sender = new SrtpSender(primitives, { profile: 'AES_CM_128_HMAC_SHA1_32', master: MASTER })
    expect(toHex(protectedBy(sender, plainRtp))).toBe(toHex(srtp.slice(0, 32)))
    expect(toHex(protectedBy(sender, report, 'rtcp'))).toBe(toHex(srtcp))
  })

  // libSRTP test/srtp_driver.c, srtp_validate_gcm(): master key 000102…0f, salt a0a1…ab.
  test('GCM packet of libSRTP, from the master key', () => {
    const master = hex('000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab')
    const sender = new SrtpSender(primitives, { profile: 'AEAD_AES_128_GCM', master })
    expect(toHex(protectedBy(sender, plainRtp)))
      .toBe('800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392')
  })

  describe('RFC 7714, whose key and salt are of the session', () => {
    const session = { key: hex('000102030405060708090a0b0c0d0e0f'), salt: hex('517569642070726f2071756f'), authenticationKey: new Uint8Array() }
    const gcm = new GcmTransform(primitives, { rtp: session, rtcp: session })
    const plain = hex('8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573')
    const sealed = hex(`8040f17b8041f8d35501a0b2 f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
      899d7f27beb16a9152cf765ee4390cce`)
    const plainReport = hex('81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef')
    const sealedReport = hex(`81c8000d4d617273 63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b
      c84aa45896cf4d2fc5abf87245d9eade 800005d4`)

    test('§16.1 RTP', () => {
      const buffer = roomy(plain)
      expect(toHex(buffer.subarray(0, gcm.sealRtp(buffer, plain.length, 12, 0)))).toBe(toHex(sealed))
      expect(toHex(buffer.subarray(0, gcm.openRtp(buffer, sealed.length, 12, 0)))).toBe(toHex(plain))
    })
    test('§17.1 RTCP', () => {
      const buffer = roomy(plainReport)
      expect(toHex(buffer.subarray(0, gcm.sealRtcp(buffer, plainReport.length, 0x5d4)))).toBe(toHex(sealedReport))
      expect(toHex(buffer.subarray(0, gcm.openRtcp(buffer, sealedReport.length)))).toBe(toHex(plainReport))
    })
  })
})

describe.each(profiles)('%s', (profile) => {
  test('what one side protects, the other opens, across two rollovers', () => {
    const { sender, receiver } = pair(profile)
    for (let sequence = 0xff00; sequence < 0x2_0200; sequence += 7) {
      const packet = rtp(sequence)
      expect(toHex(openedBy(receiver, protectedBy(sender, packet))) === toHex(packet)).toBe(true)
    }
    expect(receiver.dropped).toEqual({ malformed: 0, replayed: 0, forged: 0, unencrypted: 0, excessSource: 0 })
  })

  test('reordering around the rollover is followed', () => {
    const { sender, receiver } = pair(profile)
    const sealed = [65_533, 65_534, 65_535, 65_536, 65_537].map((sequence) => protectedBy(sender, rtp(sequence)))
    for (const at of [1, 3, 0, 4, 2]) expect(openedBy(receiver, sealed[at] as Uint8Array)).toHaveLength(172)
  })

  test('a packet played again is dropped, also when it is old', () => {
    const { sender, receiver } = pair(profile)
    const sealed = Array.from({ length: 200 }, (_, at) => protectedBy(sender, rtp(at)))
    for (const packet of sealed) openedBy(receiver, packet)
    for (const packet of sealed) expect(openedBy(receiver, packet)).toHaveLength(0)
    expect(receiver.dropped.replayed).toBe(200)
  })

  test('a report played again is dropped', () => {
    const { sender, receiver } = pair(profile)
    const sealed = protectedBy(sender, report, 'rtcp')
    expect(toHex(openedBy(receiver, sealed, 'rtcp'))).toBe(toHex(report))
    expect(openedBy(receiver, sealed, 'rtcp')).toHaveLength(0)
    expect(receiver.dropped.replayed).toBe(1)
  })

  test('any changed bit is found, nothing is written, and the true packet is still accepted', () => {
    const { sender, receiver } = pair(profile)
    const sealed = protectedBy(sender, rtp(7))
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice()
      changed[at] = (changed[at] as number) ^ 0x10
      const before = toHex(changed)
      expect(receiver.unprotectRtp(changed, changed.length)).toBe(0)
      expect(toHex(changed) === before).toBe(true)
    }
    expect(openedBy(receiver, sealed)).toHaveLength(172)
  })

  test('forged packets far ahead do not move the rollover counter or the window', () => {
    const { sender, receiver } = pair(profile)
    openedBy(receiver, protectedBy(sender, rtp(10)))
    const next = protectedBy(sender, rtp(11))
    for (let sequence = 0; sequence < 65_536; sequence += 97) receiver.unprotectRtp(rtp(sequence), 172)
    expect(openedBy(receiver, next)).toHaveLength(172)
  })

  test('forged sources do not use up the room for true ones', () => {
    const { sender, receiver } = pair(profile)
    for (let ssrc = 1; ssrc < 10_000; ssrc++) receiver.unprotectRtp(rtp(1, ssrc), 172)
    expect(openedBy(receiver, protectedBy(sender, rtp(1)))).toHaveLength(172)
  })

  test('authentic sources are bounded', () => {
    const { receiver } = pair(profile)
    const opened = Array.from({ length: 40 }, (_, ssrc) => openedBy(receiver, protectedBy(pair(profile).sender, rtp(1, ssrc + 1))).length)
    expect(opened.filter((length) => length > 0)).toHaveLength(32)
    expect(receiver.dropped.excessSource).toBe(8)
  })

  test('a report in clear is refused although its tag would fit', () => {
    const transform = transformFor(primitives, keysOf(profile))
    const { receiver } = pair(profile)
    const buffer = roomy(report)
    const length = transform.sealRtcp(buffer, report.length, 1)
    const wordAt = transform.indexWordAt(length)
    buffer[wordAt] = (buffer[wordAt] as number) & 0x7f
    expect(receiver.unprotectRtcp(buffer, length)).toBe(0)
    expect(receiver.dropped.unencrypted).toBe(1)
  })

  test('an index is never used twice for sending', () => {
    const { sender } = pair(profile)
    expect(protectedBy(sender, rtp(5))).not.toHaveLength(0)
    expect(protectedBy(sender, rtp(5))).toHaveLength(0)
    expect(protectedBy(sender, rtp(4))).not.toHaveLength(0)
    expect(sender.refused).toBe(1)
  })

  test('CSRCs and extensions stay in clear and authenticated', () => {
    const { sender, receiver } = pair(profile)
    const packet = hex('92080001000000a0cafebabe 1111111122222222 bede0001aabbccdd d5d5d5d5d5d5d5d5')
    const sealed = protectedBy(sender, packet)
    expect(toHex(sealed.subarray(0, 28))).toBe(toHex(packet.subarray(0, 28)))
    expect(toHex(sealed.subarray(28, 36))).not.toBe(toHex(packet.subarray(28)))
    expect(toHex(openedBy(receiver, sealed))).toBe(toHex(packet))
  })

  test('any bytes are dropped, counted once, and never throw', () => {
    const { receiver, sender } = pair(profile)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, isRtcp) => {
      if (bytes.length > 0) bytes[0] = 0x80 | ((bytes[0] as number) & 0x3f)
      const before = Object.values(receiver.dropped).reduce((sum, each) => sum + each, 0)
      expect(openedBy(receiver, bytes, isRtcp ? 'rtcp' : 'rtp')).toHaveLength(0)
      expect(Object.values(receiver.dropped).reduce((sum, each) => sum + each, 0)).toBe(before + 1)
      protectedBy(sender, bytes, isRtcp ? 'rtcp' : 'rtp')
    }))
  })
})

test('a packet without room for its tag, or longer than any of a call, is refused', () => {
  const { sender, receiver } = pair('AES_CM_128_HMAC_SHA1_80')
  expect(sender.protectRtp(rtp(1), 172)).toBe(0)
  expect(protectedBy(sender, rtp(1, 1, 4_000))).toHaveLength(0)
  expect(receiver.unprotectRtp(rtp(1, 1, 4_000), 4_012)).toBe(0)
})

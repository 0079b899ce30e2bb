import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acceptAnswer, chooseCrypto, formatCrypto, parseCrypto, parseCryptoLines, type CryptoLine } from './sdes.ts'

const KEY_30 = 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz' // RFC 4568 §6.1's example
const KEY_28 = 'AAECAwQFBgcICQoLDA0OD6ChoqOkpaanqKmqqw=='

describe('an a=crypto line', () => {
  const usable: [string, string, CryptoLine][] = [
    ['of the standard', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}|2^20`, { tag: 1, profile: 'AES_CM_128_HMAC_SHA1_80', key: KEY_30 }],
    ['without lifetime', `42 AES_CM_128_HMAC_SHA1_32 inline:${KEY_30}`, { tag: 42, profile: 'AES_CM_128_HMAC_SHA1_32', key: KEY_30 }],
    ['with GCM', `3 AEAD_AES_128_GCM inline:${KEY_28}|1000`, { tag: 3, profile: 'AEAD_AES_128_GCM', key: KEY_28 }],
    ['with padding left out', `3 AEAD_AES_128_GCM inline:${KEY_28.slice(0, -2)}`, { tag: 3, profile: 'AEAD_AES_128_GCM', key: KEY_28.slice(0, -2) }],
    ['with harmless parameters', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30} KDR=0 WSH=128`, { tag: 1, profile: 'AES_CM_128_HMAC_SHA1_80', key: KEY_30 }],
  ]
  test.each(usable)('%s is read', (_, value, want) => expect(parseCrypto(value)).toEqual(want))

  const refused: [string, string][] = [
    ['another suite', `1 F8_128_HMAC_SHA1_80 inline:${KEY_30}`],
    ['a short key', '1 AES_CM_128_HMAC_SHA1_80 inline:AAAA'],
    ['a key of the other length', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_28}`],
    ['a master key identifier', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}|1:4`],
    ['lifetime and identifier', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}|2^20|1:4`],
    ['two keys', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}|2^20|1:4;inline:${KEY_30}|2^20|2:4`],
    ['no encryption', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30} UNENCRYPTED_SRTP`],
    ['no encryption of RTCP', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30} UNENCRYPTED_SRTCP`],
    ['no authentication', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30} UNAUTHENTICATED_SRTP`],
    ['new keys on the way', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30} KDR=3`],
    ['a key elsewhere', '1 AES_CM_128_HMAC_SHA1_80 uri:https://keys.example'],
    ['nothing', ''],
  ]
  test.each(refused)('with %s is refused', (_, value) => expect(parseCrypto(value)).toBeNull())

  test('is written as it is read', () => {
    const line: CryptoLine = { tag: 7, profile: 'AES_CM_128_HMAC_SHA1_80', key: KEY_30 }
    expect(parseCrypto(formatCrypto(line))).toEqual(line)
  })

  test('of any text never throws', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (suite, key) => { parseCrypto(`1 ${suite} inline:${key}`) }))
  })
})

const lines = (...values: string[]): CryptoLine[] => parseCryptoLines(values)

test('of an offer the longest tag with AES-CM is taken first, then GCM, then the short tag', () => {
  const short = `1 AES_CM_128_HMAC_SHA1_32 inline:${KEY_30}`
  const long = `2 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}`
  const gcm = `3 AEAD_AES_128_GCM inline:${KEY_28}`
  expect(chooseCrypto(lines(short, gcm, long))?.tag).toBe(2)
  expect(chooseCrypto(lines(short, gcm))?.tag).toBe(3)
  expect(chooseCrypto(lines(short))?.tag).toBe(1)
  expect(chooseCrypto(lines('1 F8_128_HMAC_SHA1_80 inline:x'))).toBeNull()
})

describe('an answer', () => {
  const ours = lines(`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}`, `2 AES_CM_128_HMAC_SHA1_32 inline:${KEY_30}`)
  const theirKey = 'x'.repeat(40)
  test('gives both keys', () => {
    expect(acceptAnswer(ours, lines(`2 AES_CM_128_HMAC_SHA1_32 inline:${theirKey}`)))
      .toEqual({ profile: 'AES_CM_128_HMAC_SHA1_32', send: KEY_30, receive: theirKey })
  })
  const refused: [string, CryptoLine[]][] = [
    ['no line', []],
    ['two lines', lines(`1 AES_CM_128_HMAC_SHA1_80 inline:${theirKey}`, `2 AES_CM_128_HMAC_SHA1_32 inline:${theirKey}`)],
    ['a tag we did not write', lines(`9 AES_CM_128_HMAC_SHA1_80 inline:${theirKey}`)],
    ['a weaker suite under our tag', lines(`1 AES_CM_128_HMAC_SHA1_32 inline:${theirKey}`)],
  ]
  test.each(refused)('with %s is refused', (_, answered) => expect(acceptAnswer(ours, answered)).toBeNull())
})

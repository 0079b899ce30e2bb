import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256 } from './hmac-sha256.ts'

test('equals the HMAC of OpenSSL for keys up to a block and short texts, one after another', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })), (key, texts) => {
    const index = hmacSha256(key)
    for (const text of texts) expect(index(text)).toBe(createHmac('sha256', key).update(text).digest('hex'))
  }))
})

test('RFC 4231, test case 2', () => {
  expect(hmacSha256(Buffer.from('Jefe'))('what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
})

test('refuses a key or a text that is too long', () => {
  expect(() => hmacSha256(new Uint8Array(65))).toThrow(RangeError)
  expect(() => hmacSha256(new Uint8Array(32))('1'.repeat(1_025))).toThrow(RangeError)
})

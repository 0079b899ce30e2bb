import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatCrypto, parseCryptoLines } from '@loopline/rtp/srtp/sdes'
import { formatSdp, parseSdp, readAudio, type LocalAudio } from '@loopline/sip/sdp'
import type { LineSrtp } from '@loopline/contracts/voice-link'
import { CallSrtp } from './call-srtp.ts'

const random = (bytes: number): string => randomBytes(bytes).toString('base64')
const OURS: LocalAudio = { address: '192.0.2.1', port: 40_000, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 7, version: 1 }
const THEIRS: LocalAudio = { ...OURS, address: '192.0.2.2', port: 50_000 }
const THEIR_KEY = random(30)

/** A call on a line that wishes so: its keys, and the offer of its INVITE. */
function call(wish: LineSrtp) {
  const srtp = new CallSrtp(wish, random)
  const offer = formatSdp(OURS, srtp.security)
  return { srtp, offer, lines: parseCryptoLines(readAudio(offer, 'any')?.crypto ?? []) }
}
const described = (protocol: string, ...crypto: string[]): string => formatSdp(THEIRS, { protocol, crypto })
const key = (tag: number, suite = 'AES_CM_128_HMAC_SHA1_80'): string => `${tag} ${suite} inline:${THEIR_KEY}`

describe('our offer', () => {
  test.each([['off', 'RTP/AVP', 0], ['offer', 'RTP/AVP', 3], ['required', 'RTP/SAVP', 3]] as const)('of a line that wishes %s', (wish, protocol, keys) => {
    const { offer, lines } = call(wish)
    expect([parseSdp(offer)?.media[0]?.protocol, lines.length]).toEqual([protocol, keys])
    expect(new Set(lines.map(({ key: each }) => each)).size).toBe(keys) // a key of its own for each suite
  })
})

describe('an answer of theirs', () => {
  const cases: { name: string; wish: LineSrtp; answer: string; want: 'plain' | 'encrypted' | 'not-encrypted' | 'no-common-audio' }[] = [
    { name: 'plain, where we are', wish: 'off', answer: described('RTP/AVP'), want: 'plain' },
    { name: 'with keys nobody offered', wish: 'off', answer: described('RTP/AVP', key(1)), want: 'plain' },
    { name: 'encrypted, though we are plain', wish: 'off', answer: described('RTP/SAVP', key(1)), want: 'no-common-audio' },
    { name: 'that takes a key', wish: 'offer', answer: described('RTP/AVP', key(1)), want: 'encrypted' },
    { name: 'that takes the short tag', wish: 'offer', answer: described('RTP/AVP', key(3, 'AES_CM_128_HMAC_SHA1_32')), want: 'encrypted' },
    { name: 'that passes the keys over (RFC 8643)', wish: 'offer', answer: described('RTP/AVP'), want: 'plain' },
    { name: 'with a tag we did not write: no consent to plain', wish: 'offer', answer: described('RTP/AVP', key(9)), want: 'not-encrypted' },
    { name: 'with a suite nobody knows', wish: 'offer', answer: described('RTP/AVP', '1 F8_128_HMAC_SHA1_80 inline:x'), want: 'not-encrypted' },
    { name: 'that takes a key, as it must', wish: 'required', answer: described('RTP/SAVP', key(1)), want: 'encrypted' },
    { name: 'that turns to plain', wish: 'required', answer: described('RTP/AVP'), want: 'not-encrypted' },
    { name: 'encrypted without a key', wish: 'required', answer: described('RTP/SAVP'), want: 'not-encrypted' },
    { name: 'with another suite under our tag', wish: 'required', answer: described('RTP/SAVP', key(1, 'AES_CM_128_HMAC_SHA1_32')), want: 'not-encrypted' },
    { name: 'without audio', wish: 'required', answer: 'v=0\r\n', want: 'no-common-audio' },
  ]
  test.each(cases)('$wish: $name', ({ wish, answer, want }) => {
    const { srtp, lines } = call(wish)
    const agreed = srtp.hear(answer)
    if (want === 'plain') return expect(agreed).toMatchObject({ audio: { port: 50_000 }, srtp: null })
    if (want !== 'encrypted') return expect(agreed).toBe(want)
    const tag = Number(readAudio(answer, 'any')?.crypto[0]?.split(' ')[0])
    return expect(agreed).toMatchObject({ srtp: { receive: THEIR_KEY, send: lines.find((line) => line.tag === tag)?.key } })
  })
})

describe('a later offer of theirs', () => {
  test('is answered with the tag it came with and the key that is ours already; the media hears of it once', () => {
    const { srtp, offer, lines } = call('required')
    srtp.hear(described('RTP/SAVP', key(1)))
    const again = described('RTP/SAVP', key(5, 'AES_CM_128_HMAC_SHA1_32'), key(6))
    const answer = readAudio(srtp.answer(again, offer, 2) ?? '', 'any')
    expect([answer?.protocol, answer?.crypto]).toEqual(['RTP/SAVP', [formatCrypto({ tag: 6, profile: 'AES_CM_128_HMAC_SHA1_80', key: lines[0]?.key ?? '' })]])
    expect(srtp.hear(again)).toMatchObject({ srtp: { profile: 'AES_CM_128_HMAC_SHA1_80', send: lines[0]?.key, receive: THEIR_KEY } })
  })
  const cases: { name: string; wish: LineSrtp; offer: string; want: [string, number] | null }[] = [
    { name: 'must be encrypted: refused', wish: 'off', offer: described('RTP/SAVP', key(1)), want: null },
    { name: 'may be: answered in clear', wish: 'off', offer: described('RTP/AVP', key(1)), want: ['RTP/AVP', 0] },
    { name: 'may be: taken', wish: 'offer', offer: described('RTP/AVP', key(1)), want: ['RTP/AVP', 1] },
    { name: 'must be: taken', wish: 'offer', offer: described('RTP/SAVP', key(1)), want: ['RTP/SAVP', 1] },
    { name: 'in clear: taken', wish: 'offer', offer: described('RTP/AVP'), want: ['RTP/AVP', 0] },
    { name: 'in clear: refused', wish: 'required', offer: described('RTP/AVP'), want: null },
    { name: 'encrypted by what we do not know: refused', wish: 'required', offer: described('RTP/SAVP', '1 F8_128_HMAC_SHA1_80 inline:x'), want: null },
  ]
  test.each(cases)('$wish: $name', ({ wish, offer: theirs, want }) => {
    const { srtp, offer } = call(wish)
    const answer = srtp.answer(theirs, offer, 2)
    const audio = readAudio(answer ?? '', 'any')
    expect(audio && [audio.protocol, audio.crypto.length]).toEqual(want)
  })
})

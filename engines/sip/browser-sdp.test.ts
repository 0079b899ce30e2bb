import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerBrowser, offerBrowser, parseBrowserSdp, readBrowserAnswer, type BrowserSession, type LocalBrowserAudio } from './browser-sdp.ts'
import { parseSdp } from './sdp.ts'

/** What Chromium 156 wrote, unchanged but for one address: an offer with microphone, its hold, one with video and data, an answer. */
const chromium = (name: string): string => readFileSync(new URL(`test/chromium-156-${name}.sdp`, import.meta.url), 'utf8')
const OFFER = chromium('offer')

const OURS: LocalBrowserAudio = {
  sessionId: 7, version: 1, addresses: ['192.0.2.10'], port: 40_000, codecs: ['PCMA', 'PCMU'], direction: 'sendrecv', ptimeMs: 20,
  ufrag: 'ours', password: 'thePassword'.repeat(2), fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'), ssrc: 12_345, cname: 'leg-1',
}

const answered = (offer: string, ours: LocalBrowserAudio = OURS): ReturnType<typeof answerBrowser> =>
  answerBrowser(parseBrowserSdp(offer) as BrowserSession, ours)

describe('an offer of Chromium', () => {
  test('is read as far as we need it', () => {
    expect(parseBrowserSdp(OFFER)?.audio).toEqual({
      codecs: ['PCMU', 'PCMA'], telephoneEvent: 126, direction: 'sendrecv', ptimeMs: 20, mid: '0', ufrag: 'qQdR', password: '3qVbM4J0ZgXld5bJJOhdZbuu',
      fingerprint: '7E:12:16:09:EE:10:86:47:97:4D:D0:28:C9:50:C1:C2:A6:19:82:33:FE:B3:65:08:91:1F:6E:54:98:4F:8C:57', setup: 'actpass',
    })
  })

  test('is answered with what webrtc needs, line by line', () => {
    expect(answered(OFFER)).toEqual({
      agreed: { codec: 'PCMA', telephoneEvent: 126, direction: 'sendrecv', ptimeMs: 20 },
      sdp: [
        'v=0', 'o=- 7 1 IN IP4 192.0.2.10', 's=-', 't=0 0', 'a=ice-lite', 'a=group:BUNDLE 0',
        'm=audio 40000 UDP/TLS/RTP/SAVPF 8 0 126', 'c=IN IP4 192.0.2.10', 'a=mid:0', 'a=ice-ufrag:ours', `a=ice-pwd:${OURS.password}`,
        `a=fingerprint:sha-256 ${OURS.fingerprint}`, 'a=setup:passive', 'a=sendrecv', 'a=rtcp-mux', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:126 telephone-event/8000', 'a=fmtp:126 0-15', 'a=ptime:20', 'a=msid:leg-1 leg-1', 'a=ssrc:12345 cname:leg-1',
        'a=candidate:1 1 udp 2130706431 192.0.2.10 40000 typ host', 'a=end-of-candidates', '',
      ].join('\r\n'),
    })
  })

  test('is told every address where we may be reached, each a candidate below the one before', () => {
    const sdp = answered(OFFER, { ...OURS, addresses: ['10.0.0.5', '203.0.113.7'] })?.sdp ?? ''
    expect(sdp.match(/^a=candidate:.*$/gm)).toEqual(['a=candidate:1 1 udp 2130706431 10.0.0.5 40000 typ host', 'a=candidate:2 1 udp 2130706175 203.0.113.7 40000 typ host'])
    expect(sdp).toContain('c=IN IP4 10.0.0.5\r\n')
  })

  test('that holds is answered with the mirror of its direction', () => {
    expect(answered(chromium('hold'))?.agreed.direction).toBe('recvonly')
    expect(answered(chromium('hold'))?.sdp).toContain('\r\na=recvonly\r\n')
  })

  test('with video and data is answered for its audio; the rest is refused in its place', () => {
    const sdp = answered(chromium('video'))?.sdp ?? ''
    expect(parseSdp(sdp)?.media.map(({ kind, port }) => [kind, port])).toEqual([['audio', 40_000], ['video', 0], ['application', 0]])
    expect(sdp).toContain('a=group:BUNDLE 0\r\n')
    expect(sdp.match(/a=mid:\d/g)).toEqual(['a=mid:0', 'a=mid:1', 'a=mid:2'])
  })

  test('over IPv6 is answered with our IPv6 address', () => {
    expect(answered(OFFER, { ...OURS, addresses: ['2001:db8::10'] })?.sdp).toContain('c=IN IP6 2001:db8::10\r\n')
  })

  test('uses the codec of the line where both know it', () => {
    expect(answered(OFFER, { ...OURS, codecs: ['PCMU'] })?.agreed.codec).toBe('PCMU')
    expect(answered(OFFER.replace(' 0 8 ', ' 0 '))?.agreed.codec).toBe('PCMU')
  })

  test('without telephone-event/8000 is answered without', () => {
    const without = answered(OFFER.replace('a=rtpmap:126 telephone-event/8000', 'a=rtpmap:126 telephone-event/16000'))
    expect(without?.agreed.telephoneEvent).toBeNull()
    expect(without?.sdp).toContain('SAVPF 8 0\r\n')
  })

  test('may state credentials and fingerprint for the session', () => {
    const moved = /a=ice-ufrag[^]*?a=setup:actpass\r\n/.exec(OFFER)?.[0] as string
    expect(parseBrowserSdp(OFFER.replace(moved, '').replace('a=group', `${moved}a=group`))?.audio.ufrag).toBe('qQdR')
  })

  const refused: [string, string | RegExp, string][] = [
    ['no rtcp-mux', 'a=rtcp-mux\r\n', ''],
    ['no ufrag', /a=ice-ufrag:.*\r\n/, ''],
    ['a ufrag of forbidden characters', 'a=ice-ufrag:qQdR', 'a=ice-ufrag:q:Qd'],
    ['a ufrag too short', 'a=ice-ufrag:qQdR', 'a=ice-ufrag:qQ'],
    ['a ufrag without end', 'a=ice-ufrag:qQdR', `a=ice-ufrag:${'q'.repeat(257)}`],
    ['a password too short', /a=ice-pwd:.*/, 'a=ice-pwd:short'],
    ['no fingerprint', /a=fingerprint:.*\r\n/, ''],
    ['a fingerprint by SHA-1', 'sha-256', 'sha-1'],
    ['no setup', 'a=setup:actpass\r\n', ''],
    ['no mid', 'a=mid:0\r\n', ''],
    ['neither PCMU nor PCMA', ' 0 8 ', ' '],
    ['plain RTP', 'UDP/TLS/RTP/SAVPF', 'RTP/AVP'],
    ['audio refused', 'm=audio 35691', 'm=audio 0'],
  ]
  test.each(refused)('with %s is none that we can take', (_, from, to) => expect(parseBrowserSdp(OFFER.replace(from, to))).toBeNull())

  test('that wants to be the DTLS server is not answered', () => {
    expect(answered(OFFER.replace('a=setup:actpass', 'a=setup:passive'))).toBeNull()
    expect(answered(OFFER.replace('a=setup:actpass', 'a=setup:active'))).not.toBeNull()
  })
})

describe('our offer', () => {
  test('leaves the role open, names one candidate and says that we are lite', () => {
    const offer = offerBrowser(OURS)
    expect(offer).toContain('\r\na=setup:actpass\r\n')
    expect(offer).toContain('m=audio 40000 UDP/TLS/RTP/SAVPF 8 0 126\r\n')
    expect(parseBrowserSdp(offer)?.audio).toMatchObject({ mid: '0', ufrag: 'ours', setup: 'actpass' })
    expect(offerBrowser(OURS, 'audio')).toContain('a=group:BUNDLE audio\r\n')
  })

  test("is settled by Chromium's answer", () => {
    expect(readBrowserAnswer(chromium('answer'), OURS)).toMatchObject({
      agreed: { codec: 'PCMA', telephoneEvent: 126, direction: 'sendrecv', ptimeMs: 20 }, audio: { setup: 'active', mid: '0' },
    })
  })

  test('is not settled by an answer that leaves the role open, refuses, or is none', () => {
    expect(readBrowserAnswer(OFFER, OURS)).toBeNull()
    expect(readBrowserAnswer(chromium('answer').replace('m=audio 9', 'm=audio 0'), OURS)).toBeNull()
    expect(readBrowserAnswer('', OURS)).toBeNull()
  })
})

test('any text, and any cut of an offer, never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => { parseBrowserSdp(text) }))
  fc.assert(fc.property(fc.nat(OFFER.length), fc.nat(40), fc.string({ maxLength: 20 }), (at, cut, put) => {
    const session = parseBrowserSdp(OFFER.slice(0, at) + put + OFFER.slice(at + cut))
    if (session !== null) answerBrowser(session, OURS)
  }))
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerSdp, answerWithSame, formatSdp, parseSdp, readAudio, type LocalAudio } from './sdp.ts'

const OURS: LocalAudio = {
  address: '192.0.2.1', port: 40_000, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 7, version: 1,
}
const KEY = '1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj'
const sdp = (...lines: string[]): string => ['v=0', 'o=- 1 1 IN IP4 192.0.2.2', 's=-', 'c=IN IP4 192.0.2.2', 't=0 0', ...lines, ''].join('\r\n')

describe('reading audio', () => {
  const cases = [
    { name: 'ours', text: formatSdp(OURS), want: { address: '192.0.2.1', port: 40_000, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20 } },
    { name: 'sipp\'s', text: sdp('m=audio 6000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000'), want: { port: 6_000, codecs: ['PCMU'], telephoneEvent: null } },
    { name: 'lines ending in LF only', text: sdp('m=audio 6000 RTP/AVP 8').replaceAll('\r', ''), want: { codecs: ['PCMA'] } },
    { name: 'no rtpmap for static types', text: sdp('m=audio 6000 RTP/AVP 18 8 0'), want: { codecs: ['PCMA', 'PCMU'] } },
    { name: 'an address of its own', text: sdp('m=audio 6000 RTP/AVP 8', 'c=IN IP4 192.0.2.9'), want: { address: '192.0.2.9' } },
    { name: 'IPv6', text: sdp('m=audio 6000 RTP/AVP 8', 'c=IN IP6 2001:db8::1'), want: { address: '2001:db8::1' } },
    { name: 'direction of the session', text: sdp('a=sendonly', 'm=audio 6000 RTP/AVP 8'), want: { direction: 'sendonly' } },
    { name: 'direction of the media', text: sdp('a=sendonly', 'm=audio 6000 RTP/AVP 8', 'a=inactive'), want: { direction: 'inactive' } },
    { name: 'the live one of two', text: sdp('m=audio 0 RTP/AVP 8', 'm=audio 6002 RTP/AVP 8'), want: { port: 6_002 } },
    { name: 'wide-band events are not ours', text: sdp('m=audio 6000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/16000'), want: { telephoneEvent: null } },
    { name: 'only other codecs', text: sdp('m=audio 6000 RTP/AVP 18'), want: null },
    { name: 'encrypted, for whoever has no keys', text: sdp('m=audio 6000 RTP/SAVP 8', `a=crypto:${KEY}`), want: null },
    { name: 'the plain one of two', text: sdp('m=audio 6000 RTP/SAVP 8', `a=crypto:${KEY}`, 'm=audio 6002 RTP/AVP 8'), want: { port: 6_002, isSecure: false } },
    { name: 'plain with an offer to encrypt (RFC 8643)', text: sdp('m=audio 6000 RTP/AVP 8', `a=crypto:${KEY}`), want: { isSecure: false, crypto: [KEY] } },
    { name: 'keys of the session are nobody\'s (RFC 4568 §9.1)', text: sdp(`a=crypto:${KEY}`, 'm=audio 6000 RTP/AVP 8'), want: { crypto: [] } },
    { name: 'more keys than anybody needs', text: sdp('m=audio 6000 RTP/AVP 8', ...Array<string>(40).fill(`a=crypto:${KEY}`)), want: { crypto: Array<string>(16).fill(KEY) } },
    { name: 'RTCP at the next port', text: sdp('m=audio 6000 RTP/AVP 8'), want: { rtcpPort: 6_001 } },
    { name: 'RTCP at a port of its own (RFC 3605)', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:53020'), want: { rtcpPort: 53_020 } },
    { name: 'RTCP at the same address, said', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:53020 IN IP4 192.0.2.2'), want: { rtcpPort: 53_020 } },
    { name: 'RTCP at another address is sent to nobody', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:53020 IN IP4 198.51.100.66'), want: { rtcpPort: 0 } },
    { name: 'one port for RTP and RTCP (RFC 5761)', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:6000', 'a=rtcp-mux'), want: { rtcpPort: 6_000, isMuxed: true } },
    { name: 'extended reports, wanted of the session', text: sdp('a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup voip-metrics', 'm=audio 6000 RTP/AVP 8'), want: { wantedReports: { voipMetrics: true, roundTrip: true } } },
    { name: 'extended reports that we do not know', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp-xr:pkt-loss-rle=100 voip-metricsx rcvr-rtt=some'), want: { wantedReports: null } },
    { name: 'no port behind the last', text: sdp('m=audio 65535 RTP/AVP 8'), want: { rtcpPort: 0 } },
    { name: 'RTCP port 65536', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:65536'), want: null },
    { name: 'RTCP without a port', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:IN IP4 192.0.2.2'), want: null },
    { name: 'refused', text: sdp('m=audio 0 RTP/AVP 8'), want: null },
    { name: 'no address', text: 'v=0\r\nm=audio 6000 RTP/AVP 8\r\n', want: null },
    { name: 'port 65536', text: sdp('m=audio 65536 RTP/AVP 8'), want: null },
    { name: 'payload type 4294967296 (ES2018-03)', text: sdp('m=audio 6000 RTP/AVP 8 4294967296'), want: null },
    { name: 'payload type 128 in a map', text: sdp('m=audio 6000 RTP/AVP 8', 'a=rtpmap:128 PCMA/8000'), want: null },
    { name: 'ptime overflow (CVE-2026-41416)', text: sdp('m=audio 6000 RTP/AVP 8', 'a=ptime:4294967297'), want: null },
    { name: 'ptime of zero', text: sdp('m=audio 6000 RTP/AVP 8', 'a=ptime:0'), want: null },
    { name: 'a broken fmtp (ES2018-02) is nothing we read', text: sdp('m=audio 6000 RTP/AVP 8', 'a=fmtp: ;;='), want: { codecs: ['PCMA'] } },
    { name: 'too many lines', text: sdp('m=audio 6000 RTP/AVP 8', ...Array<string>(300).fill('a=x')), want: null },
    { name: 'too many streams', text: sdp(...Array<string>(17).fill('m=audio 6000 RTP/AVP 8')), want: null },
    { name: 'a line too long', text: sdp('m=audio 6000 RTP/AVP 8', `a=${'x'.repeat(1_100)}`), want: null },
    { name: 'a bare carriage return', text: sdp('m=audio 6000 RTP/AVP 8', 'a=x\ry'), want: null },
    { name: 'no session description', text: 'hello', want: null },
    { name: 'nothing', text: '', want: null },
  ]
  for (const { name, text, want } of cases) {
    test(name, () => (want === null ? expect(readAudio(text)).toBeNull() : expect(readAudio(text)).toMatchObject(want)))
  }
})

describe('encrypted audio (RFC 4568)', () => {
  const offer = sdp('m=audio 6000 RTP/SAVP 8', `a=crypto:${KEY}`, 'm=audio 6002 RTP/SAVPF 8', `a=crypto:${KEY.replace('1 ', '2 ')}`)

  test('ours is read again as it was written', () => {
    const written = formatSdp(OURS, { protocol: 'RTP/SAVP', crypto: [KEY] })
    expect(readAudio(written, 'any')).toMatchObject({ isSecure: true, protocol: 'RTP/SAVP', crypto: [KEY], codecs: ['PCMA', 'PCMU'] })
    expect(readAudio(written)).toBeNull()
  })
  test('without keys it is refused', () => expect(answerSdp(offer, OURS)).toBeNull())
  test('the first one that keys are found for is taken, under its own protocol', () => {
    const answer = parseSdp(answerSdp(offer, OURS, (theirs) => (theirs.port === 6_002 ? [KEY] : null)) ?? '')
    expect(answer?.media.map(({ port, protocol, crypto }) => [port, protocol, crypto])).toEqual([[0, 'RTP/SAVP', []], [40_000, 'RTP/SAVPF', [KEY]]])
  })
  test('keys beside plain RTP are passed over by whoever has none', () => {
    const answer = parseSdp(answerSdp(sdp('m=audio 6000 RTP/AVP 8', `a=crypto:${KEY}`), OURS) ?? '')
    expect(answer?.media.map(({ port, protocol, crypto }) => [port, protocol, crypto])).toEqual([[40_000, 'RTP/AVP', []]])
  })
  test('a re-offer is answered with our same audio, encrypted as before', () => {
    const local = formatSdp(OURS, { protocol: 'RTP/SAVP', crypto: [KEY] })
    expect(answerWithSame(offer, local, 2)).toBeNull()
    expect(readAudio(answerWithSame(offer, local, 2, () => [KEY]) ?? '', 'any')).toMatchObject({ port: 40_000, protocol: 'RTP/SAVP', crypto: [KEY] })
  })
})

describe('answering (RFC 3264 §6)', () => {
  const cases = [
    { name: 'their order of codecs', offer: sdp('m=audio 6000 RTP/AVP 18 0 8'), want: { codecs: ['PCMU', 'PCMA'], telephoneEvent: null } },
    { name: 'events when both have them', offer: sdp('m=audio 6000 RTP/AVP 8 96', 'a=rtpmap:96 telephone-event/8000'), want: { telephoneEvent: 96 } },
    { name: 'hold is mirrored', offer: sdp('m=audio 6000 RTP/AVP 8', 'a=sendonly'), want: { direction: 'recvonly' } },
    { name: 'listen-only is mirrored', offer: sdp('m=audio 6000 RTP/AVP 8', 'a=recvonly'), want: { direction: 'sendonly' } },
    { name: 'silence stays', offer: sdp('m=audio 6000 RTP/AVP 8', 'a=inactive'), want: { direction: 'inactive' } },
  ]
  for (const { name, offer, want } of cases) test(name, () => expect(readAudio(answerSdp(offer, OURS) ?? '')).toMatchObject(want))

  test('one port for both is taken where it is offered, and offered to nobody', () => {
    const answer = answerSdp(sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp-mux'), OURS) ?? ''
    expect(answer.match(/a=rtcp-mux\r\n/g)).toHaveLength(1)
    expect(answerSdp(sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp:6005'), OURS)).not.toContain('rtcp-mux')
    expect(formatSdp(OURS)).not.toContain('rtcp-mux')
    expect(answerWithSame(sdp('m=audio 6000 RTP/AVP 8'), answer, 2)).not.toContain('rtcp-mux')
  })
  test('who wants to know how he sounds is asked for the same', () => {
    expect(answerSdp(sdp('m=audio 6000 RTP/AVP 8', 'a=rtcp-xr:voip-metrics'), OURS)).toContain('a=rtcp-xr:voip-metrics\r\n')
    expect(answerSdp(sdp('m=audio 6000 RTP/AVP 8'), OURS)).not.toContain('rtcp-xr')
  })
  test('every other stream is refused in its place', () => {
    const answer = answerSdp(sdp('m=video 7000 RTP/AVP 31', 'm=audio 6000 RTP/AVP 8', 'm=audio 6002 RTP/AVP 8', 'm=image 9 udptl t38'), OURS)
    expect(parseSdp(answer ?? '')?.media.map((media) => [media.kind, media.port])).toEqual([['video', 0], ['audio', 40_000], ['audio', 0], ['image', 0]])
  })
  test('nothing in common', () => expect(answerSdp(sdp('m=audio 6000 RTP/AVP 18'), OURS)).toBeNull())
  test('a hold does not stay when they resume', () => {
    const held = answerWithSame(sdp('m=audio 6000 RTP/AVP 8', 'a=sendonly'), formatSdp(OURS), 2) ?? ''
    const resumed = answerWithSame(sdp('m=audio 6000 RTP/AVP 8'), formatSdp(OURS), 3) ?? ''
    expect([held.includes('o=- 7 2 '), readAudio(held)?.direction, resumed.includes('o=- 7 3 '), readAudio(resumed)?.direction]).toEqual([true, 'recvonly', true, 'sendrecv'])
  })
})

test('any text: never throws, and an answer has as many streams as its offer', () => {
  const line = fc.oneof(
    fc.constantFrom('m=audio 6000 RTP/AVP 8', 'm=audio 6000 RTP/AVP 0 8 101', 'm=video 1 RTP/AVP 31', 'a=rtpmap:101 telephone-event/8000', 'a=sendonly', 'c=IN IP4 192.0.2.9', 'a=ptime:30'),
    fc.tuple(fc.constantFrom('m=', 'a=', 'c=', 'a=rtpmap:', 'a=ptime:', 'm=audio '), fc.string()).map(([start, rest]) => start + rest),
  )
  fc.assert(fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
    const offer = sdp(...lines)
    const answer = answerSdp(offer, OURS)
    if (answer !== null) expect(parseSdp(answer)?.media.length).toBe(parseSdp(offer)?.media.length)
  }), { numRuns: 2_000 })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReportBlock } from './reception.hot.ts'
import { buildRtcp } from './rtcp-build.ts'
import { dlrrTo, type VoipMetrics, type XrBlock } from './rtcp-xr.ts'
import { parseRtcp, type RtcpPacket } from './rtcp.ts'

const parse = (bytes: Uint8Array | readonly number[]): RtcpPacket[] => parseRtcp(Uint8Array.from(bytes), bytes.length)

const uint8 = fc.nat(255)
const uint16 = fc.nat(0xffff)
const uint32 = fc.nat(0xffff_ffff)
const int8 = fc.integer({ min: -128, max: 127 })
const ntp = fc.record({ seconds: uint32, fraction: uint32 })
const report: fc.Arbitrary<ReportBlock> = fc.record({
  ssrc: uint32, fractionLost: uint8, cumulativeLost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }), highestSequence: uint32, jitter: uint32, lsr: uint32, dlsr: uint32,
})
const voipMetrics: fc.Arbitrary<VoipMetrics> = fc.record({
  kind: fc.constant('voip-metrics'), ssrc: uint32, lossRate: uint8, discardRate: uint8, burstDensity: uint8, gapDensity: uint8, burstMs: uint16, gapMs: uint16,
  roundTripMs: uint16, endSystemMs: uint16, signalDbm0: int8, noiseDbm0: int8, residualEchoLossDb: uint8, gapMin: uint8, rating: uint8, ratingExternal: uint8,
  mosListeningX10: uint8, mosConversationX10: uint8, configuration: uint8, bufferMs: uint16, bufferMaxMs: uint16, bufferAbsoluteMaxMs: uint16,
})
const xrBlock: fc.Arbitrary<XrBlock> = fc.oneof(
  fc.record({ kind: fc.constant('reference-time' as const), ntp }),
  fc.record({ kind: fc.constant('dlrr' as const), echoes: fc.array(fc.record({ ssrc: uint32, lastReport: uint32, delay: uint32 }), { maxLength: 4 }) }),
  voipMetrics,
)
const reports = fc.array(report, { maxLength: 31 })
const cname = fc.array(fc.nat(255), { maxLength: 255 }).map((codes) => String.fromCharCode(...codes))
const anyPacket: fc.Arbitrary<RtcpPacket> = fc.oneof(
  fc.record({ kind: fc.constant('sender-report' as const), ssrc: uint32, ntp, rtpTimestamp: uint32, packets: uint32, octets: uint32, reports }),
  fc.record({ kind: fc.constant('receiver-report' as const), ssrc: uint32, reports }),
  fc.record({ kind: fc.constant('source-description' as const), names: fc.array(fc.record({ ssrc: uint32, cname }), { maxLength: 31 }) }),
  fc.record({ kind: fc.constant('goodbye' as const), ssrcs: fc.array(uint32, { maxLength: 31 }) }),
  fc.record({ kind: fc.constant('extended-report' as const), ssrc: uint32, blocks: fc.array(xrBlock, { maxLength: 5 }) }),
)

test('whatever is built is read back', () => {
  fc.assert(fc.property(fc.array(anyPacket, { minLength: 1, maxLength: 4 }), (packets) => {
    const bytes = buildRtcp(packets)
    expect(bytes.length % 4).toBe(0)
    expect(parse(bytes)).toEqual(packets)
  }))
})

test('no bytes make it throw, and a compound cut anywhere says nothing of the packet that was cut', () => {
  const disguised = fc.uint8Array({ maxLength: 120 }).map((bytes) => {
    if (bytes.length > 1) bytes.set([0x80 | ((bytes[0] as number) % 0x40), 200 + ((bytes[1] as number) % 8)])
    if (bytes.length > 3) bytes.set([0, (bytes.length >> 2) - 1], 2)
    return bytes
  })
  fc.assert(fc.property(disguised, (bytes) => { expect(Array.isArray(parse(bytes))).toBe(true) }), { numRuns: 3_000 })
  fc.assert(fc.property(anyPacket, fc.nat(2_000), (packet, cut) => {
    const bytes = buildRtcp([packet])
    expect(parse(bytes.subarray(0, cut % bytes.length))).toEqual([])
  }))
})

const REPORT = [0x80, 201, 0, 1, 0, 0, 0, 7]
const RECEIVED = { kind: 'receiver-report', ssrc: 7, reports: [] }

describe('what others send', () => {
  test('a report and a name, as bytes', () => {
    const name = [0x81, 202, 0, 3, 0, 0, 0, 7, 1, 3, 0x61, 0x40, 0x62, 0, 0, 0]
    expect(parse([...REPORT, ...name])).toEqual([RECEIVED, { kind: 'source-description', names: [{ ssrc: 7, cname: 'a@b' }] }])
  })

  test('other items of a description are passed over', () => {
    const tool = [0x81, 202, 0, 4, 0, 0, 0, 7, 6, 2, 0x78, 0x79, 1, 1, 0x61, 0, 0, 0, 0, 0]
    expect(parse(tool)).toEqual([{ kind: 'source-description', names: [{ ssrc: 7, cname: 'a' }] }])
  })

  test('packets and blocks of other kinds are passed over: feedback (RFC 4585), application, loss run lengths', () => {
    expect(parse([0x8f, 206, 0, 2, 0, 0, 0, 7, 0, 0, 0, 8, ...REPORT])).toEqual([RECEIVED])
    expect(parse([0x80, 207, 0, 3, 0, 0, 0, 7, 1, 0, 0, 1, 9, 9, 9, 9])).toEqual([{ kind: 'extended-report', ssrc: 7, blocks: [] }])
  })

  test('a goodbye with a reason; extensions of a profile behind a report', () => {
    expect(parse([0x81, 203, 0, 2, 0, 0, 0, 7, 2, 0x6f, 0x6b, 0])).toEqual([{ kind: 'goodbye', ssrcs: [7] }])
    expect(parse([0x80, 201, 0, 2, 0, 0, 0, 7, 1, 2, 3, 4])).toEqual([RECEIVED])
  })

  test('padding at the end of the last packet', () => {
    expect(parse([0xa0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 4])).toEqual([RECEIVED])
  })

  test.each([
    { name: 'nothing', bytes: [] },
    { name: 'version 1', bytes: [0x40, ...REPORT.slice(1)] },
    { name: 'a length beyond the end', bytes: [0x80, 201, 0, 9, 0, 0, 0, 7] },
    { name: 'bytes behind the last packet', bytes: [...REPORT, 0x80, 201] },
    { name: 'a report count without the reports', bytes: [0x81, ...REPORT.slice(1)] },
    { name: 'padding before the last packet', bytes: [0xa0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 4, ...REPORT] },
    { name: 'padding of no words', bytes: [0xa0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0] },
    { name: 'padding over the header', bytes: [0xa0, 201, 0, 1, 0, 0, 0, 12] },
    { name: 'a name beyond its packet', bytes: [0x81, 202, 0, 2, 0, 0, 0, 7, 1, 200, 0x61, 0] },
    { name: 'a chunk that does not end', bytes: [0x81, 202, 0, 2, 0, 0, 0, 7, 1, 2, 0x61, 0x62] },
    { name: 'an extended block beyond its packet', bytes: [0x80, 207, 0, 2, 0, 0, 0, 7, 4, 0, 0, 2] },
    { name: 'a reference time of one word', bytes: [0x80, 207, 0, 3, 0, 0, 0, 7, 4, 0, 0, 1, 1, 2, 3, 4] },
    { name: 'VoIP metrics cut short', bytes: [0x80, 207, 0, 3, 0, 0, 0, 7, 7, 0, 0, 1, 1, 2, 3, 4] },
  ])('$name says nothing', ({ bytes }) => expect(parse(bytes)).toEqual([]))

  test('a length beyond the buffer says nothing', () => expect(parseRtcp(Uint8Array.from(REPORT), 12)).toEqual([]))
})

test('a reference time is echoed by the middle of its time', () => {
  const reference = { kind: 'reference-time', ntp: { seconds: 0x1234_5678, fraction: 0x9abc_def0 } } as const
  expect(dlrrTo(7, reference, 65_536)).toEqual({ kind: 'dlrr', echoes: [{ ssrc: 7, lastReport: 0x5678_9abc, delay: 65_536 }] })
})

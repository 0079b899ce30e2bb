import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRtcp, newRtpPacket, readRtp, RTP_HEADER_BYTES, writeRtpHeader } from './packet.hot.ts'

const HEADER = [0x80, 0x08, 0x12, 0x34, 0x00, 0x00, 0x00, 0xa0, 0xde, 0xad, 0xbe, 0xef]
const [, ...AFTER_FIRST] = HEADER
const PAYLOAD = [1, 2, 3, 4]

function read(...bytes: number[]): { ok: boolean; payload: number[]; packet: ReturnType<typeof newRtpPacket> } {
  const packet = newRtpPacket()
  const ok = readRtp(Uint8Array.from(bytes), bytes.length, packet)
  return { ok, payload: ok ? bytes.slice(packet.payloadOffset, packet.payloadEnd) : [], packet }
}

test('a plain packet is read field by field', () => {
  const { ok, packet, payload } = read(0x80, 0x88, ...HEADER.slice(2), ...PAYLOAD)
  expect({ ok, payload }).toEqual({ ok: true, payload: PAYLOAD })
  expect(packet).toMatchObject({ marker: true, payloadType: 8, sequence: 0x1234, timestamp: 160, ssrc: 0xdeadbeef })
})

describe('the payload is found behind sources and extension, before padding', () => {
  test.each([
    { name: 'two contributing sources', bytes: [0x82, ...AFTER_FIRST, ...Array(8).fill(9), ...PAYLOAD] },
    { name: 'an extension of one word', bytes: [0x90, ...AFTER_FIRST, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, ...PAYLOAD] },
    { name: 'an empty extension', bytes: [0x90, ...AFTER_FIRST, 0xbe, 0xde, 0, 0, ...PAYLOAD] },
    { name: 'padding of three', bytes: [0xa0, ...AFTER_FIRST, ...PAYLOAD, 0, 0, 3] },
    { name: 'all of them', bytes: [0xb1, ...AFTER_FIRST, 9, 9, 9, 9, 0, 0, 0, 1, 9, 9, 9, 9, ...PAYLOAD, 1] },
  ])('$name', ({ bytes }) => expect(read(...bytes)).toMatchObject({ ok: true, payload: PAYLOAD }))
})

describe('what is no RTP is refused', () => {
  test.each([
    { name: 'nothing', bytes: [] },
    { name: 'eleven bytes', bytes: HEADER.slice(0, 11) },
    { name: 'version 1', bytes: [0x40, ...AFTER_FIRST] },
    { name: 'version 3', bytes: [0xc0, ...AFTER_FIRST] },
    { name: 'sources beyond the end', bytes: [0x8f, ...AFTER_FIRST] },
    { name: 'an extension without its length', bytes: [0x90, ...AFTER_FIRST, 0, 0] },
    { name: 'an extension beyond the end', bytes: [0x90, ...AFTER_FIRST, 0, 0, 0xff, 0xff, 1] },
    { name: 'padding of nothing', bytes: [0xa0, ...AFTER_FIRST, 0] },
    { name: 'more padding than payload', bytes: [0xa0, ...AFTER_FIRST, 1, 3] },
    { name: 'an RTCP sender report', bytes: [0x80, 200, ...HEADER.slice(2)] },
  ])('$name', ({ bytes }) => expect(read(...bytes).ok).toBe(false))

  test('a length beyond the buffer', () => expect(readRtp(Uint8Array.from(HEADER), 13, newRtpPacket())).toBe(false))
})

test('RTCP is told apart on one port', () => {
  expect(isRtcp(Uint8Array.from([0x80, 200, 0, 1, 0, 0, 0, 1]), 8)).toBe(true)
  expect(isRtcp(Uint8Array.from([0x80, 200, 0, 1]), 4)).toBe(false)
  expect(isRtcp(Uint8Array.from(HEADER), 12)).toBe(false)
})

test('random bytes never throw and never give a payload outside the packet', () => {
  const looksLikeRtp = fc.uint8Array({ maxLength: 80 }).map((bytes) => {
    if (bytes.length > 0) bytes[0] = 0x80 | ((bytes[0] as number) % 0x40)
    return bytes
  })
  const packet = newRtpPacket()
  fc.assert(fc.property(fc.oneof(looksLikeRtp, fc.uint8Array({ maxLength: 80 })), (bytes) => {
    if (!readRtp(bytes, bytes.length, packet)) return
    expect(packet.payloadOffset).toBeGreaterThanOrEqual(RTP_HEADER_BYTES)
    expect(packet.payloadEnd).toBeGreaterThanOrEqual(packet.payloadOffset)
    expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length)
  }), { numRuns: 2_000 })
})

test('a written header is read back', () => {
  const uint32 = fc.nat(0xffffffff)
  fc.assert(fc.property(fc.boolean(), fc.nat(63), fc.nat(0xffff), uint32, uint32, fc.nat(20), (marker, payloadType, sequence, timestamp, ssrc, offset) => {
    const bytes = new Uint8Array(offset + RTP_HEADER_BYTES)
    const wanted = { ...newRtpPacket(), marker, payloadType, sequence, timestamp, ssrc, payloadOffset: 12, payloadEnd: 12 }
    writeRtpHeader(bytes, offset, wanted)
    const packet = newRtpPacket()
    expect(readRtp(bytes.subarray(offset), RTP_HEADER_BYTES, packet)).toBe(true)
    expect(packet).toEqual(wanted)
  }))
})

import { expect, test } from 'vitest'
import { newRtpPacket, type RtpPacket } from '@loopline/rtp/packet.hot'
import { OutStream } from '../media/out-stream.hot.ts'

const bytes = new Uint8Array(172)
const stream = (): OutStream => new OutStream({ ssrc: 7, sequence: 65_530, timestamp: 4_294_967_000 })

function packet(sequence: number, timestamp: number, ssrc = 1): RtpPacket {
  return { ...newRtpPacket(), payloadType: 8, sequence, timestamp, ssrc, payloadOffset: 12, payloadEnd: 172 }
}

/** Sends a packet of a source and says what became of it. */
function send(out: OutStream, given: RtpPacket, source: number, now: number): [number, number] | null {
  return out.renumber(bytes, given, source, now) ? [given.sequence, given.timestamp] : null
}

test('one source keeps its gaps and its order, over both wraps', () => {
  const out = stream()
  const first = send(out, packet(100, 1_000), 1, 0)
  expect(first).toEqual([65_531, 4_294_967_000])
  expect(send(out, packet(102, 1_320), 1, 40)).toEqual([65_533, (4_294_967_000 + 320) % 2 ** 32])
  expect(send(out, packet(101, 1_160), 1, 41)).toEqual([65_532, 4_294_967_160]) // overtaken, not lost
  expect(send(out, packet(110, 2_600), 1, 200)).toEqual([5, (4_294_967_000 + 1_600) % 2 ** 32])
})

test('another source goes on with the next number and the time that passed, and its first packet is marked', () => {
  const out = stream()
  send(out, packet(100, 1_000), 1, 0)
  const other = packet(40_000, 77, 2)
  expect(send(out, other, 2, 60)).toEqual([65_532, (4_294_967_000 + 480) % 2 ** 32])
  expect(other).toMatchObject({ marker: true, ssrc: 7 })
  expect(send(out, packet(39_999, 77 - 160, 2), 2, 61)).toBeNull() // older than the switch: its number was given to another
})

test('a source that restarts, or is heard again after a pause, is no loss to the far end', () => {
  const out = stream()
  send(out, packet(100, 1_000), 1, 0)
  expect(send(out, packet(30_000, 1_160), 1, 20)?.[0]).toBe(65_532)
  out.part()
  expect(send(out, packet(30_050, 9_160), 1, 1_020)?.[0]).toBe(65_533)
})

test('what we make ourselves goes on where the source left off', () => {
  const out = stream()
  send(out, packet(100, 1_000), 1, 0)
  const made = packet(0, 0)
  out.next(bytes, made, 0, 20)
  expect(made).toMatchObject({ sequence: 65_532, marker: true, payloadType: 0 })
  out.next(bytes, made, 0, 47) // by frames, not by the clock that woke us
  expect(made).toMatchObject({ sequence: 65_533, marker: false, timestamp: (4_294_967_000 + 320) % 2 ** 32 })
})

import { expect, test } from 'vitest'
import { newRtpPacket, type RtpPacket } from './packet.hot.ts'
import { LossInterval, Reception } from './reception.hot.ts'

const packet = (sequence: number, over: Partial<RtpPacket> = {}): RtpPacket =>
  ({ ...newRtpPacket(), sequence: sequence & 0xffff, timestamp: (sequence * 160) >>> 0, ssrc: 7, ...over })

/** Packets by number, each at its due time plus what `lateMs` says. */
function heard(numbers: readonly number[], lateMs: (n: number) => number = () => 0): Reception {
  const reception = new Reception()
  for (const n of numbers) reception.receive(packet(n), true, n * 20 + lateMs(n))
  return reception
}

const cases = [
  { name: 'nothing lost', numbers: [1, 2, 3, 4], expected: 4, lost: 0, bursts: 0 },
  { name: 'one lost', numbers: [1, 2, 4], expected: 4, lost: 1, bursts: 1 },
  { name: 'five lost at once are one burst', numbers: [1, 7], expected: 7, lost: 5, bursts: 1 },
  { name: 'over the wrap', numbers: [65_534, 65_535, 65_537], expected: 4, lost: 1, bursts: 1 },
  { name: 'reordered, nothing lost', numbers: [1, 3, 2, 4], expected: 4, lost: 0, bursts: 1 },
  { name: 'the first was overtaken', numbers: [2, 1, 3], expected: 3, lost: 0, bursts: 0 },
  { name: 'a duplicate', numbers: [1, 2, 2, 3], expected: 3, lost: -1, bursts: 0 },
  { name: 'one stray number', numbers: [1, 2, 40_000, 3], expected: 3, lost: 0, bursts: 0 },
  { name: 'a restart of the source begins anew', numbers: [1, 2, 4, 40_000, 40_001, 40_002], expected: 6, lost: 1, bursts: 1 },
]
test.each(cases)('$name', ({ numbers, expected, lost, bursts }) => {
  const reception = heard(numbers)
  expect([reception.expected, reception.lost, reception.lossBursts]).toEqual([expected, lost, bursts])
})

test('jitter is that of A.8: none when punctual, towards the mean deviation otherwise', () => {
  const numbers = Array.from({ length: 500 }, (_, n) => n)
  expect(heard(numbers).jitterMs).toBe(0)
  expect(heard(numbers, (n) => (n % 2) * 10).jitterMs).toBeCloseTo(10, 1)
  expect(heard([0, 1], (n) => n * 16).jitterMs).toBe(1)
})

test('events, jumps of the time line and clock wraps are no jitter', () => {
  const reception = heard([1, 2, 3])
  for (let n = 4; n < 9; n += 1) reception.receive(packet(n, { timestamp: 640 }), false, n * 20)
  reception.receive(packet(9, { timestamp: 1_000_000 }), true, 180)
  reception.receive(packet(10, { timestamp: 1_000_160 }), true, 200)
  expect(reception.jitterMs).toBe(0)
  const wrapping = new Reception()
  for (let n = 0; n < 9; n += 1) wrapping.receive(packet(n, { timestamp: (0xffff_ff00 + n * 160) >>> 0 }), true, 2 ** 40 + n * 20)
  expect(wrapping.jitterMs).toBe(0)
})

test('a new SSRC is a new source with nothing lost between; the leg keeps its totals', () => {
  const reception = heard([1, 2, 4])
  const report = new LossInterval()
  reception.report(report)
  reception.receive(packet(9_000, { ssrc: 8 }), true, 100)
  reception.receive(packet(9_002, { ssrc: 8 }), true, 140)
  expect([reception.expected, reception.lost, reception.ssrc]).toEqual([7, 2, 8])
  expect(reception.report(report)).toMatchObject({ ssrc: 8, cumulativeLost: 1, fractionLost: Math.floor(256 / 3), highestSequence: 9_002 })
})

test('each reader has an interval of its own', () => {
  const reception = heard([1, 2, 4, 5])
  const [first, second] = [new LossInterval(), new LossInterval()]
  first.close(reception)
  expect([first.expected, first.lost, first.loss]).toEqual([5, 1, 0.2])
  reception.receive(packet(6), true, 120)
  first.close(reception)
  second.close(reception)
  expect([first.loss, second.loss]).toEqual([0, 1 / 6])
  first.close(reception)
  expect(first.loss).toBe(0)
})

test('a report block counts in 256ths and 24 bits', () => {
  const reception = heard([65_535, 65_537, 65_539])
  expect(reception.report(new LossInterval())).toEqual({ ssrc: 7, fractionLost: 102, cumulativeLost: 2, highestSequence: 65_539, jitter: 0, lsr: 0, dlsr: 0 })
})

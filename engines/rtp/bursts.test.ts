import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bursts, GAP_MIN, msOf, of256, type BurstFigures } from './bursts.ts'
import { newRtpPacket } from './packet.hot.ts'
import { G711_CONCEALED } from './quality.ts'
import { Reception } from './reception.hot.ts'
import { voipMetricsOf } from './voip-metrics.ts'

const MS = 20

/** What a stream comes to; true is a packet that came. */
function counted(stream: readonly boolean[]): BurstFigures {
  const bursts = new Bursts()
  let [received, missing] = [0, 0]
  for (const came of [...stream, true]) {
    if (!came) missing += 1
    else {
      if (missing > 0) bursts.lose(received, missing)
      missing = 0
      received += 1
    }
  }
  return bursts.figures(received - 1, MS)
}

/** RFC 3611 Appendix A.2 as it is printed, packet by packet; a loss behind the end closes what is open. */
function printed(stream: readonly boolean[]): BurstFigures {
  let [pkt, lost, c11, c13, c14, c22, c23, c33] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (const came of [...stream, false]) {
    if (came) {
      pkt += 1
      continue
    }
    if (pkt >= GAP_MIN) {
      if (lost === 1) c14 += 1
      else if (lost > 1) c13 += 1
      lost = 1
      c11 += pkt
    } else {
      lost += 1
      if (pkt === 0) c33 += 1
      else {
        c23 += 1
        c22 += pkt - 1
      }
    }
    pkt = 0
  }
  const [c31, c32] = [c13, c23]
  const total = c11 + c14 + c13 + c22 + c23 + c31 + c32 + c33
  const gapDensity = of256(c11 + c14 === 0 ? 0 : c14 / (c11 + c14))
  if (c13 === 0) return { burstDensity: 0, gapDensity, burstMs: 0, gapMs: msOf((c11 + c14) * MS) }
  const p32 = c32 / (c31 + c32 + c33)
  const p23 = c22 + c23 < 1 ? 1 : 1 - c22 / (c22 + c23)
  const gap = (c11 + c14 + c13) * (MS / c13)
  return { burstDensity: of256(p23 / (p23 + p32)), gapDensity, burstMs: msOf(total * (MS / c13) - gap), gapMs: msOf(gap) }
}

const run = (count: number, came: boolean): boolean[] => Array<boolean>(count).fill(came)

describe('bursts', () => {
  const cases = [
    { name: 'nothing lost', stream: run(100, true), want: { burstDensity: 0, gapDensity: 0, burstMs: 0, gapMs: 2_000 } },
    { name: 'one alone in a hundred', stream: [...run(50, true), false, ...run(49, true)], want: { burstDensity: 0, gapDensity: 2, burstMs: 0, gapMs: 2_000 } },
    { name: 'four in a row: one burst, all of it lost', stream: [...run(50, true), ...run(4, false), ...run(50, true)], want: { burstDensity: 255, gapDensity: 0, burstMs: 80, gapMs: 2_020 } },
  ]
  for (const { name, stream, want } of cases) test(name, () => expect(counted(stream)).toEqual(want))

  test('any stream: as the RFC prints it', () => {
    const stretch = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()).map(([count, came]) => run(came ? count : Math.ceil(count / 8), came))
    fc.assert(fc.property(fc.array(stretch, { maxLength: 30 }), (stretches) => {
      const stream = [...run(GAP_MIN, true), ...stretches.flat(), ...run(GAP_MIN, true)]
      const [ours, theirs] = [counted(stream), printed(stream)]
      // Thirds and sevenths may fall to either side of a whole number.
      for (const key of ['burstDensity', 'gapDensity', 'burstMs', 'gapMs'] as const) expect(Math.abs(ours[key] - theirs[key])).toBeLessThanOrEqual(1)
    }), { numRuns: 500 })
  })
})

test('what a leg tells of itself: one packet in twenty lost, alone each time', () => {
  const reception = new Reception()
  for (let sequence = 1; sequence <= 1_000; sequence += 1) {
    if (sequence % 20 === 0) continue
    reception.receive({ ...newRtpPacket(), ssrc: 7, sequence, timestamp: sequence * 160 }, true, sequence * MS)
  }
  const metrics = voipMetricsOf({ reception, roundTripMs: 80, packetMs: MS, bufferMs: 40, codec: G711_CONCEALED })
  expect(metrics).toMatchObject({ kind: 'voip-metrics', ssrc: 7, lossRate: 12, discardRate: 0, burstDensity: 0, burstMs: 0, roundTripMs: 80, gapMin: 16, signalDbm0: 127, ratingExternal: 127 })
  expect(metrics.gapDensity).toBe(of256(48 / 950))
  expect(metrics.mosConversationX10).toBeLessThanOrEqual(metrics.mosListeningX10)
  expect(metrics.mosListeningX10).toBeGreaterThanOrEqual(35)
  expect(metrics.mosListeningX10).toBeLessThan(44)
})

/** What a leg tells its far end of how it sounds: the VoIP Metrics block (RFC 3611 §4.7) out of what is counted anyway. */
import { GAP_MIN, msOf, of256 } from './bursts.ts'
import { burstRatioOf, mosOfRating, ratingOf, type CodecImpairment } from './quality.ts'
import type { Reception } from './reception.hot.ts'
import { UNAVAILABLE, type VoipMetrics } from './rtcp-xr.ts'

export interface HeardLeg {
  reception: Reception
  /** Null until RTCP has told it. */
  roundTripMs: number | null
  packetMs: number
  /** What a jitter buffer behind us holds. */
  bufferMs: number
  codec: CodecImpairment
}

/** Since the beginning of the leg. A relay has no ear: levels and echo are unavailable, and it discards nothing. */
export function voipMetricsOf({ reception, roundTripMs, packetMs, bufferMs, codec }: HeardLeg): VoipMetrics {
  const { expected } = reception
  const lost = Math.max(0, reception.lost)
  const loss = expected === 0 ? 0 : lost / expected
  const burstRatio = burstRatioOf({ lost, bursts: reception.lossBursts, expected })
  const delayMs = (roundTripMs ?? 0) / 2 + bufferMs + packetMs
  const rating = ratingOf({ loss, burstRatio, delayMs, codec })
  return {
    kind: 'voip-metrics', ssrc: reception.ssrc, lossRate: of256(loss), discardRate: 0, ...reception.bursts.figures(reception.received, packetMs),
    roundTripMs: msOf(roundTripMs ?? 0), endSystemMs: msOf(bufferMs + packetMs), signalDbm0: UNAVAILABLE, noiseDbm0: UNAVAILABLE, residualEchoLossDb: UNAVAILABLE, gapMin: GAP_MIN,
    rating: Math.round(rating), ratingExternal: UNAVAILABLE,
    mosListeningX10: Math.round(10 * mosOfRating(ratingOf({ loss, burstRatio, delayMs: 0, codec }))), mosConversationX10: Math.round(10 * mosOfRating(rating)),
    configuration: 0, bufferMs: msOf(bufferMs), bufferMaxMs: msOf(bufferMs), bufferAbsoluteMaxMs: msOf(bufferMs),
  }
}

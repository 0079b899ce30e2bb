/** How one leg sounds, from what arrives, and what both ends say of it by RTCP; sends our reports when they are due. */
import { buildRtcp } from '@loopline/rtp/rtcp-build'
import { parseRtcp, type ExtendedReport, type RtcpPacket } from '@loopline/rtp/rtcp'
import { dlrrTo, type ReferenceTime, type XrBlock } from '@loopline/rtp/rtcp-xr'
import { voipMetricsOf } from '@loopline/rtp/voip-metrics'
import { dlsrOf, middleOf, nextReportAt, ntpOf, roundTripMs } from '@loopline/rtp/rtcp-timing'
import { LossInterval, type ReportBlock } from '@loopline/rtp/reception.hot'
import { burstRatioOf, G711_CONCEALED, mosOf, oneWayDelayMs } from '@loopline/rtp/quality'
import type { LegQuality } from '@loopline/contracts/quality'
import type { Leg } from './leg.hot.ts'
import type { ControlEar } from './plain-leg.hot.ts'

/** What a jitter buffer of ours or theirs holds on a good network, ms. */
const BUFFER_MS = 40

export class LegMeter implements ControlEar {
  readonly leg: Leg
  roundTripMs: number | null = null
  lossFar: number | null = null
  readonly #cname: string
  readonly #interval = new LossInterval()
  #lastSr = 0
  #lastSrAt = 0
  #reportAt: number
  #isFirst = true
  /** Their receiver reference time that our next report answers; null when there is none. */
  #reference: { ssrc: number; time: ReferenceTime; at: number } | null = null
  #packetsReported = 0

  constructor(leg: Leg, cname: string, now: number) {
    this.leg = leg
    this.#cname = cname
    this.#reportAt = nextReportAt({ lastAt: now, isFirst: true, random: Math.random() })
  }

  onRtcp(_leg: Leg, bytes: Uint8Array, length: number, now: number): void {
    for (const packet of parseRtcp(bytes, length)) this.#hear(packet, now)
  }

  /** Sends our report when its time has come (RFC 3550 §6.2): 2 to 6 s apart, at random. */
  reportIfDue(now: number): void {
    if (now < this.#reportAt) return
    this.#reportAt = nextReportAt({ lastAt: now, isFirst: this.#isFirst, random: Math.random() })
    this.#isFirst = false
    const bytes = buildRtcp([this.#report(now), { kind: 'source-description', names: [{ ssrc: this.leg.out.ssrc, cname: this.#cname }] }, ...this.#extended(now)])
    this.leg.transport?.sendRtcp(bytes, bytes.length)
  }

  #report(now: number): RtcpPacket {
    const { leg } = this
    const { out, reception } = leg
    const reports: ReportBlock[] = reception.received === 0 ? [] : [{
      ...reception.report(this.#interval), lsr: this.#lastSr, dlsr: this.#lastSr === 0 ? 0 : dlsrOf(now - this.#lastSrAt),
    }]
    const hasSent = out.packets > this.#packetsReported
    this.#packetsReported = out.packets
    if (!hasSent) return { kind: 'receiver-report', ssrc: out.ssrc, reports }
    return {
      kind: 'sender-report', ssrc: out.ssrc, ntp: ntpOf(performance.timeOrigin + now), rtpTimestamp: out.timestampAt(now),
      packets: out.packets >>> 0, octets: out.octets >>> 0, reports,
    }
  }

  /** What they asked for in their SDP (RFC 3611 §5), once there is something to tell. */
  #extended(now: number): ExtendedReport[] {
    const { out, reception, ptimeMs, wantedReports } = this.leg
    const blocks: XrBlock[] = []
    if (wantedReports.voipMetrics && reception.received > 0) {
      blocks.push(voipMetricsOf({ reception, roundTripMs: this.roundTripMs, packetMs: ptimeMs, bufferMs: BUFFER_MS, codec: G711_CONCEALED }))
    }
    if (this.#reference !== null) blocks.push(dlrrTo(this.#reference.ssrc, this.#reference.time, dlsrOf(now - this.#reference.at)))
    this.#reference = null
    return blocks.length === 0 ? [] : [{ kind: 'extended-report', ssrc: out.ssrc, blocks }]
  }

  #hear(packet: RtcpPacket, now: number): void {
    if (packet.kind === 'extended-report' && this.leg.wantedReports.roundTrip) {
      const time = packet.blocks.find((block) => block.kind === 'reference-time')
      if (time !== undefined) this.#reference = { ssrc: packet.ssrc, time, at: now }
    }
    if (packet.kind !== 'sender-report' && packet.kind !== 'receiver-report') return
    if (packet.kind === 'sender-report') {
      this.#lastSr = middleOf(packet.ntp)
      this.#lastSrAt = now
    }
    const ours = packet.reports.find(({ ssrc }) => ssrc === this.leg.out.ssrc)
    if (ours === undefined) return
    this.lossFar = ours.fractionLost / 256
    this.roundTripMs = roundTripMs(ntpOf(performance.timeOrigin + now), ours) ?? this.roundTripMs
  }
}

/** A stretch of a leg's life: a second of it, or a whole call. */
export class QualitySpan {
  readonly #meter: LegMeter
  readonly #interval = new LossInterval()
  #received: number
  #sent: number
  #bursts: number

  constructor(meter: LegMeter) {
    this.#meter = meter
    const { reception, out } = meter.leg
    this.#interval.close(reception)
    this.#received = reception.received
    this.#sent = out.packets
    this.#bursts = reception.lossBursts
  }

  /** The quality since the last look, or since the beginning. */
  read(): LegQuality {
    const { leg, roundTripMs: trip, lossFar } = this.#meter
    const { reception, out } = leg
    this.#interval.close(reception)
    const packetsReceived = reception.received - this.#received
    const packetsSent = out.packets - this.#sent
    const bursts = reception.lossBursts - this.#bursts
    this.#received = reception.received
    this.#sent = out.packets
    this.#bursts = reception.lossBursts
    const { loss, lost, expected } = this.#interval
    const burstRatio = burstRatioOf({ lost, bursts, expected })
    const delayMs = oneWayDelayMs({ roundTripMs: trip, bufferMs: BUFFER_MS })
    const mos = packetsReceived === 0 ? null : mosOf({ loss, burstRatio, delayMs, codec: G711_CONCEALED })
    return { packetsReceived, packetsSent, loss, lossFar, jitterMs: reception.jitterMs, roundTripMs: trip, mos }
  }
}

/**
 * How well one leg's packets arrive: expected, lost, jitter (RFC 3550 §6.4.1, A.3, A.8), over all sources the leg had.
 * Budget: 0.1 µs and no allocation per packet; rtp.bench.ts.
 */
import { Bursts } from './bursts.ts'
import type { RtpPacket } from './packet.hot.ts'
import { newSequenceLine, stepSequence, type SequenceVerdict } from './sequence.ts'

const TICKS_PER_MS = 8
/** A timestamp that is off by more belongs to another time line (music on hold, a switched source): no jitter of the network. */
const TIMELINE_JUMP_TICKS = 8_000

/** One block of a sender or receiver report, RFC 3550 §6.4.1; `lsr` and `dlsr` are the sender of reports' to fill. */
export interface ReportBlock {
  ssrc: number
  /** Of 256, since the last report. */
  fractionLost: number
  cumulativeLost: number
  highestSequence: number
  /** Timestamp units. */
  jitter: number
  lsr: number
  dlsr: number
}

export class Reception {
  ssrc = 0
  received = 0
  /** Gaps, however long: with `lost` they give the burst ratio of quality.ts. */
  lossBursts = 0
  /** For VoIP metrics: which losses came close together. */
  readonly bursts = new Bursts()
  readonly #line = newSequenceLine(0)
  #hasSource = false
  /** Of the sources before the present one. */
  #expectedBefore = 0
  #receivedBefore = 0
  #transit = 0
  #jitter = 0

  /** `isAudio`: the packets of one telephone-event share a timestamp (RFC 4733 §2.3.2), so that they say nothing of jitter. */
  receive(packet: RtpPacket, isAudio: boolean, nowMs: number): SequenceVerdict {
    const transit = (Math.round(nowMs * TICKS_PER_MS) - packet.timestamp) | 0
    const isNew = !this.#hasSource || packet.ssrc !== this.ssrc
    const verdict = isNew ? this.#begin(packet) : this.#follow(packet.sequence)
    if (verdict === 'jumped') return verdict
    this.received += 1
    if (isNew || verdict === 'restarted') this.#transit = transit
    else if (isAudio) this.#addJitter(transit)
    return verdict
  }

  /** Packets due up to the newest one. */
  get expected(): number {
    return this.#expectedBefore + (this.#hasSource ? this.#line.highest - this.#line.first + 1 : 0)
  }

  /** Negative when there were more duplicates than losses. */
  get lost(): number {
    return this.expected - this.received
  }

  get jitterMs(): number {
    return this.#jitter / TICKS_PER_MS
  }

  /** What the present source is told of itself. `interval` is the reporter's own. */
  report(interval: LossInterval): ReportBlock {
    interval.close(this)
    const expected = this.expected - this.#expectedBefore
    return {
      ssrc: this.ssrc, fractionLost: Math.min(255, Math.floor(interval.loss * 256)),
      cumulativeLost: clampTo24Bits(expected - (this.received - this.#receivedBefore)),
      highestSequence: this.#line.highest >>> 0, jitter: Math.floor(this.#jitter), lsr: 0, dlsr: 0,
    }
  }

  #begin(packet: RtpPacket): SequenceVerdict {
    this.#retire()
    this.#hasSource = true
    this.ssrc = packet.ssrc
    this.#line.first = this.#line.highest = this.#line.current = packet.sequence
    this.#line.restartAt = -1
    return 'next'
  }

  #follow(sequence: number): SequenceVerdict {
    const line = this.#line
    const highest = line.highest
    const first = line.first
    const verdict = stepSequence(line, sequence)
    if (verdict === 'next' && line.highest > highest + 1) {
      this.lossBursts += 1
      this.bursts.lose(this.received, line.highest - highest - 1)
    }
    // What overtook the first packet was due as well.
    if (verdict === 'late' && line.current < first) line.first = line.current
    if (verdict === 'restarted') this.#expectedBefore += highest - first + 1
    if (verdict === 'restarted') this.#receivedBefore = this.received
    return verdict
  }

  #retire(): void {
    this.#expectedBefore = this.expected
    this.#receivedBefore = this.received
  }

  /** A.8: J += (|D| − J) / 16. */
  #addJitter(transit: number): void {
    const deviation = Math.abs((transit - this.#transit) | 0)
    this.#transit = transit
    if (deviation < TIMELINE_JUMP_TICKS) this.#jitter += (deviation - this.#jitter) / 16
  }
}

/** Loss between two looks. Each reader (RTCP, the quality of each second) keeps its own. */
export class LossInterval {
  expected = 0
  lost = 0
  #expectedAt = 0
  #lostAt = 0

  /** 0..1 over the interval closed last; duplicates do not make it negative (A.3). */
  get loss(): number {
    return this.expected === 0 ? 0 : Math.max(0, this.lost) / this.expected
  }

  close(reception: Reception): void {
    this.expected = reception.expected - this.#expectedAt
    this.lost = Math.min(this.expected, reception.lost - this.#lostAt)
    this.#expectedAt = reception.expected
    this.#lostAt = reception.lost
  }
}

function clampTo24Bits(lost: number): number {
  return Math.max(-0x80_0000, Math.min(0x7f_ffff, lost))
}

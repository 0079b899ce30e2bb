/** Digits that a person pressed, each told once: by telephone-events (RFC 4733 §2.5.2), or in the sound where none were agreed. */
import type { RtpPacket } from '@loopline/rtp/packet.hot'
import { digitOf, readEvent } from '@loopline/rtp/telephone-event'
import { hearEvent, newEventReceiver } from '@loopline/rtp/telephone-event-receiver'
import { decode } from '@loopline/rtp/g711'
import { DtmfDetector } from '@loopline/rtp/dtmf-detector'
import type { AudioTap, EventEar } from './leg.hot.ts'

export class DigitEar implements EventEar {
  readonly #receiver = newEventReceiver()
  readonly #onDigit: (digit: string) => void

  constructor(onDigit: (digit: string) => void) {
    this.#onDigit = onDigit
  }

  hear(packet: RtpPacket, bytes: Uint8Array, now: number): void {
    const payload = readEvent(bytes, packet.payloadOffset, packet.payloadEnd)
    if (payload === undefined) return
    for (const heard of hearEvent(this.#receiver, packet.timestamp, payload, now)) {
      const digit = heard.kind === 'began' ? digitOf(heard.event) : undefined
      if (digit !== undefined) this.#onDigit(digit)
    }
  }
}

/** No packet of G.711 that we take is longer: 60 ms, as some lines send. */
const SAMPLES_MAX = 480

/** Packets are heard as they come: a digit of 40 ms is longer than what a lost packet takes from it. */
export class ToneEar implements AudioTap {
  readonly #detector = new DtmfDetector()
  readonly #samples = new Int16Array(SAMPLES_MAX)
  readonly #onDigit: (digit: string) => void

  constructor(onDigit: (digit: string) => void) {
    this.#onDigit = onDigit
  }

  put(packet: RtpPacket, bytes: Uint8Array): void {
    const length = packet.payloadEnd - packet.payloadOffset
    if (length > SAMPLES_MAX) return
    decode(packet.payloadType === 8 ? 'PCMA' : 'PCMU', bytes, packet.payloadOffset, packet.payloadEnd, this.#samples)
    for (const heard of this.#detector.listen(this.#samples.subarray(0, length))) if (heard.kind === 'began') this.#onDigit(heard.digit)
  }
}

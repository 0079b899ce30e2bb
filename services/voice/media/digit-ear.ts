/** Digits that a person pressed, each told once (RFC 4733 §2.5.2). */
import type { RtpPacket } from '@loopline/rtp/packet.hot'
import { digitOf, readEvent } from '@loopline/rtp/telephone-event'
import { hearEvent, newEventReceiver } from '@loopline/rtp/telephone-event-receiver'
import type { EventEar } from './leg.hot.ts'

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

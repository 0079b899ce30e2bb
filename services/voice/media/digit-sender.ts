/**
 * Sends digits to a leg, one after the other; voices wait meanwhile. As telephone-events where they were agreed (RFC 4733 §2.5.1),
 * in the sound itself where not.
 */
import { digitTone } from '@loopline/rtp/dtmf-tones'
import { FRAME_SAMPLES } from '@loopline/rtp/packet.hot'
import { eventOf } from '@loopline/rtp/telephone-event'
import { beginEvent, eventPacketAt, stepEventSender, type EventSender } from '@loopline/rtp/telephone-event-sender'
import type { Leg } from './leg.hot.ts'
import type { Ticker, Ticking } from './ticker.ts'

const DIGIT_MS = 100
/** Q.24: digits are told apart by 40 ms at least; machines ask for more. */
const PAUSE_MS = 80
const SILENCE = new Int16Array(FRAME_SAMPLES)

export class DigitSender implements Ticking {
  readonly #leg: Leg
  readonly #ticker: Ticker
  #waiting: string[] = []
  #sending: EventSender | null = null
  /** What is left of a digit that is sent as sound. */
  #tone: Int16Array | null = null
  #pauseUntil = 0

  constructor(leg: Leg, ticker: Ticker) {
    this.#leg = leg
    this.#ticker = ticker
  }

  send(digits: string): void {
    this.#waiting.push(...digits)
    this.#leg.isSendingDigit = true
    this.#ticker.add(this)
  }

  stop(): void {
    this.#waiting = []
    this.#sending = this.#tone = null
    this.#leg.isSendingDigit = false
    this.#ticker.remove(this)
  }

  tick(due: number): void {
    if (this.#sending === null && this.#tone === null && due >= this.#pauseUntil) this.#begin(due)
    if (this.#sending !== null) this.#sendEvent(this.#sending, due)
    else if (this.#leg.isSendingDigit && !this.#leg.hearsEvents) this.#sendTone(due)
  }

  #begin(due: number): void {
    const digit = this.#waiting.shift()
    if (digit === undefined) return this.stop()
    const event = eventOf(digit)
    if (event < 0) return
    if (this.#leg.hearsEvents) this.#sending = beginEvent(event, DIGIT_MS, this.#leg.out.timestampAt(due), due)
    else this.#tone = digitTone(digit, DIGIT_MS)
  }

  #sendEvent(sender: EventSender, due: number): void {
    for (let packet = stepEventSender(sender, due); packet !== null; packet = stepEventSender(sender, due)) this.#leg.sayEvent(packet)
    if (eventPacketAt(sender) !== Number.POSITIVE_INFINITY) return
    this.#sending = null
    this.#pauseUntil = due + PAUSE_MS
  }

  /** A frame of the digit, or of the silence between two. */
  #sendTone(due: number): void {
    const tone = this.#tone
    this.#leg.sayTone(tone === null ? SILENCE : tone.subarray(0, FRAME_SAMPLES), due)
    if (tone === null) return
    this.#tone = tone.length > FRAME_SAMPLES ? tone.subarray(FRAME_SAMPLES) : null
    if (this.#tone === null) this.#pauseUntil = due + PAUSE_MS
  }
}

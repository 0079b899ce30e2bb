/** Sends digits to a leg as telephone-events, one after the other; voices wait meanwhile (RFC 4733 §2.5.1). */
import { eventOf } from '@loopline/rtp/telephone-event'
import { beginEvent, eventPacketAt, stepEventSender, type EventSender } from '@loopline/rtp/telephone-event-sender'
import type { Leg } from './leg.hot.ts'
import type { Ticker, Ticking } from './ticker.ts'

const DIGIT_MS = 100
/** Q.24: digits are told apart by 40 ms at least; machines ask for more. */
const PAUSE_MS = 80

export class DigitSender implements Ticking {
  readonly #leg: Leg
  readonly #ticker: Ticker
  #waiting: string[] = []
  #sending: EventSender | null = null
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
    this.#sending = null
    this.#leg.isSendingDigit = false
    this.#ticker.remove(this)
  }

  tick(due: number): void {
    if (this.#sending === null && due >= this.#pauseUntil) this.#begin(due)
    const sender = this.#sending
    if (sender === null) return
    for (let packet = stepEventSender(sender, due); packet !== null; packet = stepEventSender(sender, due)) this.#leg.sayEvent(packet)
    if (eventPacketAt(sender) !== Number.POSITIVE_INFINITY) return
    this.#sending = null
    this.#pauseUntil = due + PAUSE_MS
  }

  #begin(due: number): void {
    const digit = this.#waiting.shift()
    if (digit === undefined) return this.stop()
    const event = eventOf(digit)
    if (event >= 0) this.#sending = beginEvent(event, DIGIT_MS, this.#leg.out.timestampAt(due), due)
  }
}

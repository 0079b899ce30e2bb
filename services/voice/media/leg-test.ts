/**
 * Tries an agent's standing leg before his shift: listens until it has heard speech, plays back what it heard, and measures
 * both. What is measured is judged by who asked. A call that needs the leg ends it at once.
 */
import type { LegFindings } from '@loopline/contracts/agent'
import { LINEAR_OF } from '@loopline/rtp/g711'
import { DEFAULT_DELAY, JitterBuffer } from '@loopline/rtp/jitter-buffer.hot'
import { FRAME_SAMPLES, type RtpPacket } from '@loopline/rtp/packet.hot'
import { QualitySpan, type LegMeter } from './leg-meter.ts'
import type { AudioTap, Leg } from './leg.hot.ts'
import type { Seat } from './seat.ts'
import type { Ticker, Ticking } from './ticker.ts'

const FRAME_MS = 20
/** Enough to tell a loss of one in twenty; a word that was begun is heard to its end. */
const LISTEN_MIN_FRAMES = 1_000 / FRAME_MS
/** With as much to play back it is over within five seconds. */
const LISTEN_MAX_FRAMES = 2_400 / FRAME_MS
/** Who has spoken for so long need not go on. */
const SPOKEN_FRAMES = 400 / FRAME_MS
/** A frame of this power is speech: -45 dB below full scale, as engines/agent judges it. */
const SPEECH_POWER = 10 ** (-45 / 10)
const FULL_SCALE = 32_768

export interface LegTestStart {
  seat: Seat
  leg: Leg
  meter: LegMeter
  ticker: Ticker
  /** Called once. */
  onDone(findings: LegFindings): void
}

/** What is told of a leg that is not there. */
export const NOTHING_FOUND: LegFindings = {
  listenedMs: 0, playedMs: 0, isInterrupted: true, framesReceived: 0, framesDue: 0, loss: 0, jitterMs: 0, roundTripMs: null, heardMs: 0, levelDbfs: null,
}

export class LegTest implements Ticking, AudioTap {
  readonly #start: LegTestStart
  readonly #span: QualitySpan
  readonly #buffer = new JitterBuffer(DEFAULT_DELAY)
  readonly #heard = new Int16Array(LISTEN_MAX_FRAMES * FRAME_SAMPLES)
  readonly #frame = new Int16Array(FRAME_SAMPLES)
  #listened = 0
  #played = 0
  #isListening = true
  #received = 0
  #spoken = 0
  #powerMax = 0

  constructor(start: LegTestStart) {
    this.#start = start
    this.#span = new QualitySpan(start.meter)
    start.leg.tap = this
    start.ticker.add(this)
  }

  put(packet: RtpPacket, bytes: Uint8Array, now: number): void {
    this.#buffer.push(packet, bytes, packet.payloadType === 8 ? LINEAR_OF.PCMA : LINEAR_OF.PCMU, now)
  }

  tick(due: number): void {
    if (this.#isNeeded()) return this.end(true)
    const verdict = this.#buffer.pull(due, this.#frame)
    if (verdict === 'audio' || verdict === 'partial') this.#received += 1
    if (this.#isListening) this.#listen()
    else this.#play(due)
  }

  /** Gives the leg back and tells what was found so far. */
  end(isInterrupted: boolean): void {
    const { seat, leg, ticker, onDone } = this.#start
    if (seat.test !== this) return
    seat.test = null
    ticker.remove(this)
    if (leg.tap === this) leg.tap = null
    leg.out.part()
    onDone({ ...this.#findings(), isInterrupted })
  }

  /** A call was switched in, or is heard before its answer, or the leg is another one: nothing may be played over it. */
  #isNeeded(): boolean {
    const { seat, leg } = this.#start
    return seat.live !== leg || !seat.isFree || seat.early !== null || leg.tap !== this
  }

  #listen(): void {
    const power = powerOf(this.#frame)
    this.#powerMax = Math.max(this.#powerMax, power)
    if (power >= SPEECH_POWER) this.#spoken += 1
    this.#heard.set(this.#frame, this.#listened * FRAME_SAMPLES)
    this.#listened += 1
    this.#isListening = this.#listened < LISTEN_MAX_FRAMES && (this.#listened < LISTEN_MIN_FRAMES || this.#spoken < SPOKEN_FRAMES)
  }

  #play(due: number): void {
    this.#start.leg.say(this.#heard.subarray(this.#played * FRAME_SAMPLES, (this.#played + 1) * FRAME_SAMPLES), due)
    this.#played += 1
    if (this.#played === this.#listened) this.end(false)
  }

  #findings(): Omit<LegFindings, 'isInterrupted'> {
    const { loss, jitterMs, roundTripMs } = this.#span.read()
    return {
      listenedMs: this.#listened * FRAME_MS, playedMs: this.#played * FRAME_MS, framesReceived: this.#received, framesDue: this.#listened + this.#played,
      loss, jitterMs, roundTripMs, heardMs: this.#spoken * FRAME_MS, levelDbfs: this.#powerMax === 0 ? null : Math.max(-200, 10 * Math.log10(this.#powerMax)),
    }
  }
}

/** Mean square, 1 at full scale. */
function powerOf(frame: Int16Array): number {
  let sum = 0
  for (const sample of frame) sum += sample * sample
  return sum / FRAME_SAMPLES / FULL_SCALE ** 2
}

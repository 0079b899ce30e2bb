/**
 * Carries out who hears whom. Where one voice goes to one ear its packets are passed on untouched; everything else is mixed,
 * frame by frame, on the shared ticker, and so is what the recorder gets: both sides on one axis of time.
 * Budget: 3 µs per mixed or recorded leg and frame, no allocation; relay.bench.ts.
 */
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { LINEAR_OF } from '@loopline/rtp/g711'
import { DEFAULT_DELAY, JitterBuffer } from '@loopline/rtp/jitter-buffer.hot'
import { mixFrom } from '@loopline/rtp/mix.hot'
import { FRAME_SAMPLES, type RtpPacket } from '@loopline/rtp/packet.hot'
import type { AudioTap, Leg } from './leg.hot.ts'
import type { RecorderSink, RecordingBasis } from './recorder.ts'
import type { Route } from './routes.ts'
import type { Sound } from './sound.hot.ts'
import { KEPT_MAX_MS } from './ticker.ts'
import type { Ticker, Ticking } from './ticker.ts'

const FRAME_MS = 20
const SILENCE = new Int16Array(FRAME_SAMPLES)

/** What one leg says, frame by frame. */
class Voice implements AudioTap {
  readonly leg: Leg
  readonly frame = new Int16Array(FRAME_SAMPLES)
  readonly buffer = new JitterBuffer(DEFAULT_DELAY)

  constructor(leg: Leg) {
    this.leg = leg
  }

  put(packet: RtpPacket, bytes: Uint8Array, now: number): void {
    this.buffer.push(packet, bytes, packet.payloadType === 8 ? LINEAR_OF.PCMA : LINEAR_OF.PCMU, now)
  }
}

interface Ear {
  leg: Leg
  /** Bit i: hears `#frames[i]`. */
  mask: number
}

interface Tape {
  attemptId: AttemptId
  sink: RecorderSink
  customer: Leg
  /** When its axis begins: the first tick; -1 before. */
  beganAt: number
  /** The end of what was handed over, samples. */
  at: number
  isPaused: boolean
}

export class Room implements Ticking {
  readonly #ticker: Ticker
  /** Legs whose packets are passed on. */
  #relayed: Leg[] = []
  readonly #voices = new Map<Leg, Voice>()
  /** Frames that may be heard: of the voices in order, then of the sound. */
  #spoken: Voice[] = []
  #frames: Int16Array[] = []
  #ears: Ear[] = []
  #sound: Sound | null = null
  #routes: readonly Route<Sound>[] = []
  #tape: Tape | null = null
  /** The last frame that was mixed or recorded, ms. */
  #doneTo = 0
  /** Of the recording: whom the person hears. 0 while nobody is heard: then neither side is kept. */
  #sellers = 0
  readonly #soundFrame = new Int16Array(FRAME_SAMPLES)
  readonly #mixed = new Int16Array(FRAME_SAMPLES)
  readonly #sum = new Int32Array(FRAME_SAMPLES)

  constructor(ticker: Ticker) {
    this.#ticker = ticker
  }

  route(routes: readonly Route<Sound>[]): void {
    this.#catchUp(this.#ticker.lastDue)
    this.#route(routes, this.#tape)
  }

  #route(routes: readonly Route<Sound>[], tape: Tape | null): void {
    this.#tape = tape
    const before = new Map(this.#relayed.map((voice) => [voice, voice.relayTo]))
    this.#routes = routes
    this.#part()
    const mixed = routes.filter((route) => !this.#relay(route) && (route.voices.length > 0 || route.sound !== null))
    for (const voice of this.#relayed) if (before.get(voice) !== voice.relayTo) voice.relayTo?.out.part()
    this.#listen(mixed)
    this.#ears = mixed.map((route) => ({ leg: route.hearer, mask: this.#maskOf(route) }))
    if (mixed.length > 0) this.#ticker.add(this)
    else if (this.#tape !== null) this.#ticker.addPatient(this)
    else this.#ticker.remove(this)
  }

  close(): void {
    this.stopRecording()
    this.#routes = []
    this.#part()
    for (const leg of this.#voices.keys()) leg.tap = null
    this.#voices.clear()
    this.#ticker.remove(this)
  }

  get isRecording(): boolean {
    return this.#tape !== null
  }

  /** Both sides from the next tick on. Nothing leaves a leg for the recorder before. */
  startRecording(sink: RecorderSink, call: { attemptId: AttemptId; customerId: CustomerId; customer: Leg }, basis: RecordingBasis): void {
    if (this.#tape !== null) return
    const tape = { attemptId: call.attemptId, sink, customer: call.customer, beganAt: -1, at: 0, isPaused: false }
    sink.start(call.attemptId, call.customerId, basis)
    this.#route(this.#routes, tape)
    this.#doneTo = this.#ticker.lastDue
  }

  pauseRecording(isPaused: boolean): void {
    const tape = this.#tape
    if (tape === null || tape.isPaused === isPaused) return
    this.#catchUp(this.#ticker.lastDue)
    tape.isPaused = isPaused
    if (isPaused) tape.sink.pause(tape.attemptId, tape.at)
    else tape.sink.resume(tape.attemptId, tape.at)
  }

  stopRecording(): void {
    this.#catchUp(this.#ticker.lastDue)
    const tape = this.#tape
    this.#tape = null
    tape?.sink.end(tape.attemptId, tape.at)
  }

  tick(due: number): void {
    if (this.#ears.length === 0) return this.#catchUp(due)
    this.#doneTo = due
    for (const voice of this.#spoken) voice.buffer.pull(due, voice.frame)
    const sound = this.#sound
    const isEnd = sound !== null && sound.next(this.#soundFrame)
    for (const ear of this.#ears) {
      mixFrom(this.#frames, ear.mask, this.#mixed, this.#sum)
      ear.leg.say(this.#mixed, due)
    }
    if (this.#tape !== null) this.#record(this.#tape, due)
    if (isEnd) sound.ended()
  }

  /** Nobody hears a frame so late, but a recording is not in a hurry: what the buffers hold of it is kept. */
  missed(due: number): void {
    this.#catchUp(due)
  }

  /**
   * Records the frames that nobody waited for. Where nobody is mixed they are taken five at once: one at a time the samples of
   * 50 calls had to be fetched from memory for each (in a quiet round at 50 calls recording added 3.5 µs a packet, so 2).
   */
  #catchUp(due: number): void {
    const tape = this.#tape
    if (tape === null) return
    const isLost = due - this.#doneTo > KEPT_MAX_MS
    for (let frame = isLost ? due : this.#doneTo + FRAME_MS; frame <= due; frame += FRAME_MS) {
      for (const voice of this.#spoken) voice.buffer.pull(frame, voice.frame)
      this.#record(tape, frame)
      this.#doneTo = frame
    }
  }

  /** What was left out after a longer stall is a gap in `at`: the recorder sees the hole. */
  #record(tape: Tape, due: number): void {
    if (tape.beganAt < 0) tape.beganAt = due
    const at = Math.max(tape.at, Math.round((due - tape.beganAt) / FRAME_MS) * FRAME_SAMPLES)
    tape.at = at + FRAME_SAMPLES
    if (tape.isPaused) return
    const isHeard = this.#sellers !== 0
    mixFrom(this.#frames, this.#sellers, this.#mixed, this.#sum)
    const customer = isHeard ? this.#voices.get(tape.customer)?.frame : undefined
    tape.sink.frame(tape.attemptId, at, customer ?? SILENCE, isHeard ? this.#mixed : SILENCE)
  }

  /** One voice for one ear, and nobody else took the packets of that voice. */
  #relay({ hearer, voices, sound }: Route<Sound>): boolean {
    const [voice, ...others] = voices
    if (voice === undefined || others.length > 0 || sound !== null || voice.relayTo !== null) return false
    voice.relayTo = hearer
    this.#relayed.push(voice)
    return true
  }

  /** Taps the legs that are mixed or recorded, and no others; who stays keeps its buffer. */
  #listen(mixed: readonly Route<Sound>[]): void {
    const heardByCustomer = this.#tape === null ? [] : this.#routes.find(({ hearer }) => hearer === this.#tape?.customer)?.voices ?? []
    const recorded = heardByCustomer.length > 0 && this.#tape !== null ? [this.#tape.customer, ...heardByCustomer] : []
    const legs = new Set([...mixed.flatMap(({ voices }) => voices), ...recorded])
    for (const leg of this.#voices.keys()) {
      if (legs.has(leg)) continue
      leg.tap = null
      this.#voices.delete(leg)
    }
    for (const leg of legs) {
      const voice = this.#voices.get(leg) ?? new Voice(leg)
      this.#voices.set(leg, voice)
      leg.tap = voice
    }
    this.#spoken = [...this.#voices.values()]
    this.#sound = mixed.find(({ sound }) => sound !== null)?.sound ?? null
    this.#frames = [...this.#spoken.map(({ frame }) => frame), this.#soundFrame]
    this.#sellers = this.#bitsOf(heardByCustomer)
  }

  #maskOf({ voices, sound }: Route<Sound>): number {
    return this.#bitsOf(voices) | (sound === null ? 0 : 1 << this.#spoken.length)
  }

  #bitsOf(legs: readonly Leg[]): number {
    return this.#spoken.reduce((mask, { leg }, index) => (legs.includes(leg) ? mask | (1 << index) : mask), 0)
  }

  #part(): void {
    for (const leg of this.#relayed) leg.relayTo = null
    this.#relayed = []
  }
}

/**
 * When each sample of a leg is played, mixed or recorded: packets in as they come, one frame of 20 ms out at every pull.
 * Budget: 0.5 µs and no allocation per packet and per pull; rtp.bench.ts.
 *
 * Slots are counted as small integers: a random timestamp and its offsets are floating numbers to the engine, and to mask one
 * for each sample cost 0.8 µs a packet and pull instead of 0.5.
 *
 * Samples stand in a ring by their RTP timestamp, so that any packet time, reordering and gaps need no further bookkeeping.
 * The delay follows the network: up at once with the worst lateness seen, down over some ten seconds (RFC 3550 §6.4.4 leaves
 * it to us). It moves where nobody hears it: a pull without audio, or a quiet frame, is stretched or left out.
 */
import type { RtpPacket } from './packet.hot.ts'
import { FRAME_SAMPLES } from './packet.hot.ts'

const TICKS_PER_MS = 8
/** About a second; half of it lies ahead of the play-out, half behind, where it tells a duplicate from a late packet. */
const RING_SAMPLES = 8_192
const MASK = RING_SAMPLES - 1
const WINDOW_SAMPLES = RING_SAMPLES / 2
/** No byte of G.711 decodes to these: its largest magnitude is 32,256. */
const EMPTY = -32_768
const PLAYED = -32_767
/** Packets in a row that fit nowhere: the source has another time line now. */
const MISFITS_MAX = 5
/** Network delay is measured against the quickest packet of the last 5 to 10 s, which follows a drifting clock. */
const WINDOW_PACKETS = 250
const DECAY_PACKETS = 500
/** Delay above the wish: tolerated, then taken out of quiet frames, then taken out at once. */
const SURPLUS_QUIET = 40 * TICKS_PER_MS
const SURPLUS_MAX = 120 * TICKS_PER_MS
/** Below −50 dBm0 nobody misses 20 ms. */
const QUIET_LEVEL = 100
/** Missing frames fade out as copies of the last one, then are silence; after a second the line counts as idle. */
const FADE_FRAMES = 3
const IDLE_FRAMES = 50

export interface DelayBounds {
  delayMinMs: number
  delayMaxMs: number
}

export const DEFAULT_DELAY: DelayBounds = { delayMinMs: 20, delayMaxMs: 200 }

export type PushVerdict = 'kept' | 'late' | 'duplicate' | 'misfit' | 'started'
/** `partial`: some samples were missing and are zero. `concealed`: a fading copy of the frame before. */
export type PullVerdict = 'audio' | 'partial' | 'concealed' | 'silent'

export class JitterBuffer {
  late = 0
  duplicates = 0
  concealed = 0
  /** Frames added and left out to move the delay. */
  stretched = 0
  skipped = 0
  /** How often the time line began: once for each source, and after each break. */
  starts = 0
  readonly #delayMin: number
  readonly #delayMax: number
  readonly #ring = new Int16Array(RING_SAMPLES)
  readonly #last = new Int16Array(FRAME_SAMPLES)
  #isRunning = false
  #isPriming = false
  #ssrc = 0
  /** Extended timestamps: of the packet that began, the next sample to play, the end of what was really played. */
  #startedAt = 0
  #playAt = 0
  #playedTo = Number.NEGATIVE_INFINITY
  #misfits = 0
  #missingFrames = 0
  #transitMin = 0
  #transitMinBefore = 0
  #windowPackets = 0
  #target: number

  constructor({ delayMinMs, delayMaxMs }: DelayBounds) {
    this.#delayMin = delayMinMs * TICKS_PER_MS
    this.#delayMax = delayMaxMs * TICKS_PER_MS
    this.#target = this.#delayMin
  }

  /** What is aimed at, between the arrival of the quickest packet and its play-out. */
  get targetDelayMs(): number {
    return this.#target / TICKS_PER_MS
  }

  /** `linearOf`: LINEAR_OF of the law (g711.ts). Only audio: no events, no comfort noise. */
  push(packet: RtpPacket, bytes: Uint8Array, linearOf: Int16Array, nowMs: number): PushVerdict {
    if (packet.payloadEnd <= packet.payloadOffset) return 'misfit'
    if (!this.#isRunning || packet.ssrc !== this.#ssrc) return this.#begin(packet, bytes, linearOf, nowMs)
    const ahead = (packet.timestamp - (this.#playAt >>> 0)) | 0
    const samples = packet.payloadEnd - packet.payloadOffset
    if (ahead < -WINDOW_SAMPLES || ahead + samples > WINDOW_SAMPLES) return this.#misfit(packet, bytes, linearOf, nowMs)
    const at = this.#playAt + ahead
    const known = this.#ring[at & MASK] as number
    if (ahead < 0 ? known === PLAYED : known > PLAYED) {
      this.duplicates += 1
      return 'duplicate'
    }
    this.#follow(nowMs * TICKS_PER_MS - at)
    // What overtakes the very first packet may still be played before it.
    if (ahead < 0 && this.#mayBeginAt(at)) this.#playAt = at
    else if (ahead + samples <= 0) return this.#late(at, packet, bytes, linearOf, nowMs)
    return this.#keep(packet, bytes, linearOf, at)
  }

  /** The next 160 samples. `nowMs` is when the pull was due: the tick's plan, not the moment the event loop came to it. */
  pull(nowMs: number, out: Int16Array): PullVerdict {
    if (!this.#isRunning) return silence(out)
    const surplus = nowMs * TICKS_PER_MS - this.#transit - this.#playAt - this.#target
    if (this.#isPriming && surplus < 0) return silence(out)
    this.#isPriming = false
    if (surplus > SURPLUS_QUIET) this.#skip(surplus)
    else if (surplus < -FRAME_SAMPLES && this.#isPresent() && this.#isQuiet()) return this.#stretch(out)
    const found = this.#take(out)
    if (found > 0) return this.#played(out, found)
    if (surplus < 0) this.stretched += 1
    else this.#moveOn()
    return this.#conceal(out)
  }

  #mayBeginAt(at: number): boolean {
    return this.#isPriming && at > this.#startedAt - WINDOW_SAMPLES && at >= this.#playedTo
  }

  get #transit(): number {
    return Math.min(this.#transitMin, this.#transitMinBefore)
  }

  #begin(packet: RtpPacket, bytes: Uint8Array, linearOf: Int16Array, nowMs: number): PushVerdict {
    this.#ssrc = packet.ssrc
    this.#playedTo = Number.NEGATIVE_INFINITY
    return this.#start(packet.timestamp, packet, bytes, linearOf, nowMs)
  }

  /** A time line begins at this packet. The delay that was needed before is kept: the network is the same. */
  #start(at: number, packet: RtpPacket, bytes: Uint8Array, linearOf: Int16Array, nowMs: number): PushVerdict {
    this.#ring.fill(EMPTY)
    this.#isRunning = true
    this.#isPriming = true
    this.#startedAt = this.#playAt = at
    this.#missingFrames = 0
    this.#windowPackets = 0
    this.#transitMin = this.#transitMinBefore = nowMs * TICKS_PER_MS - at
    this.starts += 1
    if (packet.payloadEnd - packet.payloadOffset <= WINDOW_SAMPLES) this.#keep(packet, bytes, linearOf, at)
    return 'started'
  }

  #keep(packet: RtpPacket, bytes: Uint8Array, linearOf: Int16Array, at: number): PushVerdict {
    this.#misfits = 0
    const ring = this.#ring
    const end = packet.payloadEnd
    const missed = Math.max(0, this.#playAt - at)
    for (let from = packet.payloadOffset + missed, slot = (at + missed) & MASK; from < end; from += 1, slot = (slot + 1) & MASK) {
      ring[slot] = linearOf[bytes[from] as number] as number
    }
    return 'kept'
  }

  /** Too late to play. If all is late now, the way has become longer; but nothing is played that lies before what was heard. */
  #late(at: number, packet: RtpPacket, bytes: Uint8Array, linearOf: Int16Array, nowMs: number): PushVerdict {
    this.late += 1
    if (at < this.#playedTo) return 'late'
    this.#misfits += 1
    return this.#misfits >= MISFITS_MAX ? this.#start(at, packet, bytes, linearOf, nowMs) : 'late'
  }

  #misfit(packet: RtpPacket, bytes: Uint8Array, linearOf: Int16Array, nowMs: number): PushVerdict {
    this.#misfits += 1
    return this.#misfits >= MISFITS_MAX ? this.#begin(packet, bytes, linearOf, nowMs) : 'misfit'
  }

  /** Follows the network: base delay by a moving minimum, the wish by the peak above it. */
  #follow(transit: number): void {
    this.#windowPackets += 1
    if (this.#windowPackets === WINDOW_PACKETS) {
      this.#windowPackets = 0
      this.#transitMinBefore = this.#transitMin
      this.#transitMin = transit
    } else if (transit < this.#transitMin) this.#transitMin = transit
    const lateness = transit - this.#transit
    const wish = lateness > this.#target ? lateness : this.#target - (this.#target - lateness) / DECAY_PACKETS
    this.#target = Math.max(this.#delayMin, Math.min(this.#delayMax, wish))
  }

  /** Leaves a mark behind: what was played comes again only as a duplicate, what was not may still come late. */
  #take(out: Int16Array): number {
    const ring = this.#ring
    let found = 0
    for (let n = 0, slot = this.#playAt & MASK; n < FRAME_SAMPLES; n += 1, slot = (slot + 1) & MASK) {
      const sample = ring[slot] as number
      const isAudio = sample > PLAYED
      out[n] = isAudio ? sample : 0
      if (isAudio) {
        ring[slot] = PLAYED
        found += 1
      }
    }
    return found
  }

  #played(out: Int16Array, found: number): PullVerdict {
    this.#moveOn()
    this.#playedTo = this.#playAt
    this.#missingFrames = 0
    this.#last.set(out)
    return found === FRAME_SAMPLES ? 'audio' : 'partial'
  }

  /** A frame that nobody hears is as one that was played. */
  #leaveOut(): void {
    const ring = this.#ring
    for (let n = 0, slot = this.#playAt & MASK; n < FRAME_SAMPLES; n += 1, slot = (slot + 1) & MASK) if ((ring[slot] as number) > PLAYED) ring[slot] = PLAYED
    this.#moveOn()
  }

  #moveOn(): void {
    this.#playAt += FRAME_SAMPLES
    this.#forgetAhead(this.#playAt)
  }

  /** The slots that now enter the window still hold marks of one round ago. */
  #forgetAhead(end: number): void {
    const from = (end + WINDOW_SAMPLES - FRAME_SAMPLES) & MASK
    const to = from + FRAME_SAMPLES
    this.#ring.fill(EMPTY, from, Math.min(to, RING_SAMPLES))
    if (to > RING_SAMPLES) this.#ring.fill(EMPTY, 0, to - RING_SAMPLES)
  }

  #conceal(out: Int16Array): PullVerdict {
    this.#missingFrames += 1
    this.concealed += 1
    if (this.#missingFrames >= IDLE_FRAMES) this.#isRunning = false
    if (this.#missingFrames > FADE_FRAMES) return silence(out)
    const gain = (FADE_FRAMES + 1 - this.#missingFrames) / (FADE_FRAMES + 1)
    for (let n = 0; n < FRAME_SAMPLES; n += 1) out[n] = (this.#last[n] as number) * gain
    return 'concealed'
  }

  #stretch(out: Int16Array): PullVerdict {
    this.stretched += 1
    out.set(this.#last)
    if (!isQuietFrame(out)) out.fill(0)
    return 'audio'
  }

  #skip(surplus: number): void {
    const frames = surplus > SURPLUS_MAX ? Math.floor(surplus / FRAME_SAMPLES) : Number(this.#isQuiet())
    for (let n = 0; n < frames; n += 1) this.#leaveOut()
    this.skipped += frames
  }

  #isPresent(): boolean {
    return (this.#ring[this.#playAt & MASK] as number) > PLAYED
  }

  /** Whether the frame to be played is there and quiet, or is missing. */
  #isQuiet(): boolean {
    const ring = this.#ring
    for (let at = this.#playAt, end = at + FRAME_SAMPLES; at < end; at += 1) {
      const sample = ring[at & MASK] as number
      if (sample > QUIET_LEVEL || (sample < -QUIET_LEVEL && sample > PLAYED)) return false
    }
    return true
  }
}

function isQuietFrame(frame: Int16Array): boolean {
  for (let n = 0; n < FRAME_SAMPLES; n += 1) if (Math.abs(frame[n] as number) > QUIET_LEVEL) return false
  return true
}

function silence(out: Int16Array): PullVerdict {
  out.fill(0)
  return 'silent'
}

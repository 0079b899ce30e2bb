/**
 * The packets of one digit we send (RFC 4733 §2.5.1): an update each 20 ms, the first with the marker, the last sent three
 * times, all with the timestamp of the beginning. Times: ms, monotonic.
 */
import type { EventPayload } from './telephone-event.ts'

const TICKS_PER_MS = 8
const UPDATE_MS = 20
const UPDATE_TICKS = UPDATE_MS * TICKS_PER_MS
/** The duration has 16 bits: §2.5.1.3 lets longer events go on as segments; no digit of ours is that long. */
const DURATION_MAX = 0xffff
/** §2.5.1.4: without its end a digit would stay held. */
const END_PACKETS = 3

export interface EventSender {
  readonly event: number
  readonly volume: number
  readonly timestamp: number
  /** In whole updates. */
  readonly lastsMs: number
  readonly beganAt: number
  packetsSent: number
  endsSent: number
}

/** One packet to send: the sequence number is the caller's next one, the timestamp that of the event's beginning. */
export interface EventPacket {
  marker: boolean
  timestamp: number
  payload: EventPayload
}

/** `timestamp`: that of our stream at `now`. No audio is sent until it is done (§2.5.1.2 leaves it open; carriers like it so). */
export function beginEvent(event: number, lastsMs: number, timestamp: number, now: number): EventSender {
  const updates = Math.max(2, Math.min(Math.floor(DURATION_MAX / UPDATE_TICKS), Math.round(lastsMs / UPDATE_MS)))
  return { event, volume: 10, timestamp, lastsMs: updates * UPDATE_MS, beganAt: now, packetsSent: 0, endsSent: 0 }
}

/** When the next packet is due; Infinity when all was sent. */
export function eventPacketAt(sender: EventSender): number {
  return sender.endsSent >= END_PACKETS ? Number.POSITIVE_INFINITY : sender.beganAt + (sender.packetsSent + 1) * UPDATE_MS
}

/** The packet that is due, or null. The first says 20 ms and has the marker; the last says the whole length three times. */
export function stepEventSender(sender: EventSender, now: number): EventPacket | null {
  if (now < eventPacketAt(sender)) return null
  sender.packetsSent += 1
  const elapsedMs = Math.min(sender.packetsSent * UPDATE_MS, sender.lastsMs)
  const isEnd = elapsedMs === sender.lastsMs
  if (isEnd) sender.endsSent += 1
  return {
    marker: sender.packetsSent === 1, timestamp: sender.timestamp,
    payload: { event: sender.event, isEnd, volume: sender.volume, durationTicks: elapsedMs * TICKS_PER_MS },
  }
}

/** Timestamp units the event took from our stream: audio goes on behind them, repetitions of the end included. */
export function eventTicks(sender: EventSender): number {
  return sender.packetsSent * UPDATE_TICKS
}

/**
 * Which digits a row of telephone-events means (RFC 4733 §2.5.2): packets of one event share a timestamp, and any of them
 * may be lost, repeated or late. A digit is said once. Times: ms, monotonic.
 */
import type { EventPayload } from './telephone-event.ts'

const TICKS_PER_MS = 8
/** §2.5.2.2: three silent update intervals are taken as the end; we wait twice as long, for jitter. */
const LOST_END_MS = 120

export interface EventReceiver {
  /** The event that lasts, -1 between events; its timestamp also refuses the repetitions of an event that has ended. */
  event: number
  timestamp: number
  hasHeard: boolean
  durationTicks: number
  lastAt: number
}

export type EventHeard =
  /** Said once, at the first packet that comes of it, be it the last one sent. */
  | { kind: 'began'; event: number; volume: number }
  /** `isGuessed`: its end never came. */
  | { kind: 'ended'; event: number; durationMs: number; isGuessed: boolean }

export function newEventReceiver(): EventReceiver {
  return { event: -1, timestamp: 0, hasHeard: false, durationTicks: 0, lastAt: 0 }
}

/** One packet of the event's payload type. Packets of an older event come late and say nothing new. */
export function hearEvent(receiver: EventReceiver, timestamp: number, payload: EventPayload, now: number): EventHeard[] {
  const newer = (timestamp - receiver.timestamp) | 0
  if (receiver.hasHeard && newer < 0) return []
  if (!receiver.hasHeard || newer > 0) return begin(receiver, timestamp, payload, now)
  if (receiver.event < 0) return []
  receiver.lastAt = now
  receiver.durationTicks = Math.max(receiver.durationTicks, payload.durationTicks)
  return payload.isEnd ? [end(receiver, false)] : []
}

/** When `onEventTime` has something to say; Infinity between events. */
export function eventTimeAt(receiver: EventReceiver): number {
  return receiver.event < 0 ? Number.POSITIVE_INFINITY : receiver.lastAt + LOST_END_MS
}

/** Time has passed: an event whose end was lost is over. Also to be called when audio follows (§2.5.2.2). */
export function onEventTime(receiver: EventReceiver, now: number): EventHeard[] {
  return now >= eventTimeAt(receiver) ? [end(receiver, true)] : []
}

/** A new SSRC has timestamps of its own. */
export function forgetEvents(receiver: EventReceiver): EventHeard[] {
  const heard = receiver.event < 0 ? [] : [end(receiver, true)]
  receiver.hasHeard = false
  return heard
}

function begin(receiver: EventReceiver, timestamp: number, payload: EventPayload, now: number): EventHeard[] {
  const before = receiver.event < 0 ? [] : [end(receiver, true)]
  receiver.hasHeard = true
  receiver.event = payload.event
  receiver.timestamp = timestamp
  receiver.durationTicks = payload.durationTicks
  receiver.lastAt = now
  const began: EventHeard = { kind: 'began', event: payload.event, volume: payload.volume }
  return payload.isEnd ? [...before, began, end(receiver, false)] : [...before, began]
}

function end(receiver: EventReceiver, isGuessed: boolean): EventHeard {
  const ended: EventHeard = { kind: 'ended', event: receiver.event, durationMs: receiver.durationTicks / TICKS_PER_MS, isGuessed }
  receiver.event = -1
  return ended
}

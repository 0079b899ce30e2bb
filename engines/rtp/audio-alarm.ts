/**
 * Whether a leg has gone silent on the wire: no packet for two seconds raises an alarm that names the leg, the next packet
 * clears it. Silence of a person is not meant: a telephone that says nothing still sends. Times: ms, monotonic.
 */
export const NO_AUDIO_MS = 2_000

export interface AudioAlarm<Leg> {
  readonly leg: Leg
  /** When the leg last gave audio, or began to owe it; Infinity while it owes none (on hold, RFC 3264 §8.4). */
  heardAt: number
  isRaised: boolean
}

export type AudioAlarmEvent<Leg> =
  /** `sinceMs`: how long nothing has come. */
  | { kind: 'no-audio'; leg: Leg; sinceMs: number }
  | { kind: 'audio-back'; leg: Leg; afterMs: number }

/** From `now` on the leg owes audio: its media was agreed. */
export function newAudioAlarm<Leg>(leg: Leg, now: number): AudioAlarm<Leg> {
  return { leg, heardAt: now, isRaised: false }
}

/** A packet with audio. Nothing is made unless an alarm is taken back. */
export function onAudio<Leg>(alarm: AudioAlarm<Leg>, now: number): AudioAlarmEvent<Leg> | null {
  const afterMs = now - alarm.heardAt
  if (alarm.heardAt !== Number.POSITIVE_INFINITY) alarm.heardAt = now
  if (!alarm.isRaised) return null
  alarm.isRaised = false
  return { kind: 'audio-back', leg: alarm.leg, afterMs }
}

/** Time has passed; call it at `alarmAt` or a little later. */
export function onAlarmTime<Leg>(alarm: AudioAlarm<Leg>, now: number): AudioAlarmEvent<Leg> | null {
  if (now < alarmAt(alarm)) return null
  alarm.isRaised = true
  return { kind: 'no-audio', leg: alarm.leg, sinceMs: now - alarm.heardAt }
}

/** Infinity: nothing to wait for. */
export function alarmAt(alarm: AudioAlarm<unknown>): number {
  return alarm.isRaised ? Number.POSITIVE_INFINITY : alarm.heardAt + NO_AUDIO_MS
}

/** Whether the far end is to send (its direction as agreed): on hold nothing is missing, and resuming starts the two seconds anew. */
export function expectAudio<Leg>(alarm: AudioAlarm<Leg>, isExpected: boolean, now: number): void {
  alarm.heardAt = isExpected ? now : Number.POSITIVE_INFINITY
  alarm.isRaised = false
}

/** What the four bytes of a telephone-event say (RFC 4733 §2.3), and which events are digits. */
export const EVENT_PAYLOAD_BYTES = 4
export const DIGITS = '0123456789*#ABCD'

export interface EventPayload {
  /** 0–15 are digits, see DIGITS; others are told apart by the caller. */
  event: number
  isEnd: boolean
  /** −dBm0, 0–63. */
  volume: number
  /** Timestamp units, 8 to the ms. */
  durationTicks: number
}

/** Undefined: too short to be an event. Longer payloads (RFC 2198 aside) begin with one; some senders pad. */
export function readEvent(bytes: Uint8Array, start: number, end: number): EventPayload | undefined {
  if (end - start < EVENT_PAYLOAD_BYTES || end > bytes.length) return undefined
  const second = bytes[start + 1] as number
  return {
    event: bytes[start] as number, isEnd: (second & 0x80) !== 0, volume: second & 0x3f,
    durationTicks: ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number),
  }
}

export function writeEvent(bytes: Uint8Array, offset: number, payload: EventPayload): void {
  bytes[offset] = payload.event
  bytes[offset + 1] = (payload.isEnd ? 0x80 : 0) | payload.volume
  bytes[offset + 2] = payload.durationTicks >>> 8
  bytes[offset + 3] = payload.durationTicks
}

/** Undefined: no digit (flash, fax tones). */
export function digitOf(event: number): string | undefined {
  return DIGITS[event]
}

/** -1: no digit. */
export function eventOf(digit: string): number {
  return digit.length === 1 ? DIGITS.indexOf(digit.toUpperCase()) : -1
}

/** What SRTP reads of an RTP header (RFC 3550 §5.1). Budget: 0.05 µs and no allocation per packet. */

const FIXED_BYTES = 12

/** Where the payload begins: behind CSRCs and extension. 0 when this is no RTP packet or its header runs over the end. */
export function payloadOffset(packet: Uint8Array, length: number): number {
  const first = packet[0] as number
  if (length < FIXED_BYTES || first >> 6 !== 2) return 0
  let at = FIXED_BYTES + 4 * (first & 0x0f)
  if ((first & 0x10) !== 0) {
    if (at + 4 > length) return 0
    at += 4 + 4 * (((packet[at + 2] as number) << 8) | (packet[at + 3] as number))
  }
  return at <= length ? at : 0
}

export function readUint16(packet: Uint8Array, at: number): number {
  return ((packet[at] as number) << 8) | (packet[at + 1] as number)
}

export function readUint32(packet: Uint8Array, at: number): number {
  return (((packet[at] as number) << 24) | ((packet[at + 1] as number) << 16) | ((packet[at + 2] as number) << 8) | (packet[at + 3] as number)) >>> 0
}

export function writeUint32(packet: Uint8Array, at: number, value: number): void {
  packet[at] = value >>> 24
  packet[at + 1] = value >>> 16
  packet[at + 2] = value >>> 8
  packet[at + 3] = value
}

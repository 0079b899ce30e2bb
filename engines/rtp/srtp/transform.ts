/**
 * How one profile turns packets into protected ones and back, in place, for one direction. It knows keys and tags, not
 * streams: indices and replay are for sender.hot.ts and receiver.hot.ts.
 */
export interface Transform {
  /** Protects the packet of `length` bytes whose payload begins at `payloadAt`; returns the new length. The buffer has room. */
  sealRtp(packet: Uint8Array, length: number, payloadAt: number, rollover: number): number
  /** The length of the plain packet, or 0 and the packet as it was when it is not authentic. */
  openRtp(packet: Uint8Array, length: number, payloadAt: number, rollover: number): number
  sealRtcp(packet: Uint8Array, length: number, index: number): number
  openRtcp(packet: Uint8Array, length: number): number
  /** Where the word with the E bit and the SRTCP index stands; negative when the packet is too short to have one. */
  indexWordAt(length: number): number
}

/** Longer packets are refused: nothing of a telephone call is longer than an Ethernet frame. */
export const PACKET_BYTES_MAX = 2_048
/** The fixed header of RTCP that stays in clear: the first word and the sender's SSRC (RFC 3711 §3.4). */
export const RTCP_HEADER_BYTES = 8

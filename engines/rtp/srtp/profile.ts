/** The protection profiles we speak: RFC 3711 as profiled by RFC 4568 §6.2 and RFC 5764 §4.1.2, and RFC 7714. */
export type SrtpProfile = 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32' | 'AEAD_AES_128_GCM'

export interface ProfileShape {
  readonly keyBytes: number
  /** Of the master salt: 112 bits for AES-CM, 96 for GCM (RFC 7714 §12). */
  readonly saltBytes: number
  /** What protection adds to an RTP packet. */
  readonly tagBytes: number
  /** Of SRTCP: 80 bits also where RTP has 32 (RFC 4568 §6.2.2, RFC 5764 §4.1.2). */
  readonly rtcpTagBytes: number
}

export const PROFILES: Readonly<Record<SrtpProfile, ProfileShape>> = {
  AES_CM_128_HMAC_SHA1_80: { keyBytes: 16, saltBytes: 14, tagBytes: 10, rtcpTagBytes: 10 },
  AES_CM_128_HMAC_SHA1_32: { keyBytes: 16, saltBytes: 14, tagBytes: 4, rtcpTagBytes: 10 },
  AEAD_AES_128_GCM: { keyBytes: 16, saltBytes: 12, tagBytes: 16, rtcpTagBytes: 16 },
}

/** Room a packet's buffer needs behind the packet: the longest tag and the index word of SRTCP. */
export const OVERHEAD_BYTES_MAX = 20

/** Master key and salt together, as SDES writes them and as DTLS-SRTP exports them per direction. */
export function masterBytes(profile: SrtpProfile): number {
  return PROFILES[profile].keyBytes + PROFILES[profile].saltBytes
}

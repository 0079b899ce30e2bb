import { readUint32, writeUint32 } from './rtp-header.hot.ts'
import { RTCP_HEADER_BYTES, type Transform } from './transform.ts'
import type { Aead, SrtpPrimitives } from './primitives.ts'
import type { SessionKeys } from './key-derivation.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const INDEX_BYTES = 4

/**
 * AEAD_AES_128_GCM (RFC 7714). Budget: 6 µs per packet of 172 bytes, views and the cipher's objects; srtp.bench.ts.
 * GCM needs a cipher object per packet in every library below us: that is most of the cost.
 */
export class GcmTransform implements Transform {
  readonly #rtp: Aead
  readonly #rtpSalt: Uint8Array
  readonly #rtcp: Aead
  readonly #rtcpSalt: Uint8Array
  readonly #nonce = new Uint8Array(NONCE_BYTES)
  /** Header and index word of an SRTCP packet, which stand apart in it (§9.2). */
  readonly #rtcpAssociated = new Uint8Array(RTCP_HEADER_BYTES + INDEX_BYTES)

  constructor({ aes128Gcm }: SrtpPrimitives, keys: { rtp: SessionKeys; rtcp: SessionKeys }) {
    this.#rtp = aes128Gcm(keys.rtp.key)
    this.#rtpSalt = keys.rtp.salt
    this.#rtcp = aes128Gcm(keys.rtcp.key)
    this.#rtcpSalt = keys.rtcp.salt
  }

  sealRtp(packet: Uint8Array, length: number, payloadAt: number, rollover: number): number {
    this.#writeRtpNonce(packet, rollover)
    this.#rtp.seal(this.#nonce, packet.subarray(0, payloadAt), packet.subarray(payloadAt, length), packet.subarray(length, length + TAG_BYTES))
    return length + TAG_BYTES
  }

  openRtp(packet: Uint8Array, length: number, payloadAt: number, rollover: number): number {
    const end = length - TAG_BYTES
    if (end < payloadAt) return 0
    this.#writeRtpNonce(packet, rollover)
    const isAuthentic = this.#rtp.open(this.#nonce, packet.subarray(0, payloadAt), packet.subarray(payloadAt, end), packet.subarray(end, length))
    return isAuthentic ? end : 0
  }

  sealRtcp(packet: Uint8Array, length: number, index: number): number {
    const wordAt = length + TAG_BYTES
    writeUint32(packet, wordAt, (index | 0x8000_0000) >>> 0)
    this.#prepareRtcp(packet, wordAt)
    this.#rtcp.seal(this.#nonce, this.#rtcpAssociated, packet.subarray(RTCP_HEADER_BYTES, length), packet.subarray(length, wordAt))
    return wordAt + INDEX_BYTES
  }

  openRtcp(packet: Uint8Array, length: number): number {
    const wordAt = length - INDEX_BYTES
    const end = wordAt - TAG_BYTES
    this.#prepareRtcp(packet, wordAt)
    const isAuthentic = this.#rtcp.open(this.#nonce, this.#rtcpAssociated, packet.subarray(RTCP_HEADER_BYTES, end), packet.subarray(end, wordAt))
    return isAuthentic ? end : 0
  }

  indexWordAt(length: number): number {
    const at = length - INDEX_BYTES
    return at >= RTCP_HEADER_BYTES + TAG_BYTES ? at : -1
  }

  /** 16 zero bits, SSRC, rollover counter, sequence number, XOR salt (§8.1). */
  #writeRtpNonce(packet: Uint8Array, rollover: number): void {
    const nonce = this.#nonce
    const salt = this.#rtpSalt
    nonce[0] = salt[0] as number
    nonce[1] = salt[1] as number
    for (let at = 0; at < 4; at++) {
      nonce[2 + at] = (salt[2 + at] as number) ^ (packet[8 + at] as number)
      nonce[6 + at] = (salt[6 + at] as number) ^ (rollover >>> (24 - 8 * at))
    }
    nonce[10] = (salt[10] as number) ^ (packet[2] as number)
    nonce[11] = (salt[11] as number) ^ (packet[3] as number)
  }

  /** 16 zero bits, SSRC, 16 zero bits, index, XOR salt (§9.1); the associated data is what stays in clear. */
  #prepareRtcp(packet: Uint8Array, wordAt: number): void {
    const index = readUint32(packet, wordAt) & 0x7fff_ffff
    const nonce = this.#nonce
    nonce.set(this.#rtcpSalt)
    for (let at = 0; at < 4; at++) {
      nonce[2 + at] = (nonce[2 + at] as number) ^ (packet[4 + at] as number)
      nonce[8 + at] = (nonce[8 + at] as number) ^ (index >>> (24 - 8 * at))
      this.#rtcpAssociated[RTCP_HEADER_BYTES + at] = packet[wordAt + at] as number
    }
    for (let at = 0; at < RTCP_HEADER_BYTES; at++) this.#rtcpAssociated[at] = packet[at] as number
  }
}

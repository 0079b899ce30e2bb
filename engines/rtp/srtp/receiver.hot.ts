import { transformFor, type DirectionKeys } from './choose-transform.ts'
import { PacketIndexes } from './packet-index.hot.ts'
import { payloadOffset, readUint16, readUint32 } from './rtp-header.hot.ts'
import { PACKET_BYTES_MAX, type Transform } from './transform.ts'
import type { SrtpPrimitives } from './primitives.ts'

/**
 * Sources heard under one key. None is ever forgotten, or its old packets could be played again; a browser has one, a
 * line one more for each announcement that its carrier cuts in.
 */
const STREAMS_MAX = 32

interface Stream {
  readonly rtp: PacketIndexes
  readonly rtcp: PacketIndexes
}

/** Why packets were dropped. Bad packets are counted, never an action (CVE-2021-41105). */
export interface SrtpDropped {
  /** No RTP or RTCP, cut short, or longer than anything of a call. */
  malformed: number
  /** Seen before, or too old to know. */
  replayed: number
  /** Wrong tag: another key, or forged. */
  forged: number
  /** SRTCP in clear: the policy says encrypted, not the packet (libsrtp #20). */
  unencrypted: number
  /** Of one source too many: authentic ones came before it. */
  excessSource: number
}

/**
 * Opens what comes under one master key. Budget: 2.5 µs with AES-CM, 6 with GCM per packet of 172 bytes, no allocation
 * here beside the transform's; srtp.bench.ts. Replay is checked first, since it is cheap; the window moves, and a source
 * becomes known, only after authentication.
 */
export class SrtpReceiver {
  readonly dropped: SrtpDropped = { malformed: 0, replayed: 0, forged: 0, unencrypted: 0, excessSource: 0 }
  readonly #transform: Transform
  readonly #streams = new Map<number, Stream>()
  /** For a source not heard yet: becomes its own when its first packet is authentic. */
  #spare: Stream = newStream()

  constructor(primitives: SrtpPrimitives, keys: DirectionKeys) {
    this.#transform = transformFor(primitives, keys)
  }

  /** Deciphers in place and returns the length of the RTP packet, or 0: counted, and the packet as it was. */
  unprotectRtp(packet: Uint8Array, length: number): number {
    const payloadAt = length <= PACKET_BYTES_MAX ? payloadOffset(packet, length) : 0
    if (payloadAt === 0) return this.#drop('malformed')
    const ssrc = readUint32(packet, 8)
    const known = this.#streams.get(ssrc)
    if (known === undefined && this.#streams.size >= STREAMS_MAX) return this.#drop('excessSource')
    const { rtp } = known ?? this.#spare
    const index = rtp.estimate(readUint16(packet, 2))
    if (!rtp.isNew(index)) return this.#drop('replayed')
    const opened = this.#transform.openRtp(packet, length, payloadAt, Math.floor(index / 0x1_0000))
    if (opened === 0) return this.#drop('forged')
    if (known === undefined) this.#adopt(ssrc)
    rtp.commit(index)
    return opened
  }

  /** As unprotectRtp, for a compound RTCP packet. */
  unprotectRtcp(packet: Uint8Array, length: number): number {
    const wordAt = length <= PACKET_BYTES_MAX ? this.#transform.indexWordAt(length) : -1
    if (wordAt < 0 || (packet[0] as number) >> 6 !== 2) return this.#drop('malformed')
    const word = readUint32(packet, wordAt)
    if (word < 0x8000_0000) return this.#drop('unencrypted')
    const ssrc = readUint32(packet, 4)
    const known = this.#streams.get(ssrc)
    if (known === undefined && this.#streams.size >= STREAMS_MAX) return this.#drop('excessSource')
    const { rtcp } = known ?? this.#spare
    const index = word - 0x8000_0000
    if (!rtcp.isNew(index)) return this.#drop('replayed')
    const opened = this.#transform.openRtcp(packet, length)
    if (opened === 0) return this.#drop('forged')
    if (known === undefined) this.#adopt(ssrc)
    rtcp.commit(index)
    return opened
  }

  #adopt(ssrc: number): void {
    this.#streams.set(ssrc, this.#spare)
    this.#spare = newStream()
  }

  #drop(why: keyof SrtpDropped): 0 {
    this.dropped[why]++
    return 0
  }
}

function newStream(): Stream {
  return { rtp: new PacketIndexes(), rtcp: new PacketIndexes() }
}

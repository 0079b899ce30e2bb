/**
 * RTP and RTCP of a leg on a bound port of ours: of a line, or of a desk telephone. Nothing is heard before signalling has
 * named the far end, and then only who the latch believes (threat 9).
 * Budget: 1 µs and no allocation per packet beside the socket's own; relay.bench.ts.
 */
import type { RemoteInfo } from 'node:dgram'
import { admitsControl, newLatch, resignal, stepLatch, type Latch } from '@loopline/rtp/latching'
import { isRtcp, newRtpPacket, readRtp } from '@loopline/rtp/packet.hot'
import { OVERHEAD_BYTES_MAX } from '@loopline/rtp/srtp/profile'
import type { BoundEndpoint, EndpointUser } from './endpoint-pool.ts'
import type { Leg, Transport } from './leg.hot.ts'
import type { RemoteMedia, SrtpKeys } from './media-messages.ts'
import { LegSrtp } from './leg-srtp.hot.ts'

export interface ControlEar {
  onRtcp(leg: Leg, bytes: Uint8Array, length: number, now: number): void
}

const BUFFER_BYTES = 1_500
/** The old way of saying hold (RFC 3264 §8.4): they want nothing. To the system it would mean ourselves. */
const HELD = '0.0.0.0'

export class PlainLeg implements EndpointUser, Transport {
  readonly endpoint: BoundEndpoint
  readonly leg: Leg
  strangers = 0
  malformed = 0
  #latch: Latch | null = null
  /** Where their description says that RTCP goes; 0 while there is none. */
  #rtcpPort = 0
  /** Where their RTCP comes from instead, once a NAT has moved their RTP; 0 while unknown. */
  #rtcpLearned = 0
  /** By SDES (RFC 4568), where the line offers it. Packets are authentic before anything is learned from them. */
  readonly #srtp = new LegSrtp()
  readonly #bytes = new Uint8Array(BUFFER_BYTES)
  readonly #packet = newRtpPacket()
  readonly #control: ControlEar

  constructor(endpoint: BoundEndpoint, leg: Leg, control: ControlEar) {
    this.endpoint = endpoint
    this.leg = leg
    this.#control = control
    endpoint.user = this
    leg.transport = this
  }

  /** Their session description, or a new one; the same again moves nothing. */
  signal(remote: RemoteMedia, keys: SrtpKeys | null): void {
    this.#srtp.use(keys)
    if (this.#latch === null || this.#latch.isAuthenticated !== (keys !== null)) this.#latch = newLatch(remote, keys !== null)
    else resignal(this.#latch, remote)
    this.#rtcpPort = remote.rtcpPort
    if (!this.#latch.isLocked) this.#rtcpLearned = 0
  }

  onRtp(datagram: Buffer, from: RemoteInfo): void {
    const now = performance.now()
    if (isRtcp(datagram, datagram.length)) return this.#onControl(datagram, from, now)
    const packet = this.#packet
    const length = this.#srtp.isOn ? this.#srtp.openRtp(datagram, datagram.length) : datagram.length
    if (length === 0 || !readRtp(datagram, length, packet)) {
      this.malformed += 1
      return
    }
    if (this.#latch === null || stepLatch(this.#latch, from.address, from.port, packet, now) !== 'accepted') {
      this.strangers += 1
      return
    }
    this.leg.receive(datagram, packet, now)
  }

  onRtcp(datagram: Buffer, from: RemoteInfo): void {
    if (isRtcp(datagram, datagram.length)) this.#onControl(datagram, from, performance.now())
  }

  #onControl(datagram: Buffer, from: RemoteInfo, now: number): void {
    if (this.#latch === null || !admitsControl(this.#latch, from.address)) {
      this.strangers += 1
      return
    }
    const length = this.#srtp.isOn ? this.#srtp.openRtcp(datagram, datagram.length) : datagram.length
    if (length === 0) return
    if (this.#rtcpLearned === 0 && this.#latch.isLocked) this.#rtcpLearned = from.port
    this.#control.onRtcp(this.leg, datagram, length, now)
  }

  send(bytes: Uint8Array, offset: number, end: number): void {
    const latch = this.#latch
    if (latch === null || latch.sendHost === HELD) return
    if (!this.#srtp.isOn) return this.endpoint.rtp.send(bytes, offset, end - offset, latch.sendPort, latch.sendHost)
    const length = this.#srtp.sealRtp(this.#bytes, this.#copy(bytes, offset, end))
    if (length > 0) this.endpoint.rtp.send(this.#bytes, 0, length, latch.sendPort, latch.sendHost)
  }

  sendRtcp(bytes: Uint8Array, length: number): void {
    const latch = this.#latch
    if (latch === null || latch.sendHost === HELD) return
    const isMuxed = this.#rtcpPort === latch.port
    const port = isMuxed ? latch.sendPort : this.#rtcpOf(latch)
    if (port === 0) return
    const socket = isMuxed ? this.endpoint.rtp : this.endpoint.rtcp
    if (!this.#srtp.isOn) return socket.send(bytes, 0, length, port, latch.sendHost)
    const sealed = this.#srtp.sealRtcp(this.#bytes, this.#copy(bytes, 0, length))
    if (sealed > 0) socket.send(this.#bytes, 0, sealed, port, latch.sendHost)
  }

  /** As signalled, unless a NAT moved their RTP: then their RTCP shows where it comes through (RFC 4961), and until then nothing is sent. */
  #rtcpOf(latch: Latch): number {
    const isMoved = latch.sendHost !== latch.host || latch.sendPort !== latch.port
    return isMoved ? this.#rtcpLearned : this.#rtcpPort
  }

  #copy(bytes: Uint8Array, offset: number, end: number): number {
    const length = end - offset
    if (length + OVERHEAD_BYTES_MAX > BUFFER_BYTES) return 0
    for (let index = 0; index < length; index += 1) this.#bytes[index] = bytes[offset + index] as number
    return length
  }

  close(): void {
    this.endpoint.user = null
    this.leg.transport = null
    this.#latch = null
  }
}

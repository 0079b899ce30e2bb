/**
 * RTP and RTCP of a leg on a bound port of ours: of a line, or of a desk telephone. Nothing is heard before signalling has
 * named the far end, and then only who the latch believes (threat 9).
 * Budget: 1 µs and no allocation per packet beside the socket's own; relay.bench.ts.
 */
import type { RemoteInfo } from 'node:dgram'
import { admitsControl, newLatch, resignal, stepLatch, type Latch } from '@loopline/rtp/latching'
import { isRtcp, newRtpPacket, readRtp } from '@loopline/rtp/packet.hot'
import type { BoundEndpoint, EndpointUser } from './endpoint-pool.ts'
import type { Leg, Transport } from './leg.hot.ts'
import type { RemoteMedia } from './media-messages.ts'

export interface ControlEar {
  onRtcp(leg: Leg, bytes: Uint8Array, length: number, now: number): void
}

export class PlainLeg implements EndpointUser, Transport {
  readonly endpoint: BoundEndpoint
  readonly leg: Leg
  strangers = 0
  malformed = 0
  #latch: Latch | null = null
  #rtcpPort = 0
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
  signal(remote: RemoteMedia): void {
    if (this.#latch === null) this.#latch = newLatch(remote.host, remote.port, false)
    else resignal(this.#latch, remote.host, remote.port)
    this.#rtcpPort = remote.rtcpPort
  }

  onRtp(datagram: Buffer, from: RemoteInfo): void {
    const now = performance.now()
    if (isRtcp(datagram, datagram.length)) return this.#onControl(datagram, from, now)
    const packet = this.#packet
    if (!readRtp(datagram, datagram.length, packet)) {
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
    this.#control.onRtcp(this.leg, datagram, datagram.length, now)
  }

  send(bytes: Uint8Array, offset: number, end: number): void {
    const latch = this.#latch
    if (latch !== null) this.endpoint.rtp.send(bytes, offset, end - offset, latch.sendPort, latch.host)
  }

  sendRtcp(bytes: Uint8Array, length: number): void {
    if (this.#latch === null || this.#rtcpPort === 0) return
    const socket = this.#rtcpPort === this.#latch.port ? this.endpoint.rtp : this.endpoint.rtcp
    socket.send(bytes, 0, length, this.#rtcpPort, this.#latch.host)
  }

  close(): void {
    this.endpoint.user = null
    this.leg.transport = null
    this.#latch = null
  }
}

/** A far end of voice: one bound UDP port that says one A-law byte over and over, so that whoever hears it knows who spoke. */
import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { PAYLOAD_TYPE } from '@loopline/rtp/g711'
import { FRAME_SAMPLES, newRtpPacket, readRtp, RTP_HEADER_BYTES, writeRtpHeader } from '@loopline/rtp/packet.hot'

const FRAME_MS = 20

/** Where packets go, as a session description says it. */
export interface Target {
  address: string
  port: number
}

export class UdpSpeaker {
  readonly port: number
  /** A whole frame of somebody's byte came, at this instant (ms, monotonic). */
  onHeard: (byte: number, at: number) => void = () => undefined
  heard = 0
  readonly #socket: Socket
  readonly #datagram = Buffer.alloc(RTP_HEADER_BYTES + FRAME_SAMPLES)
  readonly #packet = { ...newRtpPacket(), payloadType: PAYLOAD_TYPE.PCMA, ssrc: randomInt(2 ** 32), sequence: randomInt(2 ** 16), timestamp: randomInt(2 ** 32) }
  #timer: NodeJS.Timeout | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    this.port = socket.address().port
    const read = newRtpPacket()
    socket.on('error', () => undefined) // the other side closed its port: the call ends by its signalling
    socket.on('message', (bytes) => {
      const at = performance.now()
      if (!readRtp(bytes, bytes.length, read) || read.payloadType !== PAYLOAD_TYPE.PCMA) return
      this.heard += 1
      const byte = bytes[read.payloadOffset] as number
      const isWhole = bytes[read.payloadEnd - 1] === byte && bytes[(read.payloadOffset + read.payloadEnd) >> 1] === byte
      if (isWhole) this.onHeard(byte, at)
    })
  }

  static async open(): Promise<UdpSpeaker> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, found) => found(null, host, 4) })
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    return new UdpSpeaker(socket)
  }

  /** The first frame at once, the next each 20 ms: one byte over and over, or a frame that fits its own beginning. */
  speak(voice: number | Uint8Array, to: Target): void {
    this.hush()
    this.#datagram.fill(voice, RTP_HEADER_BYTES)
    this.#say(to)
    this.#timer = setInterval(() => this.#say(to), FRAME_MS)
  }

  hush(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  close(): void {
    this.hush()
    this.#socket.close()
  }

  #say(to: Target): void {
    this.#packet.sequence = (this.#packet.sequence + 1) & 0xffff
    this.#packet.timestamp = (this.#packet.timestamp + FRAME_SAMPLES) >>> 0
    writeRtpHeader(this.#datagram, 0, this.#packet)
    this.#socket.send(Buffer.from(this.#datagram), to.port, to.address)
  }
}

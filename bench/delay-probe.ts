/**
 * One-way delay through a relay: a few calls whose packets this process both sends and hears, beside a pair of sockets that
 * speak to each other directly. What the direct path takes (this process, the scheduler, the kernel) is nobody's to answer for.
 */
import { createSocket, type Socket } from 'node:dgram'

const FRAME_MS = 20
const RTP_HEADER_BYTES = 12
const PACKET_BYTES = 172

interface Stream {
  from: Socket
  to: { host: string; port: number }
  packet: Buffer
  timer: NodeJS.Timeout | null
  isDirect: boolean
}

export interface ProbeSocket {
  port: number
  /** From now on it sends here; what comes back from there was sent by `peer`. */
  speak(host: string, port: number): void
}

export interface Delays {
  /** ms. */
  relayed: number[]
  direct: number[]
  sent: number
}

export class DelayProbe {
  readonly #host: string
  readonly #sockets: Socket[] = []
  readonly #streams: Stream[] = []
  #delays: Delays = { relayed: [], direct: [], sent: 0 }

  constructor(host: string) {
    this.#host = host
  }

  async socket(): Promise<ProbeSocket> {
    const socket = await this.#bound()
    return { port: socket.address().port, speak: (host, port) => this.#stream(socket, { host, port }, false) }
  }

  /** Also the pair that speaks without a relay. */
  async startDirect(): Promise<void> {
    const [one, other] = [await this.#bound(), await this.#bound()]
    this.#stream(one, { host: this.#host, port: other.address().port }, true)
    this.#stream(other, { host: this.#host, port: one.address().port }, true)
  }

  /** Forgets what was measured so far. */
  reset(): void {
    this.#delays = { relayed: [], direct: [], sent: 0 }
  }

  get delays(): Delays {
    return this.#delays
  }

  close(): void {
    for (const { timer } of this.#streams) if (timer !== null) clearTimeout(timer)
    for (const socket of this.#sockets) socket.close()
  }

  async #bound(): Promise<Socket> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) })
    socket.on('error', () => undefined)
    await new Promise<void>((resolve) => socket.bind(0, this.#host, resolve))
    socket.on('message', (datagram) => this.#hear(datagram, performance.now()))
    this.#sockets.push(socket)
    return socket
  }

  #hear(datagram: Buffer, now: number): void {
    if (datagram.length !== PACKET_BYTES) return
    const delay = now - datagram.readDoubleBE(RTP_HEADER_BYTES)
    if (datagram[PACKET_BYTES - 1] === 1) this.#delays.direct.push(delay)
    else this.#delays.relayed.push(delay)
  }

  /** A packet each 20 ms from a random instant on, its payload says when it was sent. */
  #stream(from: Socket, to: { host: string; port: number }, isDirect: boolean): void {
    const packet = Buffer.alloc(PACKET_BYTES)
    packet.set([0x80, 8])
    packet.writeUInt32BE(this.#streams.length + 1, 8)
    packet[PACKET_BYTES - 1] = isDirect ? 1 : 0
    const stream: Stream = { from, to, packet, timer: null, isDirect }
    this.#streams.push(stream)
    this.#next(stream, performance.now() + Math.random() * FRAME_MS)
  }

  #next(stream: Stream, at: number): void {
    stream.timer = setTimeout(() => {
      const { packet } = stream
      packet.writeUInt16BE((packet.readUInt16BE(2) + 1) & 0xffff, 2)
      packet.writeUInt32BE((packet.readUInt32BE(4) + 160) >>> 0, 4)
      packet.writeDoubleBE(performance.now(), RTP_HEADER_BYTES)
      stream.from.send(packet, stream.to.port, stream.to.host)
      if (!stream.isDirect) this.#delays.sent += 1
      this.#next(stream, at + FRAME_MS)
    }, Math.max(0, at - performance.now()))
  }
}

/** The value below which this share lies; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? null
}

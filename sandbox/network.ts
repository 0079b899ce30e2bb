import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import type { Misbehaviour } from './misbehaviour.ts'

export interface Peer {
  readonly address: string
  readonly port: number
}

/** Asked for; the kernel grants what net.core.rmem_max allows. At 7,000 datagrams a second a 100 ms pause needs 1 MB. */
const SOCKET_BUFFER_BYTES = 8 << 20

/** The carrier's UDP socket with a network in front of it that can lose, delay and double. Wire text is latin1. */
export class Network {
  readonly #misbehaviour: Readonly<Misbehaviour>
  readonly #onText: (text: string, from: Peer) => void
  readonly #random: () => number
  readonly #pending = new Set<NodeJS.Timeout>()
  #socket: Socket | null = null
  /** Seen since the start. */
  datagramsIn = 0
  datagramsOut = 0

  /** @param random 0 up to 1; decides which datagrams suffer. */
  constructor(misbehaviour: Readonly<Misbehaviour>, random: () => number, onText: (text: string, from: Peer) => void) {
    this.#misbehaviour = misbehaviour
    this.#random = random
    this.#onText = onText
  }

  /** Binds and returns the port; rejects when it is taken. */
  open(address: string, port: number): Promise<number> {
    const socket = createSocket({
      type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES, sendBufferSize: SOCKET_BUFFER_BYTES,
      // Peers are addresses, never names; the default look-up would put each send on the next tick.
      lookup: (host, _options, found) => found(null, host, 4),
    })
    socket.on('message', (bytes, from) => this.#receive(bytes.toString('latin1'), from))
    this.#socket = socket
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, address, () => {
        socket.removeAllListeners('error')
        socket.on('error', ignoreSendError)
        resolve(socket.address().port)
      })
    })
  }

  /** Takes the socket away; what comes meets an ICMP error. */
  close(): Promise<void> {
    const socket = this.#socket
    this.#socket = null
    for (const timer of this.#pending) clearTimeout(timer)
    this.#pending.clear()
    return new Promise((resolve) => (socket === null ? resolve() : socket.close(() => resolve())))
  }

  send(text: string, to: Peer): void {
    this.#suffer(() => this.#put(text, to))
  }

  #receive(text: string, from: Peer): void {
    this.datagramsIn += 1
    const { lossPercent, delayMs, duplicatePercent } = this.#misbehaviour
    if (lossPercent === 0 && delayMs === 0 && duplicatePercent === 0) this.#onText(text, from)
    else this.#suffer(() => this.#onText(text, from))
  }

  #put(text: string, to: Peer): void {
    if (this.#socket === null) return
    this.datagramsOut += 1
    this.#socket.send(Buffer.from(text, 'latin1'), to.port, to.address, ignoreSendError)
  }

  #suffer(deliver: () => void): void {
    const { lossPercent, delayMs, duplicatePercent } = this.#misbehaviour
    if (lossPercent > 0 && this.#random() * 100 < lossPercent) return
    const times = duplicatePercent > 0 && this.#random() * 100 < duplicatePercent ? 2 : 1
    for (let time = 0; time < times; time += 1) {
      if (delayMs === 0) deliver()
      else this.#later(deliver, delayMs * (0.5 + this.#random()))
    }
  }

  #later(deliver: () => void, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer)
      deliver()
    }, delayMs)
    this.#pending.add(timer)
  }
}

/** The caller has gone away (ICMP port unreachable): its calls end by their own timers. */
function ignoreSendError(): void {}

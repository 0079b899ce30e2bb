/**
 * The one UDP socket of a line. Carriers know us by its address, so every message of the line leaves from here. What
 * comes from any other address than the carrier's is dropped without an answer (threat 1) and counted.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'

const BUFFER_BYTES = 4 * 2 ** 20

export interface LineSocketHandlers {
  /** Wire text of one datagram: one character a byte. */
  onDatagram(text: string): void
  onStranger(): void
  onSendError(error: Error): void
}

export interface Address {
  host: string
  port: number
}

/** Every host given to a socket here is an address already; asking the resolver at each send costs more than the send. */
const alreadyResolved = (host: string, _options: unknown, done: (error: Error | null, address: string, family: number) => void): void =>
  done(null, host, 4)

/** Reads `host:port`; the host is an address or a name that the system resolves. */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
}

export class LineSocket {
  readonly #socket: Socket
  #remote: Address
  #local: Address

  private constructor(socket: Socket, local: Address, remote: Address) {
    this.#socket = socket
    this.#local = local
    this.#remote = remote
  }

  /** Binds and connects nothing: a refused port must not kill the socket. @throws when the address is taken. */
  static open(local: Address, remote: Address, handlers: LineSocketHandlers): Promise<LineSocket> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES, sendBufferSize: BUFFER_BYTES, lookup: alreadyResolved })
    const line = new LineSocket(socket, local, remote)
    socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
      if (from.port !== line.#remote.port || from.address !== line.#remote.host) return handlers.onStranger()
      handlers.onDatagram(datagram.toString('latin1'))
    })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ address: local.host, port: local.port, exclusive: true }, () => {
        socket.off('error', reject)
        socket.on('error', (error) => handlers.onSendError(error))
        line.#local = { host: local.host, port: socket.address().port }
        resolve(line)
      })
    })
  }

  get remote(): Address {
    return this.#remote
  }

  /** Another address of the same carrier: from now on it is spoken to and heard there alone. */
  aimAt(host: string): void {
    this.#remote = { host, port: this.#remote.port }
  }

  get local(): Address {
    return this.#local
  }

  readonly transport = 'udp'
  readonly isReliable = false
  readonly fault: string | null = null

  /** As Via wants it of the engine. */
  get via(): string {
    return this.sentBy
  }

  /** `host:port` for Via and Contact. */
  get sentBy(): string {
    return `${this.#local.host}:${this.#local.port}`
  }

  send(text: string, onError?: () => void): void {
    const datagram = Buffer.from(text, 'latin1')
    this.#socket.send(datagram, 0, datagram.length, this.#remote.port, this.#remote.host, onError ? (error) => { if (error) onError() } : undefined)
  }

  close(): void {
    this.#socket.close()
  }
}

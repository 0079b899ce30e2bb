/**
 * The one connection of a line to its carrier, by TCP or TLS (RFC 3261 §18): in the place of line-socket.ts. It is made when something is to be
 * sent and kept; what is sent meanwhile waits for it, and is lost with it.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { feed, newFraming } from '@loopline/sip/stream-framing'
import type { Address, LineSocketHandlers } from './line-socket.ts'

const OPEN_WITHIN_MS = 500
const CONNECT_WITHIN_MS = 4_000
const WAITING_MAX = 1_000
const BUFFERED_BYTES_MAX = 4 * 2 ** 20

export interface TlsWish {
  /** The name in the carrier's certificate; an address stands for itself. */
  name: string
  /** Certificates to believe, PEM; null: those of the system. */
  ca: string | null
}

interface Waiting {
  text: string
  onError: (() => void) | undefined
}

export class LineStream {
  readonly isReliable = true
  readonly #handlers: LineSocketHandlers
  readonly #tls: TlsWish | null
  #remote: Address
  #local: Address
  #socket: Socket | null = null
  #isUp = false
  #isClosed = false
  #waiting: Waiting[] = []
  /** Why the last connection ended or could not be made; null while it is well. */
  fault: string | null = null

  private constructor(local: Address, remote: Address, tls: TlsWish | null, handlers: LineSocketHandlers) {
    // The port is the system's to choose; until it has, the one of the protocol stands for it.
    this.#local = { host: local.host, port: local.port || (tls === null ? 5060 : 5061) }
    this.#remote = remote
    this.#tls = tls
    this.#handlers = handlers
  }

  /** Resolves when the connection is made or cannot be, and soon in any case: orders wait for it. The next sending tries again. */
  static async open(local: Address, remote: Address, tls: TlsWish | null, handlers: LineSocketHandlers): Promise<LineStream> {
    const stream = new LineStream(local, remote, tls, handlers)
    const patience = Promise.withResolvers<void>()
    const timer = setTimeout(patience.resolve, OPEN_WITHIN_MS)
    await Promise.race([stream.#connect(), patience.promise])
    clearTimeout(timer)
    return stream
  }

  get transport(): 'tcp' | 'tls' {
    return this.#tls === null ? 'tcp' : 'tls'
  }

  get remote(): Address {
    return this.#remote
  }

  get local(): Address {
    return this.#local
  }

  get sentBy(): string {
    return `${this.#local.host}:${this.#local.port}`
  }

  get via(): string {
    return `${this.transport.toUpperCase()} ${this.sentBy}`
  }

  /** Another address of the same carrier: the connection to the one before ends. */
  aimAt(host: string): void {
    this.#remote = { host, port: this.#remote.port }
    this.#socket?.destroy()
  }

  send(text: string, onError?: () => void): void {
    if (this.#isClosed) return onError?.()
    if (this.#isUp && this.#socket !== null) {
      // Whoever takes nothing any more is gone, whatever TCP believes.
      if (this.#socket.writableLength > BUFFERED_BYTES_MAX) this.#socket.destroy()
      else return void this.#socket.write(text, 'latin1', onError ? (error) => { if (error) onError() } : undefined)
    }
    this.#waiting.push({ text, onError })
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift()?.onError?.()
    if (this.#socket === null) void this.#connect()
  }

  /** What was sent before still leaves. */
  close(): void {
    this.#isClosed = true
    this.#socket?.end()
    this.#socket?.unref()
  }

  #connect(): Promise<void> {
    const { host, port } = this.#remote
    const from = { host, port, noDelay: true, keepAlive: true, ...(this.#local.host !== '' && isIP(this.#local.host) !== 0 && { localAddress: this.#local.host }) }
    const socket: Socket = this.#tls === null ? connectTcp(from)
      : connectTls({ ...from, minVersion: 'TLSv1.2', ...(isIP(this.#tls.name) === 0 && { servername: this.#tls.name }), ...(this.#tls.ca !== null && { ca: [this.#tls.ca] }) })
    this.#socket = socket
    const framing = newFraming()
    socket.setEncoding('latin1')
    return new Promise((resolve) => {
      const patience = setTimeout(() => socket.destroy(new Error('ETIMEDOUT')), CONNECT_WITHIN_MS)
      let reason = 'closed-by-carrier'
      socket.once(this.#tls === null ? 'connect' : 'secureConnect', () => {
        clearTimeout(patience)
        this.#isUp = true
        this.fault = null
        this.#local = { host: this.#local.host, port: socket.localPort ?? this.#local.port }
        for (const { text, onError } of this.#waiting.splice(0)) this.send(text, onError)
        resolve()
      })
      socket.on('data', (chunk: string) => {
        for (const frame of feed(framing, chunk)) {
          if (frame.kind === 'message') this.#handlers.onDatagram(frame.text)
          else if (frame.kind === 'ping') socket.write('\r\n')
          else socket.destroy(new Error(frame.because))
        }
      })
      socket.on('error', (error: NodeJS.ErrnoException) => { reason = error.code ?? error.message })
      socket.on('close', () => {
        clearTimeout(patience)
        if (this.#socket === socket) {
          this.#socket = null
          this.#isUp = false
          this.fault = this.#isClosed ? null : reason
          for (const { onError } of this.#waiting.splice(0)) onError?.()
        }
        resolve()
      })
    })
  }
}

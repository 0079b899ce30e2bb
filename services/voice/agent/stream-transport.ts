/** SIP over TCP and TLS for desk telephones: connections are counted before anything is made for them, and must prove themselves soon. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'
import { feed, newFraming } from '@loopline/sip/stream-framing'
import { parseAddress } from '../line-socket.ts'
import type { AgentFlow, FlowHandlers } from './agent-flow.ts'
import type { ConnectionCount } from './source-limits.ts'
import { announced, type AgentTransport } from './udp-transport.ts'

/** What has not registered by then is no telephone (silent connections, AST-2016-005). */
const PROVE_WITHIN_MS = 10_000
/** Longer than the longest registration: a telephone that says nothing for so long is gone. */
const IDLE_MS = 3_700_000
const BUFFERED_BYTES_MAX = 262_144

export interface StreamOptions {
  connections: ConnectionCount
  handlers: FlowHandlers
  /** See `announced`: what a telephone that comes from there reaches us by. */
  reachable: (source: string) => string
  /** Asked at each connection, for a certificate is replaced while we run; null: plain TCP. */
  tls: (() => SecureContext) | null
}

/** @throws when the address is taken. */
export function openStream(listen: string, { connections, handlers, reachable, tls }: StreamOptions): Promise<AgentTransport> {
  const open = new Set<Socket>()
  const server = createServer()
  const listened = parseAddress(listen)
  let bound = listened.port
  let serial = 0

  // A TLS handshake is work too: it begins after the connection was admitted.
  server.on('connection', (bare: Socket) => {
    const source = (bare.remoteAddress ?? '').replace(/^::ffff:/, '') // a socket of both families writes IPv4 so; media's does not
    if (!connections.open(source)) return void bare.destroy()
    const counted = new Counted(bare, source, connections)
    const socket = tls === null ? bare : new TLSSocket(bare, { isServer: true, secureContext: tls() })
    bare.on('error', () => bare.destroy())
    open.add(socket)
    bare.on('close', () => open.delete(socket))
    serial += 1
    const transport = tls === null ? 'TCP' : 'TLS'
    const flow: AgentFlow = {
      id: `${transport.toLowerCase()}:${serial}`, transport, source, local: announced(listened.host, bound, () => reachable(source)), agentId: null, remote: null,
      send(text) {
        if (socket.writableLength > BUFFERED_BYTES_MAX) socket.destroy()
        else if (socket.writable) socket.write(text, 'latin1')
      },
      proven: () => counted.proven(),
      close: () => socket.destroy(),
    }
    speak(socket, flow, handlers)
  })

  return new Promise((resolve, reject) => {
    const { host, port } = listened
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      bound = (server.address() as AddressInfo).port
      resolve({
        local: `${host}:${bound}`,
        close: () => new Promise((closed) => {
          for (const socket of open) socket.end()
          server.close(() => closed())
          for (const socket of open) socket.destroySoon()
        }),
      })
    })
  })
}

/** A connection in the count: once in, once out, and its time to prove itself. */
class Counted {
  readonly #connections: ConnectionCount
  readonly #timer: NodeJS.Timeout
  #isProven = false

  constructor(socket: Socket, source: string, connections: ConnectionCount) {
    this.#connections = connections
    this.#timer = setTimeout(() => socket.destroy(), PROVE_WITHIN_MS).unref()
    socket.on('close', () => {
      clearTimeout(this.#timer)
      connections.close(source, this.#isProven)
    })
  }

  proven(): void {
    if (this.#isProven) return
    this.#isProven = true
    clearTimeout(this.#timer)
    this.#connections.proven()
  }
}

function speak(socket: Socket, flow: AgentFlow, handlers: FlowHandlers): void {
  const framing = newFraming()
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('close', () => handlers.onClose(flow))
  socket.on('data', (chunk: string) => {
    for (const frame of feed(framing, chunk)) {
      if (socket.destroyed) return
      if (frame.kind === 'message') handlers.onMessage(flow, frame.text)
      else if (frame.kind === 'ping') flow.send('\r\n')
      else socket.destroy()
    }
  })
}

/**
 * SIP over WebSocket (RFC 7118): one message a frame, sub-protocol `sip`. The gateway in front has checked session and page;
 * its token says whose telephone this is, and nothing in SIP can say otherwise (threat 3).
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Upgrade } from '@loopline/http/upgrade'
import type { AgentFlow, FlowHandlers } from './agent-flow.ts'

/** An offer of Chromium is about 6 kB. */
const MESSAGE_BYTES_MAX = 32_768
/** What a page may leave unread before its socket is given up: a few hundred messages. */
const BUFFERED_BYTES_MAX = 262_144
/** A black-holed socket is noticed by the second ping without an answer (the page itself would need 37 s). */
const PING_EVERY_MS = 3_000
const SOCKETS_PER_AGENT = 4
/** A page that is gone answers no close; voice does not wait for it. */
const CLOSE_WITHIN_MS = 500

export interface WebSocketLimits {
  socketsMax: number
}

interface Phone {
  flow: AgentFlow
  socket: WebSocket
  heard: boolean
}

export interface WebSocketTransport {
  /** For `installUpgrades`; authentication and permission are checked before. */
  upgrade: Upgrade
  readonly count: number
  close(): void
}

export function createWebSocketTransport(handlers: FlowHandlers, { socketsMax }: WebSocketLimits): WebSocketTransport {
  const server = new WebSocketServer({
    noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false, handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false),
  })
  const phones = new Set<Phone>()
  let serial = 0

  const open = (socket: WebSocket, request: IncomingMessage, agentId: UserId): void => {
    serial += 1
    const phone: Phone = { socket, heard: true, flow: flowOf(socket, request, { id: `ws:${serial}`, agentId }) }
    makeRoomFor(agentId)
    phones.add(phone)
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1')
      if (isKeepAlive(text)) socket.send('\r\n')           // RFC 5626 §3.5.1 over RFC 7118 §6
      else handlers.onMessage(phone.flow, text)
    })
    socket.on('pong', () => { phone.heard = true })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      phones.delete(phone)
      handlers.onClose(phone.flow)
    })
  }

  /** A page that leaks sockets loses its oldest. */
  const makeRoomFor = (agentId: UserId): void => {
    const own = [...phones].filter(({ flow }) => flow.agentId === agentId)
    if (own.length >= SOCKETS_PER_AGENT) own[0]?.socket.close(4409, 'too many telephones of one person')
  }

  const pinging = setInterval(() => {
    for (const phone of phones) {
      if (!phone.heard) phone.socket.terminate()
      else phone.socket.ping()
      phone.heard = false
    }
  }, PING_EVERY_MS).unref()

  return {
    upgrade: {
      path: '/sip',
      config: { may: 'phone:register' },
      accept({ request, socket, head, identity }) {
        if (!offersSip(request)) return refuse(socket, '400 Bad Request')
        if (phones.size >= socketsMax) return refuse(socket, '503 Service Unavailable')
        server.handleUpgrade(request, socket, head, (opened) => open(opened, request, identity.sub as UserId))
      },
    },
    get count() {
      return phones.size
    },
    close() {
      clearInterval(pinging)
      const last = [...phones].map(({ socket }) => socket)
      for (const socket of last) socket.close(1001, 'voice stops')
      setTimeout(() => { for (const socket of last) socket.terminate() }, CLOSE_WITHIN_MS)
      server.close()
    },
  }
}

function flowOf(socket: WebSocket, request: IncomingMessage, { id, agentId }: { id: string; agentId: UserId }): AgentFlow {
  const forwarded = request.headers['x-forwarded-for']
  return {
    id, agentId, transport: 'WS', remote: null,
    source: typeof forwarded === 'string' ? forwarded : (request.socket.remoteAddress ?? ''),
    local: `${request.socket.localAddress}:${request.socket.localPort}`,
    send(text) {
      if (socket.bufferedAmount > BUFFERED_BYTES_MAX) return socket.terminate()
      if (socket.readyState === socket.OPEN) socket.send(Buffer.from(text, 'latin1'), { binary: false })
    },
    proven: () => undefined,                              // it was before it was opened
    close: (because) => socket.close(1008, because),
  }
}

const isKeepAlive = (text: string): boolean => /^(?:\r\n)+$/.test(text)

const offersSip = ({ headers }: IncomingMessage): boolean =>
  (headers['sec-websocket-protocol'] ?? '').split(',').some((protocol) => protocol.trim() === 'sip')

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

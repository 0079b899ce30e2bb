/**
 * What somebody hears who comes to our port for TLS without it: people type an address without `https`, and the port is one.
 * Nothing of the product is said in clear: an address to go to, and the authority's certificate, which is no secret.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'

/** Where the installation's authority is to be had, with and without TLS: a telephone cannot trust us before it has it. */
export const AUTHORITY_PATH = '/ca.crt'

export interface PlainDoor {
  /** Ends the connections of those who never began TLS; the server would wait for them. */
  close(): void
}

export interface PlainDoorOptions {
  /** Whether `host:port` of a Host header is an address of ours: nobody is sent elsewhere. */
  isOwn(host: string): boolean
  /** The authority's certificate, PEM; null when it is not ours. */
  authority(): Buffer | null
}

/** First byte of a TLS record that opens a connection: a handshake (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16
/** Who says nothing for so long is not let wait. */
const SPEAK_WITHIN_MS = 10_000

/** Gives the server's connections that do not begin with TLS to a door of their own. To be called before it listens. */
export function openPlainDoor(server: TlsServer, options: PlainDoorOptions): PlainDoor {
  const door = createServer((request, response) => answer(request, response, options))
  const waiting = new Set<Socket>()
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    waiting.add(socket)
    socket.once('close', () => waiting.delete(socket))
    socket.setTimeout(SPEAK_WITHIN_MS, () => socket.destroy())
    const drop = (): void => void socket.destroy()
    socket.once('error', drop)
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null
      if (first === null) return drop() // it left without a word
      socket.unshift(first)
      if (first[0] !== TLS_HANDSHAKE) return void door.emit('connection', socket)
      waiting.delete(socket)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.off('error', drop)
      for (const listener of listeners) listener.call(server, socket)
    })
  })
  return {
    close() {
      for (const socket of waiting) socket.destroy()
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, options: PlainDoorOptions): void {
  response.setHeader('connection', 'close')
  response.setHeader('cache-control', 'no-store')
  const { host = '' } = request.headers
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  if (isReading && request.url === AUTHORITY_PATH && sendAuthority(response, options.authority())) return
  // A body was sent in clear already: whoever sent it must notice, not be helped.
  if (!isReading) return say(response, 403, 'Only https here.')
  if (!options.isOwn(host)) return say(response, 400, 'Open the address that Loopline printed, with https.')
  // Put together, not resolved: `//elsewhere/` is a path of ours, and another form than a path is none.
  const path = request.url?.startsWith('/') === true ? request.url : '/'
  response.writeHead(308, { location: `https://${host}${path}` }).end()
}

/** As installers of certificates know it, PEM; false when there is none. */
export function sendAuthority(response: ServerResponse, authority: Buffer | null): boolean {
  if (authority === null) return false
  response.writeHead(200, { 'content-type': 'application/x-x509-ca-cert', 'content-disposition': 'attachment; filename="loopline-ca.crt"' }).end(authority)
  return true
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

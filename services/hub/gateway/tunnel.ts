/**
 * Passes a WebSocket of a page on to a service: who opens it is checked here and told by a token, what is said in it is not
 * read. The tunnel ends with the session, and when the person's rights change.
 */
import { request as ask, STATUS_CODES } from 'node:http'
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Action } from '@loopline/contracts/permissions'
import type { Upgrade } from '@loopline/http/upgrade'
import type { Logger } from '@loopline/telemetry/logger'
import type { Authenticator, Person } from './authenticator.ts'

export interface TunnelPlan {
  /** From outside. */
  path: string
  may: Action
  /** The service's address of it. */
  target: URL
}

export interface Tunnel {
  upgrade: Upgrade
  readonly open: number
  stop(): void
}

type Deps = { authenticator: Authenticator; log: Logger }

interface Passage {
  person: Person
  request: IncomingMessage
  outside: Duplex
  asked: ClientRequest
  inside: Duplex | null
}

/** What of the handshake is the service's to see (RFC 6455 §4.1). Extensions are not: each would have to be spoken at both ends. */
const PASSED_ON = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol', 'user-agent'] as const
/** Of one person at once: several windows, and sockets that have not noticed yet that they are dead. */
const PER_PERSON_MAX = 8
const TOTAL_MAX = 5_000
const ANSWER_WITHIN_MS = 5_000
const RECHECK_MS = 15_000

export function createTunnel(deps: Deps, { path, may, target }: TunnelPlan): Tunnel {
  const passages = new Set<Passage>()
  const close = (passage: Passage): void => {
    passages.delete(passage)
    passage.asked.destroy()
    passage.inside?.destroy()
    passage.outside.destroy()
  }
  const isFull = ({ identity }: Person): boolean =>
    passages.size >= TOTAL_MAX || [...passages].filter(({ person }) => person.identity.sub === identity.sub).length >= PER_PERSON_MAX

  const open = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const admitted = await admit(deps, request)
    if (admitted === null || socket.destroyed) return void socket.destroy()
    if (isFull(admitted.person)) return refuse(socket, 503)
    const passage: Passage = { person: admitted.person, request, outside: socket, inside: null, asked: askService(target, request, admitted.token) }
    passages.add(passage)
    socket.on('close', () => close(passage))
    pass(passage, head, () => close(passage))
  }
  const accept: Upgrade['accept'] = ({ request, socket, head }) => {
    open(request, socket, head).catch((error: unknown) => {
      deps.log.warn({ err: error, path }, 'a tunnel could not be opened')
      socket.destroy()
    })
  }
  const recheck = async (passage: Passage): Promise<void> => {
    if (!(await stillMay(deps, passage))) close(passage)
  }

  deps.authenticator.onEnded(({ sessionToken, userId }) => {
    for (const passage of passages) {
      const { person } = passage
      if ((sessionToken !== undefined && person.sessionToken === sessionToken) || person.identity.sub === userId) close(passage)
    }
  })
  const checking = setInterval(() => {
    for (const passage of passages) void recheck(passage)
  }, RECHECK_MS).unref()

  return {
    upgrade: { path, config: { may }, accept },
    get open() {
      return passages.size
    },
    stop() {
      clearInterval(checking)
      for (const passage of passages) close(passage)
    },
  }
}

async function admit({ authenticator }: Deps, request: IncomingMessage): Promise<{ person: Person; token: string } | null> {
  const person = await authenticator.personOf(request)
  return person && { person, token: await authenticator.tokenFor(person) }
}

/** The session may have ended, or the role changed, in another process; the page comes back with its new rights. */
async function stillMay({ authenticator }: Deps, { request, person }: Passage): Promise<boolean> {
  const now = await authenticator.personOf(request).catch(() => person)
  return now !== null && now.identity.role === person.identity.role && now.identity.sub === person.identity.sub
}

function askService(target: URL, request: IncomingMessage, token: string): ClientRequest {
  const headers: OutgoingHttpHeaders = {
    connection: 'Upgrade', upgrade: 'websocket', authorization: `Bearer ${token}`, 'x-forwarded-for': request.socket.remoteAddress ?? '',
  }
  for (const name of PASSED_ON) if (request.headers[name] !== undefined) headers[name] = request.headers[name]
  // No kept connection: this one leaves HTTP.
  return ask({ host: target.hostname, port: target.port, path: target.pathname, method: 'GET', headers, agent: false, timeout: ANSWER_WITHIN_MS })
}

function pass(passage: Passage, head: Buffer, close: () => void): void {
  const { asked, outside } = passage
  asked.on('upgrade', (answer, inside, first) => {
    passage.inside = inside
    inside.setTimeout(0)
    inside.setNoDelay(true)
    inside.on('error', close)
    inside.on('close', close)
    outside.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer)}\r\n`)
    if (first.length > 0) outside.write(first)
    if (head.length > 0) inside.write(head)
    // Each end waits for the other where it reads too slowly: nothing piles up here.
    inside.pipe(outside)
    outside.pipe(inside)
  })
  asked.on('response', (answer) => {
    answer.resume()
    refuse(outside, answer.statusCode ?? 502)
  })
  asked.on('timeout', () => asked.destroy())
  asked.on('error', () => refuse(outside, 503))
  asked.end()
}

const headerLines = ({ rawHeaders }: IncomingMessage): string =>
  rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')

function refuse(socket: Duplex, status: number): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

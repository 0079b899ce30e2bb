/**
 * Decides who may give voice orders, and over which connection each call's news goes back. One JSON message a line;
 * the first line is a service token. A dialer that comes back is told every result that nobody has acknowledged.
 */
import { createServer, type Server, type Socket } from 'node:net'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { FromVoice, ToVoice, VoiceCallEvent } from '@loopline/contracts/voice-link'

export interface LinkHandlers {
  /** Verifies the token of the first line; resolves to the service's name or null. */
  authenticate(token: string): Promise<string | null>
  /** What a new link is told first. */
  greet(): FromVoice[]
  onMessage(message: Exclude<ToVoice, { type: 'query' }>): void
  onQuery(attemptIds: AttemptId[], legs?: Record<AttemptId, number>): Promise<FromVoice[]>
  /** A link came up and asks for what is unacknowledged: results, and calls that came in and still ring. */
  unacknowledged(): Promise<VoiceCallEvent[]>
  onError(error: Error): void
}

/** A line longer than this is not from a dialer of ours: 100 calls of about 700 bytes are 70 kB. */
const LINE_BYTES_MAX = 4 * 2 ** 20

class Link {
  readonly socket: Socket
  readonly orders = new Set<AttemptId>()
  name: string | null = null
  #buffer = ''
  constructor(socket: Socket) {
    this.socket = socket
  }
  /** Cuts the stream into lines. Returns null when a line is too long. */
  lines(chunk: string): string[] | null {
    this.#buffer += chunk
    const lines = this.#buffer.split('\n')
    this.#buffer = lines.pop() ?? ''
    return this.#buffer.length > LINE_BYTES_MAX ? null : lines
  }
  send(message: FromVoice): void {
    if (this.socket.writable) this.socket.write(`${JSON.stringify(message)}\n`)
  }
}

export class LinkServer {
  readonly #handlers: LinkHandlers
  readonly #links = new Set<Link>()
  readonly #ownerOf = new Map<AttemptId, Link>()
  readonly #server: Server

  constructor(handlers: LinkHandlers) {
    this.#handlers = handlers
    this.#server = createServer((socket) => this.#accept(socket))
  }

  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Sends each event to the link that ordered the call, or, when that is gone, to any that is up; a caller whom nobody has to all of them. */
  deliver(events: VoiceCallEvent[]): void {
    const byLink = new Map<Link, VoiceCallEvent[]>()
    for (const event of events) {
      // Nobody has a caller yet: all are asked, and whoever writes him down first has him. A frozen dialer keeps nobody waiting.
      const links = event.kind === 'offered' && !this.#ownerOf.has(event.attemptId) ? this.#named() : this.#linkFor(event.attemptId)
      for (const link of links) { // none is connected: results stay unacknowledged and are told at the next connection
        const batch = byLink.get(link)
        if (batch) batch.push(event)
        else byLink.set(link, [event])
      }
    }
    for (const [link, batch] of byLink) link.send({ type: 'calls', events: batch })
  }

  broadcast(message: FromVoice): void {
    for (const link of this.#links) if (link.name !== null) link.send(message)
  }

  forget(attemptIds: AttemptId[]): void {
    for (const id of attemptIds) {
      this.#ownerOf.get(id)?.orders.delete(id)
      this.#ownerOf.delete(id)
    }
  }

  close(): Promise<void> {
    for (const link of this.#links) link.socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #linkFor(attemptId: AttemptId): Link[] {
    const owner = this.#ownerOf.get(attemptId)
    return owner ? [owner] : this.#named().slice(0, 1)
  }

  #named(): Link[] {
    return [...this.#links].filter((link) => link.name !== null)
  }

  #accept(socket: Socket): void {
    const link = new Link(socket)
    this.#links.add(link)
    socket.setEncoding('utf8')
    socket.setNoDelay(true)
    socket.on('error', () => undefined) // 'close' follows and does the work
    socket.on('close', () => {
      this.#drop(link).catch((error: unknown) => this.#handlers.onError(error instanceof Error ? error : new Error(String(error))))
    })
    let queue = Promise.resolve()
    socket.on('data', (chunk: string) => {
      const lines = link.lines(chunk)
      if (lines === null) return void socket.destroy()
      for (const line of lines) {
        queue = queue.then(() => this.#onLine(link, line)).catch((error: unknown) => {
          this.#handlers.onError(error instanceof Error ? error : new Error(String(error)))
          socket.destroy()
        })
      }
    })
  }

  async #onLine(link: Link, line: string): Promise<void> {
    if (link.name === null) {
      link.name = await this.#handlers.authenticate(line)
      if (link.name === null) return void link.socket.destroy()
      for (const message of this.#handlers.greet()) link.send(message)
      const events = await this.#handlers.unacknowledged()
      const unowned = events.filter((event) => !this.#ownerOf.has(event.attemptId))
      if (unowned.length > 0) link.send({ type: 'calls', events: unowned })
      return
    }
    const message = JSON.parse(line) as ToVoice
    if (message.type === 'query') {
      // Whoever asks answers for the calls from now on: who ordered them may be frozen, and its link still looks well (F3).
      for (const attemptId of message.attemptIds) this.#own(link, attemptId)
      for (const answer of await this.#handlers.onQuery(message.attemptIds, message.legs)) link.send(answer)
      return
    }
    // Whoever speaks of a call that came in answers for it from now on.
    if (message.type === 'inbound') for (const { attemptId } of message.orders) this.#own(link, attemptId)
    if (message.type === 'dial') for (const call of message.calls) this.#own(link, call.attemptId)
    if (message.type === 'ack') this.forget(message.attemptIds)
    this.#handlers.onMessage(message)
  }

  #own(link: Link, attemptId: AttemptId): void {
    this.#ownerOf.get(attemptId)?.orders.delete(attemptId)
    this.#ownerOf.set(attemptId, link)
    link.orders.add(attemptId)
  }

  /** What was told to this link and not acknowledged is told to another, if there is one. */
  async #drop(link: Link): Promise<void> {
    this.#links.delete(link)
    if (link.orders.size === 0) return
    for (const id of link.orders) this.#ownerOf.delete(id)
    const events = await this.#handlers.unacknowledged()
    this.deliver(events.filter((event) => link.orders.has(event.attemptId)))
  }
}

import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Stands between a dialer and PostgreSQL and can cut a connection right after it forwarded a COMMIT (F5). */
export class PostgresProxy {
  /** COMMITs whose answer is still to be lost, and which transactions are meant. */
  loseCommits = 0
  /** Only transactions in which the client sent this text. */
  of = ''
  lost = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(target: URL) {
    this.#server = createServer((client) => this.#join(client, target))
  }

  async listen(target: URL): Promise<string> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve) })
    const url = new URL(target.href)
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return url.href
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => { this.#server.close(() => resolve()) })
  }

  #join(client: Socket, target: URL): void {
    const server = connect(Number(target.port), target.hostname)
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => { client.destroy(); server.destroy(); this.#sockets.delete(socket) })
    }
    let isMeant = false
    let isCut = false
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      if (text.includes('begin\0')) isMeant = false
      if (this.of !== '' && text.includes(this.of)) isMeant = true
      if (this.loseCommits > 0 && isMeant && text.includes('commit\0')) {
        this.loseCommits -= 1
        this.lost += 1
        isCut = true
      }
      server.write(chunk)
    })
    server.on('data', (chunk) => {
      // The server has answered, so the transaction is committed; the client never hears of it.
      if (isCut) client.destroy()
      else client.write(chunk)
    })
  }
}

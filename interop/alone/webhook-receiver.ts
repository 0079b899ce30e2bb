/** Another company's server that takes our webhooks and believes only what is signed (standardwebhooks.com, written from its text). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Result {
  type: string
  data: { customerId: string; outcome: string; campaignId: string | null }
}

export class WebhookReceiver {
  secret = ''
  /** What was genuine, once each: deliveries may be repeated, ids tell. */
  readonly results = new Map<string, Result>()
  readonly refused: string[] = []
  /** Everything that came, to look for what should not. */
  bodies = ''
  readonly #server = createServer((request, response) => {
    void this.#take(request).then((status) => response.writeHead(status).end())
  })

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    await new Promise<void>((resolve) => { receiver.#server.listen(0, '127.0.0.1', resolve) })
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/results`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #take(request: IncomingMessage): Promise<number> {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
    this.bodies += body
    const id = String(request.headers['webhook-id'])
    if (!isGenuine(this.secret, request.headers as Record<string, string>, body)) {
      this.refused.push(id)
      return 401
    }
    this.results.set(id, JSON.parse(body) as Result)
    return 204
  }
}

/** Older or newer than this is a replay. */
const TOLERANCE_S = 300

export function isGenuine(secret: string, headers: Record<string, string>, body: string): boolean {
  const timestamp = headers['webhook-timestamp'] ?? ''
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const wanted = createHmac('sha256', key).update(`${headers['webhook-id']}.${timestamp}.${body}`).digest()
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const [version, value = ''] = signature.split(',')
    const given = Buffer.from(value, 'base64')
    return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}

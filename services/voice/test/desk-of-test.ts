/** A desk telephone for tests, over UDP, TCP or TLS: registers by digest and calls the desk, or is called by it. */
import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { chooseChallenge, formatAuthorization, parseChallenge } from '@loopline/sip/digest'
import type { DeskPhone } from '@loopline/contracts/voice-link'
import type { Keyring } from '@loopline/keys/keyring'
import type { UserId } from '@loopline/vocabulary/ids'
import { header, headerList, parseMessage, type SipMessage, type SipRequest, type SipResponse } from '@loopline/sip/message'
import { feed, newFraming } from '@loopline/sip/stream-framing'
import { digestHash } from '../call-table.ts'
import { Noted } from './phone-of-test.ts'

export type Wire = 'udp' | 'tcp' | 'tls'

export interface Way {
  port: number
  send(text: string): void
  close(): void
}

const addressOf = (address: string): { host: string; port: number } => ({ host: address.split(':')[0] as string, port: Number(address.split(':')[1]) })

/** Opens a socket to voice; `onText` hears whole messages, or for streams also `ping` answers as CRLF. */
export async function openWay(wire: Wire, address: string, onText: (text: string) => void, onClose: () => void = () => undefined): Promise<Way> {
  const { host, port } = addressOf(address)
  if (wire === 'udp') {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    socket.on('message', (datagram) => onText(datagram.toString('latin1')))
    return { port: socket.address().port, send: (text) => socket.send(Buffer.from(text, 'latin1'), port, host), close: () => socket.close() }
  }
  const socket: Socket = wire === 'tcp' ? connectTcp(port, host) : connectTls({ port, host, rejectUnauthorized: false })
  await new Promise((resolve, reject) => { socket.once(wire === 'tcp' ? 'connect' : 'secureConnect', resolve); socket.once('error', reject) })
  const framing = newFraming()
  socket.setEncoding('latin1')
  socket.on('error', () => undefined)
  socket.on('close', onClose)
  socket.on('data', (chunk: string) => {
    if (chunk === '\r\n') return onText(chunk)
    for (const frame of feed(framing, chunk)) if (frame.kind === 'message') onText(frame.text)
    return undefined
  })
  return { port: socket.localPort as number, send: (text) => void socket.write(text, 'latin1'), close: () => socket.destroy() }
}

export interface Secret {
  user: string
  password: string
}

/** As a dialer tells voice of a desk telephone. */
export function deskPhoneOf(keys: Keyring, agentId: UserId, { user, password }: Secret): DeskPhone {
  const seal = (algorithm: 'MD5' | 'SHA-256'): string => keys.seal(digestHash(algorithm, `${user}:loopline:${password}`), agentId).toString('base64')
  return { agentId, user, ha1Sealed: { md5: seal('MD5'), sha256: seal('SHA-256') } }
}

export class DeskOfTest {
  readonly inbox = new Noted<SipMessage>()
  /** Everything that came, also what is no message. */
  readonly heard = new Noted<string>()
  readonly closed: Promise<void>
  readonly #wire: Wire
  readonly #tag = randomUUID().slice(0, 8)
  #way: Way | null = null
  #onClosed: () => void = () => undefined
  #cseq = 0
  /** Where its voice is. */
  mediaPort = 36_100
  secret: Secret

  private constructor(wire: Wire, secret: Secret) {
    this.#wire = wire
    this.secret = secret
    this.closed = new Promise((resolve) => { this.#onClosed = resolve })
  }

  static async open(wire: Wire, address: string, secret: Secret): Promise<DeskOfTest> {
    const phone = new DeskOfTest(wire, secret)
    phone.#way = await openWay(wire, address, (text) => phone.#hear(text), () => phone.#onClosed())
    return phone
  }

  get contact(): string {
    return `sip:${this.secret.user}@127.0.0.1:${this.#way?.port}`
  }

  get sdp(): string {
    return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${this.mediaPort} RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendrecv\r\n`
  }

  raw(text: string): void {
    this.#way?.send(text)
  }

  close(): void {
    this.#way?.close()
  }

  text({ method, uri = 'sip:loopline', callId, cseq, headers = [], body = '', from, to, branch = `z9hG4bK${randomUUID().slice(0, 8)}` }: { method: string; uri?: string; callId: string; cseq?: number; headers?: string[]; body?: string; from?: string; to?: string; branch?: string }): string {
    this.#cseq = cseq ?? this.#cseq + 1
    const me = `<sip:${this.secret.user}@loopline>`
    return [
      `${method} ${uri} SIP/2.0`, `Via: SIP/2.0/${this.#wire.toUpperCase()} 127.0.0.1:${this.#way?.port};branch=${branch};rport`, 'Max-Forwards: 70', `From: ${from ?? me};tag=${this.#tag}`,
      `To: ${to ?? me}`, `Call-ID: ${callId}`, `CSeq: ${this.#cseq} ${method}`, `Contact: <${this.contact}>`, ...headers, `Content-Length: ${body.length}`, '', body,
    ].join('\r\n')
  }

  response(callId: string, status?: number): Promise<SipResponse> {
    return this.inbox.first((items) => items.find((item): item is SipResponse => item.kind === 'response' && item.callId === callId && (status === undefined || item.status === status)))
  }

  /** Asks, answers a challenge once, and gives what came then. */
  async ask(method: string, { uri = 'sip:loopline', headers = [], body = '', to, from, callId = randomUUID() }: { uri?: string; headers?: string[]; body?: string; to?: string; from?: string; callId?: string } = {}): Promise<SipResponse> {
    const names = { ...(to === undefined ? {} : { to }), ...(from === undefined ? {} : { from }) }
    this.raw(this.text({ method, uri, callId, headers, body, ...names }))
    const challenged = await this.response(callId)
    if (challenged.status !== 401) return challenged
    const proof = this.proofFor(challenged, method, uri)
    const seen = this.inbox.items.length
    this.raw(this.text({ method, uri, callId, headers: [...headers, `Authorization: ${proof}`], body, ...names }))
    return this.inbox.first((items) => items.slice(seen).find((item): item is SipResponse => item.kind === 'response' && item.callId === callId && item.cseqMethod === method))
  }

  proofFor(challenged: SipResponse, method: string, uri: string, nonceCount = 1): string {
    const challenge = chooseChallenge(challenged, 401, 'loopline') ?? parseChallenge('')
    if (challenge === null) throw new Error('no challenge')
    return formatAuthorization(challenge, { username: this.secret.user, password: this.secret.password, hash: digestHash }, { method, uri, nonceCount, clientNonce: randomUUID().slice(0, 8) })
  }

  register(expires = 600): Promise<SipResponse> {
    return this.ask('REGISTER', { headers: [`Expires: ${expires}`] })
  }

  async callDesk(): Promise<{ callId: string; to: string; answer: string }> {
    const callId = randomUUID()
    const ok = await this.ask('INVITE', { uri: 'sip:desk@loopline', to: '<sip:desk@loopline>', body: this.sdp, headers: ['Content-Type: application/sdp'], callId })
    const to = header(ok, 'to') as string
    this.raw(this.text({ method: 'ACK', uri: 'sip:desk@loopline', to, callId, cseq: ok.cseq }))
    return { callId, to, answer: ok.body }
  }

  request(method: string): Promise<SipRequest> {
    return this.inbox.first((items) => items.find((item): item is SipRequest => item.kind === 'request' && item.method === method))
  }

  reply(request: SipRequest, status: string, body = ''): void {
    const to = header(request, 'to') as string
    this.raw([
      `SIP/2.0 ${status}`, ...headerList(request, 'via').map((via) => `Via: ${via}`), `From: ${header(request, 'from')}`, `To: ${to}${to.includes('tag=') ? '' : `;tag=${this.#tag}`}`,
      `Call-ID: ${request.callId}`, `CSeq: ${request.cseq} ${request.method}`, `Contact: <${this.contact}>`, ...(body === '' ? [] : ['Content-Type: application/sdp']), `Content-Length: ${body.length}`, '', body,
    ].join('\r\n'))
  }

  #hear(text: string): void {
    this.heard.note(text)
    const message = parseMessage(text)
    if (message.kind === 'failure') return
    this.inbox.note(message)
    if (message.kind === 'request' && message.method === 'BYE') this.reply(message, '200 OK')
  }
}

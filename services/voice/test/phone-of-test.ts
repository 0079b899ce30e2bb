/** Telephones for tests: a page that speaks as JsSIP 3.13 does, byte for byte where it matters, and the media thread's side. */
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { signIdentity } from '@loopline/http/identity-token'
import type { Keyring } from '@loopline/keys/keyring'
import type { Role } from '@loopline/vocabulary/roles'
import type { UserId } from '@loopline/vocabulary/ids'
import { header, parseMessage, type SipMessage } from '@loopline/sip/message'
import type { MediaLink } from '../agent/media-link.ts'
import type { FromMedia, ToMedia } from '../media/media-messages.ts'

/** A value that is looked for again whenever something was noted. */
export class Noted<Item> {
  readonly items: Item[] = []
  readonly #waiting = new Set<() => void>()

  note(item: Item): void {
    this.items.push(item)
    for (const look of this.#waiting) look()
  }

  first<Found>(find: (items: readonly Item[]) => Found | undefined): Promise<Found> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = find(this.items)
        if (found === undefined) return
        this.#waiting.delete(look)
        resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }
}

/** Stands where the media thread will. */
export class MediaOfTest implements MediaLink {
  readonly heard = new Noted<ToMedia>()
  #listener: (message: FromMedia) => void = () => undefined

  post(message: ToMedia): void {
    this.heard.note(message)
  }

  onMessage(listener: (message: FromMedia) => void): void {
    this.#listener = listener
  }

  say(message: FromMedia): void {
    this.#listener(message)
  }

  ready(): void {
    this.say({ type: 'ready', browser: { port: 40_000, fingerprint: Array.from({ length: 32 }, () => 'AB').join(':') } })
    this.say({ type: 'endpoints', endpoints: [{ index: 0, port: 41_000 }, { index: 1, port: 41_002 }] })
  }

  opened(count = 1): Promise<Extract<ToMedia, { type: 'open-agent' }>> {
    return this.heard.first((items) => items.filter((item): item is Extract<ToMedia, { type: 'open-agent' }> => item.type === 'open-agent')[count - 1])
  }
}

export const tokenOf = (keys: Keyring, agentId: string, role: Role = 'agent'): Promise<string> =>
  signIdentity(keys.signingKey('identity'), { sub: agentId, role, name: 'Wang', teamId: null })

/** What Chromium offers for one microphone. */
export const BROWSER_OFFER = [
  'v=0', 'o=- 4611731400430051336 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0', 'a=extmap-allow-mixed', 'a=msid-semantic: WMS stream',
  'm=audio 50000 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126', 'c=IN IP4 192.168.1.20', 'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2122260223 192.168.1.20 50000 typ host generation 0 network-id 1', 'a=ice-ufrag:Xy1z', 'a=ice-pwd:0123456789abcdefghijABCD',
  'a=ice-options:trickle', `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, index) => (index + 16).toString(16).toUpperCase()).join(':')}`, 'a=setup:actpass', 'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level', 'a=sendrecv', 'a=msid:stream track', 'a=rtcp-mux', 'a=rtcp-rsize',
  'a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 transport-cc', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=rtpmap:63 red/48000/2', 'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:13 CN/8000', 'a=rtpmap:110 telephone-event/48000', 'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:1001 cname:abc', '',
].join('\r\n')

export interface Asked {
  method: string
  uri?: string
  from?: string
  to?: string
  callId?: string
  cseq?: number
  headers?: string[]
  body?: string
  branch?: string
}

/** A page's telephone. */
export class WebPhone {
  readonly inbox = new Noted<SipMessage>()
  readonly socket: WebSocket
  readonly agentId: string
  readonly instance: string
  readonly contact: string
  readonly closed: Promise<number>
  readonly #tag = randomUUID().slice(0, 10)
  #cseq = 0

  private constructor(socket: WebSocket, agentId: string, { instance, contact }: { instance: string; contact: string }) {
    this.socket = socket
    this.agentId = agentId
    this.instance = instance
    this.contact = contact
    this.closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('message', (data: Buffer) => {
      const message = parseMessage(data.toString('latin1'))
      if (message.kind === 'failure') return
      this.inbox.note(message)
      if (message.kind === 'request' && message.method === 'BYE') this.answer(message)
    })
  }

  /** `same`: the telephone that comes back by another socket. */
  static async open(url: string, { headers, agentId, same }: { headers: Record<string, string>; agentId: string; same?: WebPhone }): Promise<WebPhone> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'sip', { headers, perMessageDeflate: false })
    const names = same ?? { instance: `urn:uuid:${randomUUID()}`, contact: `sip:${randomUUID().slice(0, 8)}@${randomUUID().slice(0, 12)}.invalid;transport=ws` }
    const phone = new WebPhone(socket, agentId, names)
    await new Promise((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject) })
    return phone
  }

  ask({ method, uri = 'sip:loopline', from, to, callId = randomUUID(), cseq, headers = [], body = '', branch = `z9hG4bK${randomUUID().slice(0, 10)}` }: Asked): string {
    this.#cseq = cseq ?? this.#cseq + 1
    const me = `sip:${this.agentId}@loopline`
    this.socket.send([
      `${method} ${uri} SIP/2.0`, `Via: SIP/2.0/WS ${this.contact.split('@')[1]?.split(';')[0]};branch=${branch}`, 'Max-Forwards: 69', `To: ${to ?? `<${me}>`}`,
      `From: ${from ?? `"Wang" <${me}>`};tag=${this.#tag}`, `Call-ID: ${callId}`, `CSeq: ${this.#cseq} ${method}`, ...headers,
      'Supported: path,gruu,outbound', 'User-Agent: JsSIP 3.13.8', `Content-Length: ${body.length}`, '', body,
    ].join('\r\n'))
    return callId
  }

  response(callId: string, method: string, status?: number): Promise<SipMessage & { kind: 'response' }> {
    return this.inbox.first((items) => items.find((item): item is SipMessage & { kind: 'response' } =>
      item.kind === 'response' && item.callId === callId && item.cseqMethod === method && (status === undefined || item.status === status)))
  }

  async register(expires = 600): Promise<SipMessage & { kind: 'response' }> {
    const callId = this.ask({ method: 'REGISTER', headers: [`Contact: <${this.contact}>;+sip.instance="<${this.instance}>";reg-id=1;expires=${expires}`, `Expires: ${expires}`, 'Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY'] })
    return this.response(callId, 'REGISTER')
  }

  /** INVITE to the desk and the ACK of its answer. */
  async callDesk(offer = BROWSER_OFFER): Promise<{ callId: string; answer: string; to: string }> {
    const callId = this.ask({
      method: 'INVITE', uri: 'sip:desk@loopline', to: '<sip:desk@loopline>', body: offer,
      headers: [`Contact: <${this.contact};ob>`, 'Content-Type: application/sdp', 'Session-Expires: 90', 'Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY'],
    })
    const ok = await this.response(callId, 'INVITE', 200)
    const to = header(ok, 'to') as string
    this.ask({ method: 'ACK', uri: 'sip:desk@loopline', to, callId, cseq: ok.cseq })
    return { callId, answer: ok.body, to }
  }

  request(method: string, callId?: string): Promise<SipMessage & { kind: 'request' }> {
    return this.inbox.first((items) => items.find((item): item is SipMessage & { kind: 'request' } =>
      item.kind === 'request' && item.method === method && (callId === undefined || item.callId === callId)))
  }

  answer(request: SipMessage): void {
    this.socket.send(['SIP/2.0 200 OK', ...['via', 'to', 'from', 'call-id', 'cseq'].map((name) => `${name}: ${header(request, name)}`), 'Content-Length: 0', '', ''].join('\r\n'))
  }
}

export const newAgentId = (): UserId => randomUUID() as UserId

/** Agents of a bench: each has a session in the dialer and a desk telephone of the bench's own that registers by digest over UDP. */
import { createHash, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { AgentView } from '@loopline/contracts/agent'
import { AGENT_REALM, type DeskPhone, type ToVoice } from '@loopline/contracts/voice-link'
import { serviceToken, signIdentity } from '@loopline/http/identity-token'
import { eventually, type Product } from '@loopline/interop/product'
import { loadKeyring, type Keyring } from '@loopline/keys/keyring'
import { chooseChallenge, formatAuthorization, type DigestAlgorithm } from '@loopline/sip/digest'
import type { SipResponse } from '@loopline/sip/message'
import type { UserId } from '@loopline/vocabulary/ids'
import { SipSocket, type TakenCall } from './sip-socket.ts'
import type { Target } from './udp-speaker.ts'

/** Where the phone's voice is: its port, and who is told where the desk listens. */
export interface PhoneVoice {
  port: number
  speak(to: Target): void
}

const hash = (algorithm: DigestAlgorithm, text: string): string => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'latin1').digest('hex')

/** RFC 3261: a request over UDP is said again until it is answered. Voice is silent while it knows of no telephone at all. */
const T1_MS = 500
const ASK_TIMES = 10

export const keysOf = (product: Product): Keyring => loadKeyring({ file: join(product.home, 'keys.json') })

/** Makes the telephones known to voice, over a link as a dialer has it, which must stay open: it is closed by what comes back. */
export async function tellDeskPhones(product: Product, keys: Keyring, agents: readonly DeskAgent[]): Promise<() => void> {
  const [host, port] = String(product.told('voice')['voiceLink']).split(':') as [string, string]
  const socket = connect(Number(port), host)
  socket.on('error', () => undefined) // the end of the product ends it too
  const phones = agents.map(({ agentId, user, password }): DeskPhone => {
    const seal = (algorithm: DigestAlgorithm): string => keys.seal(hash(algorithm, `${user}:${AGENT_REALM}:${password}`), agentId).toString('base64')
    return { agentId, user, ha1Sealed: { md5: seal('MD5'), sha256: seal('SHA-256') } }
  })
  const orders: ToVoice = { type: 'desk-phones', phones }
  socket.write(`${await serviceToken(keys.signingKey('identity'), 'bench')}\n${JSON.stringify(orders)}\n`)
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.resume()
  return () => socket.destroy()
}

export class DeskAgent {
  readonly agentId = randomUUID() as UserId
  readonly user: string
  readonly password = randomUUID()
  readonly #keys: Keyring
  readonly #dialer: string
  readonly #voice: PhoneVoice
  readonly #number: number
  #phone: SipSocket | null = null
  #answers: ((response: SipResponse) => void) | null = null

  constructor(product: Product, keys: Keyring, number: number, voice: PhoneVoice) {
    this.#keys = keys
    this.#dialer = String(product.told('dialer')['dialer'])
    this.#voice = voice
    this.#number = number
    this.user = `bench${number}`
  }

  async register(sip: Target): Promise<void> {
    // Each from an address of its own, as desks have: what one source may ask of voice is limited.
    const host = `127.0.1.${1 + (this.#number % 250)}`
    this.#phone = await SipSocket.open({ onCall: (call) => this.#take(call), onResponse: (response) => this.#answers?.(response) }, { host, peer: sip })
    const callId = randomUUID()
    const uri = `sip:${AGENT_REALM}`
    const challenged = await this.#ask(callId, 1, '')
    const challenge = chooseChallenge(challenged, 401, AGENT_REALM)
    if (challenge === null) throw new Error(`REGISTER was answered ${challenged.status} without a challenge`)
    const proof = formatAuthorization(challenge, { username: this.user, password: this.password, hash }, { method: 'REGISTER', uri, nonceCount: 1, clientNonce: randomUUID() })
    const registered = await this.#ask(callId, 2, `Authorization: ${proof}\r\n`)
    if (registered.status !== 200) throw new Error(`REGISTER was answered ${registered.status}`)
  }

  /** Signs on, is called by the desk, and is ready for these campaigns. */
  async begin(campaignIds: string[]): Promise<void> {
    await this.call('POST', '/agents/me/sign-on', { pageId: `bench-${this.user}`, phone: 'desk', campaignIds })
    await eventually(`the leg of ${this.user} stands`, () => this.call<AgentView>('GET', '/agents/me'), ({ leg }) => leg === 'up')
    // Some of these telephones send silence, which no test lets pass.
    await this.call('POST', `/agents/${this.agentId}/self-test/waive`, { reason: 'bench' }, 'admin')
    await this.call('POST', '/agents/me/state', { state: 'ready' })
  }

  me(): Promise<AgentView> {
    return this.call<AgentView>('GET', '/agents/me')
  }

  async call<Answer>(method: string, path: string, body?: unknown, role: 'agent' | 'admin' = 'agent'): Promise<Answer> {
    const token = await signIdentity(this.#keys.signingKey('identity'), { sub: this.agentId, role, name: this.user, teamId: null })
    const response = await fetch(`${this.#dialer}${path}`, {
      method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Answer
  }

  close(): void {
    this.#phone?.close()
  }

  #take(call: TakenCall): void {
    call.answer(this.#voice.port)
    this.#voice.speak(call.target)
  }

  #ask(callId: string, cseq: number, headers: string): Promise<SipResponse> {
    const phone = this.#phone as SipSocket
    const me = `<sip:${this.user}@${AGENT_REALM}>`
    return new Promise((resolve, reject) => {
      let sent = 0
      const again = (): void => {
        if (sent++ === ASK_TIMES) return reject(new Error('no answer to REGISTER'))
        phone.send(text)
        timer = setTimeout(again, T1_MS)
      }
      let timer: NodeJS.Timeout
      this.#answers = (response) => {
        clearTimeout(timer)
        resolve(response)
      }
      const text = `REGISTER sip:${AGENT_REALM} SIP/2.0\r\nVia: SIP/2.0/UDP ${phone.address};branch=z9hG4bK${randomUUID()};rport\r\nMax-Forwards: 70\r\nFrom: ${me};tag=${this.user}\r\nTo: ${me}\r\n` +
        `Call-ID: ${callId}\r\nCSeq: ${cseq} REGISTER\r\nContact: <sip:${this.user}@${phone.address}>\r\nExpires: 3600\r\n${headers}Content-Length: 0\r\n\r\n`
      again()
    })
  }
}

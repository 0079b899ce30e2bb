/**
 * Keeps a line registered at its carrier, for carriers that know us by an account and not by an address: asks, proves itself,
 * renews, and asks again after a loss. The engine decides (engines/sip/registration.ts); here are its clock and its socket.
 */
import { randomBytes } from 'node:crypto'
import type { LineConfig } from '@loopline/contracts/voice-link'
import type { DigestHash } from '@loopline/sip/digest'
import type { SipResponse } from '@loopline/sip/message'
import { newRegistration, registrationWakeAt, stepRegistration, type Registration, type RegistrationInput } from '@loopline/sip/registration'
import { parseAddress, type LineSocket } from './line-socket.ts'
import type { LineStream } from './line-stream.ts'

/** Where we are on a line, with the transport where it is none that goes without saying (RFC 3261 §19.1.2). */
export const contactOf = (user: string, { sentBy, transport }: Pick<LineSocket | LineStream, 'sentBy' | 'transport'>): string => `sip:${user}@${sentBy}${transport === 'udp' ? '' : `;transport=${transport}`}`

export interface RegistrarOptions {
  config: LineConfig
  user: string
  password: string
  socket: LineSocket | LineStream
  hash: DigestHash
  /** It came to be registered, or is no longer. */
  onChange(): void
}

const EXPIRES_S = 300
/** Timers of node hold no more. */
const SLEEP_MAX_MS = 2 ** 30

export class LineRegistrar {
  readonly #registration: Registration
  readonly #options: RegistrarOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: RegistrarOptions) {
    const { config, user, password, socket, hash } = options
    const { host: domain } = parseAddress(config.remote)
    const random = randomBytes(24).toString('hex')
    this.#options = options
    this.#registration = newRegistration({
      callId: `register-${random.slice(0, 16)}@loopline`, fromTag: random.slice(16, 28), branchSeed: random.slice(28), addressOfRecord: `sip:${user}@${domain}`, registrar: `sip:${domain}`,
      contact: contactOf(user, socket), sentBy: socket.via, expiresS: config.registerSeconds ?? EXPIRES_S,
      credentials: { username: user, password, realm: config.authRealm ?? domain, clientNonceSeed: random, hash },
    }, performance.now())
    this.#step({ kind: 'wake' })
  }

  /** Why no call can be made by this account now; null: it is registered. */
  get lack(): string | null {
    const { state, reason } = this.#registration
    return state === 'registered' ? null : (reason ?? 'registering')
  }

  hear(response: SipResponse): void {
    this.#step({ kind: 'response', response })
  }

  /** The carrier was away, or is somewhere else now: it may have forgotten us. */
  again(): void {
    this.#step({ kind: 'refresh' })
  }

  /** Takes the binding back, and waits for nothing. */
  leave(): void {
    clearTimeout(this.#timer)
    for (const text of stepRegistration(this.#registration, { kind: 'leave' }, performance.now())) this.#options.socket.send(text)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #step(input: RegistrationInput): void {
    const before = this.lack
    const now = performance.now()
    for (const text of stepRegistration(this.#registration, input, now)) this.#options.socket.send(text)
    clearTimeout(this.#timer)
    const wakeAt = registrationWakeAt(this.#registration)
    if (wakeAt < Infinity) this.#timer = setTimeout(() => this.#step({ kind: 'wake' }), Math.min(SLEEP_MAX_MS, Math.max(1, wakeAt - now)))
    if (this.lack !== before) this.#options.onChange()
  }
}

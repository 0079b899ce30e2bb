/**
 * The one UDP port for all browsers: which datagram is whose, by its first byte and by the address that ICE has proven.
 * Budget: 1 µs and no allocation per packet of media beside the socket's own; relay.bench.ts.
 */
import type { RemoteInfo, Socket } from 'node:dgram'
import { Worker } from 'node:worker_threads'
import type { Address } from '@loopline/rtp/ice/address'
import { kindOf } from '@loopline/rtp/ice/demux'
import { ufragOf } from '@loopline/rtp/ice/lite-agent'
import { parseStun } from '@loopline/rtp/ice/stun-message'
import { BrowserLeg } from './browser-leg.hot.ts'
import { bind } from './endpoint-pool.ts'
import type { FromHandshake, ToHandshake } from './handshake-messages.ts'
import type { Leg } from './leg.hot.ts'
import type { BrowserLeg as BrowserWish } from './media-messages.ts'
import type { ControlEar } from './plain-leg.hot.ts'

/** How often lost consent is looked for. */
const LOOK_MS = 250

interface Known {
  host: string
  leg: BrowserLeg
}

export interface BrowserOpening {
  wish: BrowserWish
  leg: Leg
  control: ControlEar
  onState(isUp: boolean, reason: string | null): void
}

export class BrowserPort {
  readonly fingerprint: string
  strangers = 0
  /** Datagrams that a bug of ours could not bear. */
  failed = 0
  readonly #socket: Socket
  readonly #handshakes: Worker
  /** By port, then by host: a number is looked up without making a text of each source. */
  readonly #byPort = new Map<number, Known[]>()
  readonly #byUfrag = new Map<string, BrowserLeg>()
  readonly #byKey = new Map<string, { leg: BrowserLeg; onState: BrowserOpening['onState'] }>()
  readonly #looking: NodeJS.Timeout
  #opened = 0

  private constructor(socket: Socket, handshakes: Worker, fingerprint: string) {
    this.#socket = socket
    this.#handshakes = handshakes
    this.fingerprint = fingerprint
    socket.on('error', () => undefined)
    socket.on('message', (datagram, from) => this.#guard(datagram, from))
    handshakes.on('message', (message: FromHandshake) => this.#onHandshake(message))
    this.#looking = setInterval(() => this.#look(), LOOK_MS)
  }

  /** Resolves when the handshake thread has its certificate. @throws when the port cannot be bound. */
  static async open(host: string, port: number): Promise<BrowserPort> {
    const socket = await bind(host, port)
    const handshakes = new Worker(new URL('./handshake-thread.ts', import.meta.url))
    // Without it no browser can come any more: this thread ends too, and both are started anew together.
    handshakes.on('error', (error) => { throw error })
    const fingerprint = await new Promise<string>((resolve) => {
      handshakes.once('message', (message: FromHandshake) => resolve(message.type === 'ready' ? message.fingerprint : ''))
    })
    return new BrowserPort(socket, handshakes, fingerprint)
  }

  get port(): number {
    return this.#socket.address().port
  }

  openLeg({ wish, leg, control, onState }: BrowserOpening): BrowserLeg {
    this.#opened += 1
    const browser = new BrowserLeg({ ...wish, key: `${this.#opened}` }, leg, {
      send: (bytes, offset, length, to) => this.#socket.send(bytes, offset, length, to.port, to.host),
      onProven: (of, address) => this.#prove(of, address),
      onForgotten: (of, address) => this.#forget(of, address),
      onState: (of, isUp, reason) => this.#byKey.get(of.key)?.onState(isUp, reason),
      onClosed: (of) => this.#close(of),
    }, control)
    this.#byUfrag.set(wish.ufrag, browser)
    this.#byKey.set(browser.key, { leg: browser, onState })
    this.#tell({ type: 'expect', legKey: browser.key, fingerprint: wish.fingerprint })
    return browser
  }

  async close(): Promise<void> {
    clearInterval(this.#looking)
    this.#socket.close()
    await this.#handshakes.terminate()
  }

  /** One datagram never ends the thread, and with it every call. */
  #guard(datagram: Buffer, from: RemoteInfo): void {
    try {
      this.#receive(datagram, from)
    } catch {
      this.failed += 1
    }
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const now = performance.now()
    const kind = kindOf(datagram)
    if (kind === 'stun') return this.#onStun(datagram, from, now)
    const leg = this.#legAt(from)
    if (leg === null) {
      this.strangers += 1
      return
    }
    if (kind === 'srtp') leg.onRtp(datagram, now)
    else if (kind === 'srtcp') leg.onRtcp(datagram, now)
    else if (kind === 'dtls') this.#tell({ type: 'datagram', legKey: leg.key, datagram: Uint8Array.from(datagram) })
  }

  #legAt({ address, port }: RemoteInfo): BrowserLeg | null {
    const known = this.#byPort.get(port)
    if (known === undefined) return null
    for (const each of known) if (each.host === address) return each.leg
    return null
  }

  #onStun(datagram: Buffer, from: RemoteInfo, now: number): void {
    const message = parseStun(datagram)
    const ufrag = message === null ? null : ufragOf(message)
    const leg = ufrag === null ? undefined : this.#byUfrag.get(ufrag)
    if (message === null || leg === undefined) {
      this.strangers += 1
      return
    }
    leg.onIce({ kind: 'check', message, bytes: datagram, from: { host: from.address, port: from.port } }, now)
  }

  #onHandshake(message: FromHandshake): void {
    if (message.type === 'ready' || message.type === 'stopped') return
    const known = this.#byKey.get(message.legKey)
    if (known === undefined) return
    if (message.type === 'keys') return known.leg.onKeys(message.keys)
    if (message.type === 'failed') return known.onState(false, `handshake: ${message.reason}`)
    const to = known.leg.selected
    if (to !== null) this.#socket.send(message.datagram, to.port, to.host)
  }

  #look(): void {
    const now = performance.now()
    for (const { leg } of this.#byKey.values()) leg.onIce({ kind: 'wake' }, now)
  }

  /** The latest who proved to own an address has it: a page that was loaded again may come from the port of the one before. */
  #prove(leg: BrowserLeg, { host, port }: Address): void {
    const others = (this.#byPort.get(port) ?? []).filter((each) => each.host !== host)
    this.#byPort.set(port, [...others, { host, leg }])
  }

  #forget(leg: BrowserLeg, { host, port }: Address): void {
    const rest = (this.#byPort.get(port) ?? []).filter((each) => each.host !== host || each.leg !== leg)
    if (rest.length > 0) this.#byPort.set(port, rest)
    else this.#byPort.delete(port)
  }

  #close(leg: BrowserLeg): void {
    if (this.#byUfrag.get(leg.ufrag) === leg) this.#byUfrag.delete(leg.ufrag)
    this.#byKey.delete(leg.key)
    for (const [port, known] of this.#byPort) {
      for (const each of known) if (each.leg === leg) this.#forget(leg, { host: each.host, port })
    }
    this.#tell({ type: 'forget', legKey: leg.key })
  }

  #tell(message: ToHandshake): void {
    this.#handshakes.postMessage(message)
  }
}

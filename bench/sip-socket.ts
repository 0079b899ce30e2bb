/** One UDP socket that takes calls by engines/sip: what comes is answered by the one who opened it, times of the engine are kept. */
import { randomUUID } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import * as incoming from '@loopline/sip/incoming-call'
import type { CallEffect } from '@loopline/sip/call-effect'
import { parseMessage, type SipRequest, type SipResponse } from '@loopline/sip/message'
import { formatSdp, readAudio } from '@loopline/sip/sdp'
import { formatResponse } from '@loopline/sip/serialise'
import type { Target } from './udp-speaker.ts'

export interface TakenCall {
  readonly callId: string
  /** Where they want our voice. */
  readonly target: Target
  ring(): void
  /** 200, with our voice on that port. */
  answer(port: number): void
  reject(status: number): void
  hangUp(): void
  /** Nothing that is said about this call is answered any more: the far end lost its power. */
  vanish(): void
  /** Resolves when either side has ended it. */
  readonly ended: Promise<void>
}

export interface SipEars {
  onCall(call: TakenCall): void
  onResponse?(response: SipResponse): void
}

interface Open {
  call: incoming.IncomingCall
  timer: NodeJS.Timeout | null
  end(): void
}

export class SipSocket {
  readonly address: string
  readonly #socket: Socket
  readonly #calls = new Map<string, Open>()
  readonly #vanished = new Set<string>()
  readonly #ears: SipEars
  #peer: Target | null = null

  private constructor(socket: Socket, ears: SipEars) {
    this.#socket = socket
    this.#ears = ears
    this.address = `${socket.address().address}:${socket.address().port}`
    socket.on('error', () => undefined) // the other side is gone: calls end by their timers
    socket.on('message', (bytes, from) => {
      this.#peer = { address: from.address, port: from.port }
      this.#receive(bytes.toString('latin1'))
    })
  }

  /** @param peer whom to speak to before anybody has spoken to us. */
  static async open(ears: SipEars, { host = '127.0.0.1', peer = null }: { host?: string; peer?: Target | null } = {}): Promise<SipSocket> {
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, found) => found(null, host, 4) })
    await new Promise<void>((resolve) => socket.bind(0, host, resolve))
    const opened = new SipSocket(socket, ears)
    opened.#peer = peer
    return opened
  }

  get open(): number {
    return this.#calls.size
  }

  send(text: string): void {
    if (this.#peer !== null) this.#socket.send(Buffer.from(text, 'latin1'), this.#peer.port, this.#peer.address)
  }

  close(): void {
    for (const { timer } of this.#calls.values()) if (timer !== null) clearTimeout(timer)
    this.#socket.close()
  }

  #receive(text: string): void {
    const message = parseMessage(text)
    if (message.kind === 'failure' || this.#vanished.has(message.callId)) return
    const open = this.#calls.get(message.callId)
    if (open !== undefined) return this.#step(open, message.kind === 'request' ? { kind: 'request', request: message } : { kind: 'response', response: message })
    if (message.kind === 'response') return this.#ears.onResponse?.(message)
    if (message.method === 'INVITE') return this.#take(message)
    if (message.method !== 'ACK') this.send(formatResponse(message, 200, { toTag: 'here' }))
  }

  #take(invite: SipRequest): void {
    const audio = readAudio(invite.body)
    if (audio === null) return this.send(formatResponse(invite, 488, { toTag: 'here' }))
    const ended = Promise.withResolvers<void>()
    const { call, effects } = incoming.takeCall({
      toTag: randomUUID(), branchSeed: randomUUID(), contact: `<sip:peer@${this.address}>`, sentBy: this.address, hangUpReason: 'Q.850;cause=16;text="Normal call clearing"',
    }, invite, performance.now())
    const open: Open = { call, timer: null, end: ended.resolve }
    this.#calls.set(invite.callId, open)
    this.#apply(open, effects)
    const description = (port: number): string =>
      formatSdp({ address: '127.0.0.1', port, codecs: ['PCMA'], telephoneEvent: audio.telephoneEvent, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 })
    this.#ears.onCall({
      callId: invite.callId, target: { address: audio.address, port: audio.port }, ended: ended.promise,
      ring: () => this.#step(open, { kind: 'ring' }),
      answer: (port) => this.#step(open, { kind: 'answer', sdp: description(port) }),
      reject: (status) => this.#step(open, { kind: 'reject', status }),
      hangUp: () => this.#step(open, { kind: 'hang-up' }),
      vanish: () => this.#vanish(open),
    })
  }

  #vanish(open: Open): void {
    this.#vanished.add(open.call.invite.callId)
    this.#calls.delete(open.call.invite.callId)
    if (open.timer !== null) clearTimeout(open.timer)
    open.end()
  }

  #step(open: Open, input: incoming.IncomingInput): void {
    this.#apply(open, incoming.step(open.call, input, performance.now()))
  }

  #apply(open: Open, effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.send(effect.text)
      else if (effect.kind === 'ended') open.end()
      else if (effect.kind === 'done') this.#calls.delete(open.call.invite.callId)
    }
    if (open.timer !== null) clearTimeout(open.timer)
    const at = incoming.wakeAt(open.call)
    open.timer = at < Infinity ? setTimeout(() => this.#step(open, { kind: 'wake' }), Math.max(0, at - performance.now())) : null
  }
}

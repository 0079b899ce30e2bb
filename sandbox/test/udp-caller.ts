import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import type { CallEffect, Ended } from '@loopline/sip/call-effect'
import { parseMessage } from '@loopline/sip/message'
import { placeCall, step, wakeAt } from '@loopline/sip/outgoing-call'
import type { OutgoingCall } from '@loopline/sip/outgoing-call'
import { callerSettings } from './caller-settings.ts'

interface Live {
  readonly call: OutgoingCall
  readonly onEffect: (effect: CallEffect) => void
  timer: NodeJS.Timeout | null
}

/** A caller on a real UDP socket: one engine call each, one timer each; enough for tests. */
export class UdpCaller {
  readonly #socket: Socket
  readonly #calls = new Map<string, Live>()
  readonly #carrierPort: number
  #serial = 0

  private constructor(socket: Socket, carrierPort: number) {
    this.#socket = socket
    this.#carrierPort = carrierPort
    socket.on('message', (bytes) => this.#receive(bytes.toString('latin1')))
  }

  static open(carrierPort: number): Promise<UdpCaller> {
    const socket = createSocket('udp4')
    return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(new UdpCaller(socket, carrierPort))))
  }

  /** Places a call, hangs up at the answer or when `hangUpWhen` is settled, resolves with its end. */
  call(number: string, but: { ringTimeMs?: number; hangUp?: boolean; mediaPort?: number; hangUpWhen?: Promise<unknown> } = {}): Promise<Ended> {
    const callId = `udp-${this.#socket.address().port}-${(this.#serial += 1)}`
    const settings = callerSettings(number, callId, `127.0.0.1:${this.#socket.address().port}`, `127.0.0.1:${this.#carrierPort}`, but.mediaPort)
    return new Promise((resolve) => {
      const { call, effects } = placeCall({ ...settings, ringTimeMs: but.ringTimeMs ?? 10_000 }, performance.now())
      const live: Live = {
        call, timer: null,
        onEffect: (effect) => {
          if (effect.kind === 'ended') resolve(effect)
          if (effect.kind === 'answered' && but.hangUp === true) this.#do(live, { kind: 'hang-up' })
          if (effect.kind === 'answered') void but.hangUpWhen?.then(() => this.#do(live, { kind: 'hang-up' }))
        },
      }
      this.#calls.set(callId, live)
      this.#carryOut(live, effects)
    })
  }

  close(): void {
    for (const { timer } of this.#calls.values()) if (timer !== null) clearTimeout(timer)
    this.#socket.close()
  }

  #receive(text: string): void {
    const message = parseMessage(text)
    if (message.kind === 'failure') throw new Error(`the carrier sent what nobody can read: ${message.code}`)
    const live = this.#calls.get(message.callId)
    if (live === undefined) return
    this.#do(live, message.kind === 'response' ? { kind: 'response', response: message } : { kind: 'request', request: message })
  }

  #do(live: Live, input: Parameters<typeof step>[1]): void {
    this.#carryOut(live, step(live.call, input, performance.now()))
  }

  #carryOut(live: Live, effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#socket.send(Buffer.from(effect.text, 'latin1'), this.#carrierPort, '127.0.0.1')
      else live.onEffect(effect)
    }
    if (live.timer !== null) clearTimeout(live.timer)
    const at = wakeAt(live.call)
    live.timer = at === Number.POSITIVE_INFINITY ? null : setTimeout(() => this.#do(live, { kind: 'wake' }), Math.max(0, at - performance.now()))
  }
}

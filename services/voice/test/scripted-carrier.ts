/** A carrier for tests: a real UDP socket that does to each INVITE what the test says, by the engine's own server side. */
import { createSocket, type Socket } from 'node:dgram'
import { randomUUID } from 'node:crypto'
import type { CallEffect } from '@loopline/sip/call-effect'
import { step, takeCall, wakeAt, type IncomingCall, type IncomingInput } from '@loopline/sip/incoming-call'
import { parseMessage, type SipRequest } from '@loopline/sip/message'
import { answerStray } from '@loopline/sip/stray'
import { formatSdp } from '@loopline/sip/sdp'

export interface SeenCall {
  callId: string
  uri: string
  invites: number
  cancelled: boolean
  acknowledged: boolean
  ended: boolean
  /** Obeys the script, or a later command of the test. */
  tell(input: IncomingInput): void
}

export interface ScriptedCarrier {
  address: string
  calls: Map<string, SeenCall>
  /** Resolves when the condition holds for what was seen; looked at after every datagram. */
  when(condition: (calls: SeenCall[]) => boolean): Promise<void>
  /** Says nothing any more, as if it had vanished. */
  mute(): void
  close(): void
}

/** What a carrier does when a call comes in. */
export type Script = (call: SeenCall) => void

export const SDP = formatSdp({ address: '127.0.0.1', port: 40_000, codecs: ['PCMA'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 })

export async function scriptedCarrier(script: Script): Promise<ScriptedCarrier> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const seen = new Map<string, SeenCall>()
  const engines = new Map<string, IncomingCall>()
  const waiting = new Set<() => void>()
  let muted = false
  let peer = { port: 0, address: '127.0.0.1' }

  const apply = (callId: string, effects: readonly CallEffect[]): void => {
    const call = seen.get(callId) as SeenCall
    for (const effect of effects) {
      if (effect.kind === 'send' && !muted) send(socket, effect.text, peer)
      if (effect.kind === 'acknowledged') call.acknowledged = true
      if (effect.kind === 'ended') call.ended = true
    }
    const engine = engines.get(callId) as IncomingCall
    const at = wakeAt(engine)
    if (at !== Infinity) setTimeout(() => apply(callId, step(engine, { kind: 'wake' }, performance.now())), Math.max(1, at - performance.now())).unref()
  }
  const take = (invite: SipRequest): void => {
    const { call: engine, effects } = takeCall({
      toTag: randomUUID().slice(0, 8), branchSeed: randomUUID().slice(0, 12), contact: `<sip:carrier@${address()}>`, sentBy: address(), hangUpReason: 'Q.850;cause=16',
    }, invite, performance.now())
    engines.set(invite.callId, engine)
    const call: SeenCall = {
      callId: invite.callId, uri: invite.uri, invites: 1, cancelled: false, acknowledged: false, ended: false,
      tell: (input) => apply(invite.callId, step(engine, input, performance.now())),
    }
    seen.set(invite.callId, call)
    apply(invite.callId, effects)
    script(call)
  }
  const address = (): string => `127.0.0.1:${socket.address().port}`
  socket.on('message', (datagram, from) => {
    peer = from
    const message = parseMessage(datagram.toString('latin1'))
    if (message.kind === 'failure' || muted) return
    const call = seen.get(message.callId)
    if (message.kind === 'request' && message.method === 'CANCEL' && call) call.cancelled = true
    if (message.kind === 'request' && message.method === 'INVITE' && !call) take(message)
    else if (call) {
      if (message.kind === 'request' && message.method === 'INVITE') call.invites += 1
      call.tell(message.kind === 'request' ? { kind: 'request', request: message } : { kind: 'response', response: message })
    } else if (message.kind === 'request') {
      const answer = answerStray(message, 'stray')
      if (answer !== null) send(socket, answer, from)
    }
    for (const look of waiting) look()
  })
  return {
    address: address(), calls: seen,
    when(condition) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (!condition([...seen.values()])) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      })
    },
    mute() {
      muted = true
    },
    close: () => socket.close(),
  }
}

function send(socket: Socket, text: string, to: { port: number; address: string }): void {
  socket.send(Buffer.from(text, 'latin1'), to.port, to.address)
}

/** Scripts by name. */
export const answers: Script = (call) => {
  call.tell({ kind: 'ring' })
  call.tell({ kind: 'answer', sdp: SDP })
}
export const ringsOnly: Script = (call) => call.tell({ kind: 'ring' })
export const rejects = (status: number, reason?: string): Script => (call) => call.tell({ kind: 'reject', status, ...(reason === undefined ? {} : { reason }) })

/** A carrier that hands calls in, for tests: a real UDP socket and the engine's own caller side. */
import { createSocket } from 'node:dgram'
import { randomUUID } from 'node:crypto'
import type { CallEffect, Ended } from '@loopline/sip/call-effect'
import { parseMessage, type SipMessage } from '@loopline/sip/message'
import { placeCall, step, wakeAt, type OutgoingCall } from '@loopline/sip/outgoing-call'
import { answerStray } from '@loopline/sip/stray'

export interface Inward {
  readonly callId: string
  /** Statuses of the answers to the INVITE, in order. */
  readonly statuses: number[]
  readonly answerSdp: () => string | null
  readonly ended: () => Ended | null
  hangUp(): void
}

export interface CallerOfTest {
  readonly address: string
  /** @param to the line's socket, host:port. */
  call(to: string, how: { from: string; called: string; sdp: string; headers?: string }): Inward
  send(text: string, to: string): void
  readonly heard: SipMessage[]
  /** Resolves when it holds; looked at after every datagram. */
  when(condition: () => boolean): Promise<void>
  close(): void
}

export async function callerOfTest(): Promise<CallerOfTest> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${socket.address().port}`
  const waiting = new Set<() => void>()
  const calls = new Map<string, { engine: OutgoingCall; apply(effects: readonly CallEffect[]): void; statuses: number[] }>()
  const heard: SipMessage[] = []
  let isOpen = true
  const send = (text: string, to: string): void => {
    if (!isOpen) return
    const [host, port] = to.split(':')
    socket.send(Buffer.from(text, 'latin1'), Number(port), host)
  }
  socket.on('message', (datagram, from) => {
    const message = parseMessage(datagram.toString('latin1'))
    if (message.kind === 'failure') throw new Error(`voice sent what nobody can read: ${message.code}`)
    heard.push(message)
    const call = calls.get(message.callId)
    if (call === undefined) {
      const answer = message.kind === 'request' ? answerStray(message, 'stray') : null
      if (answer !== null) send(answer, `${from.address}:${from.port}`)
    } else {
      if (message.kind === 'response' && message.cseqMethod === 'INVITE') call.statuses.push(message.status)
      call.apply(step(call.engine, message.kind === 'response' ? { kind: 'response', response: message } : { kind: 'request', request: message }, performance.now()))
    }
    for (const look of waiting) look()
  })
  return {
    address, heard, send,
    call(to, { from, called, sdp, headers }) {
      const callId = `${randomUUID()}@carrier`
      const { call: engine, effects } = placeCall({
        callId, fromTag: randomUUID().slice(0, 8), branchSeed: randomUUID().slice(0, 12), requestUri: `sip:${called}@${to}`, from: `<sip:${from}@${address}>`, to: `<sip:${called}@${to}>`,
        contact: `<sip:carrier@${address}>`, sentBy: address, sdp, ringTimeMs: 120_000, hangUpReason: 'Q.850;cause=16', ...(headers === undefined ? {} : { headers }),
      }, performance.now())
      const statuses: number[] = []
      let answer: string | null = null
      let ended: Ended | null = null
      const apply = (next: readonly CallEffect[]): void => {
        for (const effect of next) {
          if (effect.kind === 'send') send(effect.text, to)
          if (effect.kind === 'answered') answer = effect.sdp
          if (effect.kind === 'ended') ended = effect
        }
        const at = wakeAt(engine)
        if (at < Infinity) setTimeout(() => apply(step(engine, { kind: 'wake' }, performance.now())), Math.max(1, at - performance.now())).unref()
      }
      calls.set(callId, { engine, apply, statuses })
      apply(effects)
      return { callId, statuses, answerSdp: () => answer, ended: () => ended, hangUp: () => apply(step(engine, { kind: 'hang-up' }, performance.now())) }
    },
    when: (condition) => new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
    close() {
      isOpen = false
      socket.close()
    },
  }
}

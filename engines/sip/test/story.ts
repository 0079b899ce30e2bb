import type { CallEffect, Ended, OutgoingInput } from '../call-effect.ts'
import * as incoming from '../incoming-call.ts'
import { parseMessage, type SipMessage, type SipRequest } from '../message.ts'
import * as outgoing from '../outgoing-call.ts'
import { formatSdp } from '../sdp.ts'
import { formatRequest, formatResponse, type ResponseParts } from '../serialise.ts'

/** Two ends and the wire between them on virtual time: the stage on which calls are tested. */

export const OFFER = formatSdp({
  address: '192.0.2.10', port: 40_000, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20,
  sessionId: 1, version: 1,
})
export const ANSWER = formatSdp({
  address: '192.0.2.20', port: 50_000, codecs: ['PCMA'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20,
  sessionId: 2, version: 1,
})

export const CALLER: outgoing.OutgoingCallSettings = {
  callId: 'attempt-1@192.0.2.10', fromTag: 'us', branchSeed: 'seed1', requestUri: 'sip:callee@192.0.2.20:5060',
  from: '<sip:shop@192.0.2.10>', to: '<sip:callee@192.0.2.20>', contact: '<sip:shop@192.0.2.10:5070>', sentBy: '192.0.2.10:5070',
  sdp: OFFER, ringTimeMs: 30_000, hangUpReason: 'Q.850;cause=16;text="Normal call clearing"',
}

export const CALLEE: incoming.IncomingCallSettings = {
  toTag: 'them', branchSeed: 'seed2', contact: '<sip:callee@192.0.2.20:5060>', sentBy: '192.0.2.20:5060', hangUpReason: 'Q.850;cause=16',
}

/** A message as one short word: `INVITE`, `180 INVITE`. */
export function nameOf(message: SipMessage): string {
  return message.kind === 'request' ? message.method : `${message.status} ${message.cseqMethod}`
}

export function parsed(text: string): SipMessage {
  const message = parseMessage(text)
  if (message.kind === 'failure') throw new Error(`we sent what we cannot read: ${message.code}\n${text}`)
  return message
}

export interface Line {
  readonly at: number
  readonly from: 'caller' | 'callee'
  readonly message: SipMessage
  readonly text: string
}

/** Decides what the wire does with a message; the default delivers each once, at once. */
export type WireRule = (line: Line) => 'deliver' | 'lose' | 'double'

export class Story {
  now = 0
  readonly lines: Line[] = []
  readonly callerEffects: CallEffect[] = []
  readonly calleeEffects: CallEffect[] = []
  call: outgoing.OutgoingCall
  callee: incoming.IncomingCall | null = null
  rule: WireRule = () => 'deliver'
  /** What the far end does with a new INVITE. */
  onInvite: (story: Story, invite: SipRequest) => void = (story, invite) => story.takeCall(invite)
  #queue: Line[] = []

  constructor(settings: Partial<outgoing.OutgoingCallSettings> = {}, rule?: WireRule) {
    if (rule !== undefined) this.rule = rule
    const { call, effects } = outgoing.placeCall({ ...CALLER, ...settings }, this.now)
    this.call = call
    this.#fromCaller(effects)
  }

  takeCall(invite: SipRequest, settings: Partial<incoming.IncomingCallSettings> = {}): void {
    const { call, effects } = incoming.takeCall({ ...CALLEE, ...settings }, invite, this.now)
    this.callee = call
    this.#fromCallee(effects)
  }

  /** Delivers what is on the wire and what that brings about. */
  flow(): this {
    for (let line = this.#queue.shift(); line !== undefined; line = this.#queue.shift()) this.#deliver(line)
    return this
  }

  /** Lets time pass, waking both ends exactly when they asked. */
  pass(ms: number): this {
    const until = this.now + ms
    this.flow()
    for (let rounds = 0; rounds < 10_000; rounds++) {
      const calleeAt = this.callee === null ? Infinity : incoming.wakeAt(this.callee)
      const next = Math.min(outgoing.wakeAt(this.call), calleeAt)
      if (next > until) break
      this.now = Math.max(this.now, next)
      if (outgoing.wakeAt(this.call) <= this.now) this.caller({ kind: 'wake' })
      if (this.callee !== null && incoming.wakeAt(this.callee) <= this.now) this.calleeDoes({ kind: 'wake' })
      this.flow()
    }
    this.now = until
    return this
  }

  /** Another process takes over the caller's side; what it reports is kept apart from what the dead one did. */
  replaceCaller(call: outgoing.OutgoingCall, effects: readonly CallEffect[]): this {
    this.call = call
    this.callerEffects.length = 0
    this.#fromCaller(effects)
    return this
  }

  caller(input: OutgoingInput): this {
    this.#fromCaller(outgoing.step(this.call, input, this.now))
    return this
  }

  calleeDoes(input: incoming.IncomingInput): this {
    if (this.callee === null) throw new Error('nobody has been called')
    this.#fromCallee(incoming.step(this.callee, input, this.now))
    return this
  }

  /** Puts a datagram of the far end on the wire, whoever wrote it. */
  calleeSends(text: string): this {
    this.#enqueue('callee', text)
    return this
  }

  /** A response to the latest request of the caller with this method, whoever answers. */
  respond(method: string, status: number, parts: Partial<ResponseParts> = {}): this {
    const request = this.latest(method)
    return this.calleeSends(formatResponse(request, status, { toTag: 'them', ...parts }))
  }

  /** The caller's latest request with this method. */
  latest(method: string, from: 'caller' | 'callee' = 'caller'): SipRequest {
    const line = this.lines.findLast((each) => each.from === from && each.message.kind === 'request' && each.message.method === method)
    if (line === undefined || line.message.kind !== 'request') throw new Error(`no ${method} was sent`)
    return line.message
  }

  /** A request of the far end in the dialog of its latest INVITE answer. `to` and `from` may be forged. */
  calleeRequests(method: string, cseq: number, forged: { fromTag?: string; toTag?: string; headers?: string; body?: string } = {}): this {
    return this.calleeSends(formatRequest({
      method, uri: 'sip:shop@192.0.2.10:5070', sentBy: '192.0.2.20:5060', branch: `z9hG4bKthem-${method}-${cseq}`,
      from: `<sip:callee@192.0.2.20>;tag=${forged.fromTag ?? 'them'}`, to: `<sip:shop@192.0.2.10>;tag=${forged.toTag ?? 'us'}`,
      callId: CALLER.callId, cseq, headers: forged.headers ?? '', body: forged.body ?? '',
    }))
  }

  /** Names of what one side sent, in order. */
  sent(from: 'caller' | 'callee'): string[] {
    return this.lines.filter((line) => line.from === from).map((line) => nameOf(line.message))
  }

  /** All messages in order: `→` by the caller, `←` by the callee. */
  ladder(): string[] {
    return this.lines.map((line) => `${line.from === 'caller' ? '→' : '←'} ${nameOf(line.message)}`)
  }

  events(side: 'caller' | 'callee' = 'caller'): CallEffect['kind'][] {
    const effects = side === 'caller' ? this.callerEffects : this.calleeEffects
    return effects.map((effect) => effect.kind).filter((kind) => kind !== 'send' && kind !== 'dialog-changed')
  }

  ended(side: 'caller' | 'callee' = 'caller'): Ended {
    const effects = side === 'caller' ? this.callerEffects : this.calleeEffects
    const all = effects.filter((effect) => effect.kind === 'ended')
    if (all.length !== 1) throw new Error(`a call ends once, not ${all.length} times`)
    return all[0] as Ended
  }

  #fromCaller(effects: readonly CallEffect[]): void {
    this.callerEffects.push(...effects)
    for (const effect of effects) if (effect.kind === 'send') this.#enqueue('caller', effect.text)
  }

  #fromCallee(effects: readonly CallEffect[]): void {
    this.calleeEffects.push(...effects)
    for (const effect of effects) if (effect.kind === 'send') this.#enqueue('callee', effect.text)
  }

  #enqueue(from: 'caller' | 'callee', text: string): void {
    const line: Line = { at: this.now, from, message: parsed(text), text }
    this.lines.push(line)
    const verdict = this.rule(line)
    if (verdict !== 'lose') this.#queue.push(line)
    if (verdict === 'double') this.#queue.push(line)
  }

  #deliver(line: Line): void {
    const { message } = line
    if (line.from === 'callee') {
      this.caller(message.kind === 'request' ? { kind: 'request', request: message } : { kind: 'response', response: message })
    } else if (message.kind === 'response') {
      if (this.callee !== null) this.calleeDoes({ kind: 'response', response: message })
    } else if (this.callee === null || incoming.isNewAttempt(this.callee, message)) {
      if (message.method === 'INVITE') this.onInvite(this, message)
    } else this.calleeDoes({ kind: 'request', request: message })
  }
}

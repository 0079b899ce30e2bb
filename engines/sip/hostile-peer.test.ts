import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { CallEffect } from './call-effect.ts'
import * as incoming from './incoming-call.ts'
import { parseMessage, type SipMessage } from './message.ts'
import * as outgoing from './outgoing-call.ts'
import { ANSWER, CALLEE, CALLER, parsed } from './test/story.ts'

/**
 * A peer that sends anything at any time: every status and method, right and wrong tags, numbers, branches and bodies.
 * A call must not throw, not end twice, not talk more than it is talked to, and never want to be woken in the past.
 */
const body = fc.constantFrom('', ANSWER, 'v=0', 'junk', ANSWER.replace('sendrecv', 'sendonly'), ANSWER.replaceAll('PCMA', 'G729').replace('AVP 8', 'AVP 18'))
const extra = fc.constantFrom(
  '', 'Session-Expires: 90;refresher=uas\r\n', 'Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n', 'Session-Expires: 1\r\n', 'Min-SE: 2000\r\n',
  'Allow: UPDATE, INVITE\r\n', 'Record-Route: <sip:p.example;lr>\r\n', 'Record-Route: <sip:strict.example>, garbage\r\n', 'Contact: <sip:moved@192.0.2.77:5099>\r\n',
  'Contact: *\r\n', 'Require: magic\r\n', 'Reason: Q.850;cause=17\r\n', 'WWW-Authenticate: Digest realm="carrier", nonce="n", qop="auth", stale=true\r\n',
  'Proxy-Authenticate: Digest realm="carrier", nonce="m", algorithm=SHA-256\r\n', 'WWW-Authenticate: Digest realm="carrier"\r\n',
)
const tag = fc.constantFrom('us', 'them', 'other', '')
const method = fc.constantFrom('INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'INFO', 'UPDATE', 'REFER', 'NONSENSE')
const branch = fc.constantFrom('z9hG4bKseed1-1', 'z9hG4bKseed1-2', 'z9hG4bKseed1-3', 'z9hG4bKseed2-1', 'z9hG4bKx', 'z9hG4bKy', 'old')
const cseq = fc.constantFrom(0, 1, 2, 3, 50, 2 ** 31 - 1)
const common = fc.record({ method, branch, cseq, from: tag, to: tag, extra, body })
const message = fc.oneof(
  fc.tuple(common, fc.constantFrom(100, 180, 183, 200, 202, 302, 401, 407, 422, 481, 486, 487, 491, 500, 603)).map(([parts, status]) => textOf(`SIP/2.0 ${status} X`, parts)),
  common.map((parts) => textOf(`${parts.method} sip:x@192.0.2.1 SIP/2.0`, parts)),
)

function textOf(start: string, parts: { method: string; branch: string; cseq: number; from: string; to: string; extra: string; body: string }): string {
  const tagged = (value: string): string => (value === '' ? '' : `;tag=${value}`)
  return `${start}\r\nVia: SIP/2.0/UDP 192.0.2.10:5070;branch=${parts.branch}\r\nFrom: <sip:a@b>${tagged(parts.from)}\r\nTo: <sip:c@d>${tagged(parts.to)}\r\n` +
    `Call-ID: ${CALLER.callId}\r\nCSeq: ${parts.cseq} ${parts.method}\r\n${parts.extra}Content-Type: application/sdp\r\nContent-Length: ${parts.body.length}\r\n\r\n${parts.body}`
}

type Act = { readonly kind: 'message'; readonly text: string } | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'do'; readonly what: string }
const acts = fc.array(fc.oneof(
  { weight: 6, arbitrary: message.map((text): Act => ({ kind: 'message', text })) },
  { weight: 2, arbitrary: fc.constantFrom(0, 500, 5_000, 45_000).map((ms): Act => ({ kind: 'wait', ms })) },
  { weight: 1, arbitrary: fc.constantFrom('hang-up', 'transport-error', 'ring', 'progress', 'answer', 'reject').map((what): Act => ({ kind: 'do', what })) },
), { maxLength: 30 })

/** One end, whichever, with its effects checked at every step. */
class Guarded<Input> {
  now = 0
  ended = 0
  done = false
  readonly #step: (input: Input | { kind: 'wake' }, now: number) => readonly CallEffect[]
  readonly #wakeAt: () => number

  constructor(step: (input: Input | { kind: 'wake' }, now: number) => readonly CallEffect[], wakeAt: () => number) {
    this.#step = step
    this.#wakeAt = wakeAt
  }

  give(input: Input | { kind: 'wake' }): void {
    const effects = this.#step(input, this.now)
    expect(effects.filter((effect) => effect.kind === 'send').length).toBeLessThanOrEqual(12)
    for (const effect of effects) {
      expect(this.done).toBe(false)
      if (effect.kind === 'send') parsed(effect.text)
      if (effect.kind === 'ended') this.ended++
      if (effect.kind === 'done') this.done = true
    }
    expect(this.ended).toBeLessThanOrEqual(1)
    if (this.done) expect([this.ended, this.#wakeAt()]).toEqual([1, Infinity])
  }

  wait(ms: number): void {
    const until = this.now + ms
    for (let at = this.#wakeAt(); at <= until; at = this.#wakeAt()) {
      this.now = Math.max(this.now, at)
      this.give({ kind: 'wake' })
      expect(this.#wakeAt()).toBeGreaterThan(this.now)     // or the driver would spin
    }
    this.now = until
  }
}

function inputOf(text: string): { kind: 'request'; request: Extract<SipMessage, { kind: 'request' }> } | { kind: 'response'; response: Extract<SipMessage, { kind: 'response' }> } | null {
  const read = parseMessage(text)
  if (read.kind === 'failure') return null
  return read.kind === 'request' ? { kind: 'request', request: read } : { kind: 'response', response: read }
}

test('an outgoing call survives any peer and can always be ended', () => {
  const hash = (algorithm: string, text: string): string => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'latin1').digest('hex')
  const credentials = { username: 'u', password: 'p', realm: 'carrier', clientNonceSeed: 's', hash }
  fc.assert(fc.property(acts, (script) => {
    const { call } = outgoing.placeCall({ ...CALLER, credentials, sessionTimer: { intervalS: 90, minS: 90 } }, 0)
    const end = new Guarded<Parameters<typeof outgoing.step>[1]>((input, now) => outgoing.step(call, input, now), () => outgoing.wakeAt(call))
    for (const act of script) {
      const input = act.kind === 'message' ? inputOf(act.text) : null
      if (input !== null) end.give(input)
      if (act.kind === 'wait') end.wait(act.ms)
      if (act.kind === 'do') end.give(act.what === 'transport-error' ? { kind: 'transport-error' } : { kind: 'hang-up' })
    }
    end.give({ kind: 'hang-up' })
    end.wait(300_000)
    expect([end.ended, end.done]).toEqual([1, true])
  }), { numRuns: 600 })
})

test('an incoming call survives any peer and can always be ended', () => {
  fc.assert(fc.property(acts, fc.constantFrom('', ANSWER), (script, offer) => {
    const invite = parsed(textOf('INVITE sip:x@192.0.2.1 SIP/2.0', { method: 'INVITE', branch: 'z9hG4bKseed1-1', cseq: 1, from: 'us', to: '', extra: '', body: offer }))
    if (invite.kind !== 'request') throw new Error('no INVITE')
    const { call } = incoming.takeCall(CALLEE, invite, 0)
    const end = new Guarded<incoming.IncomingInput>((input, now) => incoming.step(call, input, now), () => incoming.wakeAt(call))
    for (const act of script) {
      const input = act.kind === 'message' ? inputOf(act.text) : null
      if (input !== null) end.give(input)
      if (act.kind === 'wait') end.wait(act.ms)
      if (act.kind === 'do') end.give(commandOf(act.what))
    }
    end.give({ kind: 'hang-up' })
    end.wait(300_000)
    expect([end.ended, end.done]).toEqual([1, true])
  }), { numRuns: 600 })
})

function commandOf(what: string): incoming.IncomingInput {
  switch (what) {
    case 'ring': return { kind: 'ring' }
    case 'progress': return { kind: 'progress', sdp: ANSWER }
    case 'answer': return { kind: 'answer', sdp: ANSWER }
    case 'reject': return { kind: 'reject', status: 404, reason: 'Q.850;cause=1' }
    case 'transport-error': return { kind: 'transport-error' }
    default: return { kind: 'hang-up' }
  }
}

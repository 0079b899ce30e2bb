/**
 * What signalling costs: µs per parsed message, and per whole call of seven messages (INVITE, 100, 180, 200, ACK, BYE, 200)
 * for each side, both ends in this process, no socket. Aim: at most 60 µs per call and side.
 * Run: node engines/sip/throughput.bench.ts [calls]. Prints JSON last.
 */
import * as incoming from './incoming-call.ts'
import { parseMessage, type SipMessage } from './message.ts'
import * as outgoing from './outgoing-call.ts'
import { ANSWER, CALLEE, CALLER } from './test/story.ts'
import type { CallEffect } from './call-effect.ts'
import { TimerHeap } from './timer-heap.ts'

const calls = Number(process.argv[2] ?? 100_000)
let now = 0
let callerUs = 0
let calleeUs = 0
const clock = (): number => performance.now() * 1_000
const heap = new TimerHeap<outgoing.OutgoingCall>()

/** A datagram becomes a flat latin1 string, as a socket's buffer gives it; the copying is the driver's and not counted. */
const wire = Buffer.alloc(65_536)
const overTheWire = (text: string): string => wire.toString('latin1', 0, wire.write(text, 0, 'latin1'))

function texts(effects: readonly CallEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [overTheWire(effect.text)] : []))
}

function read(text: string): SipMessage {
  const message = parseMessage(text)
  if (message.kind === 'failure') throw new Error(message.code)
  return message
}

function oneCall(serial: number): void {
  const settings = { ...CALLER, callId: `attempt-${serial}@192.0.2.10`, branchSeed: `s${serial}` }
  let from = clock()
  const placed = outgoing.placeCall(settings, now)
  heap.set(placed.call, outgoing.wakeAt(placed.call))
  callerUs += clock() - from
  let toCallee = texts(placed.effects)

  from = clock()
  const invite = read(toCallee[0] as string)
  if (invite.kind !== 'request') throw new Error('no INVITE')
  const { call: callee } = incoming.takeCall({ ...CALLEE, toTag: `t${serial}` }, invite, now)
  const rang = [
    ...incoming.step(callee, { kind: 'trying' }, now), ...incoming.step(callee, { kind: 'ring' }, now),
    ...incoming.step(callee, { kind: 'answer', sdp: ANSWER }, now),
  ]
  calleeUs += clock() - from
  let toCaller = texts(rang)
  let ended = false
  while (toCaller.length + toCallee.length > 0 || !ended) {
    from = clock()
    const sent: CallEffect[] = []
    for (const text of toCaller) {
      const message = read(text)
      sent.push(...outgoing.step(placed.call, message.kind === 'request'
        ? { kind: 'request', request: message } : { kind: 'response', response: message }, now))
      heap.set(placed.call, outgoing.wakeAt(placed.call))
    }
    callerUs += clock() - from
    toCallee = texts(sent)
    from = clock()
    const answered: CallEffect[] = []
    for (const text of toCallee) {
      const message = read(text)
      answered.push(...incoming.step(callee, message.kind === 'request'
        ? { kind: 'request', request: message } : { kind: 'response', response: message }, now))
    }
    if (callee.isAcknowledged && !ended) {
      ended = true
      answered.push(...incoming.step(callee, { kind: 'hang-up' }, now))
    }
    calleeUs += clock() - from
    toCaller = texts(answered)
    toCallee = []
  }
  now += 0.25
  heap.remove(placed.call)
}

for (let serial = 0; serial < 20_000; serial++) oneCall(serial)
callerUs = 0
calleeUs = 0
for (let serial = 0; serial < calls; serial++) oneCall(serial)

const { effects } = outgoing.placeCall(CALLER, 0)
const inviteText = texts(effects)[0] as string
let parsed = 0
const from = clock()
for (let round = 0; round < calls; round++) parsed += parseMessage(inviteText).names.length
const parseUs = (clock() - from) / calls

console.log(JSON.stringify({
  calls, parseInviteUs: round2(parseUs), callerUsPerCall: round2(callerUs / calls), calleeUsPerCall: round2(calleeUs / calls),
  inviteBytes: inviteText.length, headersRead: parsed / calls,
}))

function round2(value: number): number {
  return Math.round(value * 100) / 100
}

import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { randomUUID } from 'node:crypto'
import type { LegFindings } from '@loopline/contracts/agent'
import type { AttemptId, LineId, UserId } from '@loopline/vocabulary/ids'
import { newId } from '@loopline/clock/new-id'
import type { InboundOffer, InboundOrder } from '@loopline/contracts/inbound'
import type { LineProbe } from '@loopline/contracts/line'
import type { CallEvidence } from '@loopline/contracts/call-event'
import type { AudioName, CallResult, DeskPhone, DialCommand, FromVoice, LineConfig, TalkOrder, TalkRefusal, TalkResult, ToVoice, VoiceCallEvent } from '@loopline/contracts/voice-link'

/** How a scripted call ends; null leaves it ringing until the test ends it. */
export type Script = (call: DialCommand) => ScriptedEnd | 'ignore' | null
export type ScriptedEnd = Partial<Omit<CallResult, 'evidence'>> & { evidence?: Partial<CallEvidence> | undefined }

const ANSWERED: CallEvidence = { sipStatus: 200, q850: null, reasonText: null, earlyMedia: false, announcement: null, endedBy: 'callee' }

/** A peer of our own protocol that follows a script instead of speaking SIP: keeps results until they are acknowledged. */
export class ScriptedVoice {
  epoch = randomUUID()
  readonly dialled: DialCommand[] = []
  readonly received: ToVoice[] = []
  readonly acked = new Set<AttemptId>()
  lines: LineConfig[] = []
  deskPhones: DeskPhone[] = []
  sounds: AudioName[] = []
  script: Script = () => ({})
  /** What is answered to every consultation. */
  refuses: TalkRefusal | null = null
  /** What every carrier answers to a question. */
  probe: LineProbe = { failure: null, status: 200, phrase: 'OK', roundTripMs: 12.5, server: 'scripted', allow: 'INVITE, ACK', asked: 'udp 192.0.2.9:5060' }
  /** Commands are lost before anything happens to them. */
  deaf = false
  readonly #alive = new Map<AttemptId, DialCommand>()
  readonly #results = new Map<AttemptId, CallResult>()
  /** Legs of attempts that went on over another line: what was ordered last, and whose end each result is. */
  readonly #legOf = new Map<AttemptId, number>()
  readonly orders: TalkOrder[] = []
  /** What a test of this agent's leg finds; null is never told. Without an entry all is well. */
  readonly findings = new Map<UserId, Partial<LegFindings> | null>()
  readonly hungUp: AttemptId[] = []
  readonly stoppedRinging: AttemptId[] = []
  readonly #answered = new Set<AttemptId>()
  readonly inboundOrders: InboundOrder[] = []
  readonly #callers = new Map<AttemptId, { offer: InboundOffer; answeredAt: number | null }>()
  readonly #legs = new Map<UserId, Leg>()
  readonly #talks = new Map<AttemptId, TalkResult>()
  readonly #colleagues = new Map<AttemptId, Colleague>()
  readonly #stopped = new Set<string>()
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  constructor() {
    this.#server = createServer((socket) => this.#accept(socket))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve) })
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Dies and comes back as another process: open calls are ended by it, as a new voice process does. */
  restart(end: (call: DialCommand) => ScriptedEnd): void {
    this.epoch = randomUUID()
    for (const call of this.#alive.values()) this.#end(call, end(call), false)
    for (const socket of this.#sockets) socket.destroy()
  }

  end(call: DialCommand, result: ScriptedEnd = {}): void {
    this.#end(call, result, true)
  }

  /** The standing leg of an agent comes or goes; told to each new link. */
  leg(agentId: UserId, state: Leg['state'], { phone = 'browser', reason = null }: Partial<Pick<Leg, 'phone' | 'reason'>> = {}): void {
    this.#legs.set(agentId, { agentId, phone, state, reason })
    this.send(legTold({ agentId, phone, state, reason }))
  }

  /** Somebody calls us. `from` as voice tells it; null: withheld. */
  callIn({ lineId, from, to = '+861012345678' }: { lineId: string; from: { sealed: string; blindIndex: string } | null; to?: string }): AttemptId {
    const attemptId = newId<AttemptId>()
    const offer: InboundOffer = { attemptId, lineId: lineId as LineId, at: Date.now(), to, from }
    this.#callers.set(attemptId, { offer, answeredAt: null })
    this.tell({ kind: 'offered', attemptId, at: offer.at, offer })
    return attemptId
  }

  /** The caller hangs up, before or after he was answered. */
  callerLeaves(attemptId: AttemptId, endedBy: CallEvidence['endedBy'] = 'callee'): void {
    const caller = this.#callers.get(attemptId)
    if (!caller) return
    this.#callers.delete(attemptId)
    const { offer, answeredAt } = caller
    const talk = this.#talks.get(attemptId)
    this.#talks.delete(attemptId)
    const result: CallResult = {
      startedAt: offer.at, ringingAt: offer.at, answeredAt, endedAt: Date.now(), retransmissions: 0, finalAfterMs: null,
      evidence: { ...ANSWERED, sipStatus: answeredAt === null ? 487 : 200, endedBy }, ...(talk && { talk }),
    }
    this.#results.set(attemptId, result)
    this.#tell([[attemptId, result]])
  }

  #obeyInbound(order: InboundOrder): void {
    this.inboundOrders.push(order)
    const caller = this.#callers.get(order.attemptId)
    if (!caller || caller.answeredAt !== null) return
    if (order.order === 'ring') return this.tell({ kind: 'ringing', attemptId: order.attemptId, at: Date.now() })
    if (order.order === 'refuse') return this.callerLeaves(order.attemptId, 'us')
    const at = Date.now()
    caller.answeredAt = at
    this.tell({ kind: 'answered', attemptId: order.attemptId, at })
    const { agentId } = order.talk
    if (agentId !== null && this.#legs.get(agentId)?.state === 'up') return this.#connect(order.attemptId, agentId)
    this.#talks.set(order.attemptId, { agentId: null, connectedAt: null, fallbackAt: at })
    this.tell({ kind: 'fallback', attemptId: order.attemptId, at })
  }

  /** The leg is gone, and the news of it is still on its way. */
  legLostUnheard(agentId: UserId): void {
    this.#legs.set(agentId, { agentId, phone: 'browser', state: 'down', reason: null })
  }

  ring(call: DialCommand): void {
    this.tell({ kind: 'ringing', attemptId: call.attemptId, at: Date.now() })
  }

  /** The person answers: joined with the reserved agent at once, or left alone with the fallback. */
  answer(call: DialCommand): void {
    const at = Date.now()
    this.#answered.add(call.attemptId)
    this.tell({ kind: 'answered', attemptId: call.attemptId, at })
    if (!call.talk) return
    const { agentId } = call.talk
    if (agentId !== null && this.#legs.get(agentId)?.state === 'up') return this.#connect(call.attemptId, agentId)
    this.fallBack(call)
  }

  /** The person answers and hears nobody yet; the fallback begins when the test says so. */
  answerAlone(call: DialCommand): void {
    this.#answered.add(call.attemptId)
    this.tell({ kind: 'answered', attemptId: call.attemptId, at: Date.now() })
  }

  fallBack(call: DialCommand): void {
    const at = Date.now()
    this.#talks.set(call.attemptId, { agentId: null, connectedAt: null, fallbackAt: at })
    this.tell({ kind: 'fallback', attemptId: call.attemptId, at })
  }

  /** The person is this agent's, by an order of a dialer that is dead. */
  handOver(attemptId: AttemptId, agentId: UserId): void {
    this.#colleagues.delete(attemptId)
    this.#connect(attemptId, agentId)
  }

  /** Ends a call that was answered, with whom the person heard. */
  hangUp(call: DialCommand, result: ScriptedEnd = {}): void {
    const talk = this.#talks.get(call.attemptId)
    this.#talks.delete(call.attemptId)
    this.end(call, { ...result, ...(talk && { talk }) })
  }

  tell(...events: VoiceCallEvent[]): void {
    this.send({ type: 'calls', events })
  }

  send(message: FromVoice): void {
    for (const socket of this.#sockets) socket.write(`${JSON.stringify(message)}\n`)
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => { this.#server.close(() => resolve()) })
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    let rest = ''
    let isGreeted = false
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() as string
      for (const line of lines) {
        if (isGreeted) this.#onMessage(JSON.parse(line) as ToVoice)
        else {
          isGreeted = true
          const greeting: FromVoice[] = [{ type: 'hello', epoch: this.epoch, voiceId: 'scripted', deskServers: [{ transport: 'udp', address: '192.0.2.7:5060' }] }, { type: 'recorder', state: 'up', reason: null, at: Date.now() }, { type: 'recovered', epoch: this.epoch, orphans: 0, whole: true }]
          for (const leg of this.#legs.values()) if (leg.state !== 'down') greeting.push(legTold(leg))
          for (const message of greeting) socket.write(`${JSON.stringify(message)}\n`)
          this.#tell([...this.#results])
          for (const { offer, answeredAt } of this.#callers.values()) if (answeredAt === null) this.tell({ kind: 'offered', attemptId: offer.attemptId, at: offer.at, offer })
        }
      }
    })
  }

  #onMessage(message: ToVoice): void {
    this.received.push(message)
    switch (message.type) {
      case 'desk-phones': this.deskPhones = message.phones; return
      case 'close-recordings': return // told by the test, or by nobody
      case 'sounds': this.sounds = message.names; return
      case 'talk': for (const order of message.orders) this.#obey(order); return
      case 'inbound': for (const order of message.orders) this.#obeyInbound(order); return
      case 'lines': this.lines = message.lines; return
      case 'probe-line': return this.send({ type: 'line-probed', lineId: message.lineId, probeId: message.probeId, probe: this.probe })
      case 'dial': for (const call of message.calls) this.#dial(call); return
      case 'stop': for (const id of message.campaignIds) this.#stopped.add(id); return
      case 'ack': for (const id of message.attemptIds) { this.acked.add(id); this.#results.delete(id) } return
      case 'query': return this.#answer(message.attemptIds, message.legs ?? {})
      case 'hang-up': for (const attemptId of message.attemptIds) this.#hangUp(attemptId); return
      case 'stop-ringing': for (const attemptId of message.attemptIds) this.#stopRinging(attemptId); return
    }
  }

  #obey(order: TalkOrder): void {
    this.orders.push(order)
    if (order.order === 'consult' || order.order === 'conference' || order.order === 'leave') return this.#company(order)
    if (order.order === 'test-leg') return this.#test(order)
    if (order.order !== 'hand-over' && order.order !== 'connect') return
    this.#colleagues.delete(order.attemptId)
    if (this.#legs.get(order.agentId)?.state === 'up') this.#connect(order.attemptId, order.agentId)
    else this.tell({ kind: 'talk-refused', attemptId: order.attemptId, at: Date.now(), order: order.order, refusal: 'agent-leg-down' })
  }

  /** A colleague comes, the person is let in, one of the two goes: as media/talk.ts does it. */
  #company(order: Extract<TalkOrder, { order: 'consult' | 'conference' | 'leave' }>): void {
    const { attemptId } = order
    const agentId = this.#talks.get(attemptId)?.agentId
    const refuse = (refusal: TalkRefusal): void => this.tell({ kind: 'talk-refused', attemptId, at: Date.now(), order: order.order, refusal })
    if (this.refuses !== null && order.order === 'consult') return refuse(this.refuses)
    if (!agentId) return refuse('no-such-call')
    const there = this.#colleagues.get(attemptId)
    if (order.order === 'consult') {
      if (this.#legs.get(order.agentId)?.state !== 'up') return refuse('agent-leg-down')
      return this.#together(attemptId, agentId, { agentId: order.agentId, mode: 'consult' })
    }
    if (order.order === 'conference') return there ? this.#together(attemptId, agentId, { ...there, mode: order.on ? 'conference' : 'consult' }) : refuse('nobody-beside')
    if (order.agentId !== there?.agentId && (order.agentId !== agentId || !there)) return
    this.#colleagues.delete(attemptId)
    if (order.agentId === agentId) this.#connect(attemptId, there.agentId)
    else this.tell({ kind: 'company', attemptId, at: Date.now(), agentId, colleague: null })
  }

  #together(attemptId: AttemptId, agentId: UserId, colleague: Colleague): void {
    this.#colleagues.set(attemptId, colleague)
    this.tell({ kind: 'company', attemptId, at: Date.now(), agentId, colleague })
  }

  #test({ agentId, testId }: Extract<TalkOrder, { order: 'test-leg' }>): void {
    const found = this.findings.get(agentId)
    if (found !== null) this.send({ type: 'leg-tested', agentId, testId, findings: { ...WELL, ...found } })
  }

  #connect(attemptId: AttemptId, agentId: UserId): void {
    const at = Date.now()
    this.#talks.set(attemptId, { agentId, connectedAt: at, fallbackAt: null })
    this.tell({ kind: 'connected', attemptId, at, agentId, afterAnswerMs: 3 })
  }

  #hangUp(attemptId: AttemptId): void {
    this.hungUp.push(attemptId)
    this.callerLeaves(attemptId, 'us')
    const call = this.#alive.get(attemptId)
    const answered = this.#talks.has(attemptId)
    if (call) this.hangUp(call, { evidence: { endedBy: 'us', sipStatus: answered ? 200 : 487 }, ...(answered ? {} : { answeredAt: null }) })
  }

  /** As if the ring time had run out. */
  #stopRinging(attemptId: AttemptId): void {
    this.stoppedRinging.push(attemptId)
    const call = this.#alive.get(attemptId)
    if (call && !this.#answered.has(attemptId)) this.end(call, { answeredAt: null, evidence: { sipStatus: 487, endedBy: 'timeout' } })
  }

  #dial(call: DialCommand): void {
    if (this.deaf) return
    const refusal = call.epoch !== this.epoch ? 'wrong-epoch' : call.dialBy < Date.now() ? 'expired' : this.#stopped.has(call.campaignId ?? '') ? 'stopped' : null
    const leg = call.leg === undefined ? {} : { leg: call.leg }
    if (refusal) return this.send({ type: 'calls', events: [{ kind: 'refused', attemptId: call.attemptId, at: Date.now(), refusal, ...leg }] })
    // As voice does it: a leg follows one that has ended, and each is dialled once.
    if (this.#alive.has(call.attemptId) || (this.#legOf.get(call.attemptId) ?? 0) >= (call.leg ?? 1)) return this.send({ type: 'calls', events: [{ kind: 'refused', attemptId: call.attemptId, at: Date.now(), refusal: 'seen', ...leg }] })
    this.#legOf.set(call.attemptId, call.leg ?? 1)
    this.#results.delete(call.attemptId)
    this.dialled.push(call)
    this.#alive.set(call.attemptId, call)
    const ending: ScriptedEnd | 'ignore' | null = this.script(call)
    if (ending === 'ignore') return
    this.send({ type: 'calls', events: [{ kind: 'placed', attemptId: call.attemptId, at: Date.now() }] })
    if (ending) this.#end(call, ending, true)
  }

  #end(call: DialCommand, result: ScriptedEnd, tell: boolean): void {
    this.#alive.delete(call.attemptId)
    const now = Date.now()
    const full: CallResult = { startedAt: now, ringingAt: now, answeredAt: now, endedAt: now, retransmissions: 0, finalAfterMs: 2, ...result, evidence: { ...ANSWERED, ...result.evidence } }
    this.#results.set(call.attemptId, full)
    if (!tell) return
    if (full.answeredAt !== null) this.send({ type: 'calls', events: [{ kind: 'answered', attemptId: call.attemptId, at: full.answeredAt }] })
    this.#tell([[call.attemptId, full]])
  }

  #isAlive(attemptId: AttemptId): boolean {
    return this.#alive.has(attemptId) || this.#callers.has(attemptId)
  }

  #tell(results: readonly (readonly [AttemptId, CallResult])[]): void {
    if (results.length > 0) this.send({ type: 'calls', events: results.map(([attemptId, result]) => ({ kind: 'ended', attemptId, at: result.endedAt, result, ...this.#legNamed(attemptId) })) })
  }

  #legNamed(attemptId: AttemptId): { leg?: number } {
    const leg = this.#legOf.get(attemptId) ?? 1
    return leg === 1 ? {} : { leg }
  }

  #answer(attemptIds: readonly AttemptId[], legs: Record<AttemptId, number>): void {
    const isKnown = (id: AttemptId): boolean => (this.#legOf.get(id) ?? 1) >= (legs[id] ?? 1)
    this.#tell(attemptIds.filter(isKnown).flatMap((id) => { const result = this.#results.get(id); return result ? [[id, result] as const] : [] }))
    this.send({
      type: 'known', alive: attemptIds.filter((id) => this.#isAlive(id)),
      talks: attemptIds.flatMap((attemptId) => { const { agentId, connectedAt } = this.#talks.get(attemptId) ?? {}; return agentId && connectedAt ? [{ attemptId, agentId, connectedAt }] : [] }),
      neverSeen: attemptIds.filter((id) => !isKnown(id) || (!this.#isAlive(id) && !this.#results.has(id) && !this.acked.has(id))),
    })
  }
}

const WELL: LegFindings = { listenedMs: 1_000, playedMs: 1_000, isInterrupted: false, framesReceived: 100, framesDue: 100, loss: 0, jitterMs: 2, roundTripMs: 20, heardMs: 600, levelDbfs: -20 }

type Colleague = NonNullable<Extract<VoiceCallEvent, { kind: 'company' }>['colleague']>
type Leg = Pick<Extract<FromVoice, { type: 'agent-leg' }>, 'agentId' | 'phone' | 'state' | 'reason'>

const legTold = (leg: Leg): FromVoice => ({ type: 'agent-leg', ...leg, at: Date.now() })

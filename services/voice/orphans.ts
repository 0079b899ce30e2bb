/**
 * Ends what a dead voice process left up at the carriers, within three seconds of our start (promise P7): BYE where the
 * journal holds a dialog, CANCEL where it does not, from the very sockets the calls were placed from.
 */
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { CallResult } from '@loopline/contracts/voice-link'
import type { CallEffect, CallInput } from '@loopline/sip/call-effect'
import { parseMessage } from '@loopline/sip/message'
import { endOrphan } from '@loopline/sip/orphan'
import * as incoming from '@loopline/sip/incoming-call'
import { endIncomingOrphan } from '@loopline/sip/orphan-incoming'
import * as outgoing from '@loopline/sip/outgoing-call'
import { CRASH_REASON } from './call-table.ts'
import { inboundSettings } from './inbound/inbound-calls.ts'
import type { JournaledCall, PlacedRecord } from './journal.ts'
import { LineSocket, parseAddress, type LineSocketHandlers } from './line-socket.ts'
import { LineStream } from './line-stream.ts'
import { createWakes } from './wakes.ts'

/** All are told to end at once; what a carrier has not confirmed by then is reported all the same. */
const PATIENCE_MS = 2_800

export interface OrphanDeps {
  /** The number in the carrier's form, unsealed for the request line. */
  numberOf(call: JournaledCall): string
  /** The INVITE of a call that came in, unsealed. */
  inviteOf(call: JournaledCall): string
  branchSeed(): string
  onError(error: Error): void
}

/** Either side's engine, already told to end its call. */
interface Ending {
  step(input: CallInput, now: number): readonly CallEffect[]
  wakeAt(): number
  /** Nothing is owed any more: what a carrier has not confirmed is sent again. */
  isOver(effects: readonly CallEffect[]): boolean
}

interface Orphan {
  readonly journaled: JournaledCall
  readonly engine: Ending
  readonly socket: LineSocket | LineStream
  confirmed: boolean
}

/** Resolves with a result for each call, when all have ended or patience has run out. */
export async function endOrphans(left: JournaledCall[], deps: OrphanDeps): Promise<Map<AttemptId, CallResult>> {
  const open = left.filter((call) => call.result === null)
  if (open.length === 0) return new Map()
  const orphans = new Map<string, Orphan>()
  const sockets = new Map<string, LineSocket | LineStream>()
  const finished = Promise.withResolvers<void>()
  let remaining = 0
  const settle = (orphan: Orphan): void => {
    if (orphan.confirmed) return
    orphan.confirmed = true
    remaining -= 1
    if (remaining === 0) finished.resolve()
  }
  const wakes = createWakes((callId, now) => {
    const orphan = orphans.get(callId)
    if (orphan) apply(callId, orphan, orphan.engine.step({ kind: 'wake' }, now))
  })
  const apply = (callId: string, orphan: Orphan, effects: readonly CallEffect[]): void => {
    for (const effect of effects) if (effect.kind === 'send') orphan.socket.send(effect.text)
    if (orphan.engine.isOver(effects)) settle(orphan)
    wakes.set(callId, orphan.engine.wakeAt())
  }
  const receive = (text: string): void => {
    const message = parseMessage(text)
    if (message.kind === 'failure') return
    const orphan = orphans.get(message.callId)
    if (!orphan) return
    const input = message.kind === 'response' ? { kind: 'response' as const, response: message } : { kind: 'request' as const, request: message }
    apply(message.callId, orphan, orphan.engine.step(input, performance.now()))
  }

  for (const journaled of open) {
    const { placed } = journaled
    try {
      const key = `${placed.transport ?? ''} ${placed.local} ${placed.remote}`
      const socket = sockets.get(key) ?? await openAgain(placed, {
        onDatagram: receive, onStranger: () => undefined, onSendError: deps.onError,
      })
      sockets.set(key, socket)
      const { engine, effects } = placed.inviteSealed === undefined ? endPlaced(journaled, deps) : endTaken(journaled, deps)
      const orphan: Orphan = { journaled, engine, socket, confirmed: false }
      orphans.set(placed.callId, orphan)
      remaining += 1
      apply(placed.callId, orphan, effects)
    } catch (error) {
      deps.onError(error instanceof Error ? error : new Error(String(error)))
    }
  }
  if (remaining > 0) {
    const patience = setTimeout(finished.resolve, PATIENCE_MS)
    await finished.promise
    clearTimeout(patience)
  }
  wakes.close()
  for (const socket of sockets.values()) socket.close()
  return new Map(open.map((call) => [call.placed.attemptId, crashResult(call)]))
}

/** The very socket of the call; a connection has ended with its process, and another one is made to where it led. */
function openAgain({ local, remote, transport, tlsName, tlsCa }: PlacedRecord, handlers: LineSocketHandlers): Promise<LineSocket | LineStream> {
  const [from, to] = [parseAddress(local), parseAddress(remote)]
  if (transport === undefined) return LineSocket.open(from, to, handlers)
  return LineStream.open(from, to, transport === 'tcp' ? null : { name: tlsName ?? to.host, ca: tlsCa ?? null }, handlers)
}

function endPlaced(journaled: JournaledCall, deps: OrphanDeps): { engine: Ending; effects: readonly CallEffect[] } {
  const { call, effects } = endOrphan(recordOf(journaled, deps.numberOf(journaled)), { branchSeed: deps.branchSeed(), reason: CRASH_REASON }, performance.now())
  const engine: Ending = {
    step: (input, now) => outgoing.step(call, input, now), wakeAt: () => outgoing.wakeAt(call), isOver: (seen) => seen.some((effect) => effect.kind === 'ended'),
  }
  return { engine, effects }
}

/** A call that came in: its caller is told 480, or hung up on. */
function endTaken({ placed, answered, ...journaled }: JournaledCall, deps: OrphanDeps): { engine: Ending; effects: readonly CallEffect[] } {
  const invite = parseMessage(deps.inviteOf({ placed, answered, ...journaled }))
  if (invite.kind !== 'request') throw new Error('the journal holds no INVITE of this call')
  const settings = inboundSettings(placed.local, placed.transport ?? 'udp', { toTag: placed.fromTag, branchSeed: deps.branchSeed() })
  const { call, effects } = endIncomingOrphan({ invite, settings, dialog: answered }, CRASH_REASON, performance.now())
  const engine: Ending = {
    step: (input, now) => incoming.step(call, input, now), wakeAt: () => incoming.wakeAt(call),
    isOver: () => call.state !== 'ringing' && call.state !== 'up' && call.tx.state !== 'completed',
  }
  return { engine, effects }
}

function recordOf({ placed, answered, toTag, inviteCseq }: JournaledCall, number: string): Parameters<typeof endOrphan>[0] {
  const uri = `sip:${number}@${placed.remote}`
  return {
    callId: placed.callId, fromTag: placed.fromTag, from: `<sip:${placed.callerId}@${placed.local}>`, to: `<${uri}>`, requestUri: uri,
    sentBy: placed.transport ? `${placed.transport.toUpperCase()} ${placed.local}` : placed.local, cseq: inviteCseq, branch: `z9hG4bK${placed.branchSeed}-${inviteCseq}`, earlyTag: toTag,
    dialog: answered && { remoteTag: answered.toTag, remoteTarget: answered.remoteTarget, routeSet: answered.routeSet, cseq: answered.cseq },
  }
}

/** What we honestly know: whether it was answered, and that the end is hidden. */
function crashResult({ placed, ringingAt, answered, talk }: JournaledCall): CallResult {
  return {
    startedAt: placed.at, ringingAt, answeredAt: answered?.at ?? null, endedAt: Date.now(), retransmissions: 0, finalAfterMs: null,
    evidence: { sipStatus: answered ? 200 : null, q850: null, reasonText: null, earlyMedia: false, announcement: null, endedBy: 'crash' },
    ...(talk ? { talk } : {}),
  }
}

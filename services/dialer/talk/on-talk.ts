import type { Input } from '@loopline/agent-state/session'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { TransferFailure } from '@loopline/contracts/transfer-words'
import type { TalkRefusal, VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { Transaction } from '@loopline/postgres/queryable'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import type { Beside, Wanted } from '../agent/change-agent.ts'
import type { Dialer } from '../dialer.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'
import { weighSound } from '../line/weigh-call.ts'
import { endWith, goingOf } from '../transfer/end-transfer.ts'
import { endsTransfer, onCompany, onTransferred } from '../transfer/join-transfer.ts'
import { rescue } from '../transfer/rescue.ts'
import { endTransfer } from '../transfer/transfer.sql.ts'
import { notesAfter } from './notes-after.ts'

/** What voice tells of a call that somebody of ours serves. Calls without agents cost one look into a map. */
export function onTalk(dialer: Dialer, event: VoiceCallEvent): void {
  switch (event.kind) {
    case 'placed': case 'ringing':
      for (const { agentId } of dialer.agents.serving(event.attemptId)) apply(dialer, agentId, { kind: event.kind, attemptId: event.attemptId })
      return
    case 'fallback':
      dialer.inFlight.leftAlone(event.attemptId)
      return dialer.answeredAlone.settle(event.attemptId)
    case 'connected': return onConnected(dialer, event.attemptId, event.agentId)
    case 'talk-refused': return onRefused(dialer, event)
    case 'recording-started':
      dialer.talks.recordingStarted(event)
      return note(dialer, event.attemptId, { recording: 'on' })
    case 'no-audio': return note(dialer, event.attemptId, { noAudio: event.since === null ? null : event.leg })
    case 'recorded': return dialer.talks.recorded(event)
    case 'recording-ended':
      dialer.talks.recordingEnded(event)
      return note(dialer, event.attemptId, { recording: 'off' })
    case 'talk-ended':
      weighSound(dialer, dialer.inFlight.get(event.attemptId), event.customer)
      return dialer.talks.talkEnded(event)
    case 'company': return again(dialer, () => onCompany(dialer, event))
    case 'waiting': return again(dialer, () => rescue(dialer, event), 0)
    case 'left': return dialer.talks.left(event)
    default: return
  }
}

/** The two hear each other. Whoever had the call before has handed it over, and writes his notes. */
export function onConnected(dialer: Dialer, attemptId: AttemptId, agentId: UserId): void {
  dialer.answeredAlone.settle(attemptId)
  if (endsTransfer(dialer, attemptId)) return again(dialer, () => onTransferred(dialer, attemptId, agentId))
  for (const other of dialer.agents.serving(attemptId)) if (other.agentId !== agentId) endFor(dialer, other, attemptId, {})
  const isFirst = dialer.agents.get(agentId)?.served?.recording === 'off'
  const announces = isFirst && dialer.inFlight.get(attemptId)?.decision.recording?.record === 'after-announcement'
  apply(dialer, agentId, (row) => (row.session.call?.phase === 'talking' ? null : { kind: 'connected', attemptId }), announces ? { served: { recording: 'announcing' } } : {})
}

/** What it means to who asked that voice did not join the colleague. */
const FAILURES: Partial<Record<TalkRefusal, TransferFailure>> = { 'agent-busy': 'busy', announcing: 'announcing', 'no-such-call': 'customer-gone', 'not-answered': 'customer-gone' }

/** An order that voice did not carry out: nobody must be believed to hold, or to wait for, what he does not have. */
function onRefused(dialer: Dialer, { attemptId, order, refusal }: Extract<VoiceCallEvent, { kind: 'talk-refused' }>): void {
  dialer.log.info({ attemptId, order, refusal }, 'voice refused an order')
  if (order === 'connect') dialer.answeredAlone.caredFor(attemptId, false)
  for (const row of dialer.agents.serving(attemptId)) {
    const going = order === 'consult' || order === 'hand-over' ? goingOf(row) : null
    if (going) again(dialer, async () => void (await endWith(dialer, going, { result: 'failed', failure: FAILURES[refusal] ?? 'leg-lost' })))
    else if (order === 'record') apply(dialer, row.agentId, 'note', { served: { recording: 'off' } })
    else if (order === 'hold' && row.session.state === 'on-hold') apply(dialer, row.agentId, { kind: 'hold', attemptId, on: false })
    else if ((order === 'hand-over' || order === 'connect') && row.session.state === 'reserved') endFor(dialer, row, attemptId, { noNotes: true })
  }
}

/** The call is over, and its outcome is committed. */
export function endTalk(dialer: Dialer, attemptId: AttemptId, { outcome, endedAt }: Pick<EndedAttempt, 'outcome' | 'endedAt'>): void {
  for (const row of dialer.agents.serving(attemptId)) endFor(dialer, row, attemptId, { outcome, endedAt })
}

export function endFor(dialer: Dialer, { agentId }: AgentRow, attemptId: AttemptId, { outcome = null, endedAt, noNotes = false }: { outcome?: EndedAttempt['outcome'] | null; endedAt?: number; noNotes?: boolean }): void {
  const wasAsked = (row: AgentRow): boolean => row.session.call?.phase === 'asked' || row.served?.transfer?.side === 'asked'
  const ended = (row: AgentRow): Input | null => (row.session.call?.phase === 'ended' ? null : { kind: 'ended', attemptId, wrapUpMs: noNotes || outcome === 'cancelled' || wasAsked(row) ? 0 : notesAfter(row) })
  const at = endedAt ?? dialer.clock.now()
  apply(dialer, agentId, ended, { served: { outcome, endedAt: at, recording: 'off', noAudio: null, ...lostTransfer(dialer, agentId, at) }, within: (transaction, row) => closeTransfer(transaction, row, at) })
}

/** The person hung up in the middle of a transfer: who asked is told so. */
function lostTransfer(dialer: Dialer, agentId: UserId, at: number): Partial<Served> {
  const transfer = dialer.agents.get(agentId)?.served?.transfer
  if (!transfer) return {}
  return { transfer: null, ...(transfer.side === 'asking' && transfer.phase !== 'conference' && { transferFailed: { name: transfer.withName, reason: 'customer-gone', at } }) }
}

async function closeTransfer(transaction: Transaction, { served }: AgentRow, at: number): Promise<void> {
  if (!served?.transfer) return
  await endTransfer(transaction, { ...served, at: new Date(at) }, served.transfer.phase === 'conference' ? { result: 'taken-back' } : { result: 'failed', failure: 'customer-gone' })
}

function note(dialer: Dialer, attemptId: AttemptId, served: Beside['served'] & object): void {
  for (const { agentId } of dialer.agents.serving(attemptId)) {
    apply(dialer, agentId, (row) => (row.session.call?.attemptId === attemptId && row.session.call.phase !== 'ended' ? 'note' : null), { served })
  }
}

const AGAIN_MS = 500
const AGAIN_MAX = 60

/** As `apply`, for what changes more than one session. */
function again(dialer: Dialer, work: () => Promise<void>, tries = AGAIN_MAX): void {
  work().catch((error: unknown) => {
    dialer.log.warn({ err: error }, 'sessions could not be changed together')
    if (tries > 0) setTimeout(() => again(dialer, work, tries - 1), AGAIN_MS).unref()
  })
}

/**
 * Voice does not wait for what its words bring about, and says them once: with the database away they are tried again for
 * half a minute. One that comes too late meets another call or state, and is refused.
 */
export function apply(dialer: Dialer, agentId: UserId, input: Wanted | ((row: AgentRow) => Wanted | null), beside: Beside = {}, tries = AGAIN_MAX): void {
  changeAgent(dialer, agentId, input, beside).catch((error: unknown) => {
    dialer.log.warn({ err: error, agentId }, 'a session could not be changed; it is tried again')
    if (tries > 0) setTimeout(() => apply(dialer, agentId, input, beside, tries - 1), AGAIN_MS).unref()
  })
}

import type { Input } from '@loopline/agent-state/session'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { AgentRow } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import type { Beside, Wanted } from '../agent/change-agent.ts'
import type { Dialer } from '../dialer.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'

/** What voice tells of a call that somebody of ours serves. Calls without agents cost one look into a map. */
export function onTalk(dialer: Dialer, event: VoiceCallEvent): void {
  switch (event.kind) {
    case 'placed': case 'ringing':
      for (const { agentId } of dialer.agents.serving(event.attemptId)) apply(dialer, agentId, { kind: event.kind, attemptId: event.attemptId })
      return
    case 'fallback': return dialer.answeredAlone.remove(event.attemptId)
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
    case 'talk-ended': return dialer.talks.talkEnded(event)
    default: return
  }
}

/** The two hear each other. Whoever had the call before has handed it over, and writes his notes. */
export function onConnected(dialer: Dialer, attemptId: AttemptId, agentId: UserId): void {
  dialer.answeredAlone.remove(attemptId)
  for (const other of dialer.agents.serving(attemptId)) if (other.agentId !== agentId) endFor(dialer, other, attemptId, {})
  const isFirst = dialer.agents.get(agentId)?.served?.recording === 'off'
  const announces = isFirst && dialer.inFlight.get(attemptId)?.decision.recording?.record === 'after-announcement'
  apply(dialer, agentId, (row) => (row.session.call?.phase === 'talking' ? null : { kind: 'connected', attemptId }), announces ? { served: { recording: 'announcing' } } : {})
}

/** An order that voice did not carry out: nobody must be believed to hold, or to wait for, what he does not have. */
function onRefused(dialer: Dialer, { attemptId, order, refusal }: Extract<VoiceCallEvent, { kind: 'talk-refused' }>): void {
  dialer.log.info({ attemptId, order, refusal }, 'voice refused an order')
  if (order === 'connect') dialer.answeredAlone.caredFor(attemptId, false)
  for (const row of dialer.agents.serving(attemptId)) {
    if (order === 'record') apply(dialer, row.agentId, 'note', { served: { recording: 'off' } })
    else if (order === 'hold' && row.session.state === 'on-hold') apply(dialer, row.agentId, { kind: 'hold', attemptId, on: false })
    else if ((order === 'hand-over' || order === 'connect') && row.session.state === 'reserved') endFor(dialer, row, attemptId, { noNotes: true })
  }
}

/** The call is over, and its outcome is committed. */
export function endTalk(dialer: Dialer, attemptId: AttemptId, { outcome, endedAt }: Pick<EndedAttempt, 'outcome' | 'endedAt'>): void {
  for (const row of dialer.agents.serving(attemptId)) endFor(dialer, row, attemptId, { outcome, endedAt })
}

export function endFor(dialer: Dialer, { agentId }: AgentRow, attemptId: AttemptId, { outcome = null, endedAt, noNotes = false }: { outcome?: EndedAttempt['outcome'] | null; endedAt?: number; noNotes?: boolean }): void {
  const ended = (row: AgentRow): Input | null => (row.session.call?.phase === 'ended' ? null : { kind: 'ended', attemptId, wrapUpMs: noNotes || outcome === 'cancelled' ? 0 : notesAfter(row) })
  apply(dialer, agentId, ended, { served: { outcome, endedAt: endedAt ?? dialer.clock.now(), recording: 'off', noAudio: null } })
}

function notesAfter({ session, served }: AgentRow): number {
  return (session.call?.connectedAt === null ? served?.wrapUpUnansweredMs : served?.wrapUpMs) ?? 0
}

function note(dialer: Dialer, attemptId: AttemptId, served: Beside['served'] & object): void {
  for (const { agentId } of dialer.agents.serving(attemptId)) {
    apply(dialer, agentId, (row) => (row.session.call?.attemptId === attemptId && row.session.call.phase !== 'ended' ? 'note' : null), { served })
  }
}

const AGAIN_MS = 500
const AGAIN_MAX = 60

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

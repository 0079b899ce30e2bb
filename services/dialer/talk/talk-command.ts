import { scopeOf } from '@loopline/contracts/permissions'
import type { TalkCommand } from '@loopline/contracts/agent'
import type { TalkOrder } from '@loopline/contracts/voice-link'
import { failed as commonly } from '@loopline/http/coded-error'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { maySeeAgent } from '../agent/list-agents.ts'
import { changeOrFail } from '../agent/wish.ts'
import type { Actor } from '../attempt/scope.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { leave } from '../transfer/transfer-command.ts'
import { apply } from './on-talk.ts'

/** A call that goes to somebody else is his within this, or he is free again. */
const HAND_OVER_WITHIN_MS = 10_000

/** A call, who serves it, and who wants something of it. */
interface Talk {
  actor: Actor
  attemptId: AttemptId
  agent: AgentRow
  served: Served
}

/**
 * What a person on the call, or a lead beside it, does with the voices: his right first, then the audit where somebody
 * listens, then the order. What comes of it, voice tells.
 */
export async function talk(dialer: Dialer, actor: Actor, attemptId: AttemptId, command: TalkCommand): Promise<{ attemptId: AttemptId }> {
  const agent = whoseCall(dialer, actor, attemptId)
  if (!agent?.served || !maySeeAgent(actor, agent)) throw failed('CALL_NOT_FOUND')
  const isOwn = agent.agentId === actor.identity.sub
  if (isOwn && agent.served.transfer) await inTransfer(dialer, agent, command)
  if (!(isOwn && agent.served.transfer && command.do === 'hang-up')) await carryOut(dialer, { actor, attemptId, agent, served: agent.served }, command)
  return { attemptId }
}

/** Two are on it: neither hangs the person up, nor holds or hands on what is half the other's. Who hangs up leaves. */
async function inTransfer(dialer: Dialer, agent: AgentRow, command: TalkCommand): Promise<void> {
  const phase = agent.served?.transfer?.phase
  if (command.do === 'hang-up' && (phase === 'consulting' || phase === 'conference')) return leave(dialer, agent)
  const isHis = command.do === 'digits' || command.do === 'pause-recording' || command.do === 'resume-recording' || command.do === 'attend' || command.do === 'take-over'
  if (!isHis) throw failed('AGENT_STATE_WRONG', { transfer: phase })
}

/** While a call is handed over two serve it: one's own part first, else that of who talks. */
function whoseCall(dialer: Dialer, { identity }: Actor, attemptId: AttemptId): AgentRow | undefined {
  const serving = dialer.agents.serving(attemptId).filter(({ session }) => session.call?.phase !== 'preview' && session.call?.phase !== 'asked' && session.call?.phase !== 'ended')
  return serving.find(({ agentId }) => agentId === identity.sub) ?? serving.find(({ session }) => session.state === 'talking' || session.state === 'on-hold') ?? serving[0]
}

function carryOut(dialer: Dialer, talking: Talk, command: TalkCommand): Promise<void> | void {
  const { attemptId } = talking
  switch (command.do) {
    case 'hang-up': return tell(dialer, () => dialer.voice.send({ type: 'hang-up', attemptIds: [attemptId] }))
    case 'hold': return hold(dialer, talking, true)
    case 'resume': return hold(dialer, talking, false)
    case 'digits': return order(dialer, { order: 'digits', attemptId, digits: command.digits })
    case 'pause-recording': return record(dialer, talking, false)
    case 'resume-recording': return record(dialer, talking, true)
    case 'hand-over': return handOver(dialer, talking, command.agentId as UserId)
    case 'attend': return attend(dialer, talking, command.as)
    case 'take-over': return takeOver(dialer, talking)
  }
}

async function hold(dialer: Dialer, { attemptId, agent }: Talk, on: boolean): Promise<void> {
  mustReachVoice(dialer)
  await changeOrFail(dialer, agent.agentId, { kind: 'hold', attemptId, on })
  order(dialer, { order: 'hold', attemptId, on })
}

/** Everybody who is on the call sees whether it is recorded: three may be. */
async function record(dialer: Dialer, { attemptId, agent, served }: Talk, on: boolean): Promise<void> {
  if (served.recording !== (on ? 'paused' : 'on')) throw failed('AGENT_STATE_WRONG', { recording: served.recording })
  order(dialer, { order: 'record', attemptId, on })
  const isOn = (row: AgentRow): 'note' | null => (row.session.call?.attemptId === attemptId && row.session.call.phase !== 'ended' ? 'note' : null)
  const beside = { served: { recording: on ? ('on' as const) : ('paused' as const) } }
  await changeOrFail(dialer, agent.agentId, isOn, beside)
  for (const { agentId } of dialer.agents.serving(attemptId)) if (agentId !== agent.agentId) apply(dialer, agentId, isOn, beside)
}

/** The other one is reserved first: two calls are never on their way to one agent. */
async function handOver(dialer: Dialer, { attemptId, agent, served }: Talk, to: UserId, byHand = false): Promise<void> {
  mustReachVoice(dialer)
  if (agent.session.state !== 'talking' && agent.session.state !== 'on-hold') throw failed('AGENT_STATE_WRONG', { state: agent.session.state })
  if (to === agent.agentId) throw failed('AGENT_BUSY')
  const until = dialer.clock.now() + HAND_OVER_WITHIN_MS
  const target = dialer.agents.get(to)
  if (!target) throw failed('AGENT_NOT_FOUND')
  if (target.session.call && target.session.state !== 'wrap-up') throw failed('AGENT_BUSY')
  await changeOrFail(dialer, to, { kind: 'ask', attemptId, until, byHand }, { served: { ...served, recording: served.recording, transfer: null, transferFailed: null } })
  order(dialer, { order: 'hand-over', attemptId, agentId: to })
}

/** Listening begins when its entry is committed, and not at all when it cannot be (P17). */
async function attend(dialer: Dialer, { actor, attemptId, agent, served }: Talk, as: Extract<TalkCommand, { do: 'attend' }>['as']): Promise<void> {
  const lead = mustAttend(dialer, actor, agent)
  await audited(dialer, actor.identity, 'call:attend', attemptId, { as, agentId: agent.agentId, customerId: served.customerId })
  order(dialer, { order: 'attend', attemptId, agentId: lead.agentId, as })
}

async function takeOver(dialer: Dialer, talking: Talk): Promise<void> {
  const { actor, attemptId, agent, served } = talking
  const lead = mustAttend(dialer, actor, agent)
  await audited(dialer, actor.identity, 'call:take-over', attemptId, { agentId: agent.agentId, customerId: served.customerId })
  await handOver(dialer, talking, lead.agentId, true)
}

/** Only a lead hears others, those of his scope, and with a telephone that is connected. */
function mustAttend(dialer: Dialer, { identity }: Actor, agent: AgentRow): AgentRow {
  const scope = scopeOf(identity.role, 'call:attend')
  if (scope === null || !maySeeAgent({ identity, scope }, agent)) throw commonly('FORBIDDEN', { action: 'call:attend' })
  const lead = dialer.agents.get(identity.sub as UserId)
  if (!lead || lead.session.leg !== 'up') throw failed('AGENT_LEG_DOWN')
  return lead
}

function order(dialer: Dialer, one: TalkOrder): void {
  tell(dialer, () => dialer.voice.send({ type: 'talk', orders: [one] }))
}

function tell(dialer: Dialer, send: () => boolean): void {
  if (!send()) mustReachVoice(dialer)
}

function mustReachVoice(dialer: Dialer): void {
  if (dialer.voice.epoch === null) throw failed('VOICE_AWAY')
}

import type { AgentView } from '@loopline/contracts/agent'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import { viewOf } from '../agent/agent-row.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import { mustChange } from '../agent/wish.ts'
import { findPerson } from '../audience/find-person.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { tell } from './inbound-desk.ts'
import { answerPlan } from './inbound-plan.ts'

/** Any dialer may be asked, also one that does not work for this caller: the session decides, and voice obeys whoever speaks. */
export async function takeCaller(dialer: Dialer, agentId: UserId, attemptId: AttemptId): Promise<AgentView> {
  const { served } = ownCaller(dialer, agentId, attemptId)
  if (dialer.voice.epoch === null) throw failed('VOICE_AWAY')
  const person = served.inbound?.caller === 'customer' ? ((await findPerson(dialer, served.customerId)) ?? null) : null
  if (!(await dialer.inbound.takeFor(dialer, agentId, attemptId))) throw failed('CALLER_GONE')
  tell(dialer, { order: 'answer', attemptId, customerId: served.customerId, talk: answerPlan(dialer, person, { agentId, campaignId: served.campaignId }) })
  return viewOf(dialer.agents.get(agentId) as AgentRow)
}

/** It rings at somebody else; the agent stays ready. */
export async function declineCaller(dialer: Dialer, agentId: UserId, attemptId: AttemptId): Promise<AgentView> {
  ownCaller(dialer, agentId, attemptId)
  return viewOf(mustChange(await changeAgent(dialer, agentId, { kind: 'card-gone', attemptId })))
}

function ownCaller(dialer: Dialer, agentId: UserId, attemptId: AttemptId): AgentRow & { served: NonNullable<AgentRow['served']> } {
  const agent = dialer.agents.get(agentId)
  if (!agent) throw failed('AGENT_NOT_SIGNED_ON')
  const { served, session } = agent
  if (!served || session.call?.phase !== 'incoming' || served.attemptId !== attemptId) throw failed('CALLER_GONE')
  return { ...agent, served }
}

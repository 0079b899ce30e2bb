import { newId } from '@loopline/clock/new-id'
import type { AgentView } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'
import { readAgent } from '../agent/agent.sql.ts'
import { viewOf } from '../agent/agent-row.ts'
import type { UnreadMessage } from '../agent/agent-row.ts'
import { maySeeAgent } from '../agent/list-agents.ts'
import { changeOrFail } from '../agent/wish.ts'
import type { Actor } from '../attempt/scope.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { insertMessage, markRead } from './message.sql.ts'

/** Somebody who reads none of so many is spoken to in person. */
const UNREAD_MAX = 20

/** Puts a lead's words on the phone bar of an agent, where they stay until he has read them. Audited first. */
export async function sendMessage(dialer: Dialer, actor: Actor, agentId: UserId, text: string): Promise<{ messageId: string }> {
  const row = dialer.agents.get(agentId) ?? (await readAgent(dialer.db, agentId))
  if (!row || !maySeeAgent(actor, row)) throw failed('AGENT_NOT_FOUND')
  dialer.agents.learn(row)
  if ((row.messages?.length ?? 0) >= UNREAD_MAX) throw failed('MESSAGES_UNREAD', { unread: UNREAD_MAX })
  const message: UnreadMessage = { messageId: newId(dialer.clock), fromId: actor.identity.sub, fromName: actor.identity.name, text, at: dialer.clock.now() }
  await audited(dialer, actor.identity, 'agent:message', agentId, { messageId: message.messageId, text })
  await changeOrFail(dialer, agentId, 'note', { fields: ({ messages = [] }) => ({ messages: [...messages, message] }), within: (transaction) => insertMessage(transaction, agentId, message) })
  return { messageId: message.messageId }
}

/** He has read it. Read twice, it stays read. */
export async function readMessage(dialer: Dialer, agentId: UserId, messageId: string): Promise<AgentView> {
  return viewOf(await changeOrFail(dialer, agentId, (row) => (row.messages?.some((one) => one.messageId === messageId) ? 'note' : null), {
    fields: ({ messages = [] }) => ({ messages: messages.filter((one) => one.messageId !== messageId) }),
    within: (transaction) => markRead(transaction, agentId, messageId, new Date(dialer.clock.now())),
  }))
}

import type { UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import type { UnreadMessage } from '../agent/agent-row.ts'

export async function insertMessage(queryable: Queryable, agentId: UserId, { messageId, fromId, fromName, text, at }: UnreadMessage): Promise<void> {
  await queryable.execute`
    insert into dialer.agent_message (agent_id, id, from_id, from_name, body, sent_at) values (${agentId}, ${messageId}, ${fromId}, ${fromName}, ${text}, ${new Date(at)})`
}

export async function markRead(queryable: Queryable, agentId: UserId, messageId: string, at: Date): Promise<void> {
  await queryable.execute`
    update dialer.agent_message set read_at = greatest(sent_at, ${at}::timestamptz) where agent_id = ${agentId} and id = ${messageId} and read_at is null`
}

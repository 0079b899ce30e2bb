import { z } from 'zod'
import { AgentView, MessageSent, SendMessage } from '@loopline/contracts/agent'
import type { Http } from '@loopline/http/create-http'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { readMessage, sendMessage } from './messages.ts'

const Agent = z.object({ agentId: z.uuid().transform((id) => id as UserId) })
const Message = z.object({ messageId: z.uuid() })

export function messageRoutes(app: Http, dialer: Dialer): void {
  app.post('/agents/:agentId/messages', { schema: { params: Agent, body: SendMessage, response: { 201: MessageSent } }, config: { may: 'agent:message' } },
    async (request, reply) => reply.code(201).send(await sendMessage(dialer, { identity: request.identity, scope: request.scope }, request.params.agentId, request.body.text)))

  app.post('/agents/me/messages/:messageId/read', { schema: { params: Message, response: { 200: AgentView } }, config: { may: 'agent:self' } },
    (request) => readMessage(dialer, request.identity.sub as UserId, request.params.messageId))
}

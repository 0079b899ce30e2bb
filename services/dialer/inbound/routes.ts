import { z } from 'zod'
import { AgentView, RecordOfCaller } from '@loopline/contracts/agent'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { declineCaller, takeCaller } from './answer-caller.ts'
import { makeRecord } from './make-record.ts'

const Attempt = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })
const ANSWERS = { 200: AgentView }
const SELF = { may: 'agent:self' }

/** What an agent says to a caller who rings at him. */
export function inboundRoutes(app: Http, dialer: Dialer): void {
  app.post('/agents/me/incoming/:attemptId/accept', { schema: { params: Attempt, response: ANSWERS }, config: SELF },
    (request) => takeCaller(dialer, request.identity.sub as UserId, request.params.attemptId))

  app.post('/agents/me/incoming/:attemptId/decline', { schema: { params: Attempt, response: ANSWERS }, config: SELF },
    (request) => declineCaller(dialer, request.identity.sub as UserId, request.params.attemptId))

  app.post('/calls/:attemptId/customer', { schema: { params: Attempt, body: RecordOfCaller, response: ANSWERS }, config: { may: 'customer:create' } },
    (request) => makeRecord(dialer, request.identity, request.params.attemptId, request.body))
}

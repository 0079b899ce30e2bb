import { z } from 'zod'
import { TalkCommand, TalkTaken } from '@loopline/contracts/agent'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { talk } from './talk-command.ts'

const Params = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })

export function talkRoutes(app: Http, dialer: Dialer): void {
  app.post('/calls/:attemptId/talk', { schema: { params: Params, body: TalkCommand, response: { 202: TalkTaken } }, config: { may: 'call:talk' } },
    async (request, reply) => reply.code(202).send(await talk(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId, request.body)))
}

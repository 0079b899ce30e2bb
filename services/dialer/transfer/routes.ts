import { z } from 'zod'
import { ColleagueList } from '@loopline/contracts/agent'
import { TransferCommand, TransferTaken } from '@loopline/contracts/transfer'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId, UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { transfer } from './transfer-command.ts'
import { colleaguesOf } from './whom.ts'

const Params = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })

export function transferRoutes(app: Http, dialer: Dialer): void {
  app.get('/agents/colleagues', { schema: { response: { 200: ColleagueList } }, config: { may: 'agent:self' } },
    (request) => ({ items: colleaguesOf(dialer, request.identity.sub as UserId) }))

  app.post('/calls/:attemptId/transfer', { schema: { params: Params, body: TransferCommand, response: { 202: TransferTaken } }, config: { may: 'call:talk' } },
    async (request, reply) => reply.code(202).send(await transfer(dialer, request.identity, request.params.attemptId, request.body)))
}

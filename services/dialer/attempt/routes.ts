import { z } from 'zod'
import { AttemptPage, AttemptQuery, DialByHand, DialedByHand } from '@loopline/contracts/campaign'
import type { Http } from '@loopline/http/create-http'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { dialByHand } from './dial-by-hand.ts'
import { pageOfAttempts } from './list-attempts.ts'

const ByHand = DialByHand.extend({ customerId: z.uuid().transform((id) => id as CustomerId) })

export function attemptRoutes(app: Http, dialer: Dialer): void {
  app.get('/attempts', { schema: { querystring: AttemptQuery, response: { 200: AttemptPage } }, config: { may: 'call:read' } },
    (request) => pageOfAttempts(dialer, { identity: request.identity, scope: request.scope }, request.query))

  app.post('/calls', { schema: { body: ByHand, response: { 202: DialedByHand } }, config: { may: 'call:dial' } },
    async (request, reply) => reply.code(202).send(await dialByHand(dialer, { identity: request.identity, scope: request.scope }, request.body)))
}

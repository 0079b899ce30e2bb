import { z } from 'zod'
import { CallbackPage, CancelCallback, ChangedCallback, RescheduleCallback } from '@loopline/contracts/callback'
import { PageQuery } from '@loopline/contracts/page'
import type { Http } from '@loopline/http/create-http'
import type { Dialer } from '../dialer.ts'
import { pageOfCallbacks, rescheduleCallback, withdrawCallback } from './open-callbacks.ts'

const Params = z.object({ callbackId: z.uuid() })

export function callbackRoutes(app: Http, dialer: Dialer): void {
  app.get('/callbacks', { schema: { querystring: PageQuery, response: { 200: CallbackPage } }, config: { may: 'call:read' } },
    (request) => pageOfCallbacks(dialer, { identity: request.identity, scope: request.scope }, request.query))

  app.post('/callbacks/:callbackId/reschedule', { schema: { params: Params, body: RescheduleCallback, response: { 200: ChangedCallback } }, config: { may: 'call:dial' } },
    async (request) => {
      await rescheduleCallback(dialer, { identity: request.identity, scope: request.scope }, request.params.callbackId, request.body)
      return { callbackId: request.params.callbackId }
    })

  app.post('/callbacks/:callbackId/cancel', { schema: { params: Params, body: CancelCallback, response: { 200: ChangedCallback } }, config: { may: 'call:dial' } },
    async (request) => {
      await withdrawCallback(dialer, { identity: request.identity, scope: request.scope }, request.params.callbackId, request.body.reason)
      return { callbackId: request.params.callbackId }
    })
}

import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { AddFollowUp, CustomerView, TimelinePage } from '@loopline/contracts/customer'
import { PageQuery } from '@loopline/contracts/page'
import type { Deps } from '../deps.ts'
import { actorOf } from '../customer/routes.ts'
import { alsoServed } from '../customer/served.ts'
import { addFollowUp } from './add-follow-up.ts'
import { readTimeline } from './read-timeline.ts'

const OneCustomer = z.object({ customerId: z.uuid() })

export function timelineRoutes(app: Http, deps: Deps): void {
  app.get('/customers/:customerId/timeline', {
    schema: { params: OneCustomer, querystring: PageQuery, response: { 200: TimelinePage } }, config: { may: 'customer:read' },
  }, (request) => {
    const customerId = request.params.customerId as CustomerId
    return alsoServed(deps, actorOf(request), customerId, (actor) => readTimeline(deps, actor, customerId, request.query))
  })

  app.post('/customers/:customerId/follow-ups', {
    schema: { params: OneCustomer, body: AddFollowUp, response: { 201: CustomerView } }, config: { may: 'customer:edit' },
  }, async (request, reply) => {
    const customerId = request.params.customerId as CustomerId
    return reply.code(201).send(await alsoServed(deps, actorOf(request), customerId, (actor) => addFollowUp(deps, actor, customerId, request.body)))
  })
}

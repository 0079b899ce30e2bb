import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { Http } from '@loopline/http/create-http'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { CreateCustomer, CustomerListQuery, CustomerPage, CustomerView, EditCustomer, RevealedPhone } from '@loopline/contracts/customer'
import type { Actor, Deps } from '../deps.ts'
import { createCustomer } from './create-customer.ts'
import { openEditing, removeCustomer } from './edit-customer.ts'
import { listCustomers } from './list-customers.ts'
import { revealPhone } from './reveal-phone.ts'
import { alsoServed } from './served.ts'
import { viewCustomer } from './view-customer.ts'

const OneCustomer = z.object({ customerId: z.uuid() })
const OnePhone = OneCustomer.extend({ phoneId: z.uuid() })

/** Who asks, in the scope that the route's permission gives. */
export const actorOf = ({ identity, scope }: FastifyRequest): Actor => ({ identity, scope })

export function customerRoutes(app: Http, deps: Deps): void {
  const editCustomer = openEditing(deps)

  app.get('/customers', {
    schema: { querystring: CustomerListQuery, response: { 200: CustomerPage } }, config: { may: 'customer:read' },
  }, (request) => listCustomers(deps, actorOf(request), request.query))

  app.post('/customers', {
    schema: { body: CreateCustomer, response: { 201: CustomerView } }, config: { may: 'customer:create' },
  }, async (request, reply) => reply.code(201).send(await createCustomer(deps, actorOf(request), request.body)))

  app.get('/customers/:customerId', {
    schema: { params: OneCustomer, response: { 200: CustomerView } }, config: { may: 'customer:read' },
  }, (request) => {
    const customerId = request.params.customerId as CustomerId
    return alsoServed(deps, actorOf(request), customerId, (actor) => viewCustomer(deps, actor, customerId))
  })

  app.patch('/customers/:customerId', {
    schema: { params: OneCustomer, body: EditCustomer, response: { 200: CustomerView } }, config: { may: 'customer:edit' },
  }, (request) => {
    const customerId = request.params.customerId.toLowerCase() as CustomerId
    return alsoServed(deps, actorOf(request), customerId, (actor) => editCustomer(actor, customerId, request.body))
  })

  // Taking a customer away from everybody is as grave as giving it to another: the same right.
  app.delete('/customers/:customerId', {
    schema: { params: OneCustomer, querystring: z.object({ version: z.coerce.number().int() }), response: { 204: z.null() } },
    config: { may: 'customer:assign' },
  }, async (request, reply) => {
    await removeCustomer(deps, actorOf(request), request.params.customerId as CustomerId, request.query.version)
    return reply.code(204).send(null)
  })

  app.post('/customers/:customerId/phones/:phoneId/reveal', {
    schema: { params: OnePhone, response: { 200: RevealedPhone } }, config: { may: 'phone:reveal' },
  }, (request) => revealPhone(deps, actorOf(request), request.params.customerId as CustomerId, request.params.phoneId))
}

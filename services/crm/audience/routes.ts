import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { createFromCaller, FromCaller } from '../customer/create-from-caller.ts'
import type { Deps } from '../deps.ts'
import { streamFacts } from './stream-facts.ts'
import { countAudience, customerByPhone, customerStates, streamAudience } from './stream-audience.ts'

const Audience = z.object({
  campaignId: z.uuid().optional(),
  condition: z.unknown(),
  includePossible: z.boolean().default(false),
  afterCustomerId: z.uuid().transform((id) => id as CustomerId).optional(),
})
const ByIds = z.object({ customerIds: z.array(z.uuid().transform((id) => id as CustomerId)).max(1_000) })
const ByPhone = z.object({ blindIndex: z.base64().length(44).transform((text) => Buffer.from(text, 'base64')) })
/** A campaign of ten million customers takes minutes to stream. */
const STREAM_TIMEOUT_MS = 3_600_000

/** What other services ask of crm. `CustomerState` is not described to OpenAPI: these routes are not for people. */
export function audienceRoutes(app: Http, deps: Deps): void {
  const config = { may: 'service:call' }

  app.post('/internal/audience', { schema: { body: Audience, hide: true }, config, handlerTimeout: STREAM_TIMEOUT_MS },
    async (request, reply) => reply.type('application/x-ndjson').send(Readable.from(streamAudience(deps, request.body))))

  app.post('/internal/audience-facts', { schema: { body: Audience, hide: true }, config, handlerTimeout: STREAM_TIMEOUT_MS },
    async (request, reply) => reply.type('application/x-ndjson').send(Readable.from(streamFacts(deps, request.body.condition))))

  app.post('/internal/audience-count', { schema: { body: Audience, hide: true }, config },
    (request) => countAudience(deps, request.body))

  app.post('/internal/customers/by-id', { schema: { body: ByIds, hide: true }, config },
    async (request) => ({ customers: await customerStates(deps, request.body.customerIds) }))

  // Who calls: the number itself is never asked with.
  app.post('/internal/customers/by-phone', { schema: { body: ByPhone, hide: true }, config },
    async (request) => ({ found: await customerByPhone(deps, request.body.blindIndex) }))

  app.post('/internal/customers/from-caller', { schema: { body: FromCaller, hide: true }, config },
    async (request) => ({ customer: await createFromCaller(deps, request.body) }))
}

import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import { allWebhooks, createWebhook, editWebhook, removeWebhook, replayWebhook, rotateWebhookSecret } from './manage-webhooks.ts'
import type { WebhookDeps, WebhookState } from './manage-webhooks.ts'

const Topics = z.array(z.enum(['dialer.call', 'dialer.campaign', 'crm.customer'])).min(1).max(3)
const Url = z.string().min(1).max(2_000)
const Create = z.strictObject({ url: Url, topics: Topics })
const Edit = z.strictObject({ version: z.number().int(), url: Url, topics: Topics, active: z.boolean() })
const WebhookView = z.object({
  id: z.uuid(), version: z.number().int(), url: z.string(), topics: z.array(z.string()), active: z.boolean(),
  deliveredAt: z.string().nullable(), failedAt: z.string().nullable(), failure: z.string().nullable(),
})
const WithSecret = z.object({ id: z.uuid(), secret: z.string() })
const ById = z.object({ id: z.uuid() })
const Done = z.object({ done: z.literal(true) })
const done = { done: true as const }

/** Receivers of results by HTTP. A secret is told when it is made and never again. */
export function webhookRoutes(app: Http, deps: WebhookDeps): void {
  const config = { may: 'webhook:edit' }

  app.get('/api/hub/webhooks', { config, schema: { response: { 200: z.object({ items: z.array(WebhookView) }) } } },
    async () => ({ items: (await allWebhooks(deps)).map(view) }))

  app.post('/api/hub/webhooks', { config, schema: { body: Create, response: { 200: WithSecret } } },
    (request) => createWebhook(deps, actorOf(request), request.body))

  app.put('/api/hub/webhooks/:id', { config, schema: { params: ById, body: Edit, response: { 200: WebhookView } } },
    async (request) => view(await editWebhook(deps, actorOf(request), { ...request.body, id: request.params.id })))

  app.post('/api/hub/webhooks/:id/rotate-secret', { config, schema: { params: ById, response: { 200: WithSecret } } },
    (request) => rotateWebhookSecret(deps, actorOf(request), request.params.id))

  app.post('/api/hub/webhooks/:id/replay', {
    config, schema: { params: ById, body: z.strictObject({ since: z.iso.datetime() }), response: { 200: Done } },
  }, async (request) => {
    await replayWebhook(deps, actorOf(request), { id: request.params.id, since: request.body.since })
    return done
  })

  app.delete('/api/hub/webhooks/:id', { config, schema: { params: ById, response: { 200: Done } } }, async (request) => {
    await removeWebhook(deps, actorOf(request), request.params.id)
    return done
  })
}

function view({ deliveredAt, failedAt, id, version, url, topics, active, failure }: WebhookState): z.infer<typeof WebhookView> {
  return { id, version, url, topics, active, failure, deliveredAt: deliveredAt?.toISOString() ?? null, failedAt: failedAt?.toISOString() ?? null }
}

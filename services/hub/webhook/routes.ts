import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { newId } from '@loopline/clock/new-id'
import { failed } from '@loopline/http/coded-error'
import type { Http } from '@loopline/http/create-http'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { actorOf } from '../sign-on/routes.ts'
import { checkTarget } from './post.ts'
import { deleteWebhook, findWebhook, insertWebhook, listWebhooks, rotateSecret, startReplay, updateWebhook } from './webhook.sql.ts'
import type { WebhookRow } from './webhook.sql.ts'

const Topics = z.array(z.enum(['dialer.call', 'dialer.campaign', 'crm.customer'])).min(1).max(3)
const Url = z.string().min(1).max(2_000)
const WebhookView = z.object({
  id: z.uuid(), version: z.number().int(), url: z.string(), topics: z.array(z.string()), active: z.boolean(),
  deliveredAt: z.string().nullable(), failedAt: z.string().nullable(), failure: z.string().nullable(),
})
const WithSecret = z.object({ id: z.uuid(), secret: z.string() })
const ById = z.object({ id: z.uuid() })
const Done = z.object({ done: z.literal(true) })
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

interface WebhookDeps {
  deps: Deps
  loopbackAllowed: boolean
  /** Starts and stops deliveries after a change. */
  onChanged: () => Promise<void>
}

/** Receivers of results by HTTP. A secret is told when it is made and never again. */
export function webhookRoutes(app: Http, { deps, loopbackAllowed, onChanged }: WebhookDeps): void {
  const may = { may: 'webhook:edit' }
  const changed = async (request: { identity: { sub: string; name: string; role: string }; ip: string }, action: string, id: string, details: Record<string, unknown> = {}): Promise<void> => {
    await deps.audit.record({ ...actorOf(request.identity), action, subject: `webhook:${id}`, details, address: request.ip })
    await onChanged()
  }
  const found = async (id: string): Promise<WebhookRow> => {
    const row = await findWebhook(deps.db, id)
    if (!row) throw hubError('WEBHOOK_NOT_FOUND')
    return row
  }

  app.get('/api/hub/webhooks', { config: may, schema: { response: { 200: z.object({ items: z.array(WebhookView) }) } } },
    async () => ({ items: (await listWebhooks(deps.db)).map(view) }))

  app.post('/api/hub/webhooks', { config: may, schema: { body: z.strictObject({ url: Url, topics: Topics }), response: { 200: WithSecret } } }, async (request) => {
    const { url, topics } = request.body
    checkTarget({ url, loopbackAllowed })
    const [id, secret] = [newId(), newSecret()]
    await insertWebhook(deps.db, { id, url, topics, secretSealed: deps.keys.seal(secret, id), createdBy: request.identity.sub })
    await changed(request, 'create-webhook', id, { host: new URL(url).host, topics })
    return { id, secret }
  })

  app.put('/api/hub/webhooks/:id', {
    config: may, schema: { params: ById, body: z.strictObject({ version: z.number().int(), url: Url, topics: Topics, active: z.boolean() }), response: { 200: WebhookView } },
  }, async (request) => {
    checkTarget({ url: request.body.url, loopbackAllowed })
    const { id } = await found(request.params.id)
    if (!(await updateWebhook(deps.db, { id, ...request.body }))) throw failed('VERSION_CONFLICT', view(await found(id)))
    await changed(request, 'edit-webhook', id, { host: new URL(request.body.url).host, topics: request.body.topics, active: request.body.active })
    return view(await found(id))
  })

  app.post('/api/hub/webhooks/:id/rotate-secret', { config: may, schema: { params: ById, response: { 200: WithSecret } } }, async (request) => {
    const { id } = request.params
    const secret = newSecret()
    if (!(await rotateSecret(deps.db, id, deps.keys.seal(secret, id)))) throw hubError('WEBHOOK_NOT_FOUND')
    await changed(request, 'rotate-webhook-secret', id)
    return { id, secret }
  })

  app.post('/api/hub/webhooks/:id/replay', {
    config: may, schema: { params: ById, body: z.strictObject({ since: z.iso.datetime() }), response: { 200: Done } },
  }, async (request) => {
    if (!(await startReplay(deps.db, request.params.id, new Date(request.body.since)))) throw hubError('WEBHOOK_NOT_FOUND')
    await changed(request, 'replay-webhook', request.params.id, { since: request.body.since })
    return { done: true as const }
  })

  app.delete('/api/hub/webhooks/:id', { config: may, schema: { params: ById, response: { 200: Done } } }, async (request) => {
    if (!(await deleteWebhook(deps.db, request.params.id))) throw hubError('WEBHOOK_NOT_FOUND')
    await changed(request, 'delete-webhook', request.params.id)
    return { done: true as const }
  })
}

function view({ id, version, url, topics, active, deliveredAt, failedAt, failure }: WebhookRow): z.infer<typeof WebhookView> {
  return { id, version, url, topics, active, failure, deliveredAt: deliveredAt?.toISOString() ?? null, failedAt: failedAt?.toISOString() ?? null }
}

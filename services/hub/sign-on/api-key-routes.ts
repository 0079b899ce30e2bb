import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './api-key.ts'

const NewKey = z.strictObject({ name: z.string().min(1).max(100) })
const KeyView = z.object({
  id: z.uuid(), name: z.string(), createdBy: z.string(), createdAt: z.string(), lastUsedAt: z.string().nullable(), revokedAt: z.string().nullable(),
})

/** Keys of other systems. The key is in the answer to its creation and nowhere else. */
export function apiKeyRoutes(app: Http, deps: Deps): void {
  app.get('/api/hub/api-keys', {
    config: { may: 'api-key:edit' }, schema: { response: { 200: z.object({ items: z.array(KeyView) }) } },
  }, async () => {
    const rows = await listApiKeys(deps.db)
    const iso = (date: Date | null): string | null => date?.toISOString() ?? null
    return { items: rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), lastUsedAt: iso(row.lastUsedAt), revokedAt: iso(row.revokedAt) })) }
  })

  app.post('/api/hub/api-keys', {
    config: { may: 'api-key:edit' }, schema: { body: NewKey, response: { 200: z.object({ id: z.uuid(), key: z.string() }) } },
  }, async (request, reply) => {
    const created = await createApiKey(deps.db, deps.keys, { name: request.body.name, createdBy: request.identity.sub })
    await deps.audit.record({ ...actorOf(request), action: 'create-api-key', subject: `api-key:${created.id}`, details: { name: request.body.name } })
    void reply.header('cache-control', 'no-store')
    return created
  })

  app.delete('/api/hub/api-keys/:id', {
    config: { may: 'api-key:edit' }, schema: { params: z.object({ id: z.uuid() }), response: { 200: z.object({ done: z.literal(true) }) } },
  }, async (request) => {
    if (!(await revokeApiKey(deps.db, request.params.id))) throw hubError('API_KEY_NOT_FOUND')
    deps.authenticator.endSessionsOf(request.params.id)
    await deps.audit.record({ ...actorOf(request), action: 'revoke-api-key', subject: `api-key:${request.params.id}`, details: {} })
    return { done: true as const }
  })
}

import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import type { AuditWriter } from './audit-writer.ts'

const Entry = z.object({
  actorId: z.string().max(100), actorName: z.string().max(200), role: z.string().max(40).default(''), action: z.string().min(1).max(100),
  subject: z.string().max(200), details: z.record(z.string(), z.unknown()).default({}), address: z.string().max(100).default(''),
})

/** Acts that other services carried out. The answer comes when they are committed, all or none. */
export function internalAuditRoutes(app: Http, audit: AuditWriter): void {
  app.post('/internal/audit', {
    config: { may: 'service:call' },
    schema: { body: z.object({ entries: z.array(Entry).min(1).max(1_000) }), response: { 200: z.object({ recorded: z.number().int() }) } },
  }, async (request) => {
    await audit.recordAll(request.body.entries)
    return { recorded: request.body.entries.length }
  })
}

import { z } from 'zod'
import { PageQuery, pageOf } from '@loopline/contracts/page'
import type { Http } from '@loopline/http/create-http'
import type { Deps } from '../deps.ts'
import type { AuditRow } from './audit-chain.ts'
import { actorOf } from './actor.ts'
import { readAudit } from './read-audit.ts'
import { verifyAudit } from './verify-audit.ts'

const AuditView = z.object({
  day: z.string(), seq: z.number().int(), at: z.number(), actorId: z.string(), actorName: z.string(), role: z.string(),
  action: z.string(), subject: z.string(), details: z.unknown(), address: z.string(),
})
const AuditQuery = PageQuery.extend({ actorId: z.string().max(100).optional(), action: z.string().max(100).optional(), subject: z.string().max(200).optional() })
const Report = z.object({ rows: z.number().int(), checkpoints: z.number().int(), findings: z.array(z.string()) })

/** The trail for auditors, newest first. Looking at it is an act too. */
export function auditRoutes(app: Http, deps: Deps, { auditDir }: { auditDir: string }): void {
  app.get('/api/hub/audit', {
    config: { may: 'audit:read' }, schema: { querystring: AuditQuery, response: { 200: pageOf(AuditView) } },
  }, async (request) => {
    const { items, next } = await readAudit(deps, actorOf(request), request.query)
    return { items: items.map(view), next }
  })

  app.post('/api/hub/audit/verify', {
    config: { may: 'audit:read' }, handlerTimeout: 300_000, schema: { response: { 200: Report } },
  }, async () => verifyAudit(deps.db, { key: deps.keys.signingKey('audit-head'), dir: auditDir }))
}

function view({ day, seq, atMs, actorId, actorName, role, action, subject, details, address }: AuditRow): z.infer<typeof AuditView> {
  return { day, seq, at: atMs, actorId, actorName, role, action, subject, details: JSON.parse(details), address }
}

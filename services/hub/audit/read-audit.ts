import { failed } from '@loopline/http/coded-error'
import type { Deps } from '../deps.ts'
import type { AuditRow } from './audit-chain.ts'
import { listAudit } from './audit.sql.ts'
import type { AuditFilter } from './audit.sql.ts'
import type { Actor } from './actor.ts'

export interface AuditPage {
  items: AuditRow[]
  next: string | null
}

/**
 * A page of the trail, newest first. Looking at it is an act too, recorded before the first page is returned.
 * @throws CodedError INVALID_REQUEST for a cursor of another list · AUDIT_UNAVAILABLE
 */
export async function readAudit(deps: Pick<Deps, 'db' | 'audit'>, actor: Actor, query: Omit<AuditFilter, 'before'> & { cursor?: string | undefined }): Promise<AuditPage> {
  const { cursor, limit, ...filter } = query
  const before = cursor === undefined ? undefined : positionOf(cursor)
  if (!before) await deps.audit.record({ ...actor, action: 'read-audit', subject: 'audit', details: filter })
  const rows = await listAudit(deps.db, { ...filter, before, limit: limit + 1 })
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? cursorOf(items.at(-1) as AuditRow) : null }
}

const cursorOf = ({ day, seq }: AuditRow): string => `${day}.${seq}`

function positionOf(cursor: string): { day: string; seq: number } {
  const [, day, seq] = /^(\d{4}-\d{2}-\d{2})\.(\d{1,9})$/.exec(cursor) ?? []
  if (day === undefined) throw failed('INVALID_REQUEST', { issues: [{ path: '/cursor', message: 'not a cursor of this list' }] })
  return { day, seq: Number(seq) }
}

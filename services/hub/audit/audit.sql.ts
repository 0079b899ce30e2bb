import type { Queryable } from '@loopline/postgres/queryable'
import { fragment } from '@loopline/postgres/sql'
import type { AuditRow, ChainHead } from './audit-chain.ts'

/** The end of the chain, locked until the transaction ends: one writer at a time, however many processes there are. */
export async function lockHead(db: Queryable): Promise<ChainHead> {
  const [head] = await db.sql<ChainHead>`select day, seq, hash from hub.audit_head for update`
  return head as ChainHead
}

export async function readHead(db: Queryable): Promise<ChainHead> {
  const [head] = await db.sql<ChainHead>`select day, seq, hash from hub.audit_head`
  return head as ChainHead
}

export async function appendRows(db: Queryable, rows: readonly AuditRow[]): Promise<void> {
  const column = <Name extends keyof AuditRow>(name: Name): AuditRow[Name][] => rows.map((row) => row[name])
  await db.execute`
    insert into hub.audit (day, seq, at, actor_id, actor_name, role, action, subject, details, address, hash)
    select day, seq, to_timestamp(at_ms / 1000.0), actor_id, actor_name, role, action, subject, details, address, hash
      from unnest(${column('day')}::date[], ${column('seq')}::int[], ${column('atMs')}::float8[], ${column('actorId')}::text[],
                  ${column('actorName')}::text[], ${column('role')}::text[], ${column('action')}::text[], ${column('subject')}::text[],
                  ${column('details')}::text[], ${column('address')}::text[], ${column('hash')}::bytea[])
        as row (day, seq, at_ms, actor_id, actor_name, role, action, subject, details, address, hash)`
  const last = rows.at(-1) as AuditRow
  await db.execute`update hub.audit_head set day = ${last.day}, seq = ${last.seq}, hash = ${last.hash}`
}

export interface AuditFilter {
  actorId?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  before?: { day: string; seq: number } | undefined
  limit: number
}

const COLUMNS = fragment`day, seq, round(extract(epoch from at) * 1000)::float8 as "atMs", actor_id as "actorId", actor_name as "actorName", role, action, subject, details, address, hash`

/** Newest first, from the row before `before`. */
export async function listAudit(db: Queryable, { actorId, action, subject, before, limit }: AuditFilter): Promise<AuditRow[]> {
  return db.sql<AuditRow>`
    select ${COLUMNS} from hub.audit
     where (${actorId ?? null}::text is null or actor_id = ${actorId ?? null})
       and (${action ?? null}::text is null or action = ${action ?? null})
       and (${subject ?? null}::text is null or subject = ${subject ?? null})
       and (${before?.day ?? null}::date is null or (day, seq) < (${before?.day ?? null}::date, ${before?.seq ?? null}::int))
     order by day desc, seq desc limit ${limit}`
}

/** Oldest first, from the row after `after`: for checking the whole chain page by page. */
export function chainAfter(db: Queryable, after: { day: string; seq: number }, limit: number): Promise<AuditRow[]> {
  return db.sql<AuditRow>`
    select ${COLUMNS} from hub.audit where (day, seq) > (${after.day}::date, ${after.seq}::int) order by day, seq limit ${limit}`
}

import { newId } from '@loopline/clock/new-id'
import type { Identity } from '@loopline/http/identity-token'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import type { CustomerRow } from './customer-row.ts'

/** What a timeline shows of an edit: field → before and after. */
export type Changes = Record<string, { from: unknown; to: unknown }>

const SHOWN = ['name', 'company', 'level', 'status', 'tags', 'region', 'industry', 'intent', 'neverCall', 'timeZone', 'followUpPausedUntil'] as const satisfies (keyof CustomerRow)[]

/** Fields that differ. Phones come masked by the caller. */
export function changesBetween(before: CustomerRow, after: CustomerRow, phones: { added: string[]; removed: number }): Changes {
  const changes: Changes = {}
  for (const field of SHOWN) {
    if (JSON.stringify(before[field]) !== JSON.stringify(after[field])) changes[field] = { from: before[field], to: after[field] }
  }
  if (phones.added.length > 0 || phones.removed > 0) changes['phones'] = { from: { removed: phones.removed }, to: { added: phones.added } }
  if (before.ownerId !== after.ownerId) changes['ownerId'] = { from: before.ownerId, to: after.ownerId }
  return changes
}

interface Stated {
  marketingConsent?: { state: string; source: string; at: string } | undefined
  recordingConsent?: { state: string; source: string; at: string } | undefined
}

/** One item for the fields, one for the owner, one per consent: each is looked for on its own. */
export function editItems(row: CustomerRow, { ownerId, ...fields }: Changes, stated: Stated, { sub, name }: Identity): TimelineRow[] {
  const item = (kind: TimelineRow['kind'], body: Record<string, unknown>): TimelineRow =>
    ({ customerId: row.customerId, id: newId(), at: row.updatedAt, kind, actorId: sub, actorName: name, body })
  const items: TimelineRow[] = []
  if (Object.keys(fields).length > 0) items.push(item('edit', { changes: fields }))
  if (ownerId) items.push(item('assigned', { ...ownerId }))
  if (stated.marketingConsent) items.push(item('consent', { purpose: 'marketing', ...stated.marketingConsent }))
  if (stated.recordingConsent) items.push(item('consent', { purpose: 'recording', ...stated.recordingConsent }))
  return items
}

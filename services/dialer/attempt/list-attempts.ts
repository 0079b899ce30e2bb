import type { AttemptView } from '@loopline/contracts/campaign'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Dialer } from '../dialer.ts'
import { listAttempts } from './attempt.sql.ts'
import type { AttemptRow } from './attempt.sql.ts'
import { scopedTo } from './scope.ts'
import type { Actor } from './scope.ts'

export interface AttemptsAsked {
  campaignId?: string | undefined
  customerId?: string | undefined
  outcome?: Outcome | undefined
  cursor?: string | undefined
  limit: number
}

/** Calls that this person may see, newest first. */
export async function pageOfAttempts(dialer: Dialer, actor: Actor, asked: AttemptsAsked): Promise<{ items: AttemptView[]; next: string | null }> {
  const rows = await listAttempts(dialer.db, {
    campaignId: asked.campaignId ?? null, customerId: asked.customerId ?? null, outcome: asked.outcome ?? null,
    before: asked.cursor ?? null, limit: asked.limit, ...scopedTo(actor),
  })
  return { items: rows.map(viewOf), next: rows.length === asked.limit ? (rows.at(-1)?.attemptId ?? null) : null }
}

function viewOf(row: AttemptRow): AttemptView {
  const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null
  return { ...row, startedAt: row.startedAt.toISOString(), ringingAt: iso(row.ringingAt), answeredAt: iso(row.answeredAt), endedAt: iso(row.endedAt), connectedAt: iso(row.connectedAt) }
}

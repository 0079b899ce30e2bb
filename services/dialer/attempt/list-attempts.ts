import type { AttemptView } from '@loopline/contracts/campaign'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { CallPart } from '@loopline/contracts/transfer'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { partsOf } from '../agent/call-part.sql.ts'
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
  const parts = await partsOf(dialer.db, rows.filter(({ agentId }) => agentId !== null) as (AttemptRow & { attemptId: AttemptId; customerId: CustomerId })[])
  return { items: rows.map((row) => viewOf(row, parts.get(row.attemptId as AttemptId) ?? [])), next: rows.length === asked.limit ? (rows.at(-1)?.attemptId ?? null) : null }
}

const MICROS = 1_000_000

function viewOf({ costMicros, costCurrency, ...row }: AttemptRow, parts: readonly CallPart[]): AttemptView {
  const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null
  const cost = costMicros === null || costCurrency === null ? null : { amount: costMicros / MICROS, currency: costCurrency }
  return { ...row, cost, startedAt: row.startedAt.toISOString(), ringingAt: iso(row.ringingAt), answeredAt: iso(row.answeredAt), endedAt: iso(row.endedAt), connectedAt: iso(row.connectedAt), parts: parts.map(partView) }
}

const partView = ({ joinedAt, leftAt, ...part }: CallPart): AttemptView['parts'][number] => ({ ...part, joinedAt: new Date(joinedAt).toISOString(), leftAt: leftAt === null ? null : new Date(leftAt).toISOString() })

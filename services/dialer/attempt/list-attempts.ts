import type { AttemptView } from '@loopline/contracts/campaign'
import type { EndedLeg } from '@loopline/contracts/call-event'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { everyPartOf } from '../agent/call-part.sql.ts'
import type { PartRow } from '../agent/call-part.sql.ts'
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
  const parts = await everyPartOf(dialer.db, rows.filter(({ agentId }) => agentId !== null) as (AttemptRow & { attemptId: AttemptId; customerId: CustomerId })[])
  return { items: rows.map((row) => viewOf(row, parts.get(row.attemptId as AttemptId) ?? [])), next: rows.length === asked.limit ? (rows.at(-1)?.attemptId ?? null) : null }
}

const MICROS = 1_000_000

function viewOf({ costMicros, costCurrency, ...row }: AttemptRow, parts: readonly PartRow[]): AttemptView {
  const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null
  const cost = costMicros === null || costCurrency === null ? null : { amount: costMicros / MICROS, currency: costCurrency }
  return { ...row, cost, startedAt: row.startedAt.toISOString(), ringingAt: iso(row.ringingAt), answeredAt: iso(row.answeredAt), endedAt: iso(row.endedAt), connectedAt: iso(row.connectedAt), legs: (row.legs ?? []).map(legView), parts: parts.map(partView) }
}

const legView = ({ lineName, lineType, outcomeReason, result: { startedAt, endedAt, evidence } }: EndedLeg): AttemptView['legs'][number] =>
  ({ lineName, lineType, outcomeReason, sipStatus: evidence.sipStatus, startedAt: new Date(startedAt).toISOString(), endedAt: new Date(endedAt).toISOString() })

function partView({ agentId, name, role, joinedAt, leftAt, quality, disposition, note }: PartRow): AttemptView['parts'][number] {
  return {
    agentId, name, as: role, joinedAt: joinedAt.toISOString(), leftAt: leftAt?.toISOString() ?? null,
    quality: quality && { mos: quality.mos, loss: quality.loss, jitterMs: quality.jitterMs, roundTripMs: quality.roundTripMs }, disposition, note,
  }
}

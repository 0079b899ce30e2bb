import type { RecordingItem, RecordingState } from '@loopline/contracts/recording'
import { scopedTo } from '../attempt/scope.ts'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { listRecordings } from './stored.sql.ts'
import type { ListedRecording } from './stored.sql.ts'
import { SAMPLES_PER_MS, stateOf, whyNot } from './view-recording.ts'

export interface RecordingsAsked {
  customerId?: string | undefined
  agentId?: string | undefined
  campaignId?: string | undefined
  state?: RecordingState | undefined
  legalHold?: '0' | '1' | undefined
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** Conversations that this person may hear, and what was kept of each. */
export async function pageOfRecordings(dialer: Dialer, actor: Actor, asked: RecordingsAsked): Promise<{ items: RecordingItem[]; next: string | null }> {
  const instant = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text))
  const rows = await listRecordings(dialer.db, {
    customerId: asked.customerId ?? null, agentId: asked.agentId ?? null, campaignId: asked.campaignId ?? null, state: asked.state ?? null,
    legalHold: asked.legalHold === undefined ? null : asked.legalHold === '1', from: instant(asked.from), to: instant(asked.to),
    scope: { agentId: actor.identity.sub, ...scopedTo(actor) }, before: asked.cursor ?? null, limit: asked.limit,
  })
  return { items: rows.map(itemOf), next: rows.length === asked.limit ? (rows.at(-1)?.attemptId ?? null) : null }
}

function itemOf(row: ListedRecording): RecordingItem {
  const { attemptId, customerId, agentId, campaignId, campaignName, callStartedAt, recording } = row
  return {
    attemptId, customerId, agentId, campaignId, campaignName, startedAt: callStartedAt.toISOString(), state: recording ? stateOf(recording) : 'not-recorded',
    because: recording?.basis ?? whyNot(row), durationMs: Math.round((recording?.samples ?? 0) / SAMPLES_PER_MS), keptUntil: iso(recording?.keptUntil), legalHold: recording?.legalHold ?? false,
    deletedAt: iso(recording?.deletedAt), verifiedAt: iso(recording?.verifiedAt), findings: recording?.findings ?? [],
  }
}

const iso = (instant: Date | null | undefined): string | null => instant?.toISOString() ?? null

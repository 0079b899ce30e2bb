import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { LegQuality } from '@loopline/contracts/quality'
import type { RecordingEnd } from '@loopline/contracts/recording'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

/** What is known of a recording that goes on or has just ended. */
export interface RecordingProgress {
  customerId: CustomerId
  attemptId: AttemptId
  basis: RecordingEnd['basis']
  startedAt: number
  chunks: number
  samples: number
  head: string | null
  end: RecordingEnd | null
  keptUntil: number
}

/** Keeps how far recordings have come. What has ended stays as it ended; the end itself also completes one that a crash had closed. */
export async function keepRecordings(queryable: Queryable, recordings: readonly RecordingProgress[]): Promise<void> {
  const rows = recordings.map(({ end, ...one }) => ({
    ...one, state: end === null ? 'recording' : end.complete ? 'complete' : 'incomplete', startedAt: new Date(one.startedAt), keptUntil: new Date(one.keptUntil),
    endedAt: end && new Date(end.endedAt), gaps: end?.gaps ?? null,
  }))
  await queryable.execute`
    insert into dialer.recording as r (customer_id, attempt_id, state, basis, started_at, ended_at, chunks, samples, gaps, head, kept_until, verify_at)
    select w."customerId", w."attemptId", w.state, w.basis, w."startedAt", w."endedAt", w.chunks, w.samples, w.gaps, w.head, w."keptUntil", w."endedAt"
      from json_to_recordset(${json(rows)}::json) as w("customerId" uuid, "attemptId" uuid, state text, basis text, "startedAt" timestamptz, "endedAt" timestamptz,
             chunks integer, samples bigint, gaps json, head text, "keptUntil" timestamptz)
     order by w."customerId"
    on conflict (customer_id, attempt_id) do update
       set state = excluded.state, ended_at = excluded.ended_at, chunks = excluded.chunks, samples = excluded.samples, gaps = excluded.gaps, head = excluded.head,
           verify_at = excluded.verify_at, findings = null
     where r.deleting_at is null and (r.state = 'recording' or (excluded.state <> 'recording' and r.chunks <= excluded.chunks and (r.findings is null or r.head is distinct from excluded.head)))`
}

/** Those that are still said to be recorded: of calls that ended before this instant, or of all. */
export function openRecordings(queryable: Queryable, endedBefore: Date | null): Promise<{ attemptId: AttemptId; basis: RecordingEnd['basis']; startedAt: Date }[]> {
  return queryable.sql<{ attemptId: AttemptId; basis: RecordingEnd['basis']; startedAt: Date }>`
    select r.attempt_id as "attemptId", r.basis, r.started_at as "startedAt" from dialer.recording r
     where r.state = 'recording'
       and (${endedBefore}::timestamptz is null
            or exists (select from dialer.attempt a where a.customer_id = r.customer_id and a.id = r.attempt_id and a.ended_at < ${endedBefore}::timestamptz))
     order by r.started_at limit 2000`
}

/**
 * Calls that were talked on and might have been recorded, of which there is no word of a recording: the dialer died before it
 * had kept it. @param from the lowest id that is looked at.
 */
export function callsWithoutRecording(queryable: Queryable, from: string): Promise<{ attemptId: AttemptId }[]> {
  return queryable.sql<{ attemptId: AttemptId }>`
    select a.id as "attemptId" from dialer.attempt a
     where a.connected_at is not null and a.id >= ${from}::uuid and a.ended_at is not null and a.decision->'recording'->>'record' in ('yes', 'after-announcement')
       and not exists (select from dialer.recording r where r.customer_id = a.customer_id and r.attempt_id = a.id)
     order by a.id limit 2000`
}

/** Recordings whose call ended a while ago and whose end nobody told: voice died. They are not whole. */
export function closeForgotten(queryable: Queryable, before: Date): Promise<number> {
  return queryable.execute`
    update dialer.recording r set state = 'incomplete', ended_at = ${before}, verify_at = ${before}
     where r.state = 'recording' and r.started_at < ${before}
       and exists (select from dialer.attempt a where a.customer_id = r.customer_id and a.id = r.attempt_id and a.ended_at < ${before})`
}

/** How both legs of calls sounded. */
export async function keepQuality(queryable: Queryable, calls: readonly { customerId: CustomerId; attemptId: AttemptId; quality: { customer: LegQuality; agent: LegQuality | null } }[]): Promise<void> {
  await queryable.execute`
    update dialer.attempt a set quality = w.quality
      from json_to_recordset(${json(calls)}::json) as w("customerId" uuid, "attemptId" uuid, quality json)
     where a.customer_id = w."customerId" and a.id = w."attemptId"`
}

export async function customersOf(queryable: Queryable, attemptIds: readonly AttemptId[]): Promise<Map<AttemptId, CustomerId>> {
  if (attemptIds.length === 0) return new Map()
  const rows = await queryable.sql<{ attemptId: AttemptId; customerId: CustomerId }>`
    select id as "attemptId", customer_id as "customerId" from dialer.attempt where id = any(${attemptIds}::uuid[])`
  return new Map(rows.map((row) => [row.attemptId, row.customerId]))
}

export interface CallOfRecording {
  customerId: CustomerId
  agentId: string | null
  ownerId: string | null
  teamId: string | null
  decision: DialDecision
  answeredAt: Date | null
  connectedAt: Date | null
}

/** The call and whose customer it was with. */
export async function readCall(queryable: Queryable, attemptId: AttemptId): Promise<CallOfRecording | undefined> {
  const [row] = await queryable.sql<CallOfRecording>`
    select a.customer_id as "customerId", a.agent_id as "agentId", a.decision, a.answered_at as "answeredAt", a.connected_at as "connectedAt",
           (select p.owner_id from dialer.person p where p.customer_id = a.customer_id) as "ownerId",
           (select p.team_id from dialer.person p where p.customer_id = a.customer_id) as "teamId"
      from dialer.attempt a where a.id = ${attemptId}`
  return row
}

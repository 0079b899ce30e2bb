import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { CallEvidence, EndedLeg } from '@loopline/contracts/call-event'
import type { TalkResult } from '@loopline/contracts/voice-link'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { EntryMove } from '../audience/entry.sql.ts'
import type { OpenAttempt } from './open-attempt.ts'

export interface EndedAttempt {
  customerId: CustomerId
  attemptId: AttemptId
  startedAt: number
  ringingAt: number | null
  answeredAt: number | null
  endedAt: number
  outcome: Outcome
  outcomeReason: string
  conclusive: boolean
  evidence: CallEvidence
  finalAfterMs: number | null
  retransmissions: number
  /** Whom the person heard; absent where the call had no media. */
  talk?: TalkResult
  /** The leg at hand never left: it ended as this one before it. */
  back?: EndedLeg
}

/** Ends attempts that are still open. One that had ended is left out of the answer: each outcome is applied exactly once. */
export async function endAttempts(queryable: Queryable, ended: readonly EndedAttempt[]): Promise<Set<AttemptId>> {
  const rows = ended.map(({ back: _back, ...one }) => ({ ...one, sip: one.evidence.sipStatus, q850: one.evidence.q850, agent: one.talk?.agentId, connected: one.talk?.connectedAt }))
  const done = await queryable.sql<{ attemptId: AttemptId }>`
    update dialer.attempt a
       set started_at = to_timestamp(w."startedAt" / 1000.0), ringing_at = to_timestamp(w."ringingAt" / 1000.0), answered_at = to_timestamp(w."answeredAt" / 1000.0),
           ended_at = to_timestamp(w."endedAt" / 1000.0), outcome = w.outcome, outcome_reason = w."outcomeReason", conclusive = w.conclusive,
           evidence = w.evidence, sip_status = w.sip, q850 = w.q850, final_after_ms = w."finalAfterMs", retransmissions = w.retransmissions,
           agent_id = coalesce(w.agent, a.agent_id), connected_at = coalesce(to_timestamp(w.connected / 1000.0), a.connected_at)
      from (select * from json_to_recordset(${json(rows)}::json) as given(
             "customerId" uuid, "attemptId" uuid, "startedAt" double precision, "ringingAt" double precision, "answeredAt" double precision,
             "endedAt" double precision, outcome text, "outcomeReason" text, conclusive boolean, evidence json, sip smallint, q850 smallint,
             "finalAfterMs" real, retransmissions smallint, agent uuid, connected double precision) order by "customerId") w
     where a.customer_id = w."customerId" and a.id = w."attemptId" and a.ended_at is null
    returning a.id as "attemptId"`
  return new Set(done.map((row) => row.attemptId))
}

export interface NextStep {
  bucket: number
  customerId: CustomerId
  campaignId: CampaignId
  attemptId: AttemptId
  outcome: Outcome
  /** Null: the entry is done. Otherwise unix ms from which it is due again. */
  dueAt: number | null
  counted: boolean
  triedAt: number
}

/** Where entries go after their call. Whoever left the audience meanwhile leaves the list now. */
export async function endDialing(queryable: Queryable, steps: readonly NextStep[], now: number): Promise<EntryMove[]> {
  const rows = steps.map((step) => ({ ...step, dueAt: step.dueAt === null ? null : new Date(step.dueAt), triedAt: new Date(step.triedAt) }))
  const moved = await queryable.sql<Omit<EntryMove, 'was'>>`
    update dialer.entry e
       set state = case when w."dueAt" is null then 'done'
                        when not e.matches then case when e.recheck_at is null then 'withdrawn' else 'waiting' end
                        when w."dueAt" <= ${new Date(now)}::timestamptz then 'ready'
                        else 'waiting' end,
           wake_at = case when w."dueAt" is null then null
                          when not e.matches then e.recheck_at
                          when w."dueAt" > ${new Date(now)}::timestamptz then least(w."dueAt", e.recheck_at) end,
           due_at = coalesce(w."dueAt", e.due_at), hold_reason = null, last_outcome = w.outcome, attempt_id = null,
           tries = e.tries + w.counted::integer, uncounted_tries = case when w.counted then 0 else e.uncounted_tries + 1 end,
           tried_at = case when w.counted then e.tried_at || w."triedAt" else e.tried_at end
      from (select * from json_to_recordset(${json(rows)}::json) as given(
             bucket smallint, "customerId" uuid, "campaignId" uuid, "attemptId" uuid, outcome text, "dueAt" timestamptz, counted boolean, "triedAt" timestamptz)
             order by "customerId", "campaignId") w
     where e.bucket = w.bucket and e.customer_id = w."customerId" and e.campaign_id = w."campaignId"
       and e.state = 'dialing' and e.attempt_id = w."attemptId"
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId", e.state, e.priority, e.due_at as "dueAt"`
  return moved.map((move) => ({ ...move, was: 'dialing' }))
}

type StoredAttempt = Omit<OpenAttempt, 'bucket' | 'dialBy' | 'startedAt' | 'tries' | 'uncountedTries' | 'triedAt' | 'person' | 'legs'> & { dialBy: Date; startedAt: Date; legs: EndedLeg[] | null }

/** Open attempts by id, for results of calls that this process did not order. */
export async function readOpenAttempts(queryable: Queryable, attemptIds: readonly AttemptId[]): Promise<OpenAttempt[]> {
  if (attemptIds.length === 0) return []
  const rows = await queryable.sql<StoredAttempt>`
    select id as "attemptId", customer_id as "customerId", campaign_id as "campaignId", campaign_name as "campaignName",
           phone_id as "phoneId", line_id as "lineId", line_name as "lineName", line_type as "lineType", caller_id as "callerId", actor_id as "actorId", agent_id as "agentId", decision,
           attempt_number as "attemptNumber", attempt_day as "attemptDay", epoch, dial_by as "dialBy", started_at as "startedAt", leg, legs
      from dialer.attempt where id = any(${attemptIds}::uuid[]) and ended_at is null`
  return rows.map(reopened)
}

/** Takes over the open attempts of dead processes in these slots: from now on this process answers for them. */
export async function adoptAttempts(queryable: Queryable, dialerId: string, deadIds: readonly string[], slots: readonly number[]): Promise<OpenAttempt[]> {
  const rows = await queryable.sql<StoredAttempt>`
    update dialer.attempt a set dialer_id = ${dialerId}
     where a.ended_at is null and a.dialer_id = any(${deadIds}::uuid[]) and loopline.bucket(a.customer_id) % 64 = any(${slots}::smallint[])
    returning id as "attemptId", customer_id as "customerId", campaign_id as "campaignId", campaign_name as "campaignName",
           phone_id as "phoneId", line_id as "lineId", line_name as "lineName", line_type as "lineType", caller_id as "callerId", actor_id as "actorId", agent_id as "agentId", decision,
           attempt_number as "attemptNumber", attempt_day as "attemptDay", epoch, dial_by as "dialBy", started_at as "startedAt", leg, legs`
  return rows.map(reopened)
}

/** Tries and person are read when the outcome is known. */
function reopened(row: StoredAttempt): OpenAttempt {
  return { ...row, bucket: bucketOf(row.customerId), dialBy: row.dialBy.getTime(), startedAt: row.startedAt.getTime(), legs: row.legs ?? [], tries: 0, uncountedTries: 0, triedAt: [], person: null }
}

/** Tries of the entries that these attempts belong to. */
export function readTries(queryable: Queryable, attempts: readonly OpenAttempt[]): Promise<{ attemptId: AttemptId; tries: number; uncountedTries: number; triedAt: Date[] }[]> {
  return queryable.sql`
    select w.attempt_id as "attemptId", e.tries, e.uncounted_tries as "uncountedTries", e.tried_at as "triedAt"
      from unnest(${attempts.map((one) => one.bucket)}::smallint[], ${attempts.map((one) => one.customerId)}::uuid[],
                  ${attempts.map((one) => one.campaignId)}::uuid[], ${attempts.map((one) => one.attemptId)}::uuid[]) as w(bucket, customer_id, campaign_id, attempt_id)
      join dialer.entry e on e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id`
}

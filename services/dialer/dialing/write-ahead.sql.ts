import { ATTEMPTS_REMEMBERED_MAX } from '@loopline/gate/law-pack'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { PlannedAttempt } from './planned-attempt.ts'

/**
 * Counts one attempt for each person who, by what the database holds now, may still be called: same version as decided
 * about, nothing against it, on no do-not-call list, under the cap of the callee's day and of every rolling window, not locked
 * after an abandoned call, no attempt open. Keeps which number of ours he sees, for the next call. Everybody else is left out of the answer.
 * Locks the persons, in their order, until the transaction ends.
 */
export async function countAttempts(queryable: Queryable, attempts: readonly PlannedAttempt[]): Promise<Set<CustomerId>> {
  const rows = attempts.map(({ customerId, personVersion, attemptDay, cap, actorId, sandbox, campaignId, startedAt, limits, lineId, callerId }) =>
    ({ id: customerId, line: lineId, caller: callerId, version: personVersion, day: attemptDay, cap, manual: actorId !== null, sandbox, campaign: campaignId, at: startedAt, caps: limits.caps, lock: limits.notAbandonedSince, blind: `\\x${limits.blind}` }))
  const passed = await queryable.sql<{ customerId: CustomerId }>`
    update dialer.person p
       set attempts_that_day = case when p.attempt_day = w.day then p.attempts_that_day + 1 else 1 end, attempt_day = w.day,
           caller_ids = coalesce(p.caller_ids, '{}'::jsonb) || jsonb_build_object(w.line, w.caller),
           recent_at = (array_prepend(w.at, p.recent_at))[1:${ATTEMPTS_REMEMBERED_MAX}]
      from (select * from json_to_recordset(${json(rows)}::json) as given(id uuid, version integer, day date, cap integer, manual boolean, sandbox boolean,
              campaign uuid, at bigint, caps json, lock bigint, blind bytea, line text, caller text) order by id) w
     where p.customer_id = w.id and p.version = w.version
       and not p.deleted and not p.never_call and p.marketing_consent = 'granted' and p.status <> 'invalid' and (w.manual or p.status <> 'lost')
       and p.sandbox = w.sandbox
       and (p.attempt_day is distinct from w.day or p.attempts_that_day < w.cap)
       and not exists (
             select from json_to_recordset(w.caps) as c("windowMs" bigint, max integer)
              where (select count(*) from unnest(p.recent_at) as r(at) where r.at > w.at - c."windowMs") >= c.max)
       and (w.lock is null or p.abandoned_at is null or p.abandoned_at <= w.lock)
       and w.blind = any(p.phone_blind)
       and not exists (
             select from dialer.dnc d join dialer.dnc_list l on l.copy_id = d.copy_id
              where d.blind_index = any(p.phone_blind)
                and (l.kind = 'own' or (l.kind = 'campaign' and l.campaign_id = w.campaign) or (l.kind = 'registry' and d.blind_index = w.blind)))
       and not exists (select from dialer.attempt a where a.customer_id = p.customer_id and a.ended_at is null)
    returning p.customer_id as "customerId"`
  return new Set(passed.map((row) => row.customerId))
}

/**
 * Moves entries to `dialing` whose lease is still ours by the token of their slot, whose campaign runs, and whose time is
 * not over. A zombie's token is older than the slot's: it moves nothing (F3).
 */
export async function startDialing(queryable: Queryable, attempts: readonly PlannedAttempt[]): Promise<Set<AttemptId>> {
  const rows = attempts.map(({ bucket, customerId, campaignId, leaseToken, attemptId }) => ({ bucket, customer: customerId, campaign: campaignId, token: leaseToken, attempt: attemptId }))
  const moved = await queryable.sql<{ attemptId: AttemptId }>`
    update dialer.entry e
       set state = 'dialing', attempt_id = w.attempt, lease_token = null, lease_until = null
      from (select * from json_to_recordset(${json(rows)}::json) as given(bucket smallint, customer uuid, campaign uuid, token bigint, attempt uuid) order by customer, campaign) w
      join dialer.slot s on s.slot = w.bucket % 64
      join dialer.campaign c on c.campaign_id = w.campaign
     where e.bucket = w.bucket and e.customer_id = w.customer and e.campaign_id = w.campaign
       and e.state = 'leased' and e.lease_token = w.token and s.token = w.token and e.lease_until > now() and e.matches
       and c.state = 'running'
    returning e.attempt_id as "attemptId"`
  return new Set(moved.map((row) => row.attemptId))
}

/** Writes the attempts down. One whose person has an open attempt is left out: one person is called once at a time. */
export async function insertAttempts(queryable: Queryable, attempts: readonly PlannedAttempt[], dialerId: string): Promise<Set<AttemptId>> {
  const written = await queryable.sql<{ attemptId: AttemptId }>`
    insert into dialer.attempt (customer_id, id, campaign_id, campaign_name, phone_id, line_id, line_name, line_type, caller_id, actor_id, decision,
                                attempt_number, attempt_day, priority, lease_token, dialer_id, epoch, dial_by, started_at, agent_id, quota_of)
    select w."customerId", w."attemptId", w."campaignId", w."campaignName", w."phoneId", w."lineId", w."lineName", w."lineType", w."callerId", w."actorId", w.decision,
           w."attemptNumber", w."attemptDay", w.priority, w."leaseToken", ${dialerId}, w.epoch, to_timestamp(w."dialBy" / 1000.0), to_timestamp(w."startedAt" / 1000.0), w."agentId", w."quotaOf"
      from json_to_recordset(${json(attempts.map(attemptRow))}::json) as w(
        "customerId" uuid, "attemptId" uuid, "campaignId" uuid, "campaignName" text, "phoneId" uuid, "lineId" uuid, "lineName" text, "lineType" text,
        "callerId" text, "actorId" text, decision json, "attemptNumber" smallint, "attemptDay" date, priority integer, "leaseToken" bigint,
        epoch text, "dialBy" double precision, "startedAt" double precision, "agentId" uuid, "quotaOf" uuid)
     order by w."customerId"
    on conflict do nothing
    returning id as "attemptId"`
  return new Set(written.map((row) => row.attemptId))
}

function attemptRow(planned: PlannedAttempt): object {
  const { customerId, attemptId, campaignId, campaignName, phoneId, lineId, lineName, lineType, callerId, actorId, decision } = planned
  const { attemptNumber, attemptDay, priority, leaseToken, epoch, dialBy, startedAt, agent, quotaOf } = planned
  return {
    customerId, attemptId, campaignId, campaignName, phoneId, lineId, lineName, lineType, callerId, actorId, decision,
    attemptNumber, attemptDay, priority, leaseToken, epoch, dialBy, startedAt, ...(agent && { agentId: agent.agentId }), ...(quotaOf && { quotaOf }),
  }
}

/** Takes counted attempts back that did not come to be, in the same transaction or after a call that nobody received. */
export async function uncountAttempts(queryable: Queryable, attempts: readonly { customerId: CustomerId; attemptDay: string; startedAt: number }[]): Promise<void> {
  if (attempts.length === 0) return
  await queryable.execute`
    update dialer.person p
       set attempts_that_day = case when p.attempt_day = w.day then greatest(0, p.attempts_that_day - 1) else p.attempts_that_day end,
           -- One of them: two processes that dial in the same millisecond have written it twice until the loser takes its own back.
           recent_at = case when array_position(p.recent_at, w.at) is null then p.recent_at
                            else p.recent_at[:array_position(p.recent_at, w.at) - 1] || p.recent_at[array_position(p.recent_at, w.at) + 1:] end
      from (select * from unnest(${attempts.map((one) => one.customerId)}::uuid[], ${attempts.map((one) => one.attemptDay)}::date[],
                                 ${attempts.map((one) => one.startedAt)}::bigint[]) as given(id, day, at) order by id) w
     where p.customer_id = w.id`
}

/** Puts entries back that were moved to `dialing` and then not written: somebody else is calling the person. */
export async function stopDialing(queryable: Queryable, attemptIds: readonly AttemptId[], attempts: readonly PlannedAttempt[], wakeAt: Date): Promise<void> {
  const failed = attempts.filter((attempt) => attemptIds.includes(attempt.attemptId))
  if (failed.length === 0) return
  await queryable.execute`
    update dialer.entry e set state = 'waiting', hold_reason = 'attempt-open', wake_at = ${wakeAt}, attempt_id = null
      from unnest(${failed.map((one) => one.bucket)}::smallint[], ${failed.map((one) => one.customerId)}::uuid[], ${failed.map((one) => one.attemptId)}::uuid[]) as w(bucket, customer_id, attempt_id)
     where e.bucket = w.bucket and e.customer_id = w.customer_id and e.attempt_id = w.attempt_id and e.state = 'dialing'`
}

/** Which of these attempts the database holds: asked after a COMMIT whose answer was lost (F5). */
export async function writtenAttempts(queryable: Queryable, attempts: readonly PlannedAttempt[]): Promise<Set<AttemptId>> {
  const rows = await queryable.sql<{ attemptId: AttemptId }>`
    select a.id as "attemptId"
      from unnest(${attempts.map((one) => one.customerId)}::uuid[], ${attempts.map((one) => one.attemptId)}::uuid[]) as w(customer_id, id)
      join dialer.attempt a on a.customer_id = w.customer_id and a.id = w.id`
  return new Set(rows.map((row) => row.attemptId))
}

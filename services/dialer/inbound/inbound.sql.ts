import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CampaignId, CustomerId, LineId, PhoneId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { Queryable } from '@loopline/postgres/queryable'
import type { EntryMove } from '../audience/entry.sql.ts'
import { json } from '@loopline/postgres/sql'
import { NOBODY } from '../callback/callback.sql.ts'

/** A call that came in, as it is written down before its caller hears it ring. */
export interface InboundAttempt {
  attemptId: AttemptId
  customerId: CustomerId
  phoneId: PhoneId
  campaignId: CampaignId | null
  campaignName: string | null
  lineId: LineId
  lineName: string
  lineType: LineType
  /** The number of ours that was dialled. */
  callerId: string
  /** Only of a caller without a record. */
  callerSealed: Buffer | null
  decision: DialDecision
  attemptDay: string
  epoch: string
  dialBy: number
  startedAt: number
}

/** Writes it down, for the agent whom it rings first if there is one. Answers false when another process has. */
export async function insertInbound(queryable: Queryable, attempt: InboundAttempt, dialerId: string, agentId: UserId | null): Promise<boolean> {
  const { attemptId, customerId, phoneId, campaignId, campaignName, lineId, lineName, lineType, callerId, callerSealed, decision, attemptDay, epoch, dialBy, startedAt } = attempt
  const touched = await queryable.execute`
    insert into dialer.attempt (customer_id, id, inbound_id, campaign_id, campaign_name, phone_id, line_id, line_name, line_type, caller_id, caller_sealed, decision,
                                attempt_number, attempt_day, priority, lease_token, dialer_id, epoch, dial_by, started_at, agent_id)
    values (${customerId}, ${attemptId}, ${attemptId}, ${campaignId}, ${campaignName}, ${phoneId}, ${lineId}, ${lineName}, ${lineType}, ${callerId}, ${callerSealed}, ${json(decision)}::json,
            0, ${attemptDay}, 0, 0, ${dialerId}, ${epoch}, ${new Date(dialBy)}, ${new Date(startedAt)}, ${agentId})
    on conflict do nothing`
  return touched === 1
}

/** Whom it rings now. */
export async function setInboundAgent(queryable: Queryable, { customerId, attemptId }: Pick<InboundAttempt, 'customerId' | 'attemptId'>, agentId: UserId): Promise<void> {
  await queryable.execute`update dialer.attempt set agent_id = ${agentId} where customer_id = ${customerId} and id = ${attemptId} and ended_at is null`
}

/** This process answers for it from now on: voice has told it of the call. Answers false when it has ended. */
export async function takeOverInbound(queryable: Queryable, { customerId, attemptId }: Pick<InboundAttempt, 'customerId' | 'attemptId'>, dialerId: string): Promise<boolean> {
  return (await queryable.execute`update dialer.attempt set dialer_id = ${dialerId} where customer_id = ${customerId} and id = ${attemptId} and ended_at is null`) === 1
}

/** What is written down of a call, for a process that is told of it again. */
export interface StoredInbound {
  customerId: CustomerId
  phoneId: PhoneId
  decision: DialDecision
  hasEnded: boolean
}

export async function readInbound(queryable: Queryable, attemptId: AttemptId): Promise<StoredInbound | undefined> {
  const [row] = await queryable.sql<StoredInbound>`
    select customer_id as "customerId", phone_id as "phoneId", decision, ended_at is not null as "hasEnded" from dialer.attempt where id = ${attemptId}`
  return row
}

/** A caller without a record, and his number as it was sealed in this call; undefined when he has one, or has shown no number. */
export async function readStranger(queryable: Queryable, attemptId: AttemptId): Promise<{ customerId: CustomerId; sealed: string } | undefined> {
  const [row] = await queryable.sql<{ customerId: CustomerId; sealed: string }>`
    select customer_id as "customerId", encode(caller_sealed, 'base64') as sealed from dialer.attempt
     where id = ${attemptId} and caller_sealed is not null and decision->'inbound'->>'caller' = 'unknown'`
  return row && { ...row, sealed: row.sealed.replaceAll('\n', '') }
}

/** A record was made of him. */
export async function callerIsKnown(queryable: Queryable, { customerId, attemptId }: Pick<InboundAttempt, 'customerId' | 'attemptId'>): Promise<void> {
  await queryable.execute`
    update dialer.attempt set decision = jsonb_set(decision::jsonb, '{inbound,caller}', '"customer"')::json where customer_id = ${customerId} and id = ${attemptId}`
}

export interface PastCall {
  agentId: UserId | null
  connectedAt: Date | null
  campaignId: CampaignId | null
  campaignName: string | null
  callerId: string | null
}

/** Calls with this person since an instant, newest first. */
export function pastCalls(queryable: Queryable, customerId: CustomerId, since: Date): Promise<PastCall[]> {
  return queryable.sql<PastCall>`
    select agent_id as "agentId", connected_at as "connectedAt", campaign_id as "campaignId", campaign_name as "campaignName", caller_id as "callerId"
      from dialer.attempt where customer_id = ${customerId} and started_at > ${since} order by id desc limit 50`
}

export interface KnownNumber {
  customerId: CustomerId
  phoneId: PhoneId
}

/** Whose number this is, as far as the dialer itself knows. */
export async function findNumber(queryable: Queryable, blindIndex: Buffer): Promise<KnownNumber | undefined> {
  const [row] = await queryable.sql<KnownNumber>`select customer_id as "customerId", phone_id as "phoneId" from dialer.phone_index where blind_index = ${blindIndex}`
  return row
}

/** Keeps the ids of somebody of whom there is no record, unless another process was quicker. @returns whose number it is now */
export async function keepStranger(queryable: Queryable, stranger: KnownNumber & { blindIndex: Buffer }): Promise<KnownNumber> {
  await queryable.execute`
    insert into dialer.phone_index (blind_index, customer_id, phone_id) values (${stranger.blindIndex}, ${stranger.customerId}, ${stranger.phoneId}) on conflict do nothing`
  return (await findNumber(queryable, stranger.blindIndex)) ?? stranger
}

/** Keeps whose numbers these are; the newest word counts. */
export async function keepNumbers(queryable: Queryable, numbers: readonly (KnownNumber & { blindIndex: Buffer })[]): Promise<void> {
  if (numbers.length === 0) return
  await queryable.execute`
    insert into dialer.phone_index as known (blind_index, customer_id, phone_id)
    select distinct on (w.blind_index) w.blind_index, w.customer_id, w.phone_id
      from unnest(${numbers.map((one) => one.blindIndex)}::bytea[], ${numbers.map((one) => one.customerId)}::uuid[], ${numbers.map((one) => one.phoneId)}::uuid[]) as w(blind_index, customer_id, phone_id)
     order by w.blind_index
    on conflict (blind_index) do update set customer_id = excluded.customer_id, phone_id = excluded.phone_id
     where known.customer_id <> excluded.customer_id or known.phone_id <> excluded.phone_id`
}

export interface Missed {
  id: string
  customerId: CustomerId
  attemptId: AttemptId
  campaignId: CampaignId | null
  agentId: UserId | null
  teamId: TeamId | null
  at: Date
}

/** Has them called back at once, by whom they know or else by the team. Whoever is to be called back already is so once. */
export async function promiseCallbacks(queryable: Queryable, missed: readonly Missed[]): Promise<void> {
  for (const { id, customerId, attemptId, campaignId, agentId, teamId, at } of missed) {
    await queryable.execute`
      insert into dialer.callback (customer_id, id, agent_id, team_id, campaign_id, at, made_by, made_at, made_in, state, not_before)
      select ${customerId}::uuid, ${id}::uuid, ${agentId}::uuid, ${teamId}::uuid, ${campaignId}::uuid, ${at}::timestamptz, ${NOBODY}::uuid, ${at}::timestamptz, ${attemptId}::uuid, 'open', ${at}::timestamptz
       where not exists (select from dialer.callback c where c.customer_id = ${customerId} and c.state = 'open' and c.at <= ${at})`
  }
}

/** Who has spoken with us need not be called back: what was due is kept. */
export async function keepDueCallbacks(queryable: Queryable, talked: readonly { customerId: CustomerId; attemptId: AttemptId; at: Date }[]): Promise<void> {
  for (const { customerId, attemptId, at } of talked) {
    await queryable.execute`update dialer.callback set state = 'kept', kept_in = ${attemptId} where customer_id = ${customerId} and state = 'open' and at <= ${at}`
  }
}

/** Who has spoken with us is not called by that campaign any more, as after a call of its own that was answered. A call on its way goes on. */
export async function finishEntries(queryable: Queryable, talked: readonly { customerId: CustomerId; campaignId: CampaignId }[]): Promise<EntryMove[]> {
  if (talked.length === 0) return []
  return queryable.sql<EntryMove>`
    with spoken as materialized (
      select e.bucket, e.customer_id, e.campaign_id, e.state as was
        from unnest(${talked.map((one) => bucketOf(one.customerId))}::smallint[], ${talked.map((one) => one.customerId)}::uuid[], ${talked.map((one) => one.campaignId)}::uuid[]) as w(bucket, customer_id, campaign_id)
        join dialer.entry e on e.bucket = w.bucket and e.customer_id = w.customer_id and e.campaign_id = w.campaign_id
       where e.state in ('waiting', 'ready', 'leased')
       order by e.customer_id, e.campaign_id
         for update of e)
    update dialer.entry e
       set state = 'done', wake_at = null, hold_reason = null, last_outcome = 'connected', lease_token = null, lease_until = null
      from spoken s
     where e.bucket = s.bucket and e.customer_id = s.customer_id and e.campaign_id = s.campaign_id
    returning e.bucket, e.customer_id as "customerId", e.campaign_id as "campaignId", s.was, e.state, e.priority, e.due_at as "dueAt"`
}

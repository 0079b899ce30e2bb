import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { RecordingEnd, RecordingState } from '@loopline/contracts/recording'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { Queryable } from '@loopline/postgres/queryable'
import { fragment, json } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import type { Finding } from '@loopline/recording/manifest'

export interface StoredRecording {
  state: 'recording' | 'complete' | 'incomplete'
  basis: string
  startedAt: Date
  samples: number
  gaps: RecordingEnd['gaps'] | null
  keptUntil: Date
  legalHold: boolean
  holdReason: string | null
  holdBy: string | null
  holdAt: Date | null
  deletingAt: Date | null
  deletedAt: Date | null
  verifiedAt: Date | null
  findings: Finding[] | null
}

const columns = (): SqlText => fragment`r.state, r.basis, r.started_at as "startedAt", r.samples::float8 as samples, r.gaps, r.kept_until as "keptUntil", r.legal_hold as "legalHold",
       r.hold_reason as "holdReason", r.hold_by as "holdBy", r.hold_at as "holdAt", r.deleting_at as "deletingAt", r.deleted_at as "deletedAt", r.verified_at as "verifiedAt", r.findings`

export async function readRecording(queryable: Queryable, customerId: CustomerId, attemptId: AttemptId): Promise<StoredRecording | undefined> {
  const { rows } = await queryable.run<StoredRecording>(fragment`
    select ${columns()} from dialer.recording r where r.customer_id = ${customerId} and r.attempt_id = ${attemptId}`)
  return rows[0]
}

/** Answers whether there was something to hold: what is being deleted is past holding. */
export async function setHold(queryable: Queryable, key: RecordingKey, hold: { reason: string; by: string; at: Date } | null): Promise<boolean> {
  const changed = await queryable.execute`
    update dialer.recording set legal_hold = ${hold !== null}, hold_reason = ${hold?.reason ?? null}, hold_by = ${hold?.by ?? null}, hold_at = ${hold?.at ?? null}
     where customer_id = ${key.customerId} and attempt_id = ${key.attemptId} and deleting_at is null`
  return changed === 1
}

export interface RecordingKey {
  customerId: CustomerId
  attemptId: AttemptId
}

/** Those whose time is over and whom no hold keeps; also those whose deletion began before `brokenOff` and never ended. */
export function dueForDeletion(queryable: Queryable, { now, brokenOff, limit }: { now: Date; brokenOff: Date; limit: number }): Promise<(RecordingKey & { keptUntil: Date })[]> {
  return queryable.sql<RecordingKey & { keptUntil: Date }>`
    select customer_id as "customerId", attempt_id as "attemptId", kept_until as "keptUntil" from dialer.recording
     where deleted_at is null and not legal_hold and kept_until < ${now} and state <> 'recording' and (deleting_at is null or deleting_at < ${brokenOff})
     order by kept_until limit ${limit}`
}

/** Answers whether it is ours to delete: a hold that was set meanwhile keeps it, and another process may have begun. */
export async function beginDeletion(queryable: Queryable, { customerId, attemptId }: RecordingKey, { now, brokenOff }: { now: Date; brokenOff: Date }): Promise<boolean> {
  return (await queryable.execute`
    update dialer.recording set deleting_at = ${now}, verify_at = null
     where customer_id = ${customerId} and attempt_id = ${attemptId} and not legal_hold and deleted_at is null and (deleting_at is null or deleting_at < ${brokenOff})`) === 1
}

/** `at`: when the store had shown that nothing was left. */
export async function endDeletion(queryable: Queryable, { customerId, attemptId }: RecordingKey, at: Date): Promise<void> {
  await queryable.execute`
    update dialer.recording set deleted_at = ${at} where customer_id = ${customerId} and attempt_id = ${attemptId} and deleting_at is not null and deleted_at is null`
}

export interface ToVerify extends RecordingKey {
  state: 'complete' | 'incomplete'
  chunks: number
  samples: number
  head: string | null
  findings: Finding[] | null
  verifyAt: Date | null
}

const toVerify = (): SqlText => fragment`customer_id as "customerId", attempt_id as "attemptId", state, chunks, samples::float8 as samples, head, findings, verify_at as "verifyAt"`

export async function dueForVerification(queryable: Queryable, now: Date, limit: number): Promise<ToVerify[]> {
  const { rows } = await queryable.run<ToVerify>(fragment`
    select ${toVerify()} from dialer.recording
     where verify_at <= ${now} and state <> 'recording' and deleting_at is null order by verify_at limit ${limit}`)
  return rows
}

/** Answers whether it is ours to verify: another process may have begun. Looked at again at `until` should we die over it. */
export async function beginVerification(queryable: Queryable, { customerId, attemptId, verifyAt }: Pick<ToVerify, 'customerId' | 'attemptId' | 'verifyAt'>, until: Date): Promise<boolean> {
  return (await queryable.execute`
    update dialer.recording set verify_at = ${until} where customer_id = ${customerId} and attempt_id = ${attemptId} and verify_at = ${verifyAt}`) === 1
}

/** All that have ended and are not deleted, by attempt, behind the one named. */
export async function recordingsAfter(queryable: Queryable, after: string | null, limit: number): Promise<ToVerify[]> {
  const { rows } = await queryable.run<ToVerify>(fragment`
    select ${toVerify()} from dialer.recording
     where ${after === null ? fragment`true` : fragment`attempt_id > ${after}::uuid`} and state <> 'recording' and deleting_at is null order by attempt_id limit ${limit}`)
  return rows
}

/** Keeps what was found. What has a finding is not whole, whatever it was said to be; one that is repaired stays so marked. */
export async function keepVerified(queryable: Queryable, { customerId, attemptId }: RecordingKey, { at, findings, again }: { at: Date; findings: readonly Finding[]; again: Date }): Promise<void> {
  await queryable.execute`
    update dialer.recording set verified_at = ${at}, verify_at = ${again}, findings = ${findings.length === 0 ? null : json(findings)}::json,
           state = case when ${findings.length > 0} then 'incomplete' else state end
     where customer_id = ${customerId} and attempt_id = ${attemptId} and state <> 'recording' and deleting_at is null`
}

export interface RecordingFilter {
  customerId: string | null
  agentId: string | null
  campaignId: string | null
  state: RecordingState | null
  legalHold: boolean | null
  /** Instants of the call's beginning: [from, to). */
  from: Date | null
  to: Date | null
  /** Whose calls may be seen: one's own and those with one's customers, or those with the team's. */
  scope: { agentId: string; ownerId: string | null; teamId: string | null }
  before: string | null
  limit: number
}

export interface ListedRecording {
  attemptId: string
  customerId: string
  agentId: string | null
  campaignId: string | null
  campaignName: string | null
  callStartedAt: Date
  decision: DialDecision
  connectedAt: Date | null
  answeredAt: Date | null
  /** Null when nothing was recorded. */
  recording: StoredRecording | null
}

/** Conversations with what was kept of them, newest first. */
export async function listRecordings(queryable: Queryable, filter: RecordingFilter): Promise<ListedRecording[]> {
  const { rows } = await queryable.run<Omit<ListedRecording, 'recording'> & { [Column in keyof StoredRecording]: StoredRecording[Column] | null }>(fragment`
    select a.id as "attemptId", a.customer_id as "customerId", a.agent_id as "agentId", a.campaign_id as "campaignId", a.campaign_name as "campaignName",
           a.started_at as "callStartedAt", a.decision, a.connected_at as "connectedAt", a.answered_at as "answeredAt", ${columns()}
      from dialer.attempt a left join dialer.recording r on r.customer_id = a.customer_id and r.attempt_id = a.id
     where a.connected_at is not null and ${conditions(filter)}
     order by a.id desc limit ${filter.limit}`)
  return rows.map(({ attemptId, customerId, agentId, campaignId, campaignName, callStartedAt, decision, connectedAt, answeredAt, ...recording }) => ({
    attemptId, customerId, agentId, campaignId, campaignName, callStartedAt, decision, connectedAt, answeredAt, recording: recording.state === null ? null : (recording as StoredRecording),
  }))
}

function conditions({ customerId, agentId, campaignId, state, legalHold, from, to, scope, before }: RecordingFilter): SqlText {
  let all = fragment`true`
  const and = (condition: SqlText): void => { all = fragment`${all} and ${condition}` }
  if (customerId !== null) and(fragment`a.customer_id = ${customerId}::uuid`)
  if (agentId !== null) and(fragment`a.agent_id = ${agentId}::uuid`)
  if (campaignId !== null) and(fragment`a.campaign_id = ${campaignId}::uuid`)
  if (state !== null) and(stateIs(state))
  if (legalHold !== null) and(fragment`coalesce(r.legal_hold, false) = ${legalHold}`)
  if (from !== null) and(fragment`a.started_at >= ${from}`)
  if (to !== null) and(fragment`a.started_at < ${to} and a.id < ${idsFrom(to)}::uuid`)
  if (before !== null) and(fragment`a.id < ${before}::uuid`)
  if (scope.ownerId !== null) and(fragment`(a.agent_id = ${scope.agentId}::uuid or exists (select from dialer.person p where p.customer_id = a.customer_id and p.owner_id = ${scope.ownerId}::uuid))`)
  if (scope.teamId !== null) and(fragment`(a.agent_id = ${scope.agentId}::uuid or exists (select from dialer.person p where p.customer_id = a.customer_id and p.team_id = ${scope.teamId}::uuid))`)
  return all
}

function stateIs(state: RecordingState): SqlText {
  switch (state) {
    case 'not-recorded': return fragment`r.state is null`
    case 'deleted': return fragment`r.deleting_at is not null`
    default: return fragment`r.state = ${state} and r.deleting_at is null`
  }
}

/** Ids are UUIDv7 (RFC 9562 §5.7): the first 48 bits are the millisecond, so that a date is a place in their order. */
function idsFrom(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

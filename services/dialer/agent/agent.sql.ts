import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { AgentRow } from './agent-row.ts'

/** A session before and after a change. */
export interface AgentChange {
  before: AgentRow
  after: AgentRow
}

/** Sessions changed since this instant by the database's clock; null reads all of them. `at`: what to ask from next. */
export async function readAgents(queryable: Queryable, since: Date | null): Promise<{ rows: AgentRow[]; at: Date | null }> {
  const rows = await queryable.sql<{ body: AgentRow; changedAt: Date }>`
    select body, changed_at as "changedAt" from dialer.agent_session where ${since}::timestamptz is null or changed_at >= ${since}::timestamptz order by changed_at`
  return { rows: rows.map((row) => row.body), at: rows.at(-1)?.changedAt ?? since }
}

export async function readAgent(queryable: Queryable, agentId: UserId): Promise<AgentRow | undefined> {
  const [row] = await queryable.sql<{ body: AgentRow }>`select body from dialer.agent_session where agent_id = ${agentId}`
  return row?.body
}

/**
 * Locks those sessions that still are what was read, in their order; whoever is being changed elsewhere is left out
 * instead of waited for.
 */
export async function lockUnchanged(queryable: Queryable, rows: readonly AgentRow[]): Promise<Set<UserId>> {
  const locked = await queryable.sql<{ agentId: UserId }>`
    select s.agent_id as "agentId"
      from dialer.agent_session s
      join unnest(${rows.map((row) => row.agentId)}::uuid[], ${rows.map((row) => row.version)}::integer[]) as w(agent_id, version)
        on s.agent_id = w.agent_id and s.version = w.version
     order by s.agent_id for update of s skip locked`
  return new Set(locked.map((row) => row.agentId))
}

/** Keeps sessions whose version is still the one that was read. Answers whose. */
export async function saveAgents(queryable: Queryable, changes: readonly AgentChange[]): Promise<Set<UserId>> {
  const rows = changes.map(({ before, after }) => ({
    id: after.agentId, was: before.version, version: after.version, team: after.teamId, state: after.session.state, reason: after.session.reason,
    since: new Date(after.session.since), attempt: after.session.call?.attemptId ?? null, body: after,
  }))
  const saved = await queryable.sql<{ agentId: UserId }>`
    insert into dialer.agent_session as s (agent_id, version, team_id, state, reason, since, attempt_id, body)
    select w.id, w.version, w.team, w.state, w.reason, w.since, w.attempt, w.body
      from json_to_recordset(${json(rows)}::json) as w(id uuid, was integer, version integer, team uuid, state text, reason text, since timestamptz, attempt uuid, body json)
     order by w.id
    on conflict (agent_id) do update
       set version = excluded.version, team_id = excluded.team_id, state = excluded.state, reason = excluded.reason, since = excluded.since,
           attempt_id = excluded.attempt_id, body = excluded.body, changed_at = now()
     where s.version = excluded.version - 1
    returning s.agent_id as "agentId"`
  return new Set(saved.map((row) => row.agentId))
}

/** Keeps how long each was in the state that he has just left. */
export async function keepTimes(queryable: Queryable, changes: readonly AgentChange[]): Promise<void> {
  const left = changes.filter(({ before, after }) => before.version > 0 && (before.session.state !== after.session.state || before.session.reason !== after.session.reason))
  if (left.length === 0) return
  const rows = left.map(({ before, after }) => ({
    agent: after.agentId, version: after.version, state: before.session.state, reason: before.session.reason, from: new Date(before.session.since), to: new Date(after.session.since),
    attempt: before.session.call?.attemptId ?? null, campaign: before.served?.campaignId ?? null,
  }))
  await queryable.execute`
    insert into dialer.agent_time (agent_id, version, state, reason, from_at, to_at, attempt_id, campaign_id)
    select w.agent, w.version, w.state, w.reason, w."from", greatest(w."from", w."to"), w.attempt, w.campaign
      from json_to_recordset(${json(rows)}::json) as w(agent uuid, version integer, state text, reason text, "from" timestamptz, "to" timestamptz, attempt uuid, campaign uuid)
    on conflict do nothing`
}

/** Of these attempts, those that have ended, and with what: for sessions that missed it. */
export function endedAttempts(queryable: Queryable, attempts: readonly { customerId: CustomerId; attemptId: AttemptId }[]): Promise<{ attemptId: AttemptId; outcome: Outcome }[]> {
  return queryable.sql`
    select a.id as "attemptId", a.outcome
      from unnest(${attempts.map((one) => one.customerId)}::uuid[], ${attempts.map((one) => one.attemptId)}::uuid[]) as w(customer_id, id)
      join dialer.attempt a on a.customer_id = w.customer_id and a.id = w.id
     where a.ended_at is not null`
}

/** Whether this agent called the customer, had part in a call with him, or was asked into one, after `since`. */
export async function hasServed(queryable: Queryable, { agentId, customerId, since }: { agentId: UserId; customerId: CustomerId; since: Date }): Promise<boolean> {
  const rows = await queryable.sql`
    select 1 from dialer.attempt where customer_id = ${customerId} and agent_id = ${agentId} and started_at > ${since}
    union all select 1 from dialer.call_part where customer_id = ${customerId} and agent_id = ${agentId} and joined_at > ${since}
    union all select 1 from dialer.transfer where customer_id = ${customerId} and to_agent = ${agentId} and asked_at > ${since}
    limit 1`
  return rows.length > 0
}

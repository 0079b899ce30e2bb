import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { LegQuality } from '@loopline/contracts/quality'
import type { CallPart } from '@loopline/contracts/transfer'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { AgentChange } from './agent.sql.ts'
import type { AgentRow } from './agent-row.ts'

/** The call that somebody talks on, or would but for a hold. */
function talksOn({ session, served }: AgentRow): AttemptId | null {
  const { call } = session
  return served && (call?.phase === 'talking' || call?.phase === 'on-hold') ? served.attemptId : null
}

/** Keeps who began to take part in a call with these changes, and who does no more. */
export async function keepParts(queryable: Queryable, changes: readonly AgentChange[]): Promise<void> {
  const moved = changes.filter(({ before, after }) => talksOn(before) !== talksOn(after))
  if (moved.length === 0) return
  const left = moved.flatMap(({ before, after }) => (talksOn(before) === null || !before.served ? [] : [{ customer: before.served.customerId, attempt: before.served.attemptId, agent: before.agentId, at: new Date(after.session.since) }]))
  if (left.length > 0) await queryable.execute`
    update dialer.call_part p set left_at = greatest(p.joined_at, w.at)
      from json_to_recordset(${json(left)}::json) as w(customer uuid, attempt uuid, agent uuid, at timestamptz)
     where p.customer_id = w.customer and p.attempt_id = w.attempt and p.agent_id = w.agent and p.left_at is null`
  const joined = moved.flatMap(({ after }) => (talksOn(after) === null || !after.served ? [] : [{
    customer: after.served.customerId, attempt: after.served.attemptId, agent: after.agentId, version: after.version, name: after.name,
    role: after.served.transfer?.side === 'asked' ? 'colleague' : 'agent', at: new Date(after.session.since),
  }]))
  if (joined.length > 0) await queryable.execute`
    insert into dialer.call_part (customer_id, attempt_id, agent_id, version, name, role, joined_at)
    select w.customer, w.attempt, w.agent, w.version, w.name, w.role, w.at
      from json_to_recordset(${json(joined)}::json) as w(customer uuid, attempt uuid, agent uuid, version integer, name text, role text, at timestamptz)
    on conflict do nothing`
}

/** How the leg of an agent sounded while he took part: his last part that has no figures yet. */
export async function keepPartQuality(queryable: Queryable, parts: readonly { customerId: CustomerId; attemptId: AttemptId; agentId: UserId; quality: LegQuality }[]): Promise<void> {
  await queryable.execute`
    update dialer.call_part p set quality = w.quality
      from json_to_recordset(${json(parts)}::json) as w("customerId" uuid, "attemptId" uuid, "agentId" uuid, quality json)
     where p.customer_id = w."customerId" and p.attempt_id = w."attemptId" and p.agent_id = w."agentId" and p.quality is null`
}

/** One part with what is kept of it. `quality`: of his leg, null until it was told; `disposition`, `note`: what he said of his part when the call had gone on without him. */
export interface PartRow {
  attemptId: AttemptId
  agentId: string
  name: string
  role: CallPart['as']
  joinedAt: Date
  leftAt: Date | null
  quality: LegQuality | null
  disposition: string | null
  note: string | null
}

/** Who took part in these calls, in their order. */
export async function everyPartOf(queryable: Queryable, calls: readonly { customerId: CustomerId; attemptId: AttemptId }[]): Promise<Map<AttemptId, PartRow[]>> {
  const rows = calls.length === 0 ? [] : await queryable.sql<PartRow>`
    select p.attempt_id as "attemptId", p.agent_id as "agentId", p.name, p.role, p.joined_at as "joinedAt", p.left_at as "leftAt", p.quality, p.disposition, p.note
      from unnest(${calls.map((one) => one.customerId)}::uuid[], ${calls.map((one) => one.attemptId)}::uuid[]) as w(customer_id, id)
      join dialer.call_part p on p.customer_id = w.customer_id and p.attempt_id = w.id
     order by p.joined_at, p.agent_id`
  return Map.groupBy(rows, ({ attemptId }) => attemptId)
}

/** The same, only of calls that more than one took part in. */
export async function partsOf(queryable: Queryable, calls: readonly { customerId: CustomerId; attemptId: AttemptId }[]): Promise<Map<AttemptId, CallPart[]>> {
  const byCall = await everyPartOf(queryable, calls)
  return new Map([...byCall].filter(([, parts]) => new Set(parts.map(({ agentId }) => agentId)).size > 1).map(([attemptId, parts]) =>
    [attemptId, parts.map(({ agentId, name, role, joinedAt, leftAt }) => ({ agentId, name, as: role, joinedAt: joinedAt.getTime(), leftAt: leftAt?.getTime() ?? null }))]))
}

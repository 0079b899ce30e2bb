import type { Outcome } from '@loopline/vocabulary/outcome'
import type { Queryable } from '@loopline/postgres/queryable'

export async function saveState(queryable: Queryable, key: string, version: number, state: Uint8Array, learntTo: number): Promise<void> {
  await queryable.execute`
    insert into dialer.forecast (key, version, state, learnt_to) values (${key}, ${version}, ${Buffer.from(state)}, ${new Date(learntTo)})
    on conflict (key) do update set version = excluded.version, state = excluded.state, learnt_to = excluded.learnt_to`
}

export async function readState(queryable: Queryable, key: string): Promise<{ version: number; state: Buffer; learntTo: Date } | null> {
  const [row] = await queryable.sql<{ version: number; state: Buffer; learntTo: Date }>`
    select version, state, learnt_to as "learntTo" from dialer.forecast where key = ${key}`
  return row ?? null
}

export interface EndedCall {
  id: string
  customerId: string
  campaignId: string | null
  lineId: string | null
  outcome: Outcome
  startedAt: Date
  level: string | null
  region: string | null
  timeZone: string | null
}

/**
 * Calls of ours that ended in this time, in the order of their decision, behind the one named. One page. Without those that rang shorter
 * than was decided and were answered by nobody: pacing gave them up.
 */
export function readEndedCalls(queryable: Queryable, { behind, from, to, limit }: { behind: string; from: Date; to: Date; limit: number }): Promise<EndedCall[]> {
  return queryable.sql<EndedCall>`
    select a.id, a.customer_id as "customerId", a.campaign_id as "campaignId", a.line_id as "lineId", a.outcome, a.started_at as "startedAt",
           p.state ->> 'level' as level, p.state ->> 'region' as region, p.state ->> 'timeZone' as "timeZone"
      from dialer.attempt a join dialer.person p on p.customer_id = a.customer_id
     where a.id > ${behind}::uuid and a.ended_at > ${from} and a.ended_at <= ${to} and a.inbound_id is null
       and (a.outcome_reason = 'ring-time-out' and a.ended_at < a.started_at + ((a.decision ->> 'ringTimeMs')::int - 1000) * interval '1 millisecond') is not true
     order by a.id limit ${limit}`
}

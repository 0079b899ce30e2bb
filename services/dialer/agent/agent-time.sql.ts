import type { AgentState } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'

export interface TimeWanted {
  /** ISO days, both included, in this zone. */
  from: string
  to: string
  timeZone: string
  /** null: everybody. */
  agentIds: readonly UserId[] | null
  now: Date
}

export interface TimeSpent {
  agentId: UserId
  day: string
  state: AgentState
  /** Of a pause. */
  reason: string | null
  ms: number
  calls: number
}

/** A state that lasts longer than this is nobody's working day. */
const LONGEST_STATE = '24 hours'

/** How long whom was in which state on which day: what has ended, split at midnight, and what goes on. */
export function timesOf(queryable: Queryable, { from, to, timeZone, agentIds, now }: TimeWanted): Promise<TimeSpent[]> {
  const everybody = agentIds === null
  return queryable.sql<TimeSpent>`
    with day as materialized (
      select d::date as day, d::date::timestamp at time zone ${timeZone} as begins, (d::date + 1)::timestamp at time zone ${timeZone} as ends
        from generate_series(${from}::date, ${to}::date, interval '1 day') as d),
    span as materialized (
      select agent_id, state, reason, from_at, to_at, attempt_id from dialer.agent_time
       where state <> 'offline' and (${everybody} or agent_id = any(${agentIds ?? []}::uuid[]))
         and from_at >= (${from}::date::timestamp at time zone ${timeZone}) - ${LONGEST_STATE}::interval
         and from_at < (${to}::date + 1)::timestamp at time zone ${timeZone}),
    present as materialized (
      select agent_id, state, reason, since as from_at, greatest(since, ${now}::timestamptz) as to_at, attempt_id from dialer.agent_session
       where state <> 'offline' and (${everybody} or agent_id = any(${agentIds ?? []}::uuid[])))
    select s.agent_id as "agentId", d.day::text as day, s.state, case when s.state = 'paused' then s.reason end as reason,
           sum(extract(epoch from least(s.to_at, d.ends) - greatest(s.from_at, d.begins)) * 1000)::float8 as ms,
           count(distinct s.attempt_id)::integer as calls
      from (select * from span union all select * from present) s
      join day d on s.from_at < d.ends and s.to_at > d.begins
     group by s.agent_id, d.day, s.state, case when s.state = 'paused' then s.reason end`
}

export interface SoundOfDay {
  agentId: UserId
  day: string
  mos: number | null
  loss: number | null
}

/** How each was heard on each day, over his parts in calls that were measured. */
export function soundsOf(queryable: Queryable, { from, to, timeZone, agentIds }: TimeWanted): Promise<SoundOfDay[]> {
  return queryable.sql<SoundOfDay>`
    select agent_id as "agentId", (joined_at at time zone ${timeZone})::date::text as day,
           avg((quality->>'mos')::float8) as mos, avg((quality->>'loss')::float8) as loss
      from dialer.call_part
     where quality is not null and (${agentIds === null} or agent_id = any(${agentIds ?? []}::uuid[]))
       and joined_at >= ${from}::date::timestamp at time zone ${timeZone} and joined_at < (${to}::date + 1)::timestamp at time zone ${timeZone}
     group by 1, 2`
}

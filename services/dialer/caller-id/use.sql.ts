import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

export interface Began {
  callerId: string
  /** Start of the five minutes they began in. */
  at: Date
  calls: number
}

/**
 * Calls that count against quotas between two ids (UUIDv7 of instants), by number and step of five minutes, of all processes but
 * one. Those whose INVITE never left do not count.
 */
export function callsBegan(queryable: Queryable, { after, upTo, butDialerId }: { after: string; upTo: string; butDialerId: string }): Promise<Began[]> {
  return queryable.sql<Began>`
    select a.quota_of as "callerId", date_bin('5 minutes', a.started_at, 'epoch') as at, count(*)::integer as calls
      from dialer.attempt a
     where a.quota_of is not null and a.id > ${after}::uuid and a.id <= ${upTo}::uuid and a.dialer_id <> ${butDialerId}
       and not (a.outcome is not distinct from 'cancelled' and (a.outcome_reason = 'never-sent' or a.outcome_reason like 'refused-%'))
     group by 1, 2`
}

/** The same one by one, for what happened just now. */
export function callsSince(queryable: Queryable, after: string, butDialerId: string): Promise<{ attemptId: string; callerId: string; at: Date }[]> {
  return queryable.sql`
    select a.id as "attemptId", a.quota_of as "callerId", a.started_at as at from dialer.attempt a
     where a.quota_of is not null and a.id > ${after}::uuid and a.dialer_id <> ${butDialerId}`
}

export interface Tally {
  callerId: string
  /** Start of the window (a minute) in which the calls ended. */
  windowAt: Date
  calls: number
  answered: number
}

/** Adds what this process saw to what is known of the windows. */
export async function addUse(queryable: Queryable, tallies: readonly Tally[]): Promise<void> {
  if (tallies.length === 0) return
  await queryable.execute`
    insert into dialer.caller_id_use as u (caller_id, window_at, calls, answered)
    select w."callerId", w."windowAt", w.calls, w.answered
      from json_to_recordset(${json(tallies)}::json) as w("callerId" uuid, "windowAt" timestamptz, calls integer, answered integer) order by 1, 2
    on conflict (caller_id, window_at) do update set calls = u.calls + excluded.calls, answered = u.answered + excluded.answered`
}

/** What happened in windows after one instant and up to another, oldest first. */
export function readUse(queryable: Queryable, after: Date, upTo: Date): Promise<Tally[]> {
  return queryable.sql<Tally>`
    select caller_id as "callerId", window_at as "windowAt", calls, answered from dialer.caller_id_use
     where window_at > ${after} and window_at <= ${upTo} order by window_at, caller_id`
}

/** Calls and answers of these numbers by day, 0 for the 24 hours before `now`, 1 for those before. */
export function useByDay(queryable: Queryable, callerIds: readonly string[], now: Date, days: number): Promise<{ callerId: string; age: number; calls: number; answered: number }[]> {
  return queryable.sql`
    select caller_id as "callerId", floor(extract(epoch from ${now}::timestamptz - window_at) / 86400)::integer as age, sum(calls)::integer as calls, sum(answered)::integer as answered
      from dialer.caller_id_use
     where caller_id = any(${callerIds}::uuid[]) and window_at > ${new Date(now.getTime() - days * 86_400_000)} and window_at <= ${now}
     group by 1, 2`
}

/** Forgets windows that no picture shows any more. */
export async function forgetUse(queryable: Queryable, before: Date): Promise<void> {
  await queryable.execute`delete from dialer.caller_id_use where window_at < ${before}`
}

export interface HealthRow {
  callerId: string
  health: object
  judgedTo: Date
  channels: number | null
  callsSince: number
  /** Set for a number that rests from now on. */
  suspicion: { reason: string; untilAt: Date } | null
}

/**
 * Writes down what a window says of numbers. A window that somebody else has judged changes nothing; only a number that is in
 * use is put to rest. Answers the numbers that rest because of it.
 */
export function saveHealth(queryable: Queryable, rows: readonly HealthRow[], now: Date): Promise<{ callerId: string; number: string; reason: string; untilAt: Date }[]> {
  const given = rows.map(({ suspicion, ...row }) => ({ ...row, reason: suspicion?.reason ?? null, untilAt: suspicion?.untilAt ?? null }))
  return queryable.sql`
    with judged as (
      update dialer.caller_id c
         set health = w.health, judged_to = w."judgedTo", channels = w.channels, calls_since = w."callsSince", updated_at = now(),
             version = c.version + case when w.reason is not null and c.state = 'active' then 1 else 0 end,
             state = case when w.reason is not null and c.state = 'active' then 'resting' else c.state end,
             reason = case when w.reason is not null and c.state = 'active' then w.reason else c.reason end,
             state_by = case when w.reason is not null and c.state = 'active' then null else c.state_by end,
             state_at = case when w.reason is not null and c.state = 'active' then ${now}::timestamptz else c.state_at end,
             until_at = case when w.reason is not null and c.state = 'active' then w."untilAt" else c.until_at end
        from json_to_recordset(${json(given)}::json) as w("callerId" uuid, health json, "judgedTo" timestamptz, channels integer, "callsSince" integer, reason text, "untilAt" timestamptz)
       where c.caller_id = w."callerId" and (c.judged_to is null or c.judged_to < w."judgedTo")
      returning c.caller_id, c.number, c.reason, c.until_at, c.state_at, c.state)
    select caller_id as "callerId", number, reason, until_at as "untilAt" from judged where state = 'resting' and state_at = ${now}::timestamptz`
}

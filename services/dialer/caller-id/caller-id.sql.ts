import type { LineId } from '@loopline/vocabulary/ids'
import { DEFAULT_GROUP } from '@loopline/contracts/caller-id'
import type { CallerIdState } from '@loopline/contracts/caller-id'
import type { Health } from '@loopline/routing/caller-ids/health'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import { fragment, json } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'

export interface GroupRow {
  groupId: string
  version: number
  name: string
  quotaHour: number | null
  quotaDay: number | null
  channelsStart: number | null
  channelsMax: number | null
  rampCalls: number
  pauseSeconds: number
  holdDays: number
  watched: boolean
  restHours: number
}

export interface CallerIdRow {
  callerId: string
  version: number
  number: string
  digits: string
  lineIds: LineId[]
  groupId: string
  province: string | null
  area: string | null
  proof: string
  state: CallerIdState
  reason: string | null
  stateBy: string | null
  stateAt: Date
  untilAt: Date | null
  quotaHour: number | null
  quotaDay: number | null
  channels: number | null
  releasedAt: Date | null
  note: string
  health: Health | null
  judgedTo: Date | null
  callsSince: number
  updatedAt: Date
}

export function readGroups(queryable: Queryable): Promise<GroupRow[]> {
  return queryable.sql<GroupRow>`
    select group_id as "groupId", version, name, quota_hour as "quotaHour", quota_day as "quotaDay", channels_start as "channelsStart", channels_max as "channelsMax",
           ramp_calls as "rampCalls", pause_seconds as "pauseSeconds", hold_days as "holdDays", watched, rest_hours as "restHours"
      from dialer.caller_id_group order by group_id`
}

/**
 * Lets one transaction at a time change which numbers there are and on which lines: first of all it takes this lock, so that two
 * never add the same number, and none waits for another crosswise.
 */
export async function lockPool(transaction: Transaction): Promise<void> {
  await transaction.sql`select from dialer.caller_id_group where group_id = ${DEFAULT_GROUP} for update`
}

export async function insertGroup(queryable: Queryable, group: GroupRow): Promise<void> {
  await queryable.execute`
    insert into dialer.caller_id_group (group_id, version, name, quota_hour, quota_day, channels_start, channels_max, ramp_calls, pause_seconds, hold_days, watched, rest_hours, updated_at)
    values (${group.groupId}, 1, ${group.name}, ${group.quotaHour}, ${group.quotaDay}, ${group.channelsStart}, ${group.channelsMax}, ${group.rampCalls}, ${group.pauseSeconds},
            ${group.holdDays}, ${group.watched}, ${group.restHours}, now())`
}

/** Saves a group over the version that was read. Answers whether it was still that one. */
export async function updateGroup(queryable: Queryable, group: GroupRow, readVersion: number): Promise<boolean> {
  return (await queryable.execute`
    update dialer.caller_id_group
       set version = ${readVersion + 1}, name = ${group.name}, quota_hour = ${group.quotaHour}, quota_day = ${group.quotaDay}, channels_start = ${group.channelsStart},
           channels_max = ${group.channelsMax}, ramp_calls = ${group.rampCalls}, pause_seconds = ${group.pauseSeconds}, hold_days = ${group.holdDays}, watched = ${group.watched},
           rest_hours = ${group.restHours}, updated_at = now()
     where group_id = ${group.groupId} and version = ${readVersion}`) === 1
}

/** Answers whether it was there and no number is in it. */
export async function deleteGroup(queryable: Queryable, groupId: string): Promise<boolean> {
  return (await queryable.execute`
    delete from dialer.caller_id_group g where g.group_id = ${groupId} and not exists (select from dialer.caller_id c where c.group_id = g.group_id)`) === 1
}

export async function countByGroup(queryable: Queryable): Promise<Map<string, number>> {
  const rows = await queryable.sql<{ groupId: string; numbers: number }>`select group_id as "groupId", count(*)::integer as numbers from dialer.caller_id where state <> 'retired' group by group_id`
  return new Map(rows.map(({ groupId, numbers }) => [groupId, numbers]))
}

const COLUMNS = fragment`
  c.caller_id as "callerId", c.version, c.number, c.digits, c.line_ids as "lineIds", c.group_id as "groupId", c.province, c.area, c.proof, c.state, c.reason, c.state_by as "stateBy",
  c.state_at as "stateAt", c.until_at as "untilAt", c.quota_hour as "quotaHour", c.quota_day as "quotaDay", c.channels, c.released_at as "releasedAt", c.note, c.health,
  c.judged_to as "judgedTo", c.calls_since as "callsSince", c.updated_at as "updatedAt"`

/** Numbers that changed since an instant of the database's clock; null: all of them. */
export async function readCallerIds(queryable: Queryable, changedSince: Date | null): Promise<CallerIdRow[]> {
  const { rows } = await queryable.run<CallerIdRow>(fragment`select ${COLUMNS} from dialer.caller_id c where ${changedSince}::timestamptz is null or c.updated_at > ${changedSince}`)
  return rows
}

/** These numbers, locked in the order of their ids until the transaction ends. */
export async function lockCallerIds(transaction: Transaction, callerIds: readonly string[]): Promise<CallerIdRow[]> {
  const { rows } = await transaction.run<CallerIdRow>(fragment`select ${COLUMNS} from dialer.caller_id c where c.caller_id = any(${callerIds}::uuid[]) order by c.caller_id for update`)
  return rows
}

/** Those of these digits that are known, locked. */
export async function lockDigits(transaction: Transaction, digits: readonly string[]): Promise<CallerIdRow[]> {
  const { rows } = await transaction.run<CallerIdRow>(fragment`select ${COLUMNS} from dialer.caller_id c where c.digits = any(${digits}::text[]) order by c.caller_id for update`)
  return rows
}

/** Writes numbers down as given, new ones and known ones; each known one becomes a version newer. Callers hold the rows' locks. */
export async function saveCallerIds(transaction: Transaction, rows: readonly CallerIdRow[]): Promise<void> {
  if (rows.length === 0) return
  await transaction.execute`
    insert into dialer.caller_id as c (caller_id, number, digits, line_ids, group_id, province, area, proof, state, reason, state_by, state_at, until_at, quota_hour, quota_day, channels,
                                       released_at, note, health, judged_to, calls_since, created_at, updated_at)
    select w."callerId", w.number, w.digits, w."lineIds", w."groupId", w.province, w.area, w.proof, w.state, w.reason, w."stateBy", w."stateAt", w."untilAt", w."quotaHour", w."quotaDay",
           w.channels, w."releasedAt", w.note, w.health, w."judgedTo", w."callsSince", now(), now()
      from json_to_recordset(${json(rows)}::json) as w(
        "callerId" uuid, number text, digits text, "lineIds" uuid[], "groupId" uuid, province text, area text, proof text, state text, reason text, "stateBy" text, "stateAt" timestamptz,
        "untilAt" timestamptz, "quotaHour" integer, "quotaDay" integer, channels integer, "releasedAt" timestamptz, note text, health json, "judgedTo" timestamptz, "callsSince" integer)
     order by w."callerId"
    on conflict (caller_id) do update
       set version = c.version + 1, number = excluded.number, line_ids = excluded.line_ids, group_id = excluded.group_id, province = excluded.province, area = excluded.area, proof = excluded.proof,
           state = excluded.state, reason = excluded.reason, state_by = excluded.state_by, state_at = excluded.state_at, until_at = excluded.until_at, quota_hour = excluded.quota_hour,
           quota_day = excluded.quota_day, channels = excluded.channels, released_at = excluded.released_at, note = excluded.note, health = excluded.health, judged_to = excluded.judged_to,
           calls_since = excluded.calls_since, updated_at = excluded.updated_at`
}

/** Lists on each of these lines the numbers that it may show, or rest on it; the line's own version stays, nothing of it is to be set up anew. */
export async function listOnLines(transaction: Transaction, lineIds: readonly LineId[]): Promise<void> {
  if (lineIds.length === 0) return
  await transaction.execute`
    update dialer.line l
       set caller_ids = coalesce((select array_agg(c.number order by c.number) from dialer.caller_id c where l.line_id = any(c.line_ids) and c.state in ('active', 'resting')), '{}'::text[])
     where l.line_id = any(${lineIds}::uuid[])`
}

/** Ends the states whose time is over: what rested may be used again, what was held may be taken anew. Answers the numbers. */
export function endStates(queryable: Queryable): Promise<{ callerId: string; number: string; state: CallerIdState }[]> {
  return queryable.sql`
    update dialer.caller_id c
       set version = c.version + 1, state = case c.state when 'resting' then 'active' else 'retired' end,
           reason = case c.state when 'resting' then null else c.reason end, state_by = null, state_at = now(), until_at = null, updated_at = now()
     where c.state in ('resting', 'held') and c.until_at <= now()
    returning c.caller_id as "callerId", c.number, c.state`
}

export interface CallerIdFilter {
  lineId: string | null
  groupId: string | null
  state: CallerIdState | null
  text: string | null
  /** Digits of the last number of the page before. */
  after: string | null
  limit: number
}

/** A page of numbers in the order of their digits. */
export async function pageCallerIds(queryable: Queryable, filter: CallerIdFilter): Promise<CallerIdRow[]> {
  let where: SqlText = filter.state === null ? fragment`true` : fragment`c.state = ${filter.state}`
  const and = (condition: SqlText): void => { where = fragment`${where} and ${condition}` }
  if (filter.lineId !== null) and(fragment`${filter.lineId}::uuid = any(c.line_ids)`)
  if (filter.groupId !== null) and(fragment`c.group_id = ${filter.groupId}::uuid`)
  if (filter.text !== null) and(fragment`(strpos(c.digits, ${filter.text}) > 0 or strpos(coalesce(c.province, ''), ${filter.text}) > 0 or strpos(c.note, ${filter.text}) > 0)`)
  if (filter.after !== null) and(fragment`c.digits > ${filter.after}`)
  const { rows } = await queryable.run<CallerIdRow>(fragment`select ${COLUMNS} from dialer.caller_id c where ${where} order by c.digits limit ${filter.limit}`)
  return rows
}

export async function countStates(queryable: Queryable): Promise<Record<CallerIdState | 'suspected', number>> {
  const [row] = await queryable.sql<Record<CallerIdState | 'suspected', number>>`
    select count(*) filter (where state = 'active')::integer as active, count(*) filter (where state = 'resting')::integer as resting, count(*) filter (where state = 'held')::integer as held,
           count(*) filter (where state = 'retired')::integer as retired, count(*) filter (where state = 'resting' and reason like 'suspected-flagged%')::integer as suspected
      from dialer.caller_id`
  return row ?? { active: 0, resting: 0, held: 0, retired: 0, suspected: 0 }
}

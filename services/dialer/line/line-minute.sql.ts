import type { QualitySums } from '@loopline/routing/quality-window'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

/** One row: the calls of a minute over a line into a region that ended with one status. */
export interface LineMinute extends QualitySums {
  lineId: LineId
  region: string
  /** Unix time divided by a minute. */
  minute: number
  status: number
}

/** Adds these to what is there, in the order of their keys: two processes add to the same rows. */
export async function addMinutes(queryable: Queryable, rows: readonly LineMinute[]): Promise<void> {
  await queryable.execute`
    insert into dialer.line_minute as m (line_id, region, minute, status, seizures, answers, reached, short, pdd_ms, pdd_count, talk_ms, sounds, silent, poor, mos, mos_count, loss, jitter_ms, round_trip_ms, round_trips)
    select "lineId", region, to_timestamp(minute * 60.0), status, seizures, answers, reached, short, "pddMs", "pddCount", "talkMs", sounds, silent, poor, mos, "mosCount", loss, "jitterMs", "roundTripMs", "roundTrips"
      from json_to_recordset(${json(rows)}::json) as given(
        "lineId" uuid, region text, minute double precision, status smallint, seizures integer, answers integer, reached integer, short integer, "pddMs" double precision, "pddCount" integer,
        "talkMs" double precision, sounds integer, silent integer, poor integer, mos double precision, "mosCount" integer, loss double precision, "jitterMs" double precision, "roundTripMs" double precision, "roundTrips" integer)
     order by 1, 2, 3, 4
    on conflict (line_id, region, minute, status) do update
       set seizures = m.seizures + excluded.seizures, answers = m.answers + excluded.answers, reached = m.reached + excluded.reached, short = m.short + excluded.short,
           pdd_ms = m.pdd_ms + excluded.pdd_ms, pdd_count = m.pdd_count + excluded.pdd_count, talk_ms = m.talk_ms + excluded.talk_ms, sounds = m.sounds + excluded.sounds,
           silent = m.silent + excluded.silent, poor = m.poor + excluded.poor, mos = m.mos + excluded.mos, mos_count = m.mos_count + excluded.mos_count, loss = m.loss + excluded.loss,
           jitter_ms = m.jitter_ms + excluded.jitter_ms, round_trip_ms = m.round_trip_ms + excluded.round_trip_ms, round_trips = m.round_trips + excluded.round_trips`
}

/** What all processes have added since an instant. */
export async function readMinutes(queryable: Queryable, since: Date): Promise<LineMinute[]> {
  return queryable.sql<LineMinute>`
    select line_id as "lineId", region, (extract(epoch from minute) / 60)::float8 as minute, status, seizures, answers, reached, short, pdd_ms as "pddMs", pdd_count as "pddCount",
           talk_ms as "talkMs", sounds, silent, poor, mos, mos_count as "mosCount", loss, jitter_ms as "jitterMs", round_trip_ms as "roundTripMs", round_trips as "roundTrips"
      from dialer.line_minute where minute >= ${since}`
}

export async function dropMinutes(queryable: Queryable, before: Date): Promise<void> {
  await queryable.execute`delete from dialer.line_minute where minute < ${before}`
}

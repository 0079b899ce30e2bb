import type { LineId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

/** Calls over a line into a region at a local hour, and how many of them a person answered. */
export interface LineHour {
  lineId: LineId
  region: string
  /** Local day at the callee, and hour 0..23. */
  day: string
  hour: number
  tried: number
  reached: number
}

/** Adds these to what is there, in the order of their keys. */
export async function addHours(queryable: Queryable, rows: readonly LineHour[]): Promise<void> {
  await queryable.execute`
    insert into dialer.line_hour as h (line_id, region, day, hour, tried, reached)
    select "lineId", region, day, hour, tried, reached
      from json_to_recordset(${json(rows)}::json) as given("lineId" uuid, region text, day date, hour smallint, tried integer, reached integer)
     order by 1, 2, 3, 4
    on conflict (line_id, region, day, hour) do update set tried = h.tried + excluded.tried, reached = h.reached + excluded.reached`
}

/** The past of each line by region and hour, a day counting half as much as the one a week later. `today`: "2026-11-22". */
export function readHours(queryable: Queryable, today: string, daysMax: number): Promise<Omit<LineHour, 'day'>[]> {
  return queryable.sql<Omit<LineHour, 'day'>>`
    select line_id as "lineId", region, hour, sum(tried * power(0.5, greatest(0, ${today}::date - day) / 7.0))::float8 as tried,
           sum(reached * power(0.5, greatest(0, ${today}::date - day) / 7.0))::float8 as reached
      from dialer.line_hour where day > ${today}::date - ${daysMax}::integer group by line_id, region, hour`
}

export async function dropHours(queryable: Queryable, today: string, daysMax: number): Promise<void> {
  await queryable.execute`delete from dialer.line_hour where day <= ${today}::date - ${daysMax}::integer`
}

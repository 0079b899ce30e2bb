import type { Queryable } from '@loopline/postgres/queryable'

/** Makes the promoter look at entries that wait for an hour or a day of the callee. Reads the list: the clock moves rarely. */
export function wakeOutOfHours(queryable: Queryable, slots: readonly number[], now: Date): Promise<number> {
  return queryable.execute`
    update dialer.entry set wake_at = ${now}
     where state = 'waiting' and hold_reason in ('outside-hours', 'attempts-per-day') and wake_at > ${now} and bucket % 64 = any(${slots}::smallint[])`
}

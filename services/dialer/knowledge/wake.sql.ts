import type { Queryable } from '@loopline/postgres/queryable'

/** Makes the promoter look at entries that wait because of the law's hours, days and caps. Reads the list: clock and law move rarely. */
export function wakeOutOfHours(queryable: Queryable, slots: readonly number[], now: Date): Promise<number> {
  return queryable.execute`
    update dialer.entry set wake_at = ${now}
     where state = 'waiting' and hold_reason in ('outside-hours', 'attempts-per-day', 'attempts-in-window', 'abandoned-lockout', 'registry-missing', 'registry-old', 'law-pack-missing')
       and (wake_at is null or wake_at > ${now}) and bucket % 64 = any(${slots}::smallint[])`
}

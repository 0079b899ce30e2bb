import type { Queryable } from '@loopline/postgres/queryable'
import type { PartitionLease } from '@loopline/event-log/event-log'

/** Writes down that these slots are ours. A token only grows: whoever comes late with an old one changes nothing. */
export function takeSlots(queryable: Queryable, dialerId: string, leases: readonly PartitionLease[]): Promise<number> {
  return queryable.execute`
    update dialer.slot s set token = own.token, dialer_id = ${dialerId}
      from unnest(${leases.map((lease) => lease.partition)}::smallint[], ${leases.map((lease) => lease.token)}::bigint[]) as own(slot, token)
     where s.slot = own.slot and s.token < own.token`
}

/** A heartbeat without its row counts as dead at once, so this also brings a forgotten row back. */
export function beat(queryable: Queryable, dialerId: string): Promise<number> {
  return queryable.execute`
    insert into dialer.instance (dialer_id) values (${dialerId})
    on conflict (dialer_id) do update set seen_at = now()`
}

/** Processes not heard of for this long, by the database's clock. */
export async function deadInstances(queryable: Queryable, silentForMs: number): Promise<string[]> {
  const rows = await queryable.sql<{ dialerId: string }>`
    select dialer_id as "dialerId" from dialer.instance where seen_at < now() - make_interval(secs => ${silentForMs / 1000})`
  return rows.map((row) => row.dialerId)
}

/** Forgets processes that are dead and own no open attempt. */
export function buryInstances(queryable: Queryable, dialerIds: readonly string[]): Promise<number> {
  return queryable.execute`
    delete from dialer.instance i
     where i.dialer_id = any(${dialerIds}::uuid[])
       and i.dialer_id not in (select a.dialer_id from dialer.attempt a where a.ended_at is null)`
}

import type { Queryable } from '@loopline/postgres/queryable'

/** These workers live. The database's clock decides: machines' clocks differ. */
export async function beat(q: Queryable, workerIds: readonly string[]): Promise<void> {
  await q.sql`
    insert into crm.worker_heartbeat (worker_id, at) select unnest(${workerIds}::text[]), now()
    on conflict (worker_id) do update set at = excluded.at`
}

/**
 * Workers that hold jobs and have been silent for longer, or never beat at all. One that has only just locked its first
 * job may not have beaten yet, so a lock must be as old as the silence. Who asks is alive, however late its own beat is.
 */
export async function deadWorkers(q: Queryable, silentMs: number, asking: readonly string[]): Promise<string[]> {
  const rows = await q.sql<{ id: string }>`
    select distinct j.locked_by as id from crm_jobs.jobs j
     where j.locked_by is not null and j.locked_at < now() - ${silentMs} * interval '1 millisecond' and j.locked_by <> all(${asking}::text[])
       and not exists (select from crm.worker_heartbeat h
                        where h.worker_id = j.locked_by and h.at > now() - ${silentMs} * interval '1 millisecond')`
  return rows.map((row) => row.id)
}

export async function forgetWorkers(q: Queryable, workerIds: readonly string[]): Promise<void> {
  await q.sql`delete from crm.worker_heartbeat where worker_id = any(${workerIds}::text[])`
}

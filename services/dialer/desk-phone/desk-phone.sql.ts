import type { Queryable } from '@loopline/postgres/queryable'
import type { UserId } from '@loopline/vocabulary/ids'

/** A desk telephone as kept: nothing in it lets anybody register, not even with our keys before them. */
export interface DeskPhoneRow {
  agentId: UserId
  user: string
  /** H(A1), sealed with the agent's id. */
  md5: Buffer
  sha256: Buffer
  madeAt: Date
}

/** All of them: at most one an agent. */
export function readDeskPhones(queryable: Queryable): Promise<DeskPhoneRow[]> {
  return queryable.sql<DeskPhoneRow>`
    select agent_id as "agentId", sip_user as "user", ha1_md5 as md5, ha1_sha256 as sha256, made_at as "madeAt" from dialer.desk_phone order by agent_id`
}

export async function readDeskPhone(queryable: Queryable, agentId: UserId): Promise<DeskPhoneRow | undefined> {
  const [row] = await queryable.sql<DeskPhoneRow>`
    select agent_id as "agentId", sip_user as "user", ha1_md5 as md5, ha1_sha256 as sha256, made_at as "madeAt" from dialer.desk_phone where agent_id = ${agentId}`
  return row
}

/** Keeps it in place of the one before. */
export async function saveDeskPhone(queryable: Queryable, { agentId, user, md5, sha256, madeAt }: DeskPhoneRow): Promise<void> {
  await queryable.execute`
    insert into dialer.desk_phone (agent_id, sip_user, ha1_md5, ha1_sha256, made_at)
    values (${agentId}, ${user}, ${md5}, ${sha256}, ${madeAt})
    on conflict (agent_id) do update
       set sip_user = excluded.sip_user, ha1_md5 = excluded.ha1_md5, ha1_sha256 = excluded.ha1_sha256, made_at = excluded.made_at`
}

/** Answers how many there were. */
export const removeDeskPhones = (queryable: Queryable, agentIds: readonly UserId[]): Promise<number> =>
  queryable.execute`delete from dialer.desk_phone where agent_id = any(${agentIds}::uuid[])`

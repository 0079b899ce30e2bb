import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { TeamId, UserId } from '@loopline/vocabulary/ids'

export interface TeamUser {
  userId: UserId
  version: number
  name: string
  role: string
  teamId: TeamId | null
  skills: string[]
  active: boolean
}

/** Keeps a person as hub told of them; an older version changes nothing. */
export async function saveUser(transaction: Transaction, user: TeamUser): Promise<void> {
  await transaction.sql`
    insert into crm.team_user (user_id, version, name, role, team_id, skills, active)
    values (${user.userId}, ${user.version}, ${user.name}, ${user.role}, ${user.teamId}, ${user.skills}, ${user.active})
    on conflict (user_id) do update
       set version = excluded.version, name = excluded.name, role = excluded.role, team_id = excluded.team_id,
           skills = excluded.skills, active = excluded.active
     where team_user.version < excluded.version`
}

export async function activeUser(q: Queryable, userId: string): Promise<{ userId: UserId; teamId: TeamId | null; name: string } | null> {
  const [user] = await q.sql<{ userId: UserId; teamId: TeamId | null; name: string }>`
    select user_id as "userId", team_id as "teamId", name from crm.team_user where user_id = ${userId} and active`
  return user ?? null
}

export interface Seller {
  userId: UserId
  teamId: TeamId | null
  name: string
  skills: string[]
  assignedCount: number
}

/** Everybody who can be given customers. A few dozen rows, read once per batch. */
export function sellers(q: Queryable): Promise<Seller[]> {
  return q.sql<Seller>`
    select user_id as "userId", team_id as "teamId", name, skills, assigned_count as "assignedCount"
      from crm.team_user where active and role in ('agent', 'supervisor') order by user_id`
}

/** Counts customers given. In the order of ids, so that two batches cannot deadlock. */
export async function countAssigned(transaction: Transaction, given: ReadonlyMap<UserId, number>): Promise<void> {
  for (const [userId, count] of [...given].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await transaction.sql`update crm.team_user set assigned_count = assigned_count + ${count} where user_id = ${userId}`
  }
}

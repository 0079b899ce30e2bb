import type { UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'

/** One person as hub keeps him. */
export interface UserRow {
  userId: UserId
  version: number
  username: string
  name: string
  role: 'admin' | 'supervisor' | 'agent' | 'auditor'
  teamId: string | null
  teamName: string | null
  skills: string[]
  active: boolean
}

/** Everybody, by name. One installation is one company: this list is short. */
export function listUsers(db: Queryable): Promise<UserRow[]> {
  return db.sql<UserRow>`
    select u.id as "userId", u.version, u.username, u.name, u.role, u.team_id as "teamId", t.name as "teamName", u.skills, u.active
      from hub.user u left join hub.team t on t.team_id = u.team_id order by u.name, u.id`
}

export async function findUser(db: Queryable, userId: string): Promise<UserRow | undefined> {
  const [row] = await db.sql<UserRow>`
    select u.id as "userId", u.version, u.username, u.name, u.role, u.team_id as "teamId", t.name as "teamName", u.skills, u.active
      from hub.user u left join hub.team t on t.team_id = u.team_id where u.id = ${userId}`
  return row
}

export async function findByUsername(db: Queryable, username: string): Promise<UserRow | undefined> {
  const [row] = await db.sql<{ id: string }>`select id from hub.user where username = ${username}`
  return row && findUser(db, row.id)
}

/** The team of this name, made when there is none. */
export async function teamNamed(db: Queryable, name: string, newTeamId: string): Promise<string> {
  await db.execute`insert into hub.team (team_id, name) values (${newTeamId}, ${name}) on conflict (name) do nothing`
  const [team] = await db.sql<{ team_id: string }>`select team_id from hub.team where name = ${name}`
  return (team as { team_id: string }).team_id
}

export async function insertUser(db: Queryable, user: Omit<UserRow, 'teamName' | 'version' | 'active'>): Promise<void> {
  await db.execute`
    insert into hub.user (id, username, name, role, team_id, skills, email)
    values (${user.userId}, ${user.username}, ${user.name}, ${user.role}, ${user.teamId}, ${user.skills}, ${`${user.username}@users.loopline.invalid`})`
}

/** The password as better-auth looks for it: an account of the provider `credential`. */
export async function insertPassword(db: Queryable, id: string, userId: string, hash: string): Promise<void> {
  await db.execute`
    insert into hub.account (id, account_id, provider_id, user_id, password) values (${id}, ${userId}, 'credential', ${userId}, ${hash})`
}

/** Saves a person over the version that was read. Returns whether that version was still the current one. */
export async function updateUser(db: Queryable, user: Omit<UserRow, 'teamName' | 'username'>): Promise<boolean> {
  const touched = await db.execute`
    update hub.user set version = version + 1, name = ${user.name}, role = ${user.role}, team_id = ${user.teamId}, skills = ${user.skills},
           active = ${user.active}, updated_at = now()
     where id = ${user.userId} and version = ${user.version}`
  return touched === 1
}

export async function countActiveAdmins(db: Queryable): Promise<number> {
  const [row] = await db.sql<{ admins: number }>`select count(*) as admins from (select from hub.user where role = 'admin' and active for update) a`
  return (row as { admins: number }).admins
}

export async function hasAnyUser(db: Queryable): Promise<boolean> {
  const [row] = await db.sql<{ any: boolean }>`select exists (select from hub.user) as any`
  return row?.any === true
}

export async function deleteSessions(db: Queryable, userId: string): Promise<void> {
  await db.execute`delete from hub.session where user_id = ${userId}`
}

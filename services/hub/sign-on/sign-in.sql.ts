import type { Queryable } from '@loopline/postgres/queryable'

export const SIGN_IN_OUTCOMES = ['signed-in', 'wrong-password', 'wrong-code'] as const
export type SignInOutcome = (typeof SIGN_IN_OUTCOMES)[number]

export interface SignInRow {
  signInId: string
  at: Date
  outcome: SignInOutcome
  address: string
  userAgent: string | null
}

export interface SessionRow {
  sessionId: string
  createdAt: Date
  expiresAt: Date
  address: string | null
  userAgent: string | null
  isThis: boolean
}

/** With it, what is older than anybody looks back to is forgotten. */
export async function noteSignIn(db: Queryable, row: Omit<SignInRow, 'at'> & { userId: string }): Promise<void> {
  await db.execute`
    insert into hub.sign_in (sign_in_id, user_id, outcome, address, user_agent)
    values (${row.signInId}, ${row.userId}, ${row.outcome}, ${row.address}, ${row.userAgent})`
  await db.execute`delete from hub.sign_in where user_id = ${row.userId} and at < now() - ${KEPT}::interval`
}

const KEPT = '180 days'

/** The latest hundred, newest first. */
export function signInsOf(db: Queryable, userId: string): Promise<SignInRow[]> {
  return db.sql<SignInRow>`
    select sign_in_id as "signInId", at, outcome, address, user_agent as "userAgent" from hub.sign_in
     where user_id = ${userId} order by sign_in_id desc limit 100`
}

/** Those that still let somebody in. @param token of the one that asks; '' of somebody else. */
export function sessionsOf(db: Queryable, userId: string, token: string): Promise<SessionRow[]> {
  return db.sql<SessionRow>`
    select id as "sessionId", created_at as "createdAt", expires_at as "expiresAt", ip_address as address, user_agent as "userAgent", token = ${token} as "isThis"
      from hub.session where user_id = ${userId} and expires_at > now() order by created_at desc limit 100`
}

/** @param sessionId null: all of them. @returns the tokens of those that ended. */
export async function endSessions(db: Queryable, { userId, sessionId, except }: { userId: string; sessionId: string | null; except: string }): Promise<string[]> {
  const ended = await db.sql<{ token: string }>`
    delete from hub.session where user_id = ${userId} and (${sessionId}::uuid is null or id = ${sessionId}) and token <> ${except} returning token`
  return ended.map(({ token }) => token)
}

export async function removeSecondFactor(db: Queryable, userId: string): Promise<boolean> {
  await db.execute`delete from hub.two_factor where user_id = ${userId}`
  return (await db.execute`update hub.user set two_factor_enabled = false where id = ${userId} and two_factor_enabled`) === 1
}

export async function hasSecondFactor(db: Queryable, userId: string): Promise<boolean> {
  const [row] = await db.sql<{ has: boolean }>`select two_factor_enabled as has from hub.user where id = ${userId}`
  return row?.has === true
}

/** Whose sign-in waits for its code under this name. */
export async function userOfChallenge(db: Queryable, challenge: string): Promise<string | null> {
  const [row] = await db.sql<{ value: string }>`select value from hub.verification where identifier = ${challenge} and expires_at > now()`
  return row?.value ?? null
}

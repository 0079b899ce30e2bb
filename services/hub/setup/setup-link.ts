import { createHash, randomBytes } from 'node:crypto'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { addUser } from '../people/create-user.ts'
import { hasAnyUser } from '../people/user.sql.ts'

const VALID_HOURS = 24
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/**
 * A path with a one-time token while nobody can sign in yet, else null. Each start makes a new one and ends the older.
 */
export async function newSetupPath(db: Queryable): Promise<string | null> {
  if (await hasAnyUser(db)) return null
  const token = randomBytes(24).toString('base64url')
  await db.execute`delete from hub.setup_link where used_at is null`
  await db.execute`insert into hub.setup_link (token_hash, expires_at) values (${hashOf(token)}, now() + make_interval(hours => ${VALID_HOURS}::int))`
  return `/setup?token=${token}`
}

/** Whether the token would work now. */
export async function isSetupToken(db: Queryable, token: string): Promise<boolean> {
  const [row] = await db.sql`select from hub.setup_link where token_hash = ${hashOf(token)} and used_at is null and expires_at > now()`
  return row !== undefined
}

/**
 * Makes the first admin; the link ends with it.
 * @throws CodedError SETUP_LINK_INVALID
 */
export async function useSetupLink(deps: Deps, { token, ...admin }: { token: string; username: string; name: string; password: string }): Promise<UserId> {
  if (!(await isSetupToken(deps.db, token))) throw hubError('SETUP_LINK_INVALID')
  const hash = await deps.signOn.hashPassword(admin.password)
  return inTransaction(deps.db, async (transaction) => {
    const used = await transaction.execute`
      update hub.setup_link set used_at = now() where token_hash = ${hashOf(token)} and used_at is null and expires_at > now()`
    if (used === 0 || (await hasAnyUser(transaction))) throw hubError('SETUP_LINK_INVALID')
    return addUser(deps, transaction, { ...admin, role: 'admin' }, hash)
  })
}

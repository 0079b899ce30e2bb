import { createHmac } from 'node:crypto'
import type { Keyring } from '@loopline/keys/keyring'
import type { Queryable } from '@loopline/postgres/queryable'
import { hubError } from '../errors.ts'

/** Wrong passwords in a row before a name is locked. */
export const FAILURES_MAX = 5

/** What was typed as a name, as the database may know it: known and unknown names are treated alike. */
export function nameDigest(keys: Keyring, name: string): Buffer {
  return createHmac('sha256', keys.signingKey('session')).update(name.trim().toLowerCase()).digest()
}

/** @throws CodedError SIGN_IN_LOCKED with the seconds left */
export async function refuseWhileLocked(db: Queryable, digest: Buffer): Promise<void> {
  const [row] = await db.sql<{ seconds: number }>`
    select extract(epoch from locked_until - now())::float8 as seconds from hub.sign_in_failure
     where name_digest = ${digest} and locked_until > now()`
  if (row) throw hubError('SIGN_IN_LOCKED', { retryAfterSeconds: Math.ceil(row.seconds) })
}

/** Counts a failure; from the fifth in a row the name is locked for 1, 2, 4, 8, then 15 minutes. A quiet hour forgets. */
export async function countFailure(db: Queryable, digest: Buffer): Promise<void> {
  await db.execute`
    insert into hub.sign_in_failure as f (name_digest, failures) values (${digest}, 1)
    on conflict (name_digest) do update set
      failures = case when f.failed_at < now() - interval '1 hour' then 1 else f.failures + 1 end,
      locked_until = case when f.failures + 1 >= ${FAILURES_MAX}::int and f.failed_at >= now() - interval '1 hour'
        then now() + least(power(2, least(f.failures + 1 - ${FAILURES_MAX}::int, 10)), 15) * interval '1 minute' end,
      failed_at = now()`
}

export async function forgetFailures(db: Queryable, digest: Buffer): Promise<void> {
  await db.execute`delete from hub.sign_in_failure where name_digest = ${digest}`
}

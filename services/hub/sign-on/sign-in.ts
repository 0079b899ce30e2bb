import { randomBytes } from 'node:crypto'
import { failed } from '@loopline/http/coded-error'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { findByUsername } from '../people/user.sql.ts'
import { countFailure, forgetFailures, nameDigest, refuseWhileLocked } from './lock-out.ts'

export interface SignIn {
  username: string
  password: string
  rememberMe?: boolean | undefined
  /** Where the person sits, for the audit. */
  address: string
}

/**
 * Signs a person in: the session's cookies are in the answer. Known, unknown and inactive names are answered alike.
 *
 * @throws CodedError SIGN_IN_LOCKED · SIGN_IN_FAILED · TOO_MANY_REQUESTS (of this client address) · SERVICE_UNAVAILABLE
 */
export async function signIn(deps: Deps, { address, ...credentials }: SignIn, ask: (body: object) => Promise<Response>): Promise<Response> {
  const digest = nameDigest(deps.keys, credentials.username)
  await refuseWhileLocked(deps.db, digest)
  const person = await findByUsername(deps.db, credentials.username.toLowerCase())
  // An inactive person's password is not tried, but the same work is done, so that the answer takes as long.
  const password = person?.active === false ? randomBytes(24).toString('hex') : credentials.password
  const answer = await ask({ ...credentials, password })
  if (answer.status === 429) throw failed('TOO_MANY_REQUESTS', { retryAfterSeconds: Number(answer.headers.get('x-retry-after') ?? 60) })
  if (answer.status >= 500) throw failed('SERVICE_UNAVAILABLE')
  const actor = { actorId: person?.userId ?? 'nobody', actorName: person?.name ?? '', role: person?.role ?? '', address }
  const subject = person ? `user:${person.userId}` : 'user:unknown'
  if (!answer.ok) {
    await countFailure(deps.db, digest)
    await deps.audit.record({ ...actor, action: 'sign-in-failed', subject, details: {} })
    throw hubError('SIGN_IN_FAILED')
  }
  await forgetFailures(deps.db, digest)
  await deps.audit.record({ ...actor, action: 'sign-in', subject, details: {} })
  return answer
}

import { randomBytes } from 'node:crypto'
import { newId } from '@loopline/clock/new-id'
import { failed } from '@loopline/http/coded-error'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { findByUsername, findUser } from '../people/user.sql.ts'
import type { UserRow } from '../people/user.sql.ts'
import { countFailure, forgetFailures, nameDigest, refuseWhileLocked } from './lock-out.ts'
import { noteSignIn, userOfChallenge } from './sign-in.sql.ts'
import type { SignInOutcome } from './sign-in.sql.ts'

/** Where a person sits, for the audit and for himself. */
export interface Whence {
  address: string
  userAgent: string | null
}

export interface SignIn extends Whence {
  username: string
  password: string
  rememberMe?: boolean | undefined
}

/** @throws what a service that is away or a client that is too fast is told */
type Ask = (body: object) => Promise<Response>

/**
 * Tries a name and a password: the session's cookies are in the answer, or, of a person with a second factor, the cookie
 * with which the code is told within ten minutes. Known, unknown and inactive names are answered alike.
 *
 * @throws CodedError SIGN_IN_LOCKED · SIGN_IN_FAILED · TOO_MANY_REQUESTS (of this client address) · SERVICE_UNAVAILABLE
 */
export async function signIn(deps: Deps, { address, userAgent, ...credentials }: SignIn, ask: Ask): Promise<{ answer: Response; needsCode: boolean }> {
  const digest = nameDigest(deps.keys, credentials.username)
  await refuseWhileLocked(deps.db, digest)
  const person = await findByUsername(deps.db, credentials.username.toLowerCase())
  // An inactive person's password is not tried, but the same work is done, so that the answer takes as long.
  const password = person?.active === false ? randomBytes(24).toString('hex') : credentials.password
  const answer = await asked(ask, { ...credentials, password })
  if (!answer.ok) {
    await countFailure(deps.db, digest)
    await note(deps, person, { address, userAgent }, 'wrong-password')
    throw hubError('SIGN_IN_FAILED')
  }
  const needsCode = ((await answer.clone().json()) as { twoFactorRedirect?: boolean }).twoFactorRedirect === true
  if (needsCode) return { answer, needsCode } // the failures are forgotten when he is in
  await forgetFailures(deps.db, digest)
  await note(deps, person, { address, userAgent }, 'signed-in')
  return { answer, needsCode }
}

/**
 * The second step: a code of the authenticator, or one of the codes on paper, which counts once. Five wrong ones in a row end
 * the first step; better-auth locks the person's codes then.
 *
 * @throws CodedError SECOND_FACTOR_FAILED · SECOND_FACTOR_EXPIRED · TOO_MANY_REQUESTS · SERVICE_UNAVAILABLE
 */
export async function signInByCode(deps: Deps, { code, challenge, ...whence }: Whence & { code: string; challenge: string | null }, ask: Ask): Promise<Response> {
  const waiting = challenge === null ? null : await userOfChallenge(deps.db, challenge)
  const answer = await asked(ask, { code })
  const said = (await answer.clone().json().catch(() => ({}))) as { code?: string; user?: { id: string } }
  if (!answer.ok) {
    if (said.code === 'INVALID_TWO_FACTOR_COOKIE' || said.code?.startsWith('TOO_MANY') === true) throw hubError('SECOND_FACTOR_EXPIRED')
    // Somebody knows the password: that is for the person to see.
    await note(deps, waiting === null ? undefined : await findUser(deps.db, waiting), whence, 'wrong-code')
    throw hubError('SECOND_FACTOR_FAILED')
  }
  const person = await findUser(deps.db, said.user?.id ?? '')
  if (person?.active !== true) throw hubError('SECOND_FACTOR_EXPIRED') // made inactive between the two steps: his session is nobody's
  await forgetFailures(deps.db, nameDigest(deps.keys, person.username))
  await note(deps, person, whence, 'signed-in')
  return answer
}

async function asked(ask: Ask, body: object): Promise<Response> {
  const answer = await ask(body)
  if (answer.status === 429) throw failed('TOO_MANY_REQUESTS', { retryAfterSeconds: Number(answer.headers.get('x-retry-after') ?? 60) })
  if (answer.status >= 500) throw failed('SERVICE_UNAVAILABLE')
  return answer
}

async function note(deps: Deps, person: UserRow | undefined, { address, userAgent }: Whence, outcome: SignInOutcome): Promise<void> {
  const actor = { actorId: person?.userId ?? 'nobody', actorName: person?.name ?? '', role: person?.role ?? '', address }
  await deps.audit.record({ ...actor, action: outcome === 'signed-in' ? 'sign-in' : 'sign-in-failed', subject: person ? `user:${person.userId}` : 'user:unknown', details: {} })
  if (person) await noteSignIn(deps.db, { signInId: newId(), userId: person.userId, outcome, address, userAgent: userAgent?.slice(0, USER_AGENT_MAX) ?? null })
}
const USER_AGENT_MAX = 300

import { z } from 'zod'
import { failed } from '@loopline/http/coded-error'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { person } from '../people/manage-people.ts'
import { endWhenTold, handOver, takeCookies } from './routes.ts'
import { endSessions, hasSecondFactor, removeSecondFactor } from './sign-in.sql.ts'

const Password = z.strictObject({ password: z.string().min(1).max(256) })
const Code = z.strictObject({ code: z.string().min(4).max(40) })
const Begun = z.object({
  /** `otpauth://…`, shown as a QR code. Told once. */
  uri: z.string(),
  /** Each lets in once, when the telephone is lost. Told once. */
  codes: z.array(z.string()),
})
const Done = z.object({ done: z.literal(true) })
const State = z.object({ inForce: z.boolean() })
const ById = z.object({ userId: z.uuid() })

/** A person's authenticator: begun with the password, in force once a code of it was right, removed with the password. */
export function secondFactorRoutes(app: Http, deps: Deps): void {
  const may = 'setting:read' // everybody who can sign in; a key has no password and is refused by better-auth

  app.get('/api/hub/me/second-factor', { config: { may }, schema: { response: { 200: State } } },
    async (request) => ({ inForce: await hasSecondFactor(deps.db, request.identity.sub) }))

  app.post('/api/hub/me/second-factor', { config: { may }, schema: { body: Password, response: { 200: Begun } } }, async (request, reply) => {
    if (await hasSecondFactor(deps.db, request.identity.sub)) throw hubError('SECOND_FACTOR_IN_USE')
    const answer = checked(await handOver(deps, request, request.body, '/api/auth/two-factor/enable'), 'PASSWORD_REFUSED')
    void reply.header('cache-control', 'no-store')
    const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
    return { uri: named(totpURI, (await person(deps, request.identity.sub)).username), codes: backupCodes }
  })

  app.post('/api/hub/me/second-factor/confirm', { config: { may }, schema: { body: Code, response: { 200: Done } } }, async (request, reply) => {
    const answer = checked(await handOver(deps, request, request.body, '/api/auth/two-factor/verify-totp'), 'SECOND_FACTOR_FAILED')
    takeCookies(reply, answer)
    // Whoever came in by the password alone is out.
    endWhenTold(deps, reply, request.identity.sub)
    const { token } = (await answer.json()) as { token: string }
    await endSessions(deps.db, { userId: request.identity.sub, sessionId: null, except: await newTokenOf(deps, answer, token) })
    await deps.audit.record({ ...actorOf(request), action: 'second-factor-on', subject: `user:${request.identity.sub}`, details: {} })
    return { done: true as const }
  })

  app.post('/api/hub/me/second-factor/remove', { config: { may }, schema: { body: Password, response: { 200: Done } } }, async (request, reply) => {
    takeCookies(reply, checked(await handOver(deps, request, request.body, '/api/auth/two-factor/disable'), 'PASSWORD_REFUSED'))
    endWhenTold(deps, reply, request.identity.sub)
    await deps.audit.record({ ...actorOf(request), action: 'second-factor-off', subject: `user:${request.identity.sub}`, details: {} })
    return { done: true as const }
  })

  app.get('/api/hub/users/:userId/second-factor', { config: { may: 'user:edit' }, schema: { params: ById, response: { 200: State } } },
    async (request) => ({ inForce: await hasSecondFactor(deps.db, (await person(deps, request.params.userId)).userId) }))

  // Telephone and paper are lost: an admin lets the person in by his password again.
  app.post('/api/hub/users/:userId/second-factor/remove', { config: { may: 'user:edit' }, schema: { params: ById, response: { 200: Done } } }, async (request) => {
    const { userId } = await person(deps, request.params.userId)
    await removeSecondFactor(deps.db, userId)
    await deps.audit.record({ ...actorOf(request), action: 'second-factor-off', subject: `user:${userId}`, details: {} })
    return { done: true as const }
  })
}

/** better-auth renews the session when the factor comes into force, so that its token is in a cookie and not in the answer. */
async function newTokenOf(deps: Deps, answer: Response, told: string): Promise<string> {
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  return cookie.includes(deps.signOn.cookieName) ? ((await deps.signOn.sessionOf(new Headers({ cookie })))?.token ?? told) : told
}

function checked(answer: Response, code: 'PASSWORD_REFUSED' | 'SECOND_FACTOR_FAILED'): Response {
  if (answer.status === 429) throw failed('TOO_MANY_REQUESTS', { retryAfterSeconds: Number(answer.headers.get('x-retry-after') ?? 60) })
  if (answer.status >= 500) throw failed('SERVICE_UNAVAILABLE')
  if (!answer.ok) throw hubError(code)
  return answer
}

/** better-auth names the account by an address that nobody has; the app is to show the name with which one signs in. */
function named(uri: string, username: string): string {
  return uri.replace(/^(otpauth:\/\/totp\/[^:?]*:)[^?]*/, (_all, issuer: string) => issuer + encodeURIComponent(username))
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { failed } from '@loopline/http/coded-error'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { AUTH_BASE, CLIENT_ADDRESS_HEADER } from './auth.ts'
import { signIn, signInByCode } from './sign-in.ts'
import type { Whence } from './sign-in.ts'

const Credentials = z.strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(256), rememberMe: z.boolean().optional() })
const NewPassword = z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: z.string().min(1).max(256) })
const Done = z.object({ done: z.literal(true) })
const SignedIn = z.object({ done: z.boolean(), needsCode: z.boolean() })
const Code = z.strictObject({ code: z.string().min(4).max(40) })

/** The endpoints of better-auth that exist here; every other one answers 404. Session tokens never appear in a body. */
export function signOnRoutes(app: Http, deps: Deps): void {
  app.post('/api/auth/sign-in/username', {
    config: { public: 'this is where people sign in' },
    schema: { body: Credentials, response: { 200: SignedIn } },
  }, async (request, reply) => {
    const { answer, needsCode } = await signIn(deps, { ...request.body, ...whenceOf(request) }, (body) => handOver(deps, request, body))
    takeCookies(reply, answer)
    return { done: !needsCode, needsCode }
  })

  for (const path of ['/api/auth/two-factor/verify-totp', '/api/auth/two-factor/verify-backup-code'] as const) {
    app.post(path, {
      config: { public: 'the second step of signing in; proved by the cookie of the first' },
      schema: { body: Code, response: { 200: Done } },
    }, async (request, reply) => {
      // Whoever is signed in proves a new authenticator by /api/hub/me/second-factor/confirm.
      if ((await deps.authenticator.personOf(request)) !== null) throw hubError('SECOND_FACTOR_EXPIRED')
      const challenge = deps.signOn.challengeOf(request.headers.cookie ?? '')
      takeCookies(reply, await signInByCode(deps, { ...request.body, ...whenceOf(request), challenge }, (body) => handOver(deps, request, body)))
      return { done: true as const }
    })
  }

  app.get('/api/auth/get-session', {
    config: { public: 'tells whoever asks whether he is signed in; renews the session' },
    schema: { response: { 200: z.object({ userId: z.string(), expiresAt: z.string() }).nullable() } },
  }, async (request, reply) => {
    const answer = await handOver(deps, request)
    if (!answer.ok) throw failed('SERVICE_UNAVAILABLE')
    takeCookies(reply, answer)
    const found = (await answer.json()) as { session: { expiresAt: string; userId: string } } | null
    return found && { userId: found.session.userId, expiresAt: found.session.expiresAt }
  })

  app.post('/api/auth/sign-out', {
    config: { public: 'signing out must work with an expired session too' },
    schema: { response: { 200: Done } },
  }, async (request, reply) => {
    const person = await deps.authenticator.personOf(request)
    takeCookies(reply, await handOver(deps, request, {}))
    if (person?.sessionToken) {
      deps.authenticator.endSession(person.sessionToken)
      await deps.audit.record({ ...actorOf({ identity: person.identity, ip: request.ip }), action: 'sign-out', subject: `user:${person.identity.sub}`, details: {} })
    }
    void reply.header('clear-site-data', '"cache"') // language and appearance are the browser's, not the session's
    return { done: true as const }
  })

  app.post('/api/auth/change-password', {
    // Everybody who can sign in may; a key has no password and is refused by better-auth.
    config: { may: 'setting:read' },
    schema: { body: NewPassword, response: { 200: Done } },
  }, async (request, reply) => {
    const answer = await handOver(deps, request, { ...request.body, revokeOtherSessions: true })
    if (answer.status === 429) throw failed('TOO_MANY_REQUESTS')
    if (!answer.ok) throw hubError('PASSWORD_REFUSED')
    takeCookies(reply, answer)
    endWhenTold(deps, reply, request.identity.sub)
    await deps.audit.record({ ...actorOf(request), action: 'change-password', subject: `user:${request.identity.sub}`, details: {} })
    return { done: true as const }
  })
}

export const whenceOf = (request: FastifyRequest): Whence => ({ address: request.ip, userAgent: request.headers['user-agent'] ?? null })

/** The same request for better-auth: its path (or another of its), our body, the browser's cookies and origin, and the address we saw. */
export function handOver(deps: Deps, request: FastifyRequest, body?: unknown, path = request.routeOptions.url as string): Promise<Response> {
  const headers = new Headers({ [CLIENT_ADDRESS_HEADER]: request.ip })
  // A request that names a key acts by it alone.
  const cookie = request.headers.authorization === undefined ? (['cookie'] as const) : []
  for (const name of [...cookie, 'origin', 'user-agent', 'sec-fetch-site', 'sec-fetch-mode'] as const) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  if (body !== undefined) headers.set('content-type', 'application/json')
  return deps.signOn.handle(new Request(AUTH_BASE + path, { method: request.method, headers, body: body === undefined ? null : JSON.stringify(body) }))
}

/** The page that asked has its new cookie before its connections of the old session are closed: else it would take itself for signed out. */
export function endWhenTold(deps: Deps, reply: FastifyReply, userId: string): void {
  reply.raw.once('close', () => deps.authenticator.endSessionsOf(userId))
}

export function takeCookies(reply: FastifyReply, answer: Response): void {
  for (const cookie of answer.headers.getSetCookie()) void reply.header('set-cookie', cookie)
  void reply.header('cache-control', 'no-store')
}

import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { person } from '../people/manage-people.ts'
import { SIGN_IN_OUTCOMES, endSessions, sessionsOf, signInsOf } from './sign-in.sql.ts'

const SignInView = z.object({ signInId: z.uuid(), at: z.string(), outcome: z.enum(SIGN_IN_OUTCOMES), address: z.string(), userAgent: z.string().nullable() })
const SessionView = z.object({ sessionId: z.uuid(), createdAt: z.string(), expiresAt: z.string(), address: z.string().nullable(), userAgent: z.string().nullable(), isThis: z.boolean() })
const SignIns = z.object({ items: z.array(SignInView) })
const Sessions = z.object({ items: z.array(SessionView) })
const Ended = z.object({ ended: z.number().int() })
const OneSession = z.object({ sessionId: z.uuid() })
const OnePerson = z.object({ userId: z.uuid() })

/** Where a person is signed in and was, for himself and for admins; and the end of it. */
export function sessionRoutes(app: Http, deps: Deps): void {
  const mine = { may: 'setting:read' } as const
  const admin = { may: 'user:edit' } as const

  app.get('/api/hub/me/sign-ins', { config: mine, schema: { response: { 200: SignIns } } }, (request) => signInsView(deps, request.identity.sub))
  app.get('/api/hub/me/sessions', { config: mine, schema: { response: { 200: Sessions } } }, async (request) =>
    sessionsView(deps, request.identity.sub, (await deps.authenticator.personOf(request))?.sessionToken ?? ''))
  app.get('/api/hub/users/:userId/sign-ins', { config: admin, schema: { params: OnePerson, response: { 200: SignIns } } }, async (request) =>
    signInsView(deps, (await person(deps, request.params.userId)).userId))
  app.get('/api/hub/users/:userId/sessions', { config: admin, schema: { params: OnePerson, response: { 200: Sessions } } }, async (request) =>
    sessionsView(deps, (await person(deps, request.params.userId)).userId, ''))

  app.delete('/api/hub/me/sessions/:sessionId', { config: mine, schema: { params: OneSession, response: { 200: Ended } } }, async (request) => {
    const ended = await end(deps, { userId: request.identity.sub, sessionId: request.params.sessionId, except: '' })
    if (ended === 0) throw hubError('SESSION_NOT_FOUND')
    await deps.audit.record({ ...actorOf(request), action: 'end-session', subject: `user:${request.identity.sub}`, details: { ended } })
    return { ended }
  })

  app.post('/api/hub/me/sessions/end-others', { config: mine, schema: { response: { 200: Ended } } }, async (request) => {
    const token = (await deps.authenticator.personOf(request))?.sessionToken ?? ''
    const ended = await end(deps, { userId: request.identity.sub, sessionId: null, except: token })
    await deps.audit.record({ ...actorOf(request), action: 'end-session', subject: `user:${request.identity.sub}`, details: { ended } })
    return { ended }
  })

  app.post('/api/hub/users/:userId/sessions/end', { config: admin, schema: { params: OnePerson, response: { 200: Ended } } }, async (request) => {
    const { userId } = await person(deps, request.params.userId)
    const ended = await end(deps, { userId, sessionId: null, except: '' })
    await deps.audit.record({ ...actorOf(request), action: 'end-session', subject: `user:${userId}`, details: { ended } })
    return { ended }
  })
}

/** Sockets of the sessions are closed too; another process of hub notices within three seconds. */
async function end(deps: Deps, which: { userId: string; sessionId: string | null; except: string }): Promise<number> {
  const tokens = await endSessions(deps.db, which)
  for (const token of tokens) deps.authenticator.endSession(token)
  return tokens.length
}

async function signInsView(deps: Deps, userId: string): Promise<z.infer<typeof SignIns>> {
  return { items: (await signInsOf(deps.db, userId)).map((row) => ({ ...row, at: row.at.toISOString() })) }
}

async function sessionsView(deps: Deps, userId: string, token: string): Promise<z.infer<typeof Sessions>> {
  const rows = await sessionsOf(deps.db, userId, token)
  return { items: rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt.toISOString() })) }
}

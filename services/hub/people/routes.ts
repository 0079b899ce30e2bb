import { z } from 'zod'
import { PERMISSIONS, scopeOf } from '@loopline/contracts/permissions'
import type { Action, Scope } from '@loopline/contracts/permissions'
import { MeView, UserView } from '@loopline/contracts/setting'
import { ROLES } from '@loopline/vocabulary/roles'
import type { Role } from '@loopline/vocabulary/roles'
import { failed } from '@loopline/http/coded-error'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { PASSWORD_LENGTH_MIN } from '../sign-on/auth.ts'
import { addPerson, changePerson, everybody, person } from './manage-people.ts'

const Skill = z.string().min(1).max(40)
const UserFields = { name: z.string().min(1).max(100), role: z.enum(ROLES), teamName: z.string().min(1).max(100).nullable(), skills: z.array(Skill).max(20) }
const CreateUser = z.strictObject({
  ...UserFields, username: z.string().regex(/^[a-zA-Z0-9_.]{2,64}$/), password: z.string().min(PASSWORD_LENGTH_MIN).max(256),
})
const Edit = z.strictObject({ ...UserFields, version: z.number().int(), active: z.boolean() })
const UserParams = z.object({ userId: z.uuid() })

/** People: who I am, who is here, and changes of both by an admin. */
export function peopleRoutes(app: Http, deps: Deps): void {
  app.get('/api/hub/me', { config: { may: 'setting:read' }, schema: { response: { 200: MeView } } }, async (request) => {
    const { sub, name, role, teamId } = request.identity
    if (!isPersonsRole(role)) throw failed('FORBIDDEN')
    return { userId: sub, name, role, teamId, can: grantsOf(role) }
  })

  app.get('/api/hub/users', {
    config: { may: 'user:read' }, schema: { response: { 200: z.object({ items: z.array(UserView) }) } },
  }, async () => ({ items: await everybody(deps) }))

  app.get('/api/hub/users/:userId', {
    config: { may: 'user:read' }, schema: { params: UserParams, response: { 200: UserView } },
  }, (request) => person(deps, request.params.userId))

  app.post('/api/hub/users', {
    config: { may: 'user:edit' }, schema: { body: CreateUser, response: { 200: UserView } },
  }, (request) => addPerson(deps, actorOf(request), request.body))

  app.put('/api/hub/users/:userId', {
    config: { may: 'user:edit' }, schema: { params: UserParams, body: Edit, response: { 200: UserView } },
  }, (request) => changePerson(deps, actorOf(request), { ...request.body, userId: request.params.userId }))
}

const isPersonsRole = (role: Role): role is (typeof ROLES)[number] => (ROLES as readonly string[]).includes(role)

/** What a role may do, with scope: the console hides the rest. */
function grantsOf(role: Role): Record<string, Scope> {
  const granted = (Object.keys(PERMISSIONS) as Action[]).map((action) => [action, scopeOf(role, action)] as const)
  return Object.fromEntries(granted.filter((entry): entry is [Action, Scope] => entry[1] !== null))
}

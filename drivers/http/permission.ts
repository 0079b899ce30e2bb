import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Role } from '@loopline/vocabulary/roles'
import { failed } from './coded-error.ts'
import type { Identity } from './identity-token.ts'

/** Whose rows an action may touch: the person's own, the person's team's, or every one. */
export type Scope = 'own' | 'team' | 'all'

/** The table role → action → scope, given by contracts/permissions.ts: `{ actions: PERMISSIONS, scopeOf }`. */
export interface Permissions<Action extends string> {
  readonly actions: Readonly<Record<Action, unknown>>
  scopeOf(role: Role, action: Action): Scope | null
}

/** Who the request comes from, or null for nobody. */
export type Authenticate = (request: FastifyRequest) => Promise<Identity | null>

/** Every route declares one of the two; `public` says why anybody may ask. */
export interface RoutePermission {
  may?: string
  public?: string
}

declare module 'fastify' {
  interface FastifyContextConfig extends RoutePermission {}
  interface FastifyRequest {
    /** Who acts. Reading it on a public route is a bug. */
    readonly identity: Identity
    /** The scope of the route's action for this person: compile it into the SQL. */
    readonly scope: Scope
  }
}

interface Admitted {
  identity: Identity
  scope: Scope
}

const admittedRequests = new WeakMap<FastifyRequest, Admitted>()

/** Whether the role may do this. @throws CodedError FORBIDDEN */
export function scopeFor<Action extends string>(permissions: Permissions<Action>, identity: Identity, action: Action): Scope {
  const scope = permissions.scopeOf(identity.role, action)
  if (scope === null) throw failed('FORBIDDEN', { action })
  return scope
}

/** Throws, at start, for a route without a declared permission or with one that the table does not know. */
export function assertDeclared(route: Pick<RouteOptions, 'method' | 'url' | 'config'>, actions: Readonly<Record<string, unknown>>): void {
  const { may, public: reason } = (route.config ?? {}) as RoutePermission
  const at = `${String(route.method)} ${route.url}`
  if (may !== undefined && reason !== undefined) throw new Error(`${at} declares both an action and that it is public`)
  if (may !== undefined && !Object.hasOwn(actions, may)) throw new Error(`${at} names the unknown action ${may}`)
  if (may === undefined && (reason === undefined || reason === '')) {
    throw new Error(`${at} declares no permission: add config: { may: '<action>' } or { public: '<why anybody may>' }`)
  }
}

/** The one permission check of a server: refuses undeclared routes at start and unpermitted requests before their body is read. */
export function installPermissions<Action extends string>(app: FastifyInstance, permissions: Permissions<Action>, authenticate: Authenticate): void {
  const admitted = (request: FastifyRequest): Admitted => {
    const found = admittedRequests.get(request)
    if (!found) throw new Error('a public route asked who acts')
    return found
  }
  app.decorateRequest('identity', { getter(this: FastifyRequest) { return admitted(this).identity } })
  app.decorateRequest('scope', { getter(this: FastifyRequest) { return admitted(this).scope } })
  app.addHook('onRoute', (route) => assertDeclared(route, permissions.actions))
  app.addHook('onRequest', async (request) => {
    const { may } = request.routeOptions.config
    if (may === undefined) return
    const identity = await authenticate(request)
    if (!identity) throw failed('UNAUTHENTICATED')
    admittedRequests.set(request, { identity, scope: scopeFor(permissions, identity, may as Action) })
  })
}

/** The token of `Authorization: Bearer …`, or null. */
export function bearerToken(request: Pick<FastifyRequest, 'headers'>): string | null {
  const match = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')
  return match?.[1] ?? null
}

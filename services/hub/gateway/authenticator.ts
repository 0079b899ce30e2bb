import type { IncomingHttpHeaders } from 'node:http'
import { bearerToken } from '@loopline/http/permission'
import { signIdentity } from '@loopline/http/identity-token'
import type { Identity } from '@loopline/http/identity-token'
import type { Clock } from '@loopline/clock/clock'
import type { Keyring } from '@loopline/keys/keyring'
import type { Queryable } from '@loopline/postgres/queryable'
import { apiKeyIdentity } from '../sign-on/api-key.ts'
import type { SignOn } from '../sign-on/auth.ts'
import { findUser } from '../people/user.sql.ts'

/** Who is behind a request; `sessionToken` is null for an API key. */
export interface Person {
  identity: Identity
  sessionToken: string | null
}

type Asked = { headers: IncomingHttpHeaders }

export interface Authenticator {
  /** The person or key of the request, or null for nobody. Remembered for a few seconds. */
  personOf(request: Asked): Promise<Person | null>
  identityOf(request: Asked): Promise<Identity | null>
  /** The identity token that the gateway sends along to services, made once for a remembered person. */
  tokenFor(person: Person): Promise<string>
  /** Forgets a session and tells everybody who keeps connections of it. */
  endSession(sessionToken: string): void
  endSessionsOf(userId: string): void
  onEnded(listener: (ended: { sessionToken?: string; userId?: string }) => void): void
}

/** A role change or a revoked key acts after this at the latest, also where another hub process made it. */
const REMEMBER_MS = 3_000
const REMEMBERED_MAX = 2_000

export function createAuthenticator(deps: { db: Queryable; signOn: SignOn; keys: Keyring; clock: Clock }): Authenticator {
  const known = new Map<string, { person: Person; until: number }>()
  const tokens = new WeakMap<Person, Promise<string>>()
  const listeners: ((ended: { sessionToken?: string; userId?: string }) => void)[] = []

  const look = (credential: { kind: 'cookie' | 'key'; value: string }, headers: IncomingHttpHeaders): Promise<Person | null> =>
    credential.kind === 'key' ? keyPerson(deps, credential.value) : sessionPerson(deps, headers)

  const personOf = async ({ headers }: Asked): Promise<Person | null> => {
    const credential = credentialOf(headers, deps.signOn.cookieName)
    if (!credential) return null
    const found = known.get(credential.value)
    if (found && found.until > deps.clock.monotonic()) return found.person
    known.delete(credential.value)
    const person = await look(credential, headers)
    if (!person) return null
    if (known.size >= REMEMBERED_MAX) known.delete(known.keys().next().value as string)
    known.set(credential.value, { person, until: deps.clock.monotonic() + REMEMBER_MS })
    return person
  }

  const end = (ended: { sessionToken?: string; userId?: string }): void => {
    for (const [value, { person }] of known) {
      if (person.sessionToken === ended.sessionToken || person.identity.sub === ended.userId) known.delete(value)
    }
    for (const listener of listeners) listener(ended)
  }

  return {
    personOf,
    identityOf: async (request) => (await personOf(request))?.identity ?? null,
    tokenFor(person) {
      const token = tokens.get(person) ?? signIdentity(deps.keys.signingKey('identity'), person.identity)
      tokens.set(person, token)
      return token
    },
    endSession: (sessionToken) => end({ sessionToken }),
    endSessionsOf: (userId) => end({ userId }),
    onEnded: (listener) => void listeners.push(listener),
  }
}

/** An API key in Authorization counts alone: a request with one never acts by its cookie. */
function credentialOf(headers: IncomingHttpHeaders, cookieName: string): { kind: 'cookie' | 'key'; value: string } | null {
  if (headers.authorization !== undefined) {
    const token = bearerToken({ headers })
    return token?.startsWith('llk_') ? { kind: 'key', value: token } : null
  }
  const cookie = headers.cookie?.split('; ').find((pair) => pair.startsWith(`${cookieName}=`))
  return cookie ? { kind: 'cookie', value: cookie } : null
}

async function sessionPerson(deps: { db: Queryable; signOn: SignOn }, headers: IncomingHttpHeaders): Promise<Person | null> {
  const session = await deps.signOn.sessionOf(new Headers({ cookie: headers.cookie ?? '' }))
  if (!session) return null
  const user = await findUser(deps.db, session.userId)
  if (!user?.active) return null
  return { sessionToken: session.token, identity: { sub: user.userId, role: user.role, name: user.name, teamId: user.teamId } }
}

async function keyPerson(deps: { db: Queryable; keys: Keyring }, key: string): Promise<Person | null> {
  const identity = await apiKeyIdentity(deps.db, deps.keys, key)
  return identity && { sessionToken: null, identity }
}

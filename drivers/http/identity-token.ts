import type { KeyObject } from 'node:crypto'
import { SignJWT, errors, jwtVerify } from 'jose'
import type { Role } from '@loopline/vocabulary/roles'
import { failed } from './coded-error.ts'

/** Who acts; the same shape as contracts/identity.ts, which drivers may not import. */
export interface Identity {
  /** A user's id, an API key's id, or `service:<name>`. */
  sub: string
  role: Role
  name: string
  teamId: string | null
}

/** Half a minute covers two machines' clocks; our processes share one. */
const CLOCK_SKEW_SECONDS = 5
export const TOKEN_SECONDS = 60

/** A token that says who acts: JWT, HS256, audience `loopline`, valid one minute. Only the gateway and services sign. */
export function signIdentity(key: KeyObject, identity: Identity): Promise<string> {
  const { sub, role, name, teamId } = identity
  return new SignJWT({ role, name, teamId })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub).setAudience('loopline').setIssuedAt().setExpirationTime(`${TOKEN_SECONDS}s`)
    .sign(key)
}

/** The token of a service that calls another, `sub` being `service:<name>`. */
export function serviceToken(key: KeyObject, name: string): Promise<string> {
  return signIdentity(key, { sub: `service:${name}`, role: 'service', name, teamId: null })
}

/**
 * The identity a token proves.
 * @throws CodedError UNAUTHENTICATED when it is forged, expired, for another audience or of another algorithm
 */
export async function verifyIdentity(key: KeyObject, token: string): Promise<Identity> {
  return (await verified(key, token)).identity
}

async function verified(key: KeyObject, token: string): Promise<{ identity: Identity; expiresAtMs: number }> {
  try {
    const { payload } = await jwtVerify(token, key, {
      audience: 'loopline', algorithms: ['HS256'], clockTolerance: CLOCK_SKEW_SECONDS, requiredClaims: ['sub', 'exp', 'role'],
    })
    const { sub, role, name, teamId } = payload as typeof payload & Partial<Identity>
    const identity = { sub: sub as string, role: role as Role, name: name ?? '', teamId: teamId ?? null }
    return { identity, expiresAtMs: (payload.exp as number) * 1_000 }
  } catch (error) {
    if (error instanceof errors.JOSEError) throw failed('UNAUTHENTICATED')
    throw error
  }
}

const REMEMBERED_TOKENS = 1_000

/**
 * A verifier that remembers tokens until they expire: the gateway sends one token for several requests, and checking an
 * HMAC through WebCrypto costs about 40 µs.
 */
export function createTokenVerifier(key: KeyObject): (token: string) => Promise<Identity> {
  const known = new Map<string, { identity: Identity; expiresAtMs: number }>()
  return async (token) => {
    const found = known.get(token)
    if (found && found.expiresAtMs > Date.now()) return found.identity
    known.delete(token)
    const fresh = await verified(key, token)
    if (known.size >= REMEMBERED_TOKENS) known.delete(known.keys().next().value as string)
    known.set(token, fresh)
    return fresh.identity
  }
}

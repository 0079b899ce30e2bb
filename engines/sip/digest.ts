import { parseParams, quote, unquote, type Params } from './header/params.ts'
import { splitOutside } from './header/list.ts'
import type { Headers } from './message.ts'

/** Digest access authentication (RFC 7616 as SIP uses it, RFC 8760): MD5 and SHA-256, qop=auth or none. */
export type DigestAlgorithm = 'MD5' | 'SHA-256'

/** Lower-case hex of the hash of wire text (its characters are bytes). */
export type DigestHash = (algorithm: DigestAlgorithm, text: string) => string

export interface Credentials {
  readonly username: string
  readonly password: string
  /** The one realm these are for. A challenge for another realm is not answered (CVE-2021-41158). */
  readonly realm: string
  /** An unguessable text of the caller's, new for each call: client nonces are derived from it. */
  readonly clientNonceSeed: string
  readonly hash: DigestHash
}

export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | null
  readonly algorithm: DigestAlgorithm
  /** Whether the server offered qop=auth; without any qop the old form of RFC 2069 is used. */
  readonly qopAuth: boolean
  readonly stale: boolean
}

/** One challenge value; null when it is not Digest, is malformed, or wants what we do not do (auth-int only, other hashes). */
export function parseChallenge(value: string): Challenge | null {
  const match = /^Digest[ \t]+(.+)$/is.exec(value.trim())
  if (match === null) return null
  const params = parseParams(`;${splitOutside(match[1] as string, ',').join(';')}`)
  return params === null ? null : challengeOf(params)
}

function challengeOf(params: Params): Challenge | null {
  const realm = params.get('realm')
  const nonce = params.get('nonce')
  const algorithm = unquote(params.get('algorithm') ?? 'MD5').toUpperCase()
  const qop = params.get('qop')
  const qops = qop === undefined ? [] : unquote(qop).toLowerCase().split(',').map((each) => each.trim())
  if (realm === undefined || nonce === undefined) return null
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return null
  if (qop !== undefined && !qops.includes('auth')) return null
  const opaque = params.get('opaque')
  return {
    realm: unquote(realm),
    nonce: unquote(nonce),
    opaque: opaque === undefined ? null : unquote(opaque),
    algorithm,
    qopAuth: qop !== undefined,
    stale: unquote(params.get('stale') ?? '').toLowerCase() === 'true',
  }
}

/** The challenge to answer: of those for our realm the strongest (RFC 8760 §2.4 has the server put it first; we look anyway). */
export function chooseChallenge(response: Headers, status: 401 | 407, realm: string): Challenge | null {
  const name = status === 401 ? 'www-authenticate' : 'proxy-authenticate'
  const ours = challengesOf(response, name).filter((challenge) => challenge.realm === realm)
  return ours.find((challenge) => challenge.algorithm === 'SHA-256') ?? ours[0] ?? null
}

/** Each header line is one challenge: the commas inside one separate its parameters, so lists are not cut here. */
function challengesOf(response: Headers, name: string): Challenge[] {
  const challenges: Challenge[] = []
  response.names.forEach((each, index) => {
    if (each !== name || challenges.length >= MAX_CHALLENGES) return
    const challenge = parseChallenge(response.values[index] as string)
    if (challenge !== null) challenges.push(challenge)
  })
  return challenges
}
const MAX_CHALLENGES = 8

export interface Signed {
  readonly method: string
  readonly uri: string
  /** How often this nonce has been used, this time included: 1 and up. */
  readonly nonceCount: number
  readonly clientNonce: string
}

/** The `response` of RFC 7616 §3.4.1. */
export function digestResponse(challenge: Challenge, who: Pick<Credentials, 'username' | 'password' | 'hash'>, signed: Signed): string {
  const hash = (text: string): string => who.hash(challenge.algorithm, text)
  const secret = hash(`${who.username}:${challenge.realm}:${who.password}`)
  const what = hash(`${signed.method}:${signed.uri}`)
  if (!challenge.qopAuth) return hash(`${secret}:${challenge.nonce}:${what}`)
  return hash(`${secret}:${challenge.nonce}:${hexCount(signed.nonceCount)}:${signed.clientNonce}:auth:${what}`)
}

/** The value of Authorization or Proxy-Authorization. */
export function formatAuthorization(challenge: Challenge, who: Pick<Credentials, 'username' | 'password' | 'hash'>, signed: Signed): string {
  const opaque = challenge.opaque === null ? '' : `, opaque=${quote(challenge.opaque)}`
  const qop = challenge.qopAuth ? `, qop=auth, nc=${hexCount(signed.nonceCount)}, cnonce=${quote(signed.clientNonce)}` : ''
  return (
    `Digest username=${quote(who.username)}, realm=${quote(challenge.realm)}, nonce=${quote(challenge.nonce)}, ` +
    `uri=${quote(signed.uri)}, response="${digestResponse(challenge, who, signed)}", algorithm=${challenge.algorithm}${opaque}${qop}`
  )
}

const hexCount = (count: number): string => count.toString(16).padStart(8, '0')

/** Client nonce number `serial` of a call: unguessable because the seed is, different for each serial. */
export function clientNonceOf(credentials: Credentials, serial: number): string {
  return credentials.hash('MD5', `${credentials.clientNonceSeed}:${serial}`)
}

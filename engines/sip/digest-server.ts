import { parseParams, unquote, type Params } from './header/params.ts'
import { splitOutside } from './header/list.ts'
import type { DigestAlgorithm, DigestHash } from './digest.ts'
import type { SipRequest } from './message.ts'
import { line } from './serialise.ts'

/**
 * Digest authentication as a server (RFC 7616, RFC 8760 §2): MD5 and SHA-256, qop=auth only, by H(A1) alone, so that nobody
 * here ever holds a password. Nonces are kept nowhere: the time of their making, proven by a keyed hash. What is kept is which
 * counts of a nonce were used, bounded. Times: ms on any clock that does not jump.
 */
export interface DigestServer {
  readonly realm: string
  readonly hash: DigestHash
  /** Keyed hash of a text, lower-case hex; the key is the process's own. */
  readonly nonceHash: (text: string) => string
  /** The order is that of preference (RFC 8760 §2.4). */
  readonly algorithms: readonly DigestAlgorithm[]
  readonly nonceLifeMs: number
  /** Nonces whose counts are remembered at most. */
  readonly noncesMax: number
  readonly used: Map<string, NonceUse>
  /** Nonces made before are not believed any more: their counts were forgotten to keep the bound. */
  forgottenBefore: number
  /** Of nonces made: two in one millisecond must differ, or the second's first count would look used. */
  serial: number
}

/** The highest count of a nonce, and the 32 below it as bits: UDP may deliver two requests in the other order. */
interface NonceUse {
  highest: number
  seen: number
  readonly madeAt: number
}

export type DigestServerSettings = Pick<DigestServer, 'realm' | 'hash' | 'nonceHash'> & Partial<Pick<DigestServer, 'algorithms' | 'nonceLifeMs' | 'noncesMax'>>

export function newDigestServer(settings: DigestServerSettings): DigestServer {
  return { algorithms: ['SHA-256', 'MD5'], nonceLifeMs: 300_000, noncesMax: 10_000, ...settings, used: new Map(), forgottenBefore: Number.NEGATIVE_INFINITY, serial: 0 }
}

/** H(user:realm:password), lower-case hex. */
export interface Ha1 {
  readonly md5: string
  readonly sha256: string
}

export type Verdict =
  | { readonly kind: 'proven'; readonly username: string }
  /** Answer 401 with `challengeLines`. `stale`: the proof was right, its nonce too old or used; `failed`: it was wrong; else there was none. */
  | { readonly kind: 'challenge'; readonly because: 'none' | 'failed' | 'stale' }

/** WWW-Authenticate lines of a 401. `scope`: the source's address; a nonce is good from there only. */
export function challengeLines(server: DigestServer, { scope, isStale }: { scope: string; isStale: boolean }, now: number): string {
  const nonce = nonceAt(server, scope, now)
  const stale = isStale ? ', stale=true' : ''
  return server.algorithms.map((algorithm) =>
    line('WWW-Authenticate', `Digest realm="${server.realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`)).join('')
}

/**
 * Checks the Authorization of a request. `ha1Of` gives null for a user nobody knows; the work is the same then, and so is the
 * answer (threat 1: guessing tells nothing).
 */
export function checkProof(server: DigestServer, { request, scope, ha1Of }: { request: SipRequest; scope: string; ha1Of: (username: string) => Ha1 | null }, now: number): Verdict {
  const proof = proofFor(server, request)
  if (proof === null) return { kind: 'challenge', because: 'none' }
  const found = ha1Of(proof.username)
  const known = found ?? NOBODY
  const ha1 = proof.algorithm === 'MD5' ? known.md5 : known.sha256
  const isRight = isEqual(responseTo(server, proof, ha1, request.method), proof.response)
  const madeAt = madeAtOf(server, proof.nonce, scope)
  if (!isRight || found === null || proof.uri !== request.uri) return { kind: 'challenge', because: 'failed' }
  const isFresh = madeAt !== null && madeAt <= now && now - madeAt <= server.nonceLifeMs && madeAt > server.forgottenBefore
  if (!isFresh || !useOnce(server, proof, madeAt, now)) return { kind: 'challenge', because: 'stale' }
  return { kind: 'proven', username: proof.username }
}

/** What an unknown user's proof is held against. No proof fits it, and if one did, nobody would be found. */
const NOBODY: Ha1 = { md5: '0'.repeat(32), sha256: '0'.repeat(64) }

interface Proof {
  readonly username: string
  readonly nonce: string
  readonly uri: string
  readonly response: string
  readonly algorithm: DigestAlgorithm
  readonly count: number
  readonly countText: string
  readonly clientNonce: string
}

const CREDENTIALS_MAX = 4
const TEXT_MAX = 512

/** The first credentials for our realm that can be checked; those for others are not ours to read (RFC 7616 §3.4). */
function proofFor(server: DigestServer, request: SipRequest): Proof | null {
  let looked = 0
  for (let index = 0; index < request.names.length; index++) {
    if (request.names[index] !== 'authorization' || looked++ >= CREDENTIALS_MAX) continue
    const proof = parseProof(request.values[index] as string, server)
    if (proof !== null) return proof
  }
  return null
}

function parseProof(value: string, server: DigestServer): Proof | null {
  const match = /^Digest[ \t]+(.+)$/is.exec(value)
  const params = match === null ? null : parseParams(`;${splitOutside(match[1] as string, ',').join(';')}`)
  if (params === null || text(params, 'realm') !== server.realm || text(params, 'qop')?.toLowerCase() !== 'auth') return null
  const algorithm = server.algorithms.find((each) => each === (text(params, 'algorithm') ?? 'MD5').toUpperCase())
  const countText = text(params, 'nc') ?? ''
  const [username, nonce, uri, response, clientNonce] = ['username', 'nonce', 'uri', 'response', 'cnonce'].map((name) => text(params, name))
  if (!algorithm || !/^[0-9a-f]{8}$/i.test(countText) || !username || !nonce || !uri || !response || !clientNonce) return null
  if ([username, nonce, clientNonce].some((each) => each.length > TEXT_MAX)) return null
  return { username, nonce, uri, response: response.toLowerCase(), algorithm, count: Number.parseInt(countText, 16), countText, clientNonce }
}

function text(params: Params, name: string): string | null {
  const value = params.get(name)
  return value === undefined ? null : unquote(value)
}

/** RFC 7616 §3.4.1. */
function responseTo(server: DigestServer, proof: Proof, ha1: string, method: string): string {
  const what = server.hash(proof.algorithm, `${method}:${proof.uri}`)
  return server.hash(proof.algorithm, `${ha1}:${proof.nonce}:${proof.countText}:${proof.clientNonce}:auth:${what}`)
}

/** In a time that does not depend on where the two differ. */
function isEqual(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let index = 0; index < one.length; index++) difference |= one.charCodeAt(index) ^ (other.charCodeAt(index) || 0)
  return difference === 0
}

function nonceAt(server: DigestServer, scope: string, now: number): string {
  server.serial++
  const made = `${Math.floor(now).toString(16)}-${server.serial.toString(16)}`
  return `${made}-${server.nonceHash(`${made} ${scope}`)}`
}

/** When a nonce of ours was made; null when it is none, or was made for another source. */
function madeAtOf(server: DigestServer, nonce: string, scope: string): number | null {
  const dash = nonce.lastIndexOf('-')
  const made = nonce.slice(0, Math.max(dash, 0))
  const isOurs = isEqual(server.nonceHash(`${made} ${scope}`), nonce.slice(dash + 1))
  const madeAt = /^([0-9a-f]{1,13})-[0-9a-f]{1,13}$/.exec(made)?.[1]
  return isOurs && madeAt !== undefined ? Number.parseInt(madeAt, 16) : null
}

const WINDOW = 32

/** Marks a count of a nonce as used; false when it was before, or is older than the window (RFC 7616 §3.4.5). */
function useOnce(server: DigestServer, { nonce, count }: Proof, madeAt: number, now: number): boolean {
  const use = server.used.get(nonce)
  if (use === undefined) {
    makeRoom(server, now)
    server.used.set(nonce, { highest: count, seen: 0, madeAt })
    return true
  }
  if (count > use.highest) {
    const step = count - use.highest
    use.seen = step >= WINDOW ? (step === WINDOW ? 1 << (WINDOW - 1) : 0) : (use.seen << step) | (1 << (step - 1))
    use.highest = count
    return true
  }
  const behind = use.highest - count
  const bit = 1 << (behind - 1)
  if (behind === 0 || behind > WINDOW || (use.seen & bit) !== 0) return false
  use.seen |= bit
  return true
}

/** In the order of first use, which is nearly that of making. */
function makeRoom(server: DigestServer, now: number): void {
  for (const [nonce, { madeAt }] of server.used) {
    const isOld = now - madeAt > server.nonceLifeMs
    if (!isOld && server.used.size < server.noncesMax) return
    server.used.delete(nonce)
    if (!isOld) server.forgottenBefore = Math.max(server.forgottenBefore, madeAt)
  }
}

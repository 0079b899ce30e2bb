import { chooseChallenge, clientNonceOf, formatAuthorization, type Challenge, type Credentials } from './digest.ts'
import type { SipResponse } from './message.ts'
import { line } from './serialise.ts'

/**
 * What a call knows about proving itself: the challenges it accepted and how often each nonce was used. Later requests of
 * the call (BYE, refresh) carry the proof at once, so that they are not challenged again.
 */
export interface Authorisation {
  readonly credentials: Credentials | null
  /** By a proxy (407) and by the far end (401) apart: both may ask. */
  proxy: Proof | null
  origin: Proof | null
  serial: number
}

interface Proof {
  readonly challenge: Challenge
  uses: number
}

/** One request is answered to at most this many challenges; an endless stream of new nonces stops there (CVE-2020-28242). */
export const CHALLENGES_MAX = 2

export function newAuthorisation(credentials: Credentials | null): Authorisation {
  return { credentials, proxy: null, origin: null, serial: 0 }
}

/**
 * Takes up the challenge of a 401 or 407. False when the request must not be sent again: no credentials, another realm,
 * nothing we can compute, too often, or the same nonce once more without `stale` (our password was wrong).
 *
 * @param answered challenges this request has already answered.
 */
export function acceptChallenge(authorisation: Authorisation, response: SipResponse, answered: number): boolean {
  const { credentials } = authorisation
  const { status } = response
  if (credentials === null || answered >= CHALLENGES_MAX || (status !== 401 && status !== 407)) return false
  const challenge = chooseChallenge(response, status, credentials.realm)
  if (challenge === null) return false
  const side = status === 407 ? 'proxy' : 'origin'
  const known = authorisation[side]
  const wasRefused = answered > 0 && known !== null && !challenge.stale
  if (wasRefused) return false
  authorisation[side] = { challenge, uses: 0 }
  return true
}

/** The lines that prove a request, '' when nobody asked. Each use counts (nc). */
export function proofLines(authorisation: Authorisation, method: string, uri: string): string {
  return (
    proofLine(authorisation, authorisation.origin, 'Authorization', method, uri) +
    proofLine(authorisation, authorisation.proxy, 'Proxy-Authorization', method, uri)
  )
}

function proofLine(authorisation: Authorisation, proof: Proof | null, name: string, method: string, uri: string): string {
  const { credentials } = authorisation
  if (proof === null || credentials === null) return ''
  proof.uses++
  authorisation.serial++
  const clientNonce = clientNonceOf(credentials, authorisation.serial)
  return line(name, formatAuthorization(proof.challenge, credentials, { method, uri, nonceCount: proof.uses, clientNonce }))
}

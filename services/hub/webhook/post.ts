import { lookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { hubError } from '../errors.ts'
import { isLoopback, isPublicAddress } from './public-address.ts'

const TIMEOUT_MS = 10_000
const agents = { http: new HttpAgent({ keepAlive: true, maxSockets: 16 }), https: new HttpsAgent({ keepAlive: true, maxSockets: 16 }) }

export interface PostTarget {
  url: string
  /** Tests: http to this machine is allowed. */
  loopbackAllowed: boolean
}

/**
 * The address to post to, if it may be one at all; where its name leads is looked at when connecting.
 * @throws CodedError WEBHOOK_TARGET_REFUSED
 */
export function checkTarget({ url, loopbackAllowed }: PostTarget): URL {
  const target = URL.parse(url)
  const host = target?.hostname.replace(/^\[|\]$/g, '') ?? ''
  const tested = loopbackAllowed && target?.protocol === 'http:' && isLoopback(host)
  const allowed = target !== null && target.username === '' && (tested || (target.protocol === 'https:' && (isIP(host) === 0 || isPublicAddress(host))))
  if (!allowed) throw hubError('WEBHOOK_TARGET_REFUSED')
  return target
}

/**
 * Resolves a name and refuses it when any answer is not public; the connection goes to the address that was checked, so
 * that a second answer of the name server cannot lead elsewhere (DNS rebinding). A failed look-up refuses.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) return callback(hubError('WEBHOOK_TARGET_REFUSED'), '', 0)
    if (options.all) return callback(null, addresses)
    callback(null, (addresses[0] as { address: string }).address, (addresses[0] as { family: number }).family)
  })
}

/**
 * Posts a body and answers the status. Redirects are not followed and the answer's body is not read.
 * Rejects when the target cannot be reached within 10 s or may not be.
 */
export function post(target: PostTarget, body: string, headers: Record<string, string>): Promise<number> {
  const url = checkTarget(target)
  const plain = url.protocol === 'http:'
  const options = {
    method: 'POST', agent: plain ? agents.http : agents.https, timeout: TIMEOUT_MS, signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { ...headers, 'content-type': 'application/cloudevents+json', 'content-length': Buffer.byteLength(body), 'user-agent': 'Loopline-Webhooks/1' },
    ...(plain ? {} : { lookup: publicLookup }),
  }
  return new Promise((resolve, reject) => {
    const sent = (plain ? httpRequest : httpsRequest)(url, options, (answer) => {
      answer.on('error', () => undefined)
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.on('error', reject)
    sent.end(body)
  })
}

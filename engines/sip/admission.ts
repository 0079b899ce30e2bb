import { isSipUri, parseUri } from './header/uri.ts'
import { parseNameAddr } from './header/name-addr.ts'
import { MAGIC_COOKIE, parseVia } from './header/via.ts'
import { readCount } from './header/cseq.ts'
import { header, headerList, type ParseFailure, type SipRequest } from './message.ts'
import { isKnownMethod } from './methods.ts'
import { formatResponse, line } from './serialise.ts'

/** What a user agent server of ours serves. */
export interface Profile {
  readonly methods: readonly string[]
  /** Option tags we understand in Require. */
  readonly options: readonly string[]
  /** Body types we read, lower case; a body of another type is refused. */
  readonly bodies: readonly string[]
}

/** Our voice and sandbox sockets: calls with SDP, session timers, nothing else. */
export const CALL_PROFILE: Profile = {
  methods: ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'UPDATE', 'INFO'],
  options: ['timer'],
  bodies: ['application/sdp', 'application/dtmf-relay', 'application/dtmf', 'application/media_control+xml'],
}

export interface Refusal {
  readonly status: number
  /** Header lines the answer must carry (Allow, Unsupported, Accept), each ending in CRLF. */
  readonly headers: string
  /** Why, for logs and tests. */
  readonly because: string
}

type Check = (request: SipRequest, profile: Profile) => Refusal | null

const refusal = (status: number, because: string, headers = ''): Refusal => ({ status, because, headers })

/** §8.1.1: the values every answer and every dialog is built from must be readable. */
const addressing: Check = (request) => {
  const via = headerList(request, 'via')
  for (const value of via) {
    const parsed = parseVia(value)
    if (parsed === null) return refusal(400, 'malformed Via')
    if (parsed.params.get('branch') === MAGIC_COOKIE) return refusal(400, 'branch without an identifier') // RFC 4475 §3.2.1
  }
  if (parseNameAddr(header(request, 'from') as string) === null) return refusal(400, 'malformed From')
  if (parseNameAddr(header(request, 'to') as string) === null) return refusal(400, 'malformed To')
  for (const name of ['contact', 'route', 'record-route']) {
    const star = name === 'contact' && request.method === 'REGISTER'
    const bad = headerList(request, name).some((value) => !(star && value === '*') && parseNameAddr(value) === null)
    if (bad) return refusal(400, `malformed ${name}`)
  }
  return null
}

const forwards: Check = (request) => {
  const value = header(request, 'max-forwards')            // absent from RFC 2543 peers, RFC 4475 §3.4.1; 0 is fine for the last hop
  return value !== null && readCount(value, 255) === null ? refusal(400, 'malformed Max-Forwards') : null
}

/** RFC 3261 §20.17: an SIP-date is always in GMT; a wrong one is a wrong message (RFC 4475 §3.1.2.12). */
const date: Check = (request) => {
  const value = header(request, 'date')
  return value !== null && !SIP_DATE.test(value) ? refusal(400, 'malformed Date') : null
}
const SIP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** §8.2.1 */
const method: Check = (request, profile) => {
  if (profile.methods.includes(request.method)) return null
  return isKnownMethod(request.method)
    ? refusal(405, 'method not served', line('Allow', profile.methods.join(', ')))
    : refusal(501, 'unknown method')
}

/** §8.2.2.1 */
const scheme: Check = (request) => {
  const uri = parseUri(request.uri)
  if (uri === null) return refusal(400, 'malformed Request-URI')
  if (!isSipUri(uri)) return refusal(416, 'Request-URI scheme not served')
  return uri.headers === null ? null : refusal(400, 'headers in the Request-URI') // RFC 4475 §3.1.2.11
}

/** §10.3 step 5: an address of record is a sip or sips URI (RFC 4475 §3.3.4). */
const registrant: Check = (request) => {
  if (request.method !== 'REGISTER') return null
  const to = parseNameAddr(header(request, 'to') as string)
  return to !== null && isSipUri(to.uri) ? null : refusal(400, 'address of record is not a SIP URI')
}

/** §8.2.2.3; never for CANCEL and ACK. */
const extensions: Check = (request, profile) => {
  if (request.method === 'CANCEL' || request.method === 'ACK') return null
  const unknown = headerList(request, 'require').filter((option) => !profile.options.includes(option.toLowerCase()))
  return unknown.length === 0 ? null : refusal(420, 'extension required', line('Unsupported', unknown.join(', ')))
}

/** §8.2.3 */
const content: Check = (request, profile) => {
  if (request.body === '') return null
  const type = (header(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isRead = profile.bodies.some((body) => body === type || (body.endsWith('/*') && type.startsWith(body.slice(0, -1))))
  return isRead ? null : refusal(415, 'body type not read', line('Accept', profile.bodies.join(', ')))
}

/** §21.4.7: an INVITE whose sender cannot read an SDP answer cannot be answered (RFC 4475 §3.3.15). */
const acceptable: Check = (request) => {
  if (request.method !== 'INVITE' || header(request, 'accept') === null) return null
  const types = headerList(request, 'accept').map((value) => (value.split(';')[0] as string).trim().toLowerCase())
  const readsSdp = types.some((type) => type === 'application/sdp' || type === 'application/*' || type === '*/*')
  return readsSdp ? null : refusal(406, 'the sender reads no SDP')
}

/** In the order of RFC 3261 §8.2; the first refusal wins. */
const CHECKS: readonly Check[] = [
  method, addressing, forwards, date, scheme, registrant, extensions, content, acceptable,
]

/**
 * What a user agent server refuses before it looks at what a request means (RFC 3261 §8.2); null admits it. A refused ACK
 * is dropped, never answered.
 */
export function refuse(request: SipRequest, profile: Profile): Refusal | null {
  for (const check of CHECKS) {
    const refused = check(request, profile)
    if (refused !== null) return refused
  }
  return null
}

/** The answer to a request that could not be read; null when none may be given or too little of it was readable. */
export function answerToFailure(failure: ParseFailure, toTag: string): string | null {
  if (failure.status === null) return null
  const canAnswer = ['via', 'from', 'to', 'call-id', 'cseq'].every((name) => failure.names.includes(name))
  return canAnswer ? formatResponse(failure, failure.status, { toTag }) : null
}

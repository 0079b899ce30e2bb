import { LIMITS } from '../limits.ts'

/** A sip or sips URI (RFC 3261 §19.1). Escapes are kept as they came: comparing is not our trade, forwarding exactly is. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips'
  /** User part without password, escapes kept; null when absent. */
  readonly user: string | null
  readonly host: string
  readonly port: number | null
  /** Lower-case names, escapes kept; '' for a parameter without value. */
  readonly params: ReadonlyMap<string, string>
  /** What follows `?`, or null. We never obey it: it would let the sender write our headers (RFC 4475 §3.1.2.11). */
  readonly headers: string | null
}

/** Any other URI: a telephone number (RFC 3966) or a scheme we do not know. */
export interface OtherUri {
  readonly scheme: string
  readonly rest: string
}

export type Uri = SipUri | OtherUri

export function isSipUri(uri: Uri): uri is SipUri {
  return uri.scheme === 'sip' || uri.scheme === 'sips'
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/
const USER_INFO = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/:]|%[0-9A-Fa-f]{2})+$/
const PARAM_PART = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$]|%[0-9A-Fa-f]{2})+$/
const HEADERS = /^(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$=&]|%[0-9A-Fa-f]{2})*$/
const HOST_PORT = /^([A-Za-z0-9](?:[A-Za-z0-9.-]*)|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/
const OPAQUE = /^[\x21-\x7e]+$/

/** A URI as it stands in a Request-Line or between angle brackets; null when it is malformed. */
export function parseUri(text: string): Uri | null {
  const scheme = SCHEME.exec(text)
  if (scheme === null) return null
  const name = (scheme[1] as string).toLowerCase()
  const rest = text.slice(name.length + 1)
  if (name === 'sip' || name === 'sips') return parseSipRest(name, rest)
  return OPAQUE.test(rest) && !/[<>"]/.test(rest) ? { scheme: name, rest } : null
}

function parseSipRest(scheme: 'sip' | 'sips', rest: string): SipUri | null {
  const at = rest.indexOf('@')                             // `@` must be escaped everywhere else
  const userInfo = at < 0 ? null : rest.slice(0, at)
  if (userInfo !== null && !USER_INFO.test(userInfo)) return null
  const afterUser = rest.slice(at + 1)
  const question = afterUser.indexOf('?')
  const headers = question < 0 ? null : afterUser.slice(question + 1)
  if (headers !== null && !HEADERS.test(headers)) return null
  const [hostPort, ...paramTexts] = (question < 0 ? afterUser : afterUser.slice(0, question)).split(';')
  const place = parseHostPort(hostPort as string)
  const params = parseUriParams(paramTexts)
  if (place === null || params === null) return null
  const colon = userInfo === null ? -1 : userInfo.indexOf(':')
  const user = userInfo === null || colon < 0 ? userInfo : userInfo.slice(0, colon)
  return { scheme, user, host: place.host, port: place.port, params, headers }
}

const NO_URI_PARAMS: ReadonlyMap<string, string> = new Map()

function parseUriParams(texts: readonly string[]): ReadonlyMap<string, string> | null {
  if (texts.length === 0) return NO_URI_PARAMS
  if (texts.length > LIMITS.paramCount) return null
  const params = new Map<string, string>()
  for (const text of texts) {
    const equals = text.indexOf('=')
    const name = equals < 0 ? text : text.slice(0, equals)
    const value = equals < 0 ? '' : text.slice(equals + 1)
    if (!PARAM_PART.test(name) || (equals >= 0 && !PARAM_PART.test(value))) return null
    const key = name.toLowerCase()
    if (params.has(key)) return null                       // "any given parameter-name MUST NOT appear more than once", §19.1.1
    params.set(key, value)
  }
  return params
}

/** `host`, `host:port` or `[v6]:port`; null when malformed. */
export function parseHostPort(text: string): { host: string; port: number | null } | null {
  const match = HOST_PORT.exec(text)
  if (match === null) return null
  const port = match[2] === undefined ? null : Number(match[2])
  if (port !== null && port > 65_535) return null
  return { host: match[1] as string, port }
}

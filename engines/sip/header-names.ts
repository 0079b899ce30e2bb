/** How one header name behaves: its canonical (lower-case, long) form and, where it may occur once only, its bit. */
export interface HeaderName {
  readonly name: string
  /** A bit of its own for headers that may occur only once, else 0. */
  readonly onceBit: number
}

/** Headers whose repetition makes a message ambiguous (RFC 4475 §3.3.8, §3.3.9; threat 6), each with a bit of its own. */
const ONCE = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type', 'session-expires', 'min-se']

/** Our spelling on the wire, with the compact form where one is registered (RFC 3261 §7.3.3, IANA sip-parameters). */
const SPELLINGS: readonly (readonly [long: string, compact?: string])[] = [
  ['Via', 'v'], ['From', 'f'], ['To', 't'], ['Call-ID', 'i'], ['CSeq'], ['Max-Forwards'], ['Contact', 'm'],
  ['Content-Type', 'c'], ['Content-Length', 'l'], ['Content-Encoding', 'e'], ['Subject', 's'], ['Supported', 'k'],
  ['Session-Expires', 'x'], ['Event', 'o'], ['Refer-To', 'r'], ['Referred-By', 'b'], ['Allow-Events', 'u'],
  ['Accept-Contact', 'a'], ['Reject-Contact', 'j'], ['Request-Disposition', 'd'], ['Identity', 'y'],
  ['Min-SE'], ['Record-Route'], ['Route'], ['Reason'], ['Require'], ['Proxy-Require'], ['Unsupported'], ['Allow'], ['Accept'],
  ['User-Agent'], ['Server'], ['Date'], ['Expires'], ['Retry-After'], ['Warning'], ['Authorization'],
  ['Proxy-Authorization'], ['WWW-Authenticate'], ['Proxy-Authenticate'], ['P-Asserted-Identity'], ['P-Early-Media'],
  ['Privacy'], ['Diversion'], ['RSeq'], ['RAck'], ['Content-Disposition'], ['Accept-Encoding'], ['Accept-Language'],
]

/** Usual spellings, so that the common case is one lookup and no lower-casing. */
const BY_SPELLING = new Map<string, HeaderName>()
const BY_LOWER = new Map<string, HeaderName>()
const WIRE_SPELLING = new Map<string, string>()

for (const [long, compact] of SPELLINGS) {
  const lower = long.toLowerCase()
  const once = ONCE.indexOf(lower)
  const entry: HeaderName = { name: lower, onceBit: once < 0 ? 0 : 1 << once }
  WIRE_SPELLING.set(lower, long)
  BY_LOWER.set(lower, entry)
  for (const spelling of [long, lower, long.toUpperCase()]) BY_SPELLING.set(spelling, entry)
  if (compact === undefined) continue
  BY_LOWER.set(compact, entry)
  BY_SPELLING.set(compact, entry)
  BY_SPELLING.set(compact.toUpperCase(), entry)
}

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/

/**
 * The canonical name for what stands before the colon, or null when that is no header name. Blanks before the colon are
 * legal (HCOLON, RFC 3261 §25.1) and must not make another header of it (threat 6).
 */
export function canonicalName(raw: string): HeaderName | null {
  const usual = BY_SPELLING.get(raw)
  if (usual !== undefined) return usual
  const name = raw.replace(/[ \t]+$/, '')
  if (!TOKEN.test(name)) return null
  const lower = name.toLowerCase()
  return BY_LOWER.get(lower) ?? { name: lower, onceBit: 0 }
}

/** How we write a canonical name. */
export function wireName(name: string): string {
  return WIRE_SPELLING.get(name) ?? name
}

/** The once-only bit of a canonical name; used to state which headers a message must have. */
export function onceBitOf(name: string): number {
  return BY_LOWER.get(name)?.onceBit ?? 0
}

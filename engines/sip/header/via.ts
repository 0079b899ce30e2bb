import { splitList } from './list.ts'
import { parseParams, type Params } from './params.ts'
import { parseHostPort } from './uri.ts'

/** One Via value (RFC 3261 §20.42). */
export interface Via {
  /** Upper case as written: UDP, TCP, TLS, WS … or a name we do not know. */
  readonly transport: string
  readonly host: string
  readonly port: number | null
  readonly params: Params
}

/** What every RFC 3261 branch begins with (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK'

const SENT = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+([^;]+)(;.*)?$/is

/** One Via value; null when malformed. A list of them is cut by `headerList`. */
export function parseVia(value: string): Via | null {
  const match = SENT.exec(value)
  if (match === null) return null
  const sentBy = parseHostPort((match[2] as string).replace(/[ \t]+/g, ''))
  const params = parseParams((match[3] ?? '').trimEnd())
  if (sentBy === null || params === null) return null
  return { transport: (match[1] as string).toUpperCase(), host: sentBy.host, port: sentBy.port, params }
}

/**
 * The branch of the topmost Via, or '' when it has none. `value` is the first Via header; the usual form costs two
 * searches. Only a branch that stands before the first comma and outside quotes is the topmost one's.
 */
export function branchOf(value: string): string {
  const at = value.indexOf(';branch=')
  if (at > 0 && !value.includes('"') && !value.includes(',') && value.indexOf(';branch', at + 8) < 0) {
    const semicolon = value.indexOf(';', at + 8)
    const branch = semicolon < 0 ? value.slice(at + 8) : value.slice(at + 8, semicolon)
    if (!branch.includes(' ') && !branch.includes('\t')) return branch
  }
  const top = splitList(value)[0]
  return (top === undefined ? null : parseVia(top))?.params.get('branch') ?? ''
}

/**
 * The first Via header as a server passes it on: marked with where the request really came from (RFC 3261 §18.2.1,
 * RFC 3581 §4). `received` is added when the client asked for rport or its sent-by is another host.
 */
export function stampVia(value: string, address: string, port: number): string {
  const comma = value.indexOf(',')
  const top = comma < 0 ? value : value.slice(0, comma)
  const rest = comma < 0 ? '' : value.slice(comma)
  const via = parseVia(top)
  if (via === null) return value
  const wantsPort = via.params.get('rport') === ''
  const withPort = wantsPort ? top.replace(/;[ \t]*rport[ \t]*(?==?[ \t]*(?:;|$))/i, `;rport=${port}`) : top
  const needsAddress = (wantsPort || via.host !== address) && !via.params.has('received')
  return withPort + (needsAddress ? `;received=${address}` : '') + rest
}

/** Where a response to this Via goes (RFC 3261 §18.2.2, RFC 3581 §4): received or sent-by, rport or port or 5060. */
export function replyTo(via: Via): { host: string; port: number } {
  const rport = Number(via.params.get('rport') || Number.NaN)
  const port = rport >= 1 && rport <= 65_535 ? rport : (via.port ?? 5060)
  return { host: via.params.get('received') ?? via.host, port }
}

import { LIMITS } from './limits.ts'

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  | { readonly kind: 'bad'; readonly code: 'bad-start-line' | 'bad-version'; readonly status: number | null }

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) (\S+) SIP\/2\.0$/i
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/is
const ANY_VERSION = /^\S+ \S+ SIP\/\d+\.\d+$/i

/**
 * Request-Line or Status-Line (RFC 3261 §7.1, §7.2). Exactly one space between the parts and none at the ends: extra blanks
 * mean that somebody else may read another Request-URI than we do (RFC 4475 §3.1.2.8 to §3.1.2.10).
 */
export function readStartLine(line: string): StartLine {
  if (line.length > LIMITS.headerBytes) return { kind: 'bad', code: 'bad-start-line', status: null }
  if (/^SIP\//i.test(line)) {
    const status = STATUS_LINE.exec(line)
    if (status === null) return { kind: 'bad', code: 'bad-start-line', status: null }
    return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '' }
  }
  const request = REQUEST_LINE.exec(line)
  if (request !== null) return { kind: 'request', method: request[1] as string, uri: request[2] as string }
  if (ANY_VERSION.test(line)) return { kind: 'bad', code: 'bad-version', status: 505 }
  return { kind: 'bad', code: 'bad-start-line', status: 400 }
}

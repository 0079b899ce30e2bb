import { endOfQuoted } from './list.ts'
import { parseParams, unquote, type Params } from './params.ts'
import { isSipUri, parseUri, type Uri } from './uri.ts'

/** From, To, Contact, Route, Record-Route: an optional name, a URI, and the header's own parameters (RFC 3261 §20.10). */
export interface NameAddr {
  readonly display: string
  /** The URI as written, without brackets. */
  readonly uriText: string
  readonly uri: Uri
  readonly params: Params
}

const DISPLAY_TOKENS = /^[A-Za-z0-9\-.!%*_+`'~ \t]*$/

/** One name-addr or addr-spec with parameters; null when malformed. Lists are cut by `headerList` before. */
export function parseNameAddr(value: string): NameAddr | null {
  const text = value.trim()
  if (text.startsWith('"')) {
    const end = endOfQuoted(text, 0)
    if (end >= text.length) return null                    // unbalanced quote, RFC 4475 §3.1.2.6
    const rest = text.slice(end + 1).trimStart()
    return rest.startsWith('<') ? bracketed(rest, unquote(text.slice(0, end + 1))) : null
  }
  const open = text.indexOf('<')
  if (open < 0) return bare(text)
  const display = text.slice(0, open)
  if (!DISPLAY_TOKENS.test(display)) return null           // `Bell, Alexander <…>`, RFC 4475 §3.1.2.15
  return bracketed(text.slice(open), display.trim())
}

function bracketed(text: string, display: string): NameAddr | null {
  const close = text.indexOf('>')
  if (close < 0) return null
  const uriText = text.slice(1, close)
  const uri = parseUri(uriText)
  const params = parseParams(text.slice(close + 1).trimStart())
  return uri === null || params === null ? null : { display, uriText, uri, params }
}

/** Without brackets every `;` begins a header parameter, and `?` and `,` may not stand in the URI (§20.10). */
function bare(text: string): NameAddr | null {
  const semicolon = text.indexOf(';')
  const uriText = (semicolon < 0 ? text : text.slice(0, semicolon)).trimEnd()
  if (/[?,]/.test(uriText)) return null
  const uri = parseUri(uriText)
  const params = parseParams(semicolon < 0 ? '' : text.slice(semicolon))
  if (uri === null || params === null) return null
  return isSipUri(uri) && uri.params.size > 0 ? null : { display: '', uriText, uri, params }
}

/**
 * The tag of a From or To value, or '' when there is none (an RFC 2543 peer). The usual form `…>;tag=x` costs two searches;
 * anything else is parsed in full. A malformed value has no tag.
 */
export function tagOf(value: string): string {
  if (!value.includes('"')) {
    const close = value.indexOf('>')
    if (close >= 0) {
      if (close === value.length - 1) return ''
      if (value.startsWith(';tag=', close + 1)) {
        const tag = value.slice(close + 6)
        if (PLAIN_TAG.test(tag)) return tag
      }
    }
  }
  return parseNameAddr(value)?.params.get('tag') ?? ''
}

const PLAIN_TAG = /^[A-Za-z0-9\-.!%*_+`'~]+$/

/** The URI of a Contact, Route or Record-Route value as text, or null when malformed. */
export function uriTextOf(value: string): string | null {
  return parseNameAddr(value)?.uriText ?? null
}

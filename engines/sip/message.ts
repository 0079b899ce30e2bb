import { canonicalName, onceBitOf } from './header-names.ts'
import { LIMITS } from './limits.ts'
import { isKnownMethod } from './methods.ts'
import { readCseq } from './header/cseq.ts'
import { hasComma, splitList } from './header/list.ts'
import { readStartLine } from './start-line.ts'

/**
 * A parsed SIP message (RFC 3261 §7). Only what every message needs is read eagerly: start line, header boundaries, Call-ID,
 * CSeq, body. All other values stay text until somebody asks; use `header`, `headerList` and the parsers in `header/`.
 * Every string is wire text (see text.ts): one character per byte.
 */
export type SipMessage = SipRequest | SipResponse

export interface Headers {
  /** Canonical names (long, lower case) in the order of arrival; index i belongs to `values[i]`. */
  readonly names: string[]
  /** Values, trimmed and unfolded. */
  readonly values: string[]
}

interface Common extends Headers {
  readonly callId: string
  /** The sequence number, 0..2^31-1, and the method beside it. */
  readonly cseq: number
  readonly cseqMethod: string
  readonly body: string
}

export interface SipRequest extends Common {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
}

export interface SipResponse extends Common {
  readonly kind: 'response'
  /** 100..699 */
  readonly status: number
  readonly reason: string
}

export type FailureCode =
  | 'empty' | 'too-long' | 'bad-start-line' | 'bad-version' | 'bad-line-break' | 'bad-header' | 'too-many-headers'
  | 'header-too-long' | 'duplicate-header' | 'missing-header' | 'unterminated' | 'bad-content-length' | 'body-truncated'
  | 'bad-cseq' | 'method-mismatch' | 'bad-call-id' | 'too-many-via'

export interface ParseFailure extends Headers {
  readonly kind: 'failure'
  readonly code: FailureCode
  /** The status a request would deserve; null where nothing may be answered: a response, an ACK, or no request at all. */
  readonly status: number | null
}

/** The first value under a canonical name, or null. */
export function header(message: Headers, name: string): string | null {
  const index = message.names.indexOf(name)
  return index < 0 ? null : (message.values[index] as string)
}

/** All values under a canonical name whose values are comma-separated lists (Via, Route, Contact, Supported …), in order. */
export function headerList(message: Headers, name: string): string[] {
  const list: string[] = []
  for (let index = message.names.indexOf(name); index >= 0; index = message.names.indexOf(name, index + 1)) {
    const value = message.values[index] as string
    if (hasComma(value)) list.push(...splitList(value))
    else if (value !== '') list.push(value)
    if (list.length > LIMITS.listCount) return list.slice(0, LIMITS.listCount)
  }
  return list
}

const REQUIRED: readonly string[] = ['from', 'to', 'call-id', 'cseq']
const REQUIRED_BITS = REQUIRED.reduce((bits, name) => bits | onceBitOf(name), 0)

/**
 * Reads one datagram. Never throws; cost is linear in its length and bounded by LIMITS.
 *
 * @param text wire text. Over UDP the body is what Content-Length says, the rest is ignored (RFC 3261 §18.3); without
 *   Content-Length it is the rest of the datagram.
 */
export function parseMessage(text: string): SipMessage | ParseFailure {
  const draft = new Draft(text)
  return draft.read()
}

/** One message being read: a cursor over the text and what was found so far. */
class Draft {
  readonly text: string
  readonly names: string[] = []
  readonly values: string[] = []
  at = 0
  seen = 0
  isRequest = false

  constructor(text: string) {
    this.text = text
  }

  read(): SipMessage | ParseFailure {
    const { text } = this
    if (text.length > LIMITS.messageBytes) return this.failure('too-long', null)
    // Empty lines before the start line are ignored (§7.5); alone they are a keep-alive.
    while (text.charCodeAt(this.at) === CR && text.charCodeAt(this.at + 1) === LF) this.at += 2
    if (this.at >= text.length) return this.failure('empty', null)

    const startEnd = text.indexOf('\r\n', this.at)
    if (startEnd < 0) return this.failure('bad-start-line', null)
    const start = readStartLine(text.slice(this.at, startEnd))
    this.at = startEnd + 2
    this.isRequest = start.kind === 'request' || (start.kind === 'bad' && start.status !== null)

    // A bad start line is answered too, for which the headers are needed.
    const problem = this.readHeaders()
    if (start.kind === 'bad') return this.failure(start.code, start.status)
    if (problem !== null) return this.failure(problem, 400)
    return start.kind === 'request' ? this.request(start.method, start.uri) : this.response(start.status, start.reason)
  }

  private request(method: string, uri: string): SipRequest | ParseFailure {
    const common = this.common()
    if (typeof common === 'string') return this.failure(common, 400)
    if (common.cseqMethod !== method) {
      // RFC 4475 §3.1.2.17 and §3.1.2.18: 400, but 501 tells more where the method itself is unknown to us.
      return this.failure('method-mismatch', isKnownMethod(method) ? 400 : 501)
    }
    const { names, values, callId, cseq, cseqMethod, body } = common
    return { kind: 'request', method, uri, names, values, callId, cseq, cseqMethod, body }
  }

  private response(status: number, reason: string): SipResponse | ParseFailure {
    const common = this.common()
    if (typeof common === 'string') return this.failure(common, null)
    const via = common.names.indexOf('via')
    const isForOthersToo = common.names.indexOf('via', via + 1) >= 0 || hasComma(common.values[via] as string)
    if (isForOthersToo) return this.failure('too-many-via', null) // a user agent discards it, §8.1.3.3
    const { names, values, callId, cseq, cseqMethod, body } = common
    return { kind: 'response', status, reason, names, values, callId, cseq, cseqMethod, body }
  }

  /** Reads header lines up to and including the empty line. */
  private readHeaders(): FailureCode | null {
    const { text } = this
    while (true) {
      const end = text.indexOf('\r', this.at)
      if (end < 0) return 'unterminated'
      if (text.charCodeAt(end + 1) !== LF) return 'bad-line-break'
      if (end === this.at) {
        this.at += 2
        return null
      }
      const problem = this.readHeader(end)
      if (problem !== null) return problem
    }
  }

  private readHeader(lineEnd: number): FailureCode | null {
    const { text } = this
    if (this.names.length >= LIMITS.headerCount) return 'too-many-headers'
    const colon = text.indexOf(':', this.at)
    if (colon < 0 || colon > lineEnd) return 'bad-header'
    const header = canonicalName(text.slice(this.at, colon))
    if (header === null) return 'bad-header'

    let value = trimmed(text, colon + 1, lineEnd)
    this.at = lineEnd + 2
    while (isBlank(text.charCodeAt(this.at))) {            // a folded line: the fold is one space (§7.3.1)
      const end = text.indexOf('\r\n', this.at)
      if (end < 0) return 'unterminated'
      const more = trimmed(text, this.at, end)
      value = value === '' ? more : `${value} ${more}`
      this.at = end + 2
      if (value.length > LIMITS.headerBytes) return 'header-too-long'
    }
    if (value.length > LIMITS.headerBytes) return 'header-too-long'
    if (value.includes('\n') || value.includes('\r')) return 'bad-line-break' // a bare LF hides a header from us, not from others
    if ((this.seen & header.onceBit) !== 0) return 'duplicate-header'
    this.seen |= header.onceBit
    this.names.push(header.name)
    this.values.push(value)
    return null
  }

  private common(): Common | FailureCode {
    const { names, values } = this
    if ((this.seen & REQUIRED_BITS) !== REQUIRED_BITS || !names.includes('via')) return 'missing-header'
    const callId = values[names.indexOf('call-id')] as string
    if (callId === '' || callId.includes(' ') || callId.includes('\t')) return 'bad-call-id'
    const cseq = readCseq(values[names.indexOf('cseq')] as string)
    if (cseq === null) return 'bad-cseq'
    const body = this.body()
    if (body === null) return 'bad-content-length'
    if (body === undefined) return 'body-truncated'
    return { names, values, callId, cseq: cseq.number, cseqMethod: cseq.method, body }
  }

  /** The body; null for a Content-Length that is no number, undefined when the datagram ends before it does. */
  private body(): string | null | undefined {
    const { text, at } = this
    const length = this.names.indexOf('content-length')
    if (length < 0) return text.slice(at)
    const value = this.values[length] as string
    if (value === '0') return ''
    if (!/^\d{1,10}$/.test(value)) return null
    const end = at + Number(value)
    return end > text.length ? undefined : text.slice(at, end)
  }

  private failure(code: FailureCode, status: number | null): ParseFailure {
    const isAck = this.text.startsWith('ACK ')             // an ACK is never answered (§17)
    return { kind: 'failure', code, status: this.isRequest && !isAck ? status : null, names: this.names, values: this.values }
  }
}

const CR = 13
const LF = 10
const isBlank = (code: number): boolean => code === 32 || code === 9

/** Cuts blanks at both ends; not String.trim, which would also cut 0xA0, the last byte of many UTF-8 characters. */
function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

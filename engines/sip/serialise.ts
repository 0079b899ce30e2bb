import { assert } from '@loopline/vocabulary/assert'
import { wireName } from './header-names.ts'
import { tagOf } from './header/name-addr.ts'
import type { Headers, SipMessage } from './message.ts'
import { phraseOf } from './status.ts'

/** The parts of a request we send. `headers`: complete lines, each ending in CRLF, made by `line`. */
export interface RequestParts {
  readonly method: string
  readonly uri: string
  /** Of our socket, see `viaOf`. */
  readonly sentBy: string
  readonly branch: string
  /** From and To values with their tags. */
  readonly from: string
  readonly to: string
  readonly callId: string
  readonly cseq: number
  readonly headers: string
  readonly body: string
}

/** A request for the wire. We ask for rport (RFC 3581), so that answers pass address translation. */
export function formatRequest(parts: RequestParts): string {
  return (
    `${parts.method} ${parts.uri} SIP/2.0\r\nVia: SIP/2.0/${viaOf(parts.sentBy)};branch=${parts.branch};rport\r\n` +
    `Max-Forwards: 70\r\nFrom: ${parts.from}\r\nTo: ${parts.to}\r\nCall-ID: ${parts.callId}\r\n` +
    `CSeq: ${parts.cseq} ${parts.method}\r\n${parts.headers}Content-Length: ${parts.body.length}\r\n\r\n${parts.body}`
  )
}

/** `host:port` of a socket that speaks UDP; over another transport its name stands before: `WSS host:port`. */
function viaOf(sentBy: string): string {
  return sentBy.includes(' ') ? sentBy : `UDP ${sentBy}`
}

/** Whether what is sent from here arrives or the connection ends: then nothing is repeated by a timer (RFC 3261 §17). */
export const isReliable = (sentBy: string): boolean => sentBy.includes(' ')

/** What a response adds to what it copies from its request. */
export interface ResponseParts {
  /** Our tag, put on the To value when it has none; '' only for a 100. */
  readonly toTag: string
  /** Complete lines, each ending in CRLF. */
  readonly headers?: string
  readonly body?: string
  readonly phrase?: string
}

/** A response to a request (RFC 3261 §8.2.6): every Via, From, To, Call-ID and CSeq as they came. */
export function formatResponse(request: Headers, status: number, parts: ResponseParts): string {
  const { names, values } = request
  let text = `SIP/2.0 ${status} ${parts.phrase ?? phraseOf(status)}\r\n`
  for (let index = 0; index < names.length; index++) {
    switch (names[index]) {
      case 'via': text += `Via: ${values[index]}\r\n`; break
      case 'from': text += `From: ${values[index]}\r\n`; break
      case 'to': text += `To: ${withTag(values[index] as string, parts.toTag)}\r\n`; break
      case 'call-id': text += `Call-ID: ${values[index]}\r\n`; break
      case 'cseq': text += `CSeq: ${values[index]}\r\n`; break
    }
  }
  const body = parts.body ?? ''
  return `${text}${parts.headers ?? ''}Content-Length: ${body.length}\r\n\r\n${body}`
}

/** A To value with our tag, unless it has one already. */
export function withTag(value: string, tag: string): string {
  return tag === '' || tagOf(value) !== '' ? value : `${value};tag=${tag}`
}

/** One header line. Values come from settings and other people; a line break in one would be a header of theirs (threat 6). */
export function line(name: string, value: string): string {
  assert(isOneLine(value), `header ${name} must be one line`)
  return `${name}: ${value}\r\n`
}

export function isOneLine(value: string): boolean {
  return !value.includes('\r') && !value.includes('\n')
}

/** Any message as it would stand on the wire, names in their usual spelling, Content-Length recomputed. For relays and tests. */
export function serialise(message: SipMessage): string {
  let text = message.kind === 'request'
    ? `${message.method} ${message.uri} SIP/2.0\r\n`
    : `SIP/2.0 ${message.status} ${message.reason}\r\n`
  message.names.forEach((name, index) => {
    if (name !== 'content-length') text += line(wireName(name), message.values[index] as string)
  })
  return `${text}Content-Length: ${message.body.length}\r\n\r\n${message.body}`
}

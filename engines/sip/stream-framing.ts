import { LIMITS } from './limits.ts'

/**
 * Cuts a byte stream (TCP, TLS) into SIP messages: RFC 3261 §18.3, where Content-Length is mandatory. Wire text in, wire text
 * out. Between messages a peer may send CRLF to keep the way open (RFC 5626 §3.5.1): `CRLF CRLF` asks for a CRLF back.
 */
export interface StreamFraming {
  /** What came and is no whole message yet. */
  buffer: string
  /** From where the end of the header section is still to be looked for. */
  scannedTo: number
  /** Length of the message whose header section is complete, or null. */
  messageEnd: number | null
}

export type Frame =
  | { readonly kind: 'message'; readonly text: string }
  /** Answer with one CRLF. */
  | { readonly kind: 'ping' }
  /** The stream cannot be read any further: nobody knows where the next message begins. Close it. */
  | { readonly kind: 'broken'; readonly because: 'too-long' | 'no-content-length' | 'bad-content-length' }

export interface StreamLimits {
  readonly headerBytes: number
  readonly messageBytes: number
}

/** A telephone's INVITE is 1 to 8 kB. */
export const STREAM_LIMITS: StreamLimits = { headerBytes: 16_384, messageBytes: Math.min(32_768, LIMITS.messageBytes) }

export function newFraming(): StreamFraming {
  return { buffer: '', scannedTo: 0, messageEnd: null }
}

/** Takes what came and gives what is whole, in order; after `broken` nothing follows. Cost is linear in what came. */
export function feed(framing: StreamFraming, chunk: string, limits: StreamLimits = STREAM_LIMITS): Frame[] {
  framing.buffer += chunk
  const frames: Frame[] = []
  while (framing.buffer !== '') {
    const frame = nextFrame(framing, limits)
    if (frame === null) break
    frames.push(frame)
    if (frame.kind === 'broken') {
      framing.buffer = ''
      break
    }
  }
  return frames
}

function nextFrame(framing: StreamFraming, limits: StreamLimits): Frame | null {
  if (framing.messageEnd === null) {
    const between = takeLineBreaks(framing)
    if (between !== null || framing.buffer === '' || framing.buffer === '\r') return between
    const problem = findEnd(framing, limits)
    if (problem !== null) return { kind: 'broken', because: problem }
  }
  const end = framing.messageEnd
  return end === null || framing.buffer.length < end ? null : { kind: 'message', text: take(framing, end) }
}

/** A ping, or null when none stands before the next message; a lone CRLF is the answer to a ping of ours, or an empty line (§7.5). */
function takeLineBreaks(framing: StreamFraming): Frame | null {
  if (framing.buffer.startsWith('\r\n\r\n')) {
    take(framing, 4)
    return { kind: 'ping' }
  }
  // The second half of a ping may still be on its way.
  const mayBePing = framing.buffer === '\r\n' || framing.buffer === '\r\n\r'
  if (framing.buffer.startsWith('\r\n') && !mayBePing) take(framing, 2)
  return null
}

type Problem = Extract<Frame, { kind: 'broken' }>['because']

/** Looks for the empty line after the headers and works out where the message ends. */
function findEnd(framing: StreamFraming, limits: StreamLimits): Problem | null {
  if (framing.buffer.startsWith('\r\n')) return null       // waits for the rest of a ping
  const headersEnd = framing.buffer.indexOf('\r\n\r\n', framing.scannedTo)
  if (headersEnd < 0 || headersEnd > limits.headerBytes) {
    framing.scannedTo = Math.max(0, framing.buffer.length - 3)
    return framing.buffer.length > limits.headerBytes ? 'too-long' : null
  }
  const length = contentLengthOf(framing.buffer.slice(0, headersEnd + 2))
  if (typeof length === 'string') return length
  if (headersEnd + 4 + length > limits.messageBytes) return 'too-long'
  framing.messageEnd = headersEnd + 4 + length
  return null
}

/** Two of them would be two readings of where the next message begins (threat 6). */
function contentLengthOf(headers: string): number | Problem {
  const [found, second] = headers.matchAll(/\r\n(?:Content-Length|l)[ \t]*:([^\r\n]*)/gi)
  if (found === undefined) return 'no-content-length'
  const value = (found[1] as string).trim()
  return second !== undefined || !/^\d{1,8}$/.test(value) ? 'bad-content-length' : Number(value)
}

function take(framing: StreamFraming, length: number): string {
  const text = framing.buffer.slice(0, length)
  framing.buffer = framing.buffer.slice(length)
  framing.scannedTo = 0
  framing.messageEnd = null
  return text
}

/**
 * Which DTLS datagrams reach the library. It believes alerts that are not encrypted, begins anew at any ClientHello, and
 * reads lengths before it checks them; all that can be sent by somebody who only forges a source address (threat 11).
 */

const RECORD_HEADER_BYTES = 13
const CONTENT = { changeCipherSpec: 20, handshake: 22 } as const
const HANDSHAKE = { clientHello: 1, finished: 20 } as const
/** Behind the record's header: type, length, sequence, fragment offset and length; then version and random. */
const HANDSHAKE_HEADER_BYTES = 12
const SESSION_ID_AT = RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES + 2 + 32
/** A flight of ours or theirs is below; a jumbo would only cost time. */
const DATAGRAM_BYTES_MAX = 4_096

/** How far our side is: `answered` from the first ClientHello with our cookie on. */
export type DtlsPhase = 'open' | 'answered' | 'done'

/**
 * Whether every record of the datagram is whole and of use now. Refused: alerts and application data, a Finished in
 * clear, a ClientHello without cookie once one with it was answered, and any ClientHello after the end.
 */
export function isWelcome(datagram: Uint8Array, phase: DtlsPhase): boolean {
  if (datagram.length > DATAGRAM_BYTES_MAX) return false
  let at = 0
  while (at < datagram.length) {
    const record = recordAt(datagram, at)
    if (record === null || !isUseful(record, phase)) return false
    at += record.length
  }
  return at > 0
}

/** Whether it is a ClientHello that carries a cookie: what makes a phase `answered`. */
export function isClientHelloWithCookie(datagram: Uint8Array): boolean {
  const record = recordAt(datagram, 0)
  return record !== null && isPlain(record, HANDSHAKE.clientHello) && hasCookie(record)
}

/** The first record of what is left, cut to its stated length; null when it is not whole. */
function recordAt(datagram: Uint8Array, at: number): Uint8Array | null {
  if (at + RECORD_HEADER_BYTES > datagram.length) return null
  const end = at + RECORD_HEADER_BYTES + (((datagram[at + 11] as number) << 8) | (datagram[at + 12] as number))
  return end <= datagram.length ? datagram.subarray(at, end) : null
}

function isUseful(record: Uint8Array, phase: DtlsPhase): boolean {
  if (record[0] === CONTENT.changeCipherSpec) return true
  if (record[0] !== CONTENT.handshake || record.length < RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES) return false
  if (isPlain(record, HANDSHAKE.finished)) return false
  if (!isPlain(record, HANDSHAKE.clientHello)) return true
  return phase === 'open' || (phase === 'answered' && hasCookie(record))
}

/** A handshake message of that type in epoch 0, where nothing is encrypted. */
function isPlain(record: Uint8Array, type: number): boolean {
  return record[0] === CONTENT.handshake && record[3] === 0 && record[4] === 0 && record[RECORD_HEADER_BYTES] === type
}

function hasCookie(clientHello: Uint8Array): boolean {
  const cookieAt = SESSION_ID_AT + 1 + (clientHello[SESSION_ID_AT] ?? 0)
  return (clientHello[cookieAt] ?? 0) > 0
}

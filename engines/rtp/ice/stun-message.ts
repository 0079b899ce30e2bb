import { crc32 } from './crc32.ts'

/** HMAC-SHA1, 20 bytes. */
export type HmacSha1 = (key: Uint8Array, data: Uint8Array) => Uint8Array

export type StunClass = 'request' | 'indication' | 'success' | 'error'

/** A STUN message (RFC 8489) as far as ICE (RFC 8445) needs it. */
export interface StunMessage {
  readonly class: StunClass
  readonly method: number
  readonly transactionId: Uint8Array
  /** USERNAME, one character per byte, or null. */
  readonly username: string | null
  readonly priority: number | null
  readonly useCandidate: boolean
  /** The role its sender believes to have. */
  readonly role: 'controlling' | 'controlled' | null
  /** Types that must be understood and are not (§6.3.1). */
  readonly unknownAttributes: readonly number[]
  /** Where the MESSAGE-INTEGRITY attribute begins, or null. */
  readonly integrityAt: number | null
  /** A wrong one makes the message no STUN at all; here it is right or missing. */
  readonly hasFingerprint: boolean
}

export const BINDING = 0x001
const MAGIC_COOKIE = 0x2112_a442
export const HEADER_BYTES = 20
const INTEGRITY_BYTES = 20
const FINGERPRINT_XOR = 0x5354_554e

export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const

/** Bounds on what is read (threat 12). A check of Chromium has about 100 bytes and 8 attributes. */
const MESSAGE_BYTES_MAX = 1_280
const ATTRIBUTES_MAX = 32
/** §14.3; a longer one overflowed other implementations (GHSA-j29p-pvh2-pvqp). */
const USERNAME_BYTES_MAX = 512

/** Bit 4 and bit 8 of the type, RFC 8489 §5. */
const CLASSES: readonly StunClass[] = ['request', 'indication', 'success', 'error']

interface Draft {
  username: string | null
  priority: number | null
  useCandidate: boolean
  role: 'controlling' | 'controlled' | null
  unknownAttributes: number[]
  integrityAt: number | null
  hasFingerprint: boolean
}

/** Reads a datagram; null when it is no STUN message, its lengths do not add up, or its fingerprint is wrong. */
export function parseStun(bytes: Uint8Array): StunMessage | null {
  if (bytes.length < HEADER_BYTES || bytes.length > MESSAGE_BYTES_MAX || (bytes[0] as number) > 3) return null
  const view = viewOf(bytes)
  const bodyBytes = view.getUint16(2)
  if (bodyBytes % 4 !== 0 || bodyBytes + HEADER_BYTES !== bytes.length || view.getUint32(4) !== MAGIC_COOKIE) return null
  const draft: Draft = {
    username: null, priority: null, useCandidate: false, role: null, unknownAttributes: [], integrityAt: null, hasFingerprint: false,
  }
  if (!readAttributes(bytes, view, draft)) return null
  const type = view.getUint16(0)
  return {
    class: CLASSES[((type >> 4) & 1) | ((type >> 7) & 2)] as StunClass,
    method: (type & 0x000f) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0f80),
    transactionId: bytes.slice(8, HEADER_BYTES),
    ...draft,
  }
}

function readAttributes(bytes: Uint8Array, view: DataView, draft: Draft): boolean {
  let at = HEADER_BYTES
  for (let count = 0; at < bytes.length; count++) {
    if (count >= ATTRIBUTES_MAX || draft.hasFingerprint) return false
    const length = view.getUint16(at + 2)
    const end = at + 4 + ((length + 3) & ~3)
    if (end > bytes.length || !readAttribute(bytes, view, { at, length }, draft)) return false
    at = end
  }
  return true
}

/** Where an attribute begins, and the length it states. */
interface Place {
  at: number
  length: number
}

/** False when the attribute makes the whole message void. Of two of one type the first counts (§14). */
function readAttribute(bytes: Uint8Array, view: DataView, { at, length }: Place, draft: Draft): boolean {
  const type = view.getUint16(at)
  if (type === ATTRIBUTE.fingerprint) {
    draft.hasFingerprint = length === 4 && view.getUint32(at + 4) === fingerprintOf(bytes.subarray(0, at), at - HEADER_BYTES + 8)
    return draft.hasFingerprint
  }
  if (draft.integrityAt !== null) return true // what follows it is not protected: passed over (§14.5)
  switch (type) {
    case ATTRIBUTE.username:
      if (length > USERNAME_BYTES_MAX) return false
      draft.username ??= String.fromCharCode(...bytes.subarray(at + 4, at + 4 + length))
      return true
    case ATTRIBUTE.messageIntegrity:
      draft.integrityAt = at
      return length === INTEGRITY_BYTES
    case ATTRIBUTE.priority:
      draft.priority ??= length === 4 ? view.getUint32(at + 4) : null
      return length === 4
    case ATTRIBUTE.useCandidate:
      draft.useCandidate = true
      return true
    case ATTRIBUTE.iceControlled: case ATTRIBUTE.iceControlling:
      draft.role ??= type === ATTRIBUTE.iceControlling ? 'controlling' : 'controlled'
      return length === 8
    case ATTRIBUTE.errorCode: case ATTRIBUTE.unknownAttributes: case ATTRIBUTE.xorMappedAddress:
      return true
    default:
      if (type < 0x8000) draft.unknownAttributes.push(type)
      return true
  }
}

/** Whether MESSAGE-INTEGRITY was made with this key (§14.5). Looks at every byte whatever the first says. */
export function hasIntegrity(bytes: Uint8Array, message: StunMessage, key: Uint8Array, hmacSha1: HmacSha1): boolean {
  const at = message.integrityAt
  if (at === null) return false
  const digest = hmacSha1(key, withLength(bytes.subarray(0, at), at - HEADER_BYTES + 4 + INTEGRITY_BYTES))
  let difference = 0
  for (let each = 0; each < INTEGRITY_BYTES; each++) difference |= (digest[each] as number) ^ (bytes[at + 4 + each] as number)
  return difference === 0
}

export interface StunAttribute {
  readonly type: number
  readonly value: Uint8Array
}

/** Builds a Binding message that ends with MESSAGE-INTEGRITY by `key` and FINGERPRINT. */
export function buildBinding(
  { class: messageClass, transactionId, attributes }: { class: StunClass; transactionId: Uint8Array; attributes: readonly StunAttribute[] },
  key: Uint8Array, hmacSha1: HmacSha1,
): Uint8Array {
  const plainBytes = attributes.reduce((sum, { value }) => sum + 4 + ((value.length + 3) & ~3), HEADER_BYTES)
  const bytes = new Uint8Array(plainBytes + 4 + INTEGRITY_BYTES + 8)
  const view = viewOf(bytes)
  const bits = CLASSES.indexOf(messageClass)
  view.setUint16(0, BINDING | ((bits & 1) << 4) | ((bits & 2) << 7))
  view.setUint32(4, MAGIC_COOKIE)
  bytes.set(transactionId, 8)
  let at = HEADER_BYTES
  for (const { type, value } of attributes) at = writeAttribute(bytes, at, type, value)
  at = writeAttribute(bytes, at, ATTRIBUTE.messageIntegrity, hmacSha1(key, withLength(bytes.subarray(0, at), at - HEADER_BYTES + 24)))
  const fingerprint = new Uint8Array(4)
  viewOf(fingerprint).setUint32(0, fingerprintOf(bytes.subarray(0, at), at - HEADER_BYTES + 8))
  view.setUint16(2, writeAttribute(bytes, at, ATTRIBUTE.fingerprint, fingerprint) - HEADER_BYTES)
  return bytes
}

function writeAttribute(bytes: Uint8Array, at: number, type: number, value: Uint8Array): number {
  const view = viewOf(bytes)
  view.setUint16(at, type)
  view.setUint16(at + 2, value.length)
  bytes.set(value, at + 4)
  return at + 4 + ((value.length + 3) & ~3)
}

/** Both checksums are made as if the message ended with their attribute. */
function withLength(part: Uint8Array, bodyBytes: number): Uint8Array {
  const copy = part.slice()
  viewOf(copy).setUint16(2, bodyBytes)
  return copy
}

function fingerprintOf(part: Uint8Array, bodyBytes: number): number {
  return (crc32(withLength(part, bodyBytes)) ^ FINGERPRINT_XOR) >>> 0
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

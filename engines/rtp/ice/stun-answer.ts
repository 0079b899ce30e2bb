import { addressBytes, type Address } from './address.ts'
import { ATTRIBUTE, buildBinding, type HmacSha1, type StunAttribute, type StunMessage } from './stun-message.ts'

/** Answers to a request whose MESSAGE-INTEGRITY was right, under the same key (RFC 8489 §6.3.1, §9.1.4). */
export interface AnswerContext {
  readonly request: StunMessage
  readonly key: Uint8Array
  readonly hmacSha1: HmacSha1
}

/** Success: tells the sender where it was seen. Null when `from` is no address. */
export function answerSuccess({ request, key, hmacSha1 }: AnswerContext, from: Address): Uint8Array | null {
  const value = xorMapped(from, request.transactionId)
  if (value === null) return null
  return buildBinding({ class: 'success', transactionId: request.transactionId, attributes: [{ type: ATTRIBUTE.xorMappedAddress, value }] }, key, hmacSha1)
}

/** The two refusals ICE needs: 420 for attributes that must be understood, 487 for a role conflict (RFC 8445 §7.3.1.1). */
export function answerError({ request, key, hmacSha1 }: AnswerContext, code: 420 | 487): Uint8Array {
  const reason = code === 420 ? 'Unknown Attribute' : 'Role Conflict'
  const value = Uint8Array.from([0, 0, Math.floor(code / 100), code % 100, ...characters(reason)])
  const attributes: StunAttribute[] = [{ type: ATTRIBUTE.errorCode, value }]
  if (code === 420) {
    attributes.push({ type: ATTRIBUTE.unknownAttributes, value: Uint8Array.from(request.unknownAttributes.flatMap((type) => [type >> 8, type & 0xff])) })
  }
  return buildBinding({ class: 'error', transactionId: request.transactionId, attributes }, key, hmacSha1)
}

/** XOR-MAPPED-ADDRESS (§14.2): port and address under the magic cookie and the transaction id. */
function xorMapped({ host, port }: Address, transactionId: Uint8Array): Uint8Array | null {
  const address = addressBytes(host)
  if (address === null) return null
  const mask = Uint8Array.from([0x21, 0x12, 0xa4, 0x42, ...transactionId])
  return Uint8Array.from([
    0, address.length === 4 ? 1 : 2, (port >> 8) ^ 0x21, (port & 0xff) ^ 0x12,
    ...address.map((byte, at) => byte ^ (mask[at] as number)),
  ])
}

function characters(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}

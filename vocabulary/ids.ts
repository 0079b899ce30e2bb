/** Names of things. All are UUIDv7 strings in lower case; the brand only keeps one from being passed for another. */
type Id<Name extends string> = string & { readonly __id: Name }

export type CustomerId = Id<'customer'>
export type PhoneId = Id<'phone'>
export type CampaignId = Id<'campaign'>
export type AttemptId = Id<'attempt'>
export type LineId = Id<'line'>
export type RuleId = Id<'rule'>
export type UserId = Id<'user'>
export type TeamId = Id<'team'>
export type ImportId = Id<'import'>

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * A UUIDv7 (RFC 9562 §5.7) from a time and ten random bytes, both given by the caller: engines stay pure.
 * Its order follows the clock of whoever made it, so it is a key, never the truth about what came first.
 *
 * @param unixMs milliseconds since 1970, 48 bits.
 * @param random at least ten random bytes, read from `offset`.
 */
export function uuidv7(unixMs: number, random: Uint8Array, offset = 0): string {
  const hex = (byte: number): string => HEX[byte & 0xff] as string
  const at = (index: number): number => random[offset + index] as number
  const high = Math.floor(unixMs / 2 ** 16)
  const low = unixMs % 2 ** 16
  return (
    hex(high / 2 ** 24) + hex(high / 2 ** 16) + hex(high / 2 ** 8) + hex(high) + '-' +
    hex(low / 2 ** 8) + hex(low) + '-' +
    hex(0x70 | (at(0) & 0x0f)) + hex(at(1)) + '-' +
    hex(0x80 | (at(2) & 0x3f)) + hex(at(3)) + '-' +
    hex(at(4)) + hex(at(5)) + hex(at(6)) + hex(at(7)) + hex(at(8)) + hex(at(9))
  )
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether the text is a UUID in the form we write them: lower case with hyphens. */
export function isId(text: string): boolean {
  return UUID.test(text)
}

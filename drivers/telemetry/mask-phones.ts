/**
 * What looks like a telephone number: E.164 (`+8613900001234`, `+86 139-0000-1234`, `%2B86…`) or a Chinese mobile number
 * with or without `86` or `0086`. Unix milliseconds have 13 digits and begin otherwise. UUIDs and long hex digests are
 * matched first and left alone: a log without them would tell nothing.
 */
const IDS = String.raw`(?<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,})`
const E164_LIKE = String.raw`(?:\+|%2[Bb])[1-9](?:[ -]?\d){6,14}(?!\d)`
const CHINESE_MOBILE = String.raw`(?<!\d)(?:(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)`
const PHONE_LIKE = new RegExp(`${IDS}|${E164_LIKE}|${CHINESE_MOBILE}`, 'g')

/** Replaces every telephone number in a free text by `[phone]`. */
export function maskPhonesInText(text: string): string {
  return text.replace(PHONE_LIKE, (_match, id: string | undefined) => id ?? '[phone]')
}

/**
 * The same for a line of JSON. A number that may stand outside quotes becomes `0`, so that the line stays JSON whichever
 * it was.
 */
export function maskPhonesInJson(line: string): string {
  return line.replace(PHONE_LIKE, (match, id: string | undefined, at: number) => {
    if (id !== undefined) return id
    const before = line.charAt(at - 1)
    const after = line.charAt(at + match.length)
    return ':[,'.includes(before) && ',}]'.includes(after) ? '0' : '[phone]'
  })
}

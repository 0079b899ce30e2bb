/** Decides which numbers an INVITE of a carrier names: who calls, and whom. The counterpart of `dialledForm`. */
import { parseNameAddr } from '@loopline/sip/header/name-addr'
import { isSipUri, parseUri, type Uri } from '@loopline/sip/header/uri'
import { header, headerList, type SipRequest } from '@loopline/sip/message'
import { isE164, type E164 } from '@loopline/vocabulary/phone'

/** A number as carriers write it: E.164 with or without its plus, 00 and a country, or the national form of the mainland. */
export function numberOf(user: string): E164 | null {
  const digits = user.replace(/^%2b/i, '+').replaceAll(/[-.()\s]/g, '')
  if (/^1[3-9]\d{9}$/.test(digits)) return `+86${digits}` as E164
  if (/^01[3-9]\d{9}$/.test(digits)) return `+86${digits.slice(1)}` as E164 // a mobile from another area, with the trunk zero
  if (/^00[1-9]/.test(digits)) return e164(`+${digits.slice(2)}`)
  if (/^0\d{9,11}$/.test(digits)) return `+86${digits.slice(1)}` as E164
  if (digits.startsWith('+')) return e164(digits)
  return /^[1-9]\d{7,14}$/.test(digits) ? e164(`+${digits}`) : null
}

const e164 = (text: string): E164 | null => (isE164(text) ? text : null)

/**
 * Who calls. A carrier is trusted to assert it (RFC 3325 §9.1), and what it asserts counts more than From; who wishes to stay
 * unnamed (RFC 3323 §4.2) is not looked up.
 */
export function callerOf(invite: SipRequest): E164 | null {
  const privacy = (header(invite, 'privacy') ?? '').toLowerCase().split(';').map((word) => word.trim())
  if (privacy.includes('id') || privacy.includes('user') || privacy.includes('header')) return null
  const asserted = headerList(invite, 'p-asserted-identity').map(numberIn).find((number) => number !== null)
  return asserted ?? numberIn(header(invite, 'from') ?? '')
}

/** The number that was dialled; where none can be read, the user part as it came, cut to what a log line bears. */
export function calledOf(invite: SipRequest): string {
  const user = userOf(parseUri(invite.uri))
  return numberOf(user) ?? user.slice(0, 64)
}

function numberIn(value: string): E164 | null {
  const address = parseNameAddr(value)
  return address === null ? null : numberOf(userOf(address.uri))
}

/** The user part without its parameters (`;phone-context=…`), or the number of a tel URI (RFC 3966). */
function userOf(uri: Uri | null): string {
  if (uri === null) return ''
  if (isSipUri(uri)) return (uri.user ?? '').split(';', 1)[0] as string
  return uri.scheme === 'tel' ? (uri.rest.split(';', 1)[0] as string) : ''
}

/**
 * SDP security descriptions (RFC 4568): which of the keys offered for a line's SRTP is taken, and how ours is written.
 * Keys stay base64 text here: master key and salt together, as SrtpKeys of the media thread has them.
 */
import { masterBytes, type SrtpProfile } from './profile.ts'

/** One `a=crypto` line that we can use. */
export interface CryptoLine {
  /** 1 to 9 digits; an answer repeats the one it takes (§5.1.2). */
  readonly tag: number
  readonly profile: SrtpProfile
  /** Master key and salt, base64. */
  readonly key: string
}

/** As the media thread wants them: what we send with, what they send with. */
export interface SdesKeys {
  readonly profile: SrtpProfile
  readonly send: string
  readonly receive: string
}

/** The longest tag first among AES-CM; GCM costs us twice its time (srtp.bench.ts), the 32-bit tag is the last resort. */
export const SDES_PREFERENCE: readonly SrtpProfile[] = ['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_32']

/** Bound on what is read of one description (threat 5). */
const CRYPTO_LINES_MAX = 16

/** The usable `a=crypto` lines of one media section, each given without `a=crypto:`, in their order. */
export function parseCryptoLines(values: readonly string[]): CryptoLine[] {
  return values.slice(0, CRYPTO_LINES_MAX).flatMap((value) => parseCrypto(value) ?? [])
}

/**
 * Reads the value of one line: `1 AES_CM_128_HMAC_SHA1_80 inline:<base64>|2^31`. Null where we cannot use it: another
 * suite, a master key identifier (we never send one), two keys, or a session parameter that changes the protection.
 */
export function parseCrypto(value: string): CryptoLine | null {
  const match = /^(\d{1,9}) +(\w{1,40}) +inline:([A-Za-z0-9+/]{1,100}={0,2})((?:\|[^ ;]{0,40})*)((?: +\S{1,60})*) *$/.exec(value)
  if (match === null) return null
  const [, tag, suite, key, options, parameters] = match as unknown as [string, string, string, string, string, string]
  if (!isProfile(suite) || base64Bytes(key) !== masterBytes(suite)) return null
  if (!hasUsableLifetime(options) || !parameters.split(' ').every(isHarmless)) return null
  return { tag: Number(tag), profile: suite, key }
}

function isProfile(suite: string): suite is SrtpProfile {
  return (SDES_PREFERENCE as readonly string[]).includes(suite)
}

/** At most one option, the lifetime: `|2^31` or `|1000000`. `|1:4` would be a master key identifier in each packet (§6.1). */
function hasUsableLifetime(options: string): boolean {
  return options === '' || /^\|(?:2\^\d{1,2}|\d{1,15})$/.test(options)
}

/** `WSH` is a hint; KDR=0 is the default. UNENCRYPTED_…, UNAUTHENTICATED_SRTP, FEC_… and what is not known refuse the line (§6.3). */
function isHarmless(parameter: string): boolean {
  return parameter === '' || parameter === 'KDR=0' || /^WSH=\d{1,5}$/.test(parameter)
}

/** How many bytes base64 text stands for; some peers leave the padding out. */
function base64Bytes(text: string): number {
  const digits = text.replace(/=+$/, '').length
  return digits % 4 === 1 ? -1 : Math.floor((digits * 3) / 4)
}

/** The line of an offer that we take, by our preference; null when none fits: answer 488. */
export function chooseCrypto(offered: readonly CryptoLine[]): CryptoLine | null {
  for (const profile of SDES_PREFERENCE) {
    const line = offered.find((each) => each.profile === profile)
    if (line !== undefined) return line
  }
  return null
}

/**
 * The keys of an answer to our offer: theirs has the tag and the suite of a line that we wrote (§5.1.3). Null when it
 * takes nothing or something that we did not offer.
 */
export function acceptAnswer(ours: readonly CryptoLine[], answered: readonly CryptoLine[]): SdesKeys | null {
  const [theirs, ...more] = answered
  const mine = ours.find(({ tag }) => tag === theirs?.tag)
  if (theirs === undefined || more.length > 0 || mine?.profile !== theirs.profile) return null
  return { profile: theirs.profile, send: mine.key, receive: theirs.key }
}

/** The value of an `a=crypto`, as parseCrypto reads it. */
export function formatCrypto({ tag, profile, key }: CryptoLine): string {
  return `${tag} ${profile} inline:${key}`
}

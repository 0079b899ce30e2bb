/** Decides what of a browser's offer (RFC 8829) we take, and says so: one audio over ICE-lite and DTLS-SRTP, G.711 only. */
import { parseSdp, type Direction, type Media } from '@loopline/sip/sdp'
import type { Codec } from '../media/media-messages.ts'

/** What the media thread must know of an offer. */
export interface BrowserOffer {
  codec: Codec
  telephoneEvent: number | null
  ptimeMs: number
  direction: Direction
  ufrag: string
  /** SHA-256 of their certificate, upper-case hex with colons. */
  fingerprint: string
  /** Of the first media, which a BUNDLE must name. */
  mid: string | null
}

/** Our end of the answer. */
export interface BrowserEnd {
  address: string
  port: number
  /** SHA-256 of our certificate. */
  fingerprint: string
  ufrag: string
  password: string
  ssrc: number
  cname: string
  sessionId: number
}

const FINGERPRINT = /^a=fingerprint:sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})\r?$/im
const UFRAG = /^a=ice-ufrag:([A-Za-z0-9+/]{4,256})\r?$/m
const MID = /^a=mid:([!-~]{1,32})\r?$/m

/** Null when it is no browser's offer, or none we can take: answer 488. */
export function parseBrowserOffer(sdp: string): BrowserOffer | null {
  const media = parseSdp(sdp)?.media[0]
  if (media === undefined || media.kind !== 'audio' || media.port === 0 || !/^(?:UDP\/TLS\/)?RTP\/SAVPF$/.test(media.protocol)) return null
  const codec = codecOf(media)
  const ufrag = UFRAG.exec(sdp)?.[1]
  const fingerprint = FINGERPRINT.exec(sdp)?.[1]?.toUpperCase()
  // Without rtcp-mux we would need a second port, which no browser of today asks for (RFC 8834 §4.5).
  if (codec === null || ufrag === undefined || fingerprint === undefined || !/^a=rtcp-mux\r?$/m.test(sdp)) return null
  return {
    codec, ufrag, fingerprint, telephoneEvent: eventOf(media), ptimeMs: media.ptimeMs ?? 20, direction: media.direction, mid: MID.exec(sdp)?.[1] ?? null,
  }
}

const CODEC_OF: Readonly<Record<string, Codec>> = { '0': 'PCMU', '8': 'PCMA' }
export const PAYLOAD_TYPE: Readonly<Record<Codec, number>> = { PCMU: 0, PCMA: 8 }

/** A-law where there is a choice: that of the carriers here, so that nothing has to be turned into it. */
function codecOf({ formats }: Media): Codec | null {
  return formats.includes('8') ? 'PCMA' : (CODEC_OF[formats.find((format) => format in CODEC_OF) ?? ''] ?? null)
}

function eventOf({ formats, encodings }: Media): number | null {
  return formats.map(Number).find((type) => encodings.get(type)?.name === 'TELEPHONE-EVENT' && encodings.get(type)?.clockRate === 8_000) ?? null
}

const MIRROR: Readonly<Record<Direction, Direction>> = { sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' }

/** What we do when they do that. */
export const mirrorOf = (theirs: Direction): Direction => MIRROR[theirs]

/** The answer: passive in DTLS, one candidate, our stream named so that the browser shows it as a track at once. Further media are refused. */
export function answerBrowser(sdp: string, offer: BrowserOffer, end: BrowserEnd, version: number): string {
  const refused = (parseSdp(sdp)?.media ?? []).slice(1).map((each) => `m=${each.kind} 0 ${each.protocol} ${each.formats.join(' ')}\r\n`)
  return sessionLines(offer, end, version) + mediaLines(offer, end) + refused.join('')
}

function sessionLines({ mid }: BrowserOffer, end: BrowserEnd, version: number): string {
  const family = end.address.includes(':') ? 'IP6' : 'IP4'
  const bundle = mid === null ? '' : `a=group:BUNDLE ${mid}\r\n`
  return `v=0\r\no=- ${end.sessionId} ${version} IN ${family} ${end.address}\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n${bundle}a=msid-semantic: WMS loopline\r\n`
}

function mediaLines(offer: BrowserOffer, end: BrowserEnd): string {
  const { codec, telephoneEvent, mid } = offer
  const type = PAYLOAD_TYPE[codec]
  const family = end.address.includes(':') ? 'IP6' : 'IP4'
  const event = telephoneEvent === null ? [] : [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-15`]
  return [
    `m=audio ${end.port} UDP/TLS/RTP/SAVPF ${type}${telephoneEvent === null ? '' : ` ${telephoneEvent}`}`, `c=IN ${family} ${end.address}`,
    ...(mid === null ? [] : [`a=mid:${mid}`]), `a=rtpmap:${type} ${codec}/8000`, ...event, `a=ptime:${offer.ptimeMs}`, 'a=rtcp-mux', `a=${mirrorOf(offer.direction)}`,
    'a=setup:passive', `a=fingerprint:sha-256 ${end.fingerprint}`, `a=ice-ufrag:${end.ufrag}`, `a=ice-pwd:${end.password}`,
    `a=candidate:1 1 udp 2130706431 ${end.address} ${end.port} typ host`, 'a=end-of-candidates',
    'a=msid:loopline desk', `a=ssrc:${end.ssrc} cname:${end.cname}`, `a=ssrc:${end.ssrc} msid:loopline desk`,
  ].map((each) => `${each}\r\n`).join('')
}

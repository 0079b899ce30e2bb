/** The part of SDP (RFC 8866) a telephone call with G.711 and telephone events (RFC 4733) needs. */
export interface SessionDescription {
  readonly media: readonly Media[]
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

export interface Media {
  /** audio, video, image, … */
  readonly kind: string
  /** 0 means refused or removed. */
  readonly port: number
  readonly protocol: string
  /** Formats as written; RTP payload types where the protocol is RTP. */
  readonly formats: readonly string[]
  /** Of the media or of the session; null when neither says. */
  readonly address: string | null
  readonly direction: Direction
  /** Encoding name in upper case and clock rate by payload type. */
  readonly encodings: ReadonlyMap<number, { readonly name: string; readonly clockRate: number }>
  /** Packet time, 1..200 ms, or null. */
  readonly ptimeMs: number | null
  /** Where RTCP goes (RFC 3605); null when it is not said. The address is null where it is that of the media. */
  readonly rtcp: { readonly port: number; readonly address: string | null } | null
  /** RTP and RTCP may share the port (RFC 5761). */
  readonly isMuxed: boolean
  /** Which extended reports it wants of us (RFC 3611 §5), of those that we know; null: none. */
  readonly wantedReports: WantedReports | null
  /** Values of `a=crypto` (RFC 4568), in order, as written: keys, so they belong into no log. */
  readonly crypto: readonly string[]
}

/** `voip-metrics` and `rcvr-rtt` of `a=rtcp-xr`: how it sounds to us, and answers to its receiver reference times. */
export interface WantedReports {
  readonly voipMetrics: boolean
  readonly roundTrip: boolean
}

/** Bounds on what is read (threat 5); a carrier's SDP has about 15 lines. */
const LINES_MAX = 256
const LINE_CHARS_MAX = 1_024
const MEDIA_MAX = 16
const FORMATS_MAX = 64
const PTIME_MAX_MS = 200
const CRYPTO_LINES_MAX = 16

interface Draft {
  kind: string
  port: number
  protocol: string
  formats: string[]
  address: string | null
  direction: Direction
  encodings: Map<number, { name: string; clockRate: number }>
  ptimeMs: number | null
  rtcp: Media['rtcp']
  isMuxed: boolean
  wantedReports: WantedReports | null
  crypto: string[]
}

/**
 * Reads a session description; null when it is none, breaks a bound, or a number is out of range. Attributes we have no
 * use for are passed over unread. Lines may end in CRLF or LF.
 */
export function parseSdp(text: string): SessionDescription | null {
  const lines = text.split('\n', LINES_MAX + 1)
  if (lines.length > LINES_MAX || !(lines[0] as string).startsWith('v=0')) return null
  const session: Draft = emptyDraft()
  const media: Draft[] = []
  for (const raw of lines) {
    const content = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (content === '') continue
    if (content.length > LINE_CHARS_MAX || content[1] !== '=' || content.includes('\r')) return null
    const value = content.slice(2)
    if (content[0] === 'm') {
      const next = parseMediaLine(value, session)
      if (next === null || media.length >= MEDIA_MAX) return null
      media.push(next)
    } else if (!readLine(content[0] as string, value, media.at(-1) ?? session)) return null
  }
  return { media }
}

function emptyDraft(): Draft {
  return { kind: '', port: 0, protocol: '', formats: [], address: null, direction: 'sendrecv', encodings: new Map(), ptimeMs: null, rtcp: null, isMuxed: false, wantedReports: null, crypto: [] }
}

function parseMediaLine(value: string, session: Draft): Draft | null {
  const [kind, portText, protocol, ...formats] = value.split(' ').filter((part) => part !== '')
  const port = /^\d{1,5}(?:\/\d{1,3})?$/.test(portText ?? '') ? Number.parseInt(portText as string, 10) : Number.NaN
  if (kind === undefined || protocol === undefined || !(port <= 65_535) || formats.length > FORMATS_MAX) return null
  const isRtp = protocol.includes('RTP/')
  if (isRtp && !formats.every((format) => /^\d{1,3}$/.test(format) && Number(format) <= 127)) return null
  return { ...emptyDraft(), kind, port, protocol, formats, address: session.address, direction: session.direction, ptimeMs: session.ptimeMs, wantedReports: session.wantedReports }
}

/** Reads a line into the session or the latest media. False rejects the whole description. */
function readLine(type: string, value: string, into: Draft): boolean {
  if (type === 'c') {
    const match = /^IN (IP4|IP6) ([0-9A-Za-z.:-]{1,255})(?:\/[\d/]+)?$/.exec(value.trim())
    if (match === null) return false
    into.address = match[2] as string
    return true
  }
  return type === 'a' ? readAttribute(value, into) : /^[a-z]$/.test(type)
}

function readAttribute(value: string, into: Draft): boolean {
  const colon = value.indexOf(':')
  const name = colon < 0 ? value.trim() : value.slice(0, colon)
  const content = colon < 0 ? '' : value.slice(colon + 1).trim()
  switch (name) {
    case 'sendrecv': case 'sendonly': case 'recvonly': case 'inactive':
      into.direction = name
      return true
    case 'rtpmap': {
      const match = /^(\d{1,3})\s+([A-Za-z0-9._-]{1,64})\/(\d{1,7})(?:\/\d{1,2})?$/.exec(content)
      if (match === null || Number(match[1]) > 127) return false
      into.encodings.set(Number(match[1]), { name: (match[2] as string).toUpperCase(), clockRate: Number(match[3]) })
      return true
    }
    case 'ptime': {
      const ptime = /^\d{1,4}(?:\.\d+)?$/.test(content) ? Number(content) : Number.NaN
      if (!(ptime >= 1 && ptime <= PTIME_MAX_MS)) return false
      into.ptimeMs = ptime
      return true
    }
    case 'rtcp':
      into.rtcp = parseRtcp(content)
      return into.rtcp !== null
    case 'rtcp-mux':
      into.isMuxed = true
      return true
    case 'rtcp-xr':
      into.wantedReports = parseWantedReports(content)
      return true
    case 'crypto':
      if (into.crypto.length < CRYPTO_LINES_MAX) into.crypto.push(content)
      return true
    default:
      return true
  }
}

/** `53020` or `53020 IN IP4 192.0.2.9` (RFC 3605 §2.1). */
function parseRtcp(content: string): Media['rtcp'] {
  const match = /^(\d{1,5})(?: +IN +IP[46] +([0-9A-Za-z.:-]{1,255}))?$/.exec(content)
  return match === null || !(Number(match[1]) <= 65_535) ? null : { port: Number(match[1]), address: match[2] ?? null }
}

/** `rcvr-rtt=all:10000 stat-summary=loss,dup voip-metrics`; what we do not know is passed over (RFC 3611 §5.1). */
function parseWantedReports(content: string): WantedReports | null {
  const formats = content.split(/\s+/)
  const [voipMetrics, roundTrip] = [formats.includes('voip-metrics'), formats.some((format) => /^rcvr-rtt=(?:all|sender)(?::\d{1,10})?$/.test(format))]
  return voipMetrics || roundTrip ? { voipMetrics, roundTrip } : null
}

/** G.711: the payload types are fixed (RFC 3551 §6). */
export type Codec = 'PCMU' | 'PCMA'
const PAYLOAD_TYPE: Record<Codec, number> = { PCMU: 0, PCMA: 8 }

/** The audio of a call as one side states it. */
export interface Audio {
  /** Where its packets go. `0.0.0.0` is the old way of saying hold (RFC 3264 §8.4). */
  readonly address: string
  readonly port: number
  /** In the order of preference, at least one. */
  readonly codecs: readonly Codec[]
  /** Payload type of telephone-event/8000, or null. */
  readonly telephoneEvent: number | null
  readonly direction: Direction
  readonly ptimeMs: number
}

/** As the other side states it. */
export interface RemoteAudio extends Audio {
  /** `RTP/AVP`, `RTP/AVPF`, or with S for encrypted: `RTP/SAVP`, `RTP/SAVPF`. */
  readonly protocol: string
  /** Whether plain RTP is out of the question for it. With plain RTP, `crypto` is an offer that may be passed over (RFC 8643). */
  readonly isSecure: boolean
  /** Values of `a=crypto`: what it sends with, one a suite. */
  readonly crypto: readonly string[]
  /** Where its RTCP goes, at the same address: the port of RTP where it takes both there, as `a=rtcp` says, else the next. 0: nowhere we would send. */
  readonly rtcpPort: number
  readonly isMuxed: boolean
  readonly wantedReports: WantedReports | null
}

const PTIME_DEFAULT_MS = 20
const PLAIN = new Set(['RTP/AVP', 'RTP/AVPF'])
const SECURE = new Set(['RTP/SAVP', 'RTP/SAVPF'])

/**
 * The first live audio with G.711 in a body; null when there is none or the body is no session description.
 *
 * @param protection `plain`: encrypted audio is passed over, for whoever has no keys.
 */
export function readAudio(body: string, protection: 'plain' | 'any' = 'plain'): RemoteAudio | null {
  const session = parseSdp(body)
  for (const media of session?.media ?? []) {
    const audio = audioOf(media)
    if (audio !== null && (protection === 'any' || !audio.isSecure)) return audio
  }
  return null
}

function audioOf(media: Media): RemoteAudio | null {
  if (media.kind !== 'audio' || media.port === 0 || media.address === null) return null
  if (!PLAIN.has(media.protocol) && !SECURE.has(media.protocol)) return null
  const types = media.formats.map(Number)
  const codecs = types.flatMap((type): Codec[] => (type === 0 ? ['PCMU'] : type === 8 ? ['PCMA'] : []))
  if (codecs.length === 0) return null
  const isEvent = (type: number): boolean => {
    const encoding = media.encodings.get(type)
    return encoding?.name === 'TELEPHONE-EVENT' && encoding.clockRate === 8_000
  }
  return {
    address: media.address,
    port: media.port,
    codecs,
    telephoneEvent: types.find(isEvent) ?? null,
    direction: media.direction,
    ptimeMs: media.ptimeMs ?? PTIME_DEFAULT_MS,
    protocol: media.protocol,
    isSecure: SECURE.has(media.protocol),
    crypto: media.crypto,
    rtcpPort: rtcpPortOf(media),
    isMuxed: media.isMuxed,
    wantedReports: media.wantedReports,
  }
}

/** RTCP at an address of its own is left out: we send to the host of the media or to nobody. */
function rtcpPortOf({ rtcp, port, address, isMuxed }: Media): number {
  if (isMuxed) return port
  if (rtcp === null) return port < 65_535 ? port + 1 : 0
  return rtcp.address === null || rtcp.address === address ? rtcp.port : 0
}

/** Our own session: an audio with the identity SDP wants. `version` grows by one with each change (RFC 3264 §8). */
export interface LocalAudio extends Audio {
  readonly sessionId: number
  readonly version: number
}

/** How our audio is protected: `a=crypto` values (RFC 4568) beside plain RTP are an offer that may be passed over (RFC 8643). */
export interface AudioSecurity {
  readonly protocol: string
  readonly crypto: readonly string[]
}
const UNPROTECTED: AudioSecurity = { protocol: 'RTP/AVP', crypto: [] }

/** A session description of ours: offer or answer with one audio stream. */
export function formatSdp(audio: LocalAudio, security: AudioSecurity = UNPROTECTED): string {
  return formatSession(audio, [formatAudio(audio, security)])
}

function formatSession(audio: LocalAudio, media: readonly string[]): string {
  const family = audio.address.includes(':') ? 'IP6' : 'IP4'
  return (
    `v=0\r\no=- ${audio.sessionId} ${audio.version} IN ${family} ${audio.address}\r\ns=-\r\n` +
    `c=IN ${family} ${audio.address}\r\nt=0 0\r\n${media.join('')}`
  )
}

/** `control`: lines about RTCP, in answers to those who offered them. */
function formatAudio(audio: Audio, { protocol, crypto }: AudioSecurity, control = ''): string {
  const types = audio.codecs.map((codec) => PAYLOAD_TYPE[codec])
  const event = audio.telephoneEvent
  const formats = event === null ? types : [...types, event]
  const maps = audio.codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPE[codec]} ${codec}/8000\r\n`).join('')
  const events = event === null ? '' : `a=rtpmap:${event} telephone-event/8000\r\na=fmtp:${event} 0-15\r\n`
  const keys = crypto.map((value) => `a=crypto:${value}\r\n`).join('')
  return `m=audio ${audio.port} ${protocol} ${formats.join(' ')}\r\n${maps}${events}${keys}${control}a=ptime:${audio.ptimeMs}\r\na=${audio.direction}\r\n`
}

/** The `a=crypto` values that answer an audio of theirs, none for plain RTP; null refuses that audio. */
export type AnswerCrypto = (theirs: RemoteAudio) => readonly string[] | null
const withoutKeys: AnswerCrypto = (theirs) => (theirs.isSecure ? null : [])

/**
 * Our answer to an offer (RFC 3264 §6): the first usable audio is taken with the codecs both know in the offer's order,
 * every other stream is refused by port 0, the direction is the mirror of theirs. Null when nothing fits: answer 488.
 *
 * @param cryptoFor asked of each usable audio until it takes one; without it whatever must be encrypted is refused.
 */
export function answerSdp(offer: string, ours: LocalAudio, cryptoFor: AnswerCrypto = withoutKeys): string | null {
  const session = parseSdp(offer)
  if (session === null || session.media.length === 0) return null
  let taken = false
  const media = session.media.map((each) => {
    const theirs = taken ? null : audioOf(each)
    const codecs = theirs?.codecs.filter((codec) => ours.codecs.includes(codec)) ?? []
    const crypto = theirs === null || codecs.length === 0 ? null : cryptoFor(theirs)
    if (theirs === null || crypto === null) return `m=${each.kind} 0 ${each.protocol} ${each.formats.join(' ')}\r\n`
    taken = true
    const telephoneEvent = ours.telephoneEvent === null ? null : theirs.telephoneEvent
    return formatAudio({ ...ours, codecs, telephoneEvent, direction: mirrored(theirs.direction, ours.direction) }, { protocol: theirs.protocol, crypto }, controlFor(theirs))
  })
  return taken ? formatSession(ours, media) : null
}

/**
 * An offer of one port for both is taken by saying the same (RFC 5761 §5.1.1): all our ports hear both. We never offer it, for
 * a carrier's gateway that passes over the line would be silent on the port where it expects us. Who tells how we sound is
 * told that we would like to know how he sounds (RFC 3611 §5.2).
 */
function controlFor({ isMuxed, wantedReports }: RemoteAudio): string {
  return `${isMuxed ? 'a=rtcp-mux\r\n' : ''}${wantedReports?.voipMetrics === true ? 'a=rtcp-xr:voip-metrics\r\n' : ''}`
}

/** What we may do when they do that, within what we want ourselves. */
function mirrored(theirs: Direction, ours: Direction): Direction {
  const weSend = theirs !== 'sendonly' && theirs !== 'inactive' && ours !== 'recvonly' && ours !== 'inactive'
  const weReceive = theirs !== 'recvonly' && theirs !== 'inactive' && ours !== 'sendonly' && ours !== 'inactive'
  return weSend ? (weReceive ? 'sendrecv' : 'sendonly') : weReceive ? 'recvonly' : 'inactive'
}

/** The identity numbers of a description we sent earlier, so that an answer keeps them; null when it has no proper `o=`. */
export function identityOf(sdp: string): { sessionId: number; version: number } | null {
  const match = /^o=\S+ (\d{1,15}) (\d{1,15}) /m.exec(sdp)
  return match === null ? null : { sessionId: Number(match[1]), version: Number(match[2]) }
}

/**
 * Answers a re-offer with the session we already described in `localSdp`; null when nothing fits: answer 488.
 *
 * @param version of the answer; it must grow with each description that differs from the last one sent.
 */
export function answerWithSame(offer: string, localSdp: string, version: number, cryptoFor: AnswerCrypto = withoutKeys): string | null {
  const audio = readAudio(localSdp, 'any')
  const identity = identityOf(localSdp)
  return audio === null || identity === null ? null : answerSdp(offer, { ...audio, sessionId: identity.sessionId, version }, cryptoFor)
}

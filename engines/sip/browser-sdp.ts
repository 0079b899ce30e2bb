/**
 * SDP with browsers (JSEP, RFC 8829; ICE-lite of RFC 8839, DTLS-SRTP of RFC 5763) as far as one audio stream of G.711
 * needs it. What RTP itself needs is read by sdp.ts; candidates are not read, for a lite agent learns addresses from checks.
 */
import { parseSdp, type Codec, type Direction, type Media } from './sdp.ts'

/** The role in DTLS that a side takes or offers. */
export type Setup = 'actpass' | 'active' | 'passive'

/** The audio of a browser as its SDP states it. */
export interface BrowserAudio {
  /** In their order, at least one. */
  readonly codecs: readonly Codec[]
  /** Payload type of telephone-event/8000 (126 in Chromium), or null. */
  readonly telephoneEvent: number | null
  readonly direction: Direction
  readonly ptimeMs: number
  readonly mid: string
  readonly ufrag: string
  readonly password: string
  /** SHA-256 of their certificate, upper-case hex with colons. */
  readonly fingerprint: string
  readonly setup: Setup
}

/** A stream of theirs; those that are not the audio are refused in the answer. */
interface Section {
  readonly media: Media
  readonly mid: string | null
  readonly audio: BrowserAudio | null
}

export interface BrowserSession {
  readonly audio: BrowserAudio
  /** In the order of their SDP, which an answer keeps (RFC 3264 §6). */
  readonly sections: readonly Section[]
}

/** What both use: from our side. */
export interface AgreedBrowserAudio {
  readonly codec: Codec
  readonly telephoneEvent: number | null
  readonly direction: Direction
  readonly ptimeMs: number
}

/** Our side. */
export interface LocalBrowserAudio {
  readonly sessionId: number
  /** Grows by one with each description that differs from the last (RFC 3264 §8). */
  readonly version: number
  /** Host addresses where browsers may reach the media port, the likeliest first, at least one: each is a candidate. */
  readonly addresses: readonly string[]
  readonly port: number
  /** In our order of preference, at least one: the first that both know is used, so that nothing needs transcoding. */
  readonly codecs: readonly Codec[]
  readonly direction: Direction
  readonly ptimeMs: number
  readonly ufrag: string
  readonly password: string
  readonly fingerprint: string
  readonly ssrc: number
  /** Also names the track; letters, digits and dashes. */
  readonly cname: string
}

const PAYLOAD_TYPE: Record<Codec, number> = { PCMU: 0, PCMA: 8 }
const PTIME_DEFAULT_MS = 20
/** Chromium's own payload type for telephone-event/8000, in our offers. */
const TELEPHONE_EVENT = 126
/** RFC 8445 §5.1.2.1: a host candidate's, first component; the first has the highest local preference, each further one less. */
const priorityOf = (at: number): number => 2 ** 24 * 126 + 2 ** 8 * (65_535 - at) + 255
const OUR_MID = '0'

/** Reads an offer or an answer; null when it has no audio that we can take over ICE, DTLS-SRTP and rtcp-mux. */
export function parseBrowserSdp(body: string): BrowserSession | null {
  const media = parseSdp(body)?.media
  if (media === undefined) return null
  const [session, ...parts] = attributesByPart(body)
  const sections = media.map((each, at) => sectionOf(each, new Map([...(session as Attributes), ...(parts[at] as Attributes)])))
  const audio = sections.find((each) => each.audio !== null)?.audio
  return audio ? { audio, sections } : null
}

/** First value by attribute name. */
type Attributes = ReadonlyMap<string, string>

/** The attributes of the session, then of each media section. */
function attributesByPart(body: string): Attributes[] {
  return body.split(/^(?=m=)/m).map((part) => {
    const attributes = new Map<string, string>()
    for (const [, name, value] of part.matchAll(/^a=([a-z-]{1,40})(?::([^\r\n]*))?\r?$/gm)) {
      if (!attributes.has(name as string)) attributes.set(name as string, (value ?? '').trim())
    }
    return attributes
  })
}

function sectionOf(media: Media, attributes: Attributes): Section {
  return { media, mid: tokenOf(attributes.get('mid')), audio: audioOf(media, attributes) }
}

function audioOf(media: Media, attributes: Attributes): BrowserAudio | null {
  if (media.kind !== 'audio' || media.port === 0 || media.protocol !== 'UDP/TLS/RTP/SAVPF' || !attributes.has('rtcp-mux')) return null
  const [ufrag, password] = [attributes.get('ice-ufrag'), attributes.get('ice-pwd')]
  const [mid, fingerprint, setup] = [tokenOf(attributes.get('mid')), fingerprintOf(attributes.get('fingerprint')), setupOf(attributes.get('setup'))]
  const types = media.formats.map(Number)
  const codecs = types.flatMap((type): Codec[] => (type === 0 ? ['PCMU'] : type === 8 ? ['PCMA'] : []))
  if (!isIceText(ufrag, 4) || !isIceText(password, 22) || mid === null || fingerprint === null || setup === null || codecs.length === 0) return null
  const isEvent = (type: number): boolean => {
    const encoding = media.encodings.get(type)
    return encoding?.name === 'TELEPHONE-EVENT' && encoding.clockRate === 8_000
  }
  return {
    codecs, telephoneEvent: types.find(isEvent) ?? null, direction: media.direction, ptimeMs: media.ptimeMs ?? PTIME_DEFAULT_MS,
    mid, ufrag, password, fingerprint, setup,
  }
}

/** `ice-char` of RFC 8839 §5.4, with its least length; at most 256. */
function isIceText(text: string | undefined, charsMin: number): text is string {
  return text !== undefined && text.length >= charsMin && text.length <= 256 && /^[A-Za-z0-9+/]+$/.test(text)
}

function tokenOf(text: string | undefined): string | null {
  return text !== undefined && /^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,64}$/.test(text) ? text : null
}

/** RFC 8122 §5. Browsers send SHA-256; weaker ones are not taken. */
function fingerprintOf(text: string | undefined): string | null {
  return /^sha-256 +((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i.exec(text ?? '')?.[1]?.toUpperCase() ?? null
}

function setupOf(text: string | undefined): Setup | null {
  return text === 'actpass' || text === 'active' || text === 'passive' ? text : null
}

/**
 * Our answer: we are lite and the DTLS server, take their audio and refuse all else. Null when nothing fits, or they want
 * to be the server: answer 488.
 */
export function answerBrowser(offer: BrowserSession, ours: LocalBrowserAudio): { sdp: string; agreed: AgreedBrowserAudio } | null {
  const { audio } = offer
  const agreed = agree(audio, ours)
  if (agreed === null || audio.setup === 'passive') return null
  const types = ours.codecs.filter((codec) => audio.codecs.includes(codec))
  const media = offer.sections.map((section) => (section.audio === audio
    ? formatAudio({ ...ours, ...agreed, codecs: types }, { mid: audio.mid, setup: 'passive' })
    : formatRefused(section)))
  return { sdp: formatSession(ours, audio.mid, media), agreed }
}

/** Our offer, for a browser that we call or whose leg we change. `mid` is that of the session so far, if there is one. */
export function offerBrowser(ours: LocalBrowserAudio, mid: string = OUR_MID): string {
  return formatSession(ours, mid, [formatAudio({ ...ours, telephoneEvent: TELEPHONE_EVENT }, { mid, setup: 'actpass' })])
}

/** What an answer to our offer settles; null when it refuses, or does not take the client's role in DTLS. */
export function readBrowserAnswer(body: string, ours: LocalBrowserAudio): { audio: BrowserAudio; agreed: AgreedBrowserAudio } | null {
  const audio = parseBrowserSdp(body)?.audio
  const agreed = audio?.setup === 'active' ? agree(audio, ours) : null
  return audio === undefined || agreed === null ? null : { audio, agreed }
}

function agree(theirs: BrowserAudio, ours: LocalBrowserAudio): AgreedBrowserAudio | null {
  const codec = ours.codecs.find((each) => theirs.codecs.includes(each))
  if (codec === undefined) return null
  const isSending = RECEIVES[theirs.direction] && SENDS[ours.direction]
  const isReceiving = SENDS[theirs.direction] && RECEIVES[ours.direction]
  const direction = isSending ? (isReceiving ? 'sendrecv' : 'sendonly') : isReceiving ? 'recvonly' : 'inactive'
  return { codec, telephoneEvent: theirs.telephoneEvent, direction, ptimeMs: ours.ptimeMs }
}

const SENDS: Record<Direction, boolean> = { sendrecv: true, sendonly: true, recvonly: false, inactive: false }
const RECEIVES: Record<Direction, boolean> = { sendrecv: true, sendonly: false, recvonly: true, inactive: false }

function formatSession({ sessionId, version, addresses }: LocalBrowserAudio, mid: string, media: readonly string[]): string {
  const address = defaultOf(addresses)
  return `v=0\r\no=- ${sessionId} ${version} IN ${familyOf(address)} ${address}\r\ns=-\r\nt=0 0\r\na=ice-lite\r\na=group:BUNDLE ${mid}\r\n${media.join('')}`
}

/** The default candidate (RFC 8839 §4.2.1). */
const defaultOf = (addresses: readonly string[]): string => addresses[0] ?? '0.0.0.0'

function familyOf(address: string): 'IP4' | 'IP6' {
  return address.includes(':') ? 'IP6' : 'IP4'
}

function formatAudio(audio: LocalBrowserAudio & { telephoneEvent: number | null }, { mid, setup }: { mid: string; setup: Setup }): string {
  const { addresses, port, ssrc, cname, telephoneEvent } = audio
  const address = defaultOf(addresses)
  const formats = [...audio.codecs.map((codec) => PAYLOAD_TYPE[codec]), ...(telephoneEvent === null ? [] : [telephoneEvent])]
  const events = telephoneEvent === null ? [] : [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-15`]
  return [
    `m=audio ${port} UDP/TLS/RTP/SAVPF ${formats.join(' ')}`,
    `c=IN ${familyOf(address)} ${address}`,
    `a=mid:${mid}`,
    `a=ice-ufrag:${audio.ufrag}`, `a=ice-pwd:${audio.password}`,
    `a=fingerprint:sha-256 ${audio.fingerprint}`, `a=setup:${setup}`,
    `a=${audio.direction}`, 'a=rtcp-mux',
    ...audio.codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPE[codec]} ${codec}/8000`), ...events,
    `a=ptime:${audio.ptimeMs}`,
    // Named even while we may not send: a browser never hears an SSRC that its SDP does not name.
    `a=msid:${cname} ${cname}`, `a=ssrc:${ssrc} cname:${cname}`,
    ...addresses.map((host, at) => `a=candidate:${at + 1} 1 udp ${priorityOf(at)} ${host} ${port} typ host`), 'a=end-of-candidates', '',
  ].join('\r\n')
}

function formatRefused({ media, mid }: Section): string {
  const named = mid === null ? '' : `a=mid:${mid}\r\n`
  return `m=${media.kind} 0 ${media.protocol} ${media.formats.join(' ')}\r\nc=IN IP4 0.0.0.0\r\n${named}a=inactive\r\n`
}

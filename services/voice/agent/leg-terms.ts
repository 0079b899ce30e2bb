/** Decides how a standing leg speaks: from the telephone's offer, our answer and what the media thread is told. */
import { randomBytes, randomInt } from 'node:crypto'
import { answerBrowser, parseBrowserSdp, type BrowserAudio, type LocalBrowserAudio } from '@loopline/sip/browser-sdp'
import { answerSdp, answerWithSame, readAudio, type Codec as SdpCodec, type Direction, type RemoteAudio } from '@loopline/sip/sdp'
import type { AgreedAudio, BrowserLeg, DeskLeg, Endpoint, RemoteMedia } from '../media/media-messages.ts'

/** Where media of agents is, as one telephone reaches it: told by the media thread, announced by MEDIA_ADDRESS_AGENTS. */
export interface MediaPlace {
  address: string
  /** Where a browser may try, the likeliest first: it finds out by itself. */
  candidates: readonly string[]
  /** Null while browsers have no port. */
  browser: { port: number; fingerprint: string } | null
}

export interface LegTerms {
  audio: AgreedAudio
  leg: BrowserLeg | DeskLeg
  /** The session description of ours. */
  answer: string
  /** Answers a later offer of the same telephone, or refuses it by null. */
  answerAgain(offer: string, version: number): string | null
}

/** What a later description of theirs changes; null when it says nothing that can be used. */
export interface ChangedTerms {
  audio: AgreedAudio
  remote: RemoteMedia | null
}

const PTIME_MS = 20
/** In the order of preference: that of the carriers here. */
const CODECS: readonly SdpCodec[] = ['PCMA', 'PCMU']
const TELEPHONE_EVENT = 101

/** A browser's leg; null refuses the offer (488). */
export function browserTerms(sdp: string, place: MediaPlace): LegTerms | null {
  const offer = parseBrowserSdp(sdp)
  if (offer === null || place.browser === null) return null
  const { audio } = offer
  const ours: LocalBrowserAudio = {
    sessionId: newSessionId(), version: 1, addresses: place.candidates, port: place.browser.port, fingerprint: place.browser.fingerprint, codecs: CODECS, direction: 'sendrecv',
    ptimeMs: PTIME_MS, ufrag: iceText(6), password: iceText(24), ssrc: randomInt(1, 2 ** 32), cname: randomBytes(9).toString('hex'),
  }
  const answer = answerBrowser(offer, ours)
  return answer && {
    audio: answer.agreed, answer: answer.sdp,
    leg: { kind: 'browser', ufrag: ours.ufrag, password: ours.password, remoteUfrag: audio.ufrag, fingerprint: audio.fingerprint, ssrc: ours.ssrc, cname: ours.cname },
    answerAgain(later, version) {
      const next = parseBrowserSdp(later)
      return next !== null && isSameLeg(next.audio, audio) ? (answerBrowser(next, { ...ours, version })?.sdp ?? null) : null
    },
  }
}

/** New ICE credentials or another certificate are another leg: the page calls the desk anew, which costs it 70 ms. */
const isSameLeg = (next: BrowserAudio, before: BrowserAudio): boolean => next.ufrag === before.ufrag && next.fingerprint === before.fingerprint

/** RFC 8839 §5.4: 4 to 256 and 22 to 256 of these characters, at least 24 and 128 bits of them random. */
const iceText = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '')
/** RFC 8866 §5.2: a number that is unique for us; as NTP time is, but small enough for every reader. */
const newSessionId = (): number => Date.now()

/** A desk telephone's leg on a plain RTP endpoint of ours, its signalling proven to come from `source`; null refuses the offer (488). */
export function deskTerms(sdp: string, { place, endpoint, source }: { place: MediaPlace; endpoint: Endpoint; source: string }): LegTerms | null {
  const ours = deskAudio(place, endpoint)
  const theirs = readAudio(sdp)
  const answer = answerSdp(sdp, ours)
  if (theirs === null || answer === null) return null
  return {
    answer, audio: agreedDeskAudio(theirs), leg: { kind: 'desk', endpoint: endpoint.index, remote: remoteOf(theirs, source), srtp: null },
    answerAgain: (later, version) => answerWithSame(later, answer, version),
  }
}

/** Our description for a desk telephone, as offer or answer. */
export const deskAudio = (place: Pick<MediaPlace, 'address'>, endpoint: Endpoint) =>
  ({ address: place.address, port: endpoint.port, codecs: CODECS, telephoneEvent: TELEPHONE_EVENT, direction: 'sendrecv', ptimeMs: PTIME_MS, sessionId: newSessionId(), version: 1 }) as const

/** What a description of a desk telephone, offer or answer, comes to on a leg that is up; its signalling proven to come from `source`. */
export function changedDeskTerms(sdp: string, source: string): { audio: AgreedAudio; remote: RemoteMedia } | null {
  const audio = readAudio(sdp)
  return audio === null ? null : { audio: agreedDeskAudio(audio), remote: remoteOf(audio, source) }
}

/** As changedDeskTerms, of a browser: its addresses are the business of ICE. */
export function changedBrowserTerms(sdp: string): ChangedTerms | null {
  const audio = parseBrowserSdp(sdp)?.audio
  return audio === undefined ? null : { audio: agreedAudio(audio, CODECS.find((codec) => audio.codecs.includes(codec))), remote: null }
}

/** `0.0.0.0` is the old way of holding (RFC 3264 §8.4). */
function agreedDeskAudio(audio: RemoteAudio): AgreedAudio {
  const isHeld = audio.address === '0.0.0.0' && audio.direction === 'sendrecv'
  const agreed = agreedAudio(isHeld ? { ...audio, direction: 'sendonly' } : audio, audio.codecs.find((codec) => CODECS.includes(codec)))
  return audio.wantedReports === null ? agreed : { ...agreed, wantedReports: audio.wantedReports }
}

/** From our side. Without a codec of ours the description was refused before. */
function agreedAudio({ telephoneEvent, direction, ptimeMs }: Pick<RemoteAudio, 'telephoneEvent' | 'direction' | 'ptimeMs'>, codec: SdpCodec = 'PCMA'): AgreedAudio {
  return { codec, telephoneEvent, ptimeMs, direction: MIRROR[direction] }
}

const MIRROR: Readonly<Record<Direction, Direction>> = { sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' }

const remoteOf = ({ address, port, rtcpPort }: RemoteAudio, source: string): RemoteMedia => ({ host: address, port, rtcpPort, sourceHost: source })

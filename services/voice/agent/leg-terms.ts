/** Decides how a standing leg speaks: from the telephone's offer, our answer and what the media thread is told. */
import { randomBytes, randomInt } from 'node:crypto'
import { answerSdp, answerWithSame, readAudio, type Audio, type Codec as SdpCodec } from '@loopline/sip/sdp'
import type { AgreedAudio, BrowserLeg, DeskLeg, Endpoint, RemoteMedia } from '../media/media-messages.ts'
import { answerBrowser, mirrorOf, parseBrowserOffer, type BrowserEnd, type BrowserOffer } from './browser-offer.ts'

/** Where media of agents is: told by the media thread, announced by MEDIA_ADDRESS. */
export interface MediaPlace {
  address: string
  browser: { port: number; fingerprint: string }
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
  const offer = parseBrowserOffer(sdp)
  if (offer === null) return null
  const end: BrowserEnd = {
    address: place.address, port: place.browser.port, fingerprint: place.browser.fingerprint, ssrc: randomInt(1, 2 ** 32), sessionId: newSessionId(),
    ufrag: iceText(6), password: iceText(24), cname: iceText(12),
  }
  return {
    audio: audioOfBrowser(offer),
    leg: { kind: 'browser', ufrag: end.ufrag, password: end.password, remoteUfrag: offer.ufrag, fingerprint: offer.fingerprint, ssrc: end.ssrc, cname: end.cname },
    answer: answerBrowser(sdp, offer, end, 1),
    answerAgain(later, version) {
      const next = parseBrowserOffer(later)
      // New ICE credentials or another certificate are another leg: the page calls the desk anew, which costs it 70 ms.
      const isSame = next !== null && next.ufrag === offer.ufrag && next.fingerprint === offer.fingerprint && next.codec === offer.codec
      return isSame ? answerBrowser(later, next, end, version) : null
    },
  }
}

const audioOfBrowser = ({ codec, telephoneEvent, ptimeMs, direction }: BrowserOffer): AgreedAudio =>
  ({ codec, telephoneEvent, ptimeMs, direction: mirrorOf(direction) })

/** RFC 8839 §5.4: 4 to 256 and 22 to 256 of these characters, at least 24 and 128 bits of them random. */
const iceText = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '')
/** RFC 8866 §5.2: a number that is unique for us; as NTP time is, but small enough for every reader. */
const newSessionId = (): number => Date.now()

/** A desk telephone's leg on a plain RTP endpoint of ours; null refuses the offer (488). */
export function deskTerms(sdp: string, place: MediaPlace, endpoint: Endpoint): LegTerms | null {
  const ours = deskAudio(place, endpoint)
  const theirs = readAudio(sdp)
  const answer = answerSdp(sdp, ours)
  if (theirs === null || answer === null) return null
  return {
    answer, audio: agreedAudio(theirs), leg: { kind: 'desk', endpoint: endpoint.index, remote: remoteOf(theirs), srtp: null },
    answerAgain: (later, version) => answerWithSame(later, answer, version),
  }
}

/** Our description for a desk telephone, as offer or answer. */
export const deskAudio = (place: Pick<MediaPlace, 'address'>, endpoint: Endpoint) =>
  ({ address: place.address, port: endpoint.port, codecs: CODECS, telephoneEvent: TELEPHONE_EVENT, direction: 'sendrecv', ptimeMs: PTIME_MS, sessionId: newSessionId(), version: 1 }) as const

/** What a description of theirs, offer or answer, comes to on a leg that is up. */
export function changedTerms(sdp: string, phone: 'browser' | 'desk'): ChangedTerms | null {
  if (phone === 'desk') {
    const audio = readAudio(sdp)
    return audio === null ? null : { audio: agreedAudio(audio), remote: remoteOf(audio) }
  }
  const offer = parseBrowserOffer(sdp)
  return offer === null ? null : { audio: audioOfBrowser(offer), remote: null }
}

/** The codec is the first of theirs that is ours too; `0.0.0.0` is the old way of holding (RFC 3264 §8.4). */
function agreedAudio({ codecs, telephoneEvent, direction, ptimeMs, address }: Audio): AgreedAudio {
  const theirs = address === '0.0.0.0' && direction === 'sendrecv' ? 'sendonly' : direction
  return { codec: codecs.find((codec) => CODECS.includes(codec)) ?? 'PCMA', telephoneEvent, ptimeMs, direction: mirrorOf(theirs) }
}

/** RTCP comes from the next port where nothing else is said (RFC 3550 §11). */
const remoteOf = ({ address, port }: Audio): RemoteMedia => ({ host: address, port, rtcpPort: port + 1 })

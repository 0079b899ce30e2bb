/**
 * Decides which keys the media of one call on a line is protected with (SDES, RFC 4568): what our offer says by the line's
 * wish, what an answer of theirs comes to, and what a later offer of theirs is answered.
 * Our key is one a suite for the call's whole life. Keys are here, in the media thread and on the wire: never in the
 * journal, an event, an error or a log.
 */
import { acceptAnswer, chooseCrypto, formatCrypto, parseCryptoLines, SDES_PREFERENCE, type CryptoLine } from '@loopline/rtp/srtp/sdes'
import { masterBytes } from '@loopline/rtp/srtp/profile'
import { answerWithSame, readAudio, type AudioSecurity, type RemoteAudio } from '@loopline/sip/sdp'
import type { MediaFailure } from '@loopline/contracts/call-event'
import type { LineSrtp } from '@loopline/contracts/voice-link'
import type { SrtpKeys } from './media/media-messages.ts'

/** What a description of theirs comes to: their audio, and the keys on both sides, null for plain RTP. */
export interface Agreed {
  audio: RemoteAudio
  srtp: SrtpKeys | null
}

export class CallSrtp {
  readonly #wish: LineSrtp
  readonly #ours: readonly CryptoLine[]
  /** The offer of theirs that was answered last, and with what. */
  #answered: { offer: string; agreed: Agreed } | null = null

  /** @param random so many bytes nobody can guess, as base64. */
  constructor(wish: LineSrtp, random: (bytes: number) => string) {
    this.#wish = wish
    this.#ours = wish === 'off' ? [] : SDES_PREFERENCE.map((profile, index) => ({ tag: index + 1, profile, key: random(masterBytes(profile)) }))
  }

  /** Of our offer. Best effort goes as plain RTP with keys beside, so that who knows no SRTP takes the call all the same. */
  get security(): AudioSecurity {
    return { protocol: this.#wish === 'required' ? 'RTP/SAVP' : 'RTP/AVP', crypto: this.#ours.map(formatCrypto) }
  }

  /** What a description of theirs comes to: an offer that was answered here, or an answer to an offer of ours. */
  hear(sdp: string): Agreed | MediaFailure {
    if (this.#answered?.offer === sdp) return this.#answered.agreed
    const audio = readAudio(sdp, 'any')
    if (audio === null || (audio.isSecure && this.#wish === 'off')) return 'no-common-audio'
    if (!audio.isSecure && (audio.crypto.length === 0 || this.#wish === 'off')) return this.#wish === 'required' ? 'not-encrypted' : { audio, srtp: null }
    // A key that we cannot use is no consent to plain RTP: they would send what we cannot read.
    const srtp = acceptAnswer(this.#ours, parseCryptoLines(audio.crypto))
    return srtp === null ? 'not-encrypted' : { audio, srtp }
  }

  /** Our answer to a later offer of theirs, with our same audio; null refuses it (488) and leaves the session as it is. */
  answer(offer: string, localSdp: string, version: number): string | null {
    let agreed: Agreed | null = null
    const sdp = answerWithSame(offer, localSdp, version, (audio) => {
      const taken = this.#take(audio)
      agreed = taken && { audio, srtp: taken.srtp }
      return taken && taken.crypto
    })
    if (sdp !== null && agreed !== null) this.#answered = { offer, agreed }
    return sdp
  }

  #take(theirs: RemoteAudio): { srtp: SrtpKeys | null; crypto: readonly string[] } | null {
    const line = chooseCrypto(parseCryptoLines(theirs.crypto))
    const ours = this.#ours.find(({ profile }) => profile === line?.profile)
    if (line === null || ours === undefined) return theirs.isSecure || this.#wish === 'required' ? null : { srtp: null, crypto: [] }
    return { srtp: { profile: line.profile, send: ours.key, receive: line.key }, crypto: [formatCrypto({ ...ours, tag: line.tag })] }
  }
}

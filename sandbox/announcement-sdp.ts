import { answerSdp, formatSdp } from '@loopline/sip/sdp'
import type { LocalAudio } from '@loopline/sip/sdp'
import type { Announcement } from './happening.ts'

/** A call without a voice: packets sent to the discard port (RFC 863) are nobody's. */
export const NO_MEDIA_PORT = 9

/**
 * The carrier's session description in answer to an offer, or its own offer when there was none; null when nothing fits.
 * What a person hears also stands in the `i=` line (RFC 8866 §5.4, text for people).
 */
export function carrierSdp(offer: string, media: { address: string; port: number }, sessionId: number, announcement?: Announcement): string | null {
  const ours: LocalAudio = {
    ...media, codecs: ['PCMA', 'PCMU'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId,
    version: announcement === undefined ? 2 : 1,
  }
  const sdp = offer === '' ? formatSdp(ours) : answerSdp(offer, ours)
  return sdp === null || announcement === undefined ? sdp : sdp.replace('\r\ns=-\r\n', `\r\ns=-\r\ni=announcement ${announcement}\r\n`)
}

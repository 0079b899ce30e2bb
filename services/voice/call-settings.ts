/** Decides what the INVITE of an attempt says: addresses, identities, limits. Nothing of the customer but the number. */
import type { DialCommand, LineConfig } from '@loopline/contracts/voice-link'
import { dialledForm } from '@loopline/vocabulary/dialled-number'
import type { E164 } from '@loopline/vocabulary/phone'
import type { Credentials, DigestHash } from '@loopline/sip/digest'
import type { OutgoingCallSettings } from '@loopline/sip/outgoing-call'
import { formatSdp } from '@loopline/sip/sdp'
import type { CallSrtp } from './call-srtp.ts'
import { parseAddress } from './line-socket.ts'
import { SESSION_TIMER_DEFAULT } from '@loopline/sip/session-timer'

export const ALL_CODECS = ['PCMA', 'PCMU'] as const

/** The Call-ID names the attempt: whoever finds it in a carrier's log finds the row. A later leg is another call (RFC 3261 §8.1.1.4). */
export const callIdOf = (attemptId: string, leg = 1): string => (leg === 1 ? `${attemptId}@loopline` : `${attemptId}@${leg}.loopline`)

const OURS = /^(.+)@(?:\d+\.)?loopline$/

/** The attempt of a Call-ID of ours, or null. */
export const attemptOf = (callId: string): string | null => OURS.exec(callId)?.[1] ?? null

export interface CallPlace {
  line: LineConfig
  remoteHostPort: string
  sentBy: string
  /** The same as Via wants it, and as Contact does. */
  via: string
  contact: string
  /** Where we read media: a port of the media thread, or for a call without voice one that is read and forgotten. */
  media: { host: string; port: number }
  srtp: CallSrtp
  password: string | null
  hash: DigestHash
}

/** What tells this call from every other: made of random bytes by the caller, and kept in the journal. */
export interface CallNames {
  fromTag: string
  branchSeed: string
}

export function settingsOf(command: DialCommand, number: E164, place: CallPlace, names: CallNames): OutgoingCallSettings {
  const { line, remoteHostPort, sentBy, via, contact } = place
  const user = dialledForm(line, number)
  const sdp = formatSdp({
    address: place.media.host, port: place.media.port, codecs: line.codecs ?? ALL_CODECS, telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20,
    sessionId: command.leaseToken + 1, version: 1,
  }, place.srtp.security)
  return {
    callId: callIdOf(command.attemptId, command.leg),
    fromTag: names.fromTag,
    branchSeed: names.branchSeed,
    requestUri: `sip:${user}@${remoteHostPort}`,
    from: `<sip:${command.callerId}@${sentBy}>`,
    to: `<sip:${user}@${remoteHostPort}>`,
    contact: `<${contact}>`,
    sentBy: via,
    sdp,
    answerOffer: (offer, version) => place.srtp.answer(offer, sdp, version),
    ringTimeMs: command.ringTimeMs,
    sessionTimer: SESSION_TIMER_DEFAULT,
    hangUpReason: 'Q.850;cause=16;text="Normal call clearing"',
    ...(line.authUser !== null && place.password !== null ? { credentials: credentialsOf(line, place.password, names, place.hash) } : {}),
  }
}

function credentialsOf(line: LineConfig, password: string, names: CallNames, hash: DigestHash): Credentials {
  return { username: line.authUser as string, password, realm: line.authRealm ?? parseAddress(line.remote).host, clientNonceSeed: `${names.branchSeed}${names.fromTag}`, hash }
}

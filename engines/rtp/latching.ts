/**
 * Whom a plain RTP leg listens to and where it sends: symmetric RTP that learns once and cannot be led away.
 *
 * Only the signalled host is heard, and the host that proven signalling itself comes from where that is another: a telephone
 * behind a NAT names an address of its own that nobody sees. The signalled port of the signalled host is locked at its first
 * packet; anything else (a NAT) after two packets in a row with one SSRC (RFC 3550 A.1, MIN_SEQUENTIAL), so that a sprayer's
 * stray datagrams move nothing. Then the lock holds, of one host and one port, until signalling names another remote. Under SRTP the caller authenticates first and says so: the
 * first packet then locks and a new SSRC is believed at once. Times: ms, monotonic.
 *
 * CVE-2017-14099 and AST-2017-008 are the attacks: learning from anybody at any time, and learning again on silence.
 */
const LEARN_PACKETS = 2
/** A new SSRC counts when the old one has paused so long: three packets of 20 ms. One injected beside a living stream never does. */
const SSRC_SILENCE_MS = 60

/** `learning` is from a host that may be learned, but not yet believed. Only `accepted` may be relayed, recorded or answered. */
export type LatchVerdict = 'accepted' | 'learning' | 'foreign-host' | 'foreign-port' | 'foreign-ssrc'

export interface Latch {
  /** As signalled: an address, not a name. */
  host: string
  port: number
  /** Where signalling that proved itself comes from, when that is another host than the signalled one; else empty. */
  sourceHost: string
  isAuthenticated: boolean
  /** Where to send: as signalled until another is learned. */
  sendHost: string
  sendPort: number
  isLocked: boolean
  ssrc: number
  lastAcceptedAt: number
  /** Who might become the source: host, port, SSRC and the sequence number that would confirm it. */
  candidateHost: string
  candidatePort: number
  candidateSsrc: number
  candidateNext: number
  candidateCount: number
  /** Packets refused since the beginning, and the last one's source, for the alarm that names it. */
  refused: number
  refusedFrom: string
}

/** Where media comes from, as far as signalling says. */
export interface Signalled {
  host: string
  port: number
  /** Of signalling that proved itself (digest, a session): the one other host that media may come from. Absent: none. */
  sourceHost?: string
}

export function newLatch({ host, port, sourceHost }: Signalled, isAuthenticated: boolean): Latch {
  return {
    host, port, sourceHost: otherHost(host, sourceHost), isAuthenticated, sendHost: host, sendPort: port, isLocked: false, ssrc: 0, lastAcceptedAt: 0,
    candidateHost: '', candidatePort: 0, candidateSsrc: 0, candidateNext: 0, candidateCount: 0, refused: 0, refusedFrom: '',
  }
}

/** A new remote by SDP unlocks; the same again (a session refresh) keeps the lock, or every refresh would be a chance to steal. */
export function resignal(latch: Latch, { host, port, sourceHost }: Signalled): void {
  const source = otherHost(host, sourceHost)
  if (latch.host === host && latch.port === port && latch.sourceHost === source) return
  latch.host = host
  latch.port = port
  latch.sourceHost = source
  latch.sendHost = host
  latch.sendPort = port
  latch.isLocked = false
  latch.candidateCount = 0
}

/** Nobody is heard who signals no address at all: the old way of holding (RFC 3264 §8.4). */
const otherHost = (host: string, source: string | undefined): string => (source === undefined || source === host || host === '0.0.0.0' ? '' : source)

/** One RTP packet that has been parsed and, under SRTP, authenticated. */
export function stepLatch(latch: Latch, host: string, port: number, packet: { sequence: number; ssrc: number }, now: number): LatchVerdict {
  if (!admitsControl(latch, host)) return refuse(latch, 'foreign-host', host)
  if (!latch.isLocked) return learn(latch, host, port, packet, now)
  if (port !== latch.sendPort) return refuse(latch, 'foreign-port', host)
  if (packet.ssrc === latch.ssrc) return accept(latch, now)
  if (isNewSource(latch, host, port, packet, now)) return lock(latch, host, port, packet.ssrc, now)
  return refuse(latch, 'foreign-ssrc', host)
}

/** Whether a host may be heard at all. RTCP without authentication may come from any port of it, but speaks only for who is heard already. */
export function admitsControl(latch: Latch, host: string): boolean {
  if (latch.isLocked) return host === latch.sendHost
  return host === latch.host || (host === latch.sourceHost && host !== '')
}

function learn(latch: Latch, host: string, port: number, packet: { sequence: number; ssrc: number }, now: number): LatchVerdict {
  if (latch.isAuthenticated || (port === latch.port && host === latch.host)) return lock(latch, host, port, packet.ssrc, now)
  return followsCandidate(latch, host, port, packet) >= LEARN_PACKETS ? lock(latch, host, port, packet.ssrc, now) : 'learning'
}

function isNewSource(latch: Latch, host: string, port: number, packet: { sequence: number; ssrc: number }, now: number): boolean {
  if (latch.isAuthenticated) return true
  return followsCandidate(latch, host, port, packet) >= LEARN_PACKETS && now - latch.lastAcceptedAt >= SSRC_SILENCE_MS
}

/** How many packets of this source have come in a row, this one included. */
function followsCandidate(latch: Latch, host: string, port: number, packet: { sequence: number; ssrc: number }): number {
  const follows = latch.candidateCount > 0 && host === latch.candidateHost && port === latch.candidatePort && packet.ssrc === latch.candidateSsrc && packet.sequence === latch.candidateNext
  latch.candidateCount = follows ? latch.candidateCount + 1 : 1
  latch.candidateHost = host
  latch.candidatePort = port
  latch.candidateSsrc = packet.ssrc
  latch.candidateNext = (packet.sequence + 1) & 0xffff
  return latch.candidateCount
}

function lock(latch: Latch, host: string, port: number, ssrc: number, now: number): LatchVerdict {
  latch.isLocked = true
  latch.sendHost = host
  latch.sendPort = port
  latch.ssrc = ssrc
  latch.candidateCount = 0
  return accept(latch, now)
}

function accept(latch: Latch, now: number): LatchVerdict {
  latch.lastAcceptedAt = now
  return 'accepted'
}

function refuse(latch: Latch, because: LatchVerdict, host: string): LatchVerdict {
  latch.refused += 1
  latch.refusedFrom = host
  return because
}

/** What voice measured of the telephone: first it listened, then it played back what it had heard. */
export interface LegFindings {
  readonly listenedMs: number
  readonly playedMs: number
  /** Something else needed the leg, or it was lost, before the trial was over. */
  readonly isInterrupted: boolean
  /** 20 ms of audio each; what came, and what was due while it listened and played. */
  readonly framesReceived: number
  readonly framesDue: number
  /** Share that never came, 0..1. */
  readonly loss: number
  readonly jitterMs: number
  /** From RTCP; null before both ends have reported. */
  readonly roundTripMs: number | null
  /** How long it was loud enough for speech. */
  readonly heardMs: number
  /** The loudest 20 ms, dB below full scale; null for nothing but digital silence. */
  readonly levelDbfs: number | null
}

/** What the page measured of its microphone, its way to us and what it was played. */
export interface PageFindings {
  readonly microphone: { readonly isMuted: boolean; readonly levelDbfs: number | null }
  /** The pair of candidates that media goes by; null when there is none. */
  readonly path: { readonly kind: 'host' | 'srflx' | 'prflx' | 'relay'; readonly protocol: string; readonly roundTripMs: number | null } | null
  readonly echo: { readonly packetsReceived: number; readonly loss: number; readonly jitterMs: number; readonly levelDbfs: number | null }
}

export const SELF_TEST_FAULTS = ['interrupted', 'muted', 'no-packets', 'silent', 'loss', 'jitter', 'slow', 'no-path', 'no-echo', 'no-result'] as const
export type SelfTestFault = (typeof SELF_TEST_FAULTS)[number]

/** A frame of 20 ms this loud is speech, and no room or fan behind a headset; dB below full scale. */
export const SPEECH_DBFS = -45
/** A word is longer; a click on the desk is shorter. */
export const HEARD_MIN_MS = 60
/** G.711 with concealment falls below MOS 3.6 here (ITU-T G.107, G.113: Bpl 25.1). */
const LOSS_MAX = 0.05
/** Above this a jitter buffer of ours or theirs drops what comes late. */
const JITTER_MAX_MS = 60
/** 400 ms one way is where G.114 ends; buffers and carriers add to what is measured here. */
const ROUND_TRIP_MAX_MS = 500
/** Less than this of what was due is no stream. */
const ARRIVED_MIN = 0.5
const ECHO_DBFS = -55

/**
 * What is wrong with the telephone, the first cause first; nothing when customers can be spoken to by it. A desk telephone
 * has no page: what voice measured of it is all there is to say.
 */
export function faultsOf(leg: LegFindings, page: PageFindings | null): SelfTestFault[] {
  if (leg.isInterrupted) return ['interrupted']
  return [...microphoneFaults(leg, page), ...pathFaults(leg, page), ...(page === null ? [] : echoFaults(leg, page))]
}

function microphoneFaults(leg: LegFindings, page: PageFindings | null): SelfTestFault[] {
  if (page?.microphone.isMuted) return ['muted']
  if (leg.framesReceived < leg.framesDue * ARRIVED_MIN) return ['no-packets']
  return leg.heardMs < HEARD_MIN_MS ? ['silent'] : []
}

function pathFaults(leg: LegFindings, page: PageFindings | null): SelfTestFault[] {
  const faults: SelfTestFault[] = []
  if (Math.max(leg.loss, page?.echo.loss ?? 0) > LOSS_MAX) faults.push('loss')
  if (Math.max(leg.jitterMs, page?.echo.jitterMs ?? 0) > JITTER_MAX_MS) faults.push('jitter')
  if (Math.max(leg.roundTripMs ?? 0, page?.path?.roundTripMs ?? 0) > ROUND_TRIP_MAX_MS) faults.push('slow')
  if (page !== null && page.path === null) faults.push('no-path')
  return faults
}

/** Who was silent hears silence back, and that says nothing. */
function echoFaults({ heardMs, playedMs }: LegFindings, { echo }: PageFindings): SelfTestFault[] {
  if (heardMs < HEARD_MIN_MS || playedMs === 0) return []
  return echo.packetsReceived === 0 || (echo.levelDbfs ?? Number.NEGATIVE_INFINITY) < ECHO_DBFS ? ['no-echo'] : []
}

/** What the wire showed of a leg that has ended. Same words as `CallEvidence` of the contracts. */
export interface LegEnd {
  /** Final SIP status; null when none came. */
  readonly sipStatus: number | null
  /** Q.850 cause of a Reason header (RFC 3326). */
  readonly q850: number | null
  /** A 18x with a session description: the person may have been alerted, or an announcement was played to us. */
  readonly earlyMedia: boolean
  /** A 180 came. */
  readonly rang: boolean
  readonly answered: boolean
  readonly endedBy: 'callee' | 'us' | 'shutdown' | 'timeout' | 'crash' | 'carrier'
}

/** Q.850 2, 3: no route; 29: facility rejected; 34 … 127 are the classes of resource, service, message, protocol and interworking. */
const CAUSES_OF_THE_NETWORK = new Set([2, 3, 29])
const CAUSE_CLASSES_FROM = 34

/**
 * Final responses that speak of the line and not of the person. 403 and 488 are a carrier's refusal before anything rang
 * (RFC 3261 §21.4.4, §21.4.26); 401, 402, 407 its view of our account; 408 its own time-out. 404, 480, 484, 486 and all of 6xx
 * (§21.6: no other route will do better) speak of the person; a 3xx is never followed.
 */
const STATUSES_OF_THE_LINE = new Set([401, 402, 403, 407, 408, 415, 488])

/**
 * Whether the same attempt may go on over another line (RFC 3263 §4.3: on a 503, a transport failure, or no answer at all):
 * nobody was reached, nobody's phone can have rung, and this leg is surely over. A network's cause decides before the status.
 */
export function mayFailOver(end: LegEnd): boolean {
  if (end.answered || end.rang || end.earlyMedia) return false
  if (end.endedBy !== 'carrier' && end.endedBy !== 'timeout') return false
  if (end.q850 !== null && end.q850 !== 0) return CAUSES_OF_THE_NETWORK.has(end.q850) || end.q850 >= CAUSE_CLASSES_FROM || isRefusedByNetwork(end)
  const { sipStatus } = end
  return sipStatus === null || STATUSES_OF_THE_LINE.has(sipStatus) || (sipStatus >= 500 && sipStatus < 600)
}

/** RFC 3398 §8.2.6.1: cause 21 with a 403 before ringing is the network's refusal, not a person's. */
const isRefusedByNetwork = ({ q850, sipStatus }: LegEnd): boolean => q850 === 21 && sipStatus === 403

/**
 * Whether a line may be called over: closed · open, nothing goes over it · half-open, a few calls try it. A circuit that closes again
 * gets its share back step by step. Instants are ms of a clock that never goes back.
 */
export interface Circuit {
  readonly state: 'closed' | 'open' | 'half-open'
  /** The latest results, oldest first, at most `LATEST`; true: failed. */
  readonly latest: readonly boolean[]
  /** Why it opened: a code, and after a colon what was measured; null while it never did. */
  readonly reason: string | null
  readonly openUntil: number
  /** How long it opens the next time. */
  readonly restMs: number
  /** Calls that try it now, and what they have shown so far. */
  readonly probes: number
  readonly passed: number
  /** When it closed again; null when it has all of its share. */
  readonly closedAt: number | null
}

const LATEST = 20
/** So many in a row open it: a carrier that refuses everything is left within a second at five calls a second. */
const IN_A_ROW = 5
/** Of the latest twenty. */
const FAILED_MAX = 10
/** While it is being given its share back it has less credit. */
const IN_A_ROW_RECOVERING = 2
const REST_MS = 5_000
const REST_MAX_MS = 300_000
const PROBES_MAX = 2
const PASSES_TO_CLOSE = 3
/** From a tenth of its share to all of it. */
const RECOVERY_MS = 60_000
const RECOVERY_FROM = 0.1

export const closedCircuit = (): Circuit => ({ state: 'closed', latest: [], reason: null, openUntil: 0, restMs: REST_MS, probes: 0, passed: 0, closedAt: null })

/** Opens it, whatever it was: also what a change in the line's answers calls for. `restMs`: at least this long. */
export function openCircuit(circuit: Circuit, reason: string, now: number, restMs = 0): Circuit {
  const rest = Math.max(circuit.restMs, restMs)
  return { state: 'open', latest: [], reason, openUntil: now + rest, restMs: Math.min(rest * 2, Math.max(REST_MAX_MS, restMs)), probes: 0, passed: 0, closedAt: null }
}

/** What time alone does: a rest that is over makes it half-open, and a recovery that is over forgets what was. */
export function circuitAt(circuit: Circuit, now: number): Circuit {
  if (circuit.state === 'open' && now >= circuit.openUntil) return { ...circuit, state: 'half-open', probes: 0, passed: 0 }
  if (circuit.closedAt !== null && now >= circuit.closedAt + RECOVERY_MS) return { ...circuit, closedAt: null, restMs: REST_MS, reason: null }
  return circuit
}

/** Whether a call may go over it now. */
export const isOpenTo = (circuit: Circuit): boolean => circuit.state === 'closed' || (circuit.state === 'half-open' && circuit.probes < PROBES_MAX)

/** A call was placed over it. */
export const probed = (circuit: Circuit): Circuit => (circuit.state === 'half-open' ? { ...circuit, probes: circuit.probes + 1 } : circuit)

/** A call is over, or never left: it tries nothing any more. */
export const unprobed = (circuit: Circuit): Circuit => (circuit.state === 'half-open' && circuit.probes > 0 ? { ...circuit, probes: circuit.probes - 1 } : circuit)

/** Somebody's phone rings, or was answered, or said no: the line does what it is for. */
export function passed(circuit: Circuit, now: number): Circuit {
  if (circuit.state === 'open') return circuit
  if (circuit.state === 'half-open') {
    const count = circuit.passed + 1
    return count < PASSES_TO_CLOSE ? { ...circuit, passed: count } : { ...circuit, state: 'closed', latest: [], probes: 0, passed: 0, closedAt: now }
  }
  return { ...circuit, latest: withResult(circuit.latest, false) }
}

/** It failed a call before anybody's phone rang. */
export function failedOver(circuit: Circuit, reason: string, now: number): Circuit {
  if (circuit.state === 'open') return circuit
  if (circuit.state === 'half-open') return openCircuit(circuit, reason, now)
  const latest = withResult(circuit.latest, true)
  const inARow = latest.length - 1 - latest.lastIndexOf(false)
  const failures = latest.filter(Boolean).length
  const allowed = circuit.closedAt === null ? IN_A_ROW : IN_A_ROW_RECOVERING
  return inARow >= allowed || failures >= FAILED_MAX ? openCircuit(circuit, reason, now) : { ...circuit, latest }
}

/** The part of its share that it gets now, 0..1. */
export function shareAt({ closedAt, state }: Circuit, now: number): number {
  if (state !== 'closed') return RECOVERY_FROM
  if (closedAt === null) return 1
  return Math.min(1, RECOVERY_FROM + ((1 - RECOVERY_FROM) * Math.max(0, now - closedAt)) / RECOVERY_MS)
}

const withResult = (latest: readonly boolean[], failed: boolean): readonly boolean[] => [...latest.slice(1 - LATEST), failed]

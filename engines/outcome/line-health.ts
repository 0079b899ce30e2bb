import type { OutcomeReason } from './reasons.ts'

/** One ended attempt on a line, oldest first in a window. Answers of `reason` are judged; `id` comes back when held. */
export interface LineResult {
  readonly id: string
  readonly reason: OutcomeReason
}

/**
 * `proven`: the line lately reached somebody, its word on a number counts. `unproven`: too little seen. `tripped`: it
 * fails or denies almost everybody; take it out of routing, probe it, and set the `held` results to line-failed.
 */
export interface LineVerdict {
  readonly state: 'proven' | 'unproven' | 'tripped'
  /** Share of suspect answers among the latest, 0..1. */
  readonly suspectShare: number
  /** Suspect results in the window when tripped: their outcomes and sightings are withdrawn. Else empty. */
  readonly held: readonly string[]
}

/** Results a caller keeps per line. More only blurs the baseline. */
export const LINE_WINDOW = 100

/** The share is judged over this many latest results, against all older ones in the window. */
const LATEST = 20
/** From this many results on, a line that has reached nobody at all is tripped without waiting for `LATEST`. */
const DEAD_AFTER = 10
const SHARE_MIN = 0.5
/** A bad list has many invalid numbers all along; a broken line shows as a jump over its own past. */
const JUMP_MIN = 0.3

/** Answers that a broken line gives, whomever it is asked for. */
const SUSPECT: ReadonlySet<OutcomeReason> = new Set<OutcomeReason>([
  'number-may-be-invalid', 'number-not-found-twice', 'unallocated-number', 'number-changed', 'number-incomplete',
  'no-response', 'line-suspect', 'carrier-overloaded', 'carrier-error', 'carrier-refused', 'credentials-refused',
  'media-refused', 'encryption-refused', 'redirected', 'no-route', 'network-cause', 'caller-id-blocked',
])

/** Answers that only a callee, or the network beyond the line, can have given. */
const REACHED: ReadonlySet<OutcomeReason> = new Set<OutcomeReason>([
  'answered', 'answered-then-crash', 'callee-busy', 'rejected-after-ringing', 'callee-declined', 'rejected-by-cause',
  'ring-time-out', 'no-answer-by-cause', 'rang-without-answer', 'announced-busy', 'announced-powered-off',
  'announced-suspended', 'announced-unreachable', 'announced-invalid-number',
])

/** Judges a line by its latest results, oldest first, at most `LINE_WINDOW` of them. Our own cancels say nothing. */
export function lineVerdict(window: readonly LineResult[]): LineVerdict {
  const telling = window.filter((result) => SUSPECT.has(result.reason) || REACHED.has(result.reason))
  const latest = telling.slice(-LATEST)
  const share = suspectShare(latest)
  if (isDead(latest) || hasJumped(telling, latest)) {
    return { state: 'tripped', suspectShare: share, held: telling.filter(isSuspect).map((result) => result.id) }
  }
  const proven = latest.some((result) => REACHED.has(result.reason))
  return { state: proven ? 'proven' : 'unproven', suspectShare: share, held: [] }
}

const isSuspect = (result: LineResult): boolean => SUSPECT.has(result.reason)

const suspectShare = (results: readonly LineResult[]): number =>
  results.length === 0 ? 0 : results.filter(isSuspect).length / results.length

/** The last ten answers deny everybody, whatever came before. */
const isDead = (latest: readonly LineResult[]): boolean =>
  latest.length >= DEAD_AFTER && latest.slice(-DEAD_AFTER).every(isSuspect)

function hasJumped(telling: readonly LineResult[], latest: readonly LineResult[]): boolean {
  if (latest.length < LATEST) return false
  const before = telling.slice(0, -LATEST)
  const share = suspectShare(latest)
  return share >= SHARE_MIN && share - suspectShare(before) >= JUMP_MIN
}

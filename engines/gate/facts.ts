import type { Consent, CustomerStatus } from '@loopline/vocabulary/customer'
import type { BlockReason } from './reasons.ts'
import type { CallingHours } from './calling-hours.ts'
import type { LawPack } from './law-pack.ts'
import type { ZoneClock } from './zone-clock.ts'

/** The campaign that wants to call, or a person who dials by hand. */
export type Origin =
  | { readonly kind: 'manual' }
  /** `hours` narrow the law pack's and never widen them; a campaign without hours of its own says `ALL_DAY`. */
  | { readonly kind: 'campaign'; readonly running?: boolean; readonly hours?: CallingHours }

/**
 * What is known about one wish to call. An absent field is something we do not know, and what we do not know blocks.
 * The first group has the names and meanings of `CustomerState`, so that a customer can be spread into it.
 */
export interface DialFacts {
  readonly deleted?: boolean
  readonly neverCall?: boolean
  readonly status?: CustomerStatus
  readonly marketingConsent?: Consent
  /** Unix ms; null when the follow-up is not paused. */
  readonly followUpPausedUntil?: number | null
  /** IANA zone of the callee; null when nobody knows it. */
  readonly timeZone?: string | null
  /** A synthetic person, who may be called on a sandbox line only. */
  readonly sandbox?: boolean

  /** How many of the customer's phones are in state `usable`. */
  readonly usablePhones?: number
  /** Whether the line that would carry the call is a sandbox line. */
  readonly lineSandbox?: boolean
  readonly origin?: Origin
  /** Attempts to this person on the callee's local day, over all campaigns and manual dials. */
  readonly attemptsToday?: number
  /** Whether some attempt to this person has not ended yet. */
  readonly attemptOpen?: boolean
  /** When attempts to this person began, unix ms on the callee's clock, over all campaigns and manual dials; as far back as the longest window. */
  readonly recentAttempts?: readonly number[]
  /** When a call of ours was last abandoned on this person, unix ms on the callee's clock; null when none ever was. */
  readonly abandonedAt?: number | null
  /** Whether the company's own do-not-call list, or the campaign's, holds a number of this person: a refusal is the person's. */
  readonly onStopList?: boolean
  /** How many of the usable phones stand in a public do-not-call registry, which is kept by number. */
  readonly registeredPhones?: number
  /** Registry → the day its newest copy was made, unix ms. */
  readonly registryCopies?: Readonly<Record<string, number>>
  /** Whether the contract of the line that would carry the call permits it: its use, and the callee's place. */
  readonly linePermits?: boolean
}

/** The law that is in force and the clock of the world's zones; null when no pack is loaded, which blocks. */
export interface GateContext {
  readonly pack: LawPack | null
  readonly zones: ZoneClock
  /** Registry → day of its newest copy, unix ms. */
  readonly registryCopies?: Readonly<Record<string, number>>
}

/** What a rule sees beside the facts. `instant` is what counts as now at the callee, unix ms. */
export interface Moment {
  readonly instant: number
  readonly pack: LawPack
  readonly zones: ZoneClock
}

/** `retryAt`: earliest instant, unix ms, at which time alone may lift this reason; null when only an edit or event can. */
export interface Refusal {
  readonly reason: BlockReason
  readonly retryAt: number | null
}

/** One question. Null means "nothing against it from me". */
export type DialRule = (facts: DialFacts, moment: Moment) => Refusal | null

/** A refusal that no passing of time lifts. */
export const untilEdited = (reason: BlockReason): Refusal => ({ reason, retryAt: null })

import type { CallingHours } from './calling-hours.ts'

/** At most `max` attempts to one person in any stretch of `windowMs`, over all campaigns, bots, agents and manual dials. */
export interface FrequencyCap {
  readonly windowMs: number
  /** 1..ATTEMPTS_REMEMBERED_MAX. */
  readonly max: number
}

/** So many instants of a person are kept: a cap can count no further. */
export const ATTEMPTS_REMEMBERED_MAX = 20

/** Days on which other hours hold: weekdays (ISO 8601: Monday 1 … Sunday 7) and days by name, "2026-12-25", of the callee's calendar. */
export interface SpecialDays {
  readonly weekdays: readonly number[]
  readonly dates: readonly string[]
  /** None: nobody is called on these days. */
  readonly hours: CallingHours
}

/** A public do-not-call registry that must be asked. */
export interface RegistryRule {
  /** Name of the registry, as copies of it are filed: "us-ndnc". */
  readonly registry: string
  /** A copy older than this is no copy. */
  readonly ageDaysMax: number
  /** What an old or missing copy does. */
  readonly whenOld: 'block' | 'warn'
}

/** Which callees a pack is for; one that fits in any way may be there, and what may be holds. */
export interface PackPlaces {
  /** Beginnings of E.164 numbers, "+86", "+1305". */
  readonly prefixes: readonly string[]
  /** IANA zones. */
  readonly zones: readonly string[]
}

/** Rules of one place, as data that an administrator may edit. Every figure names where it comes from. */
export interface LawPack {
  readonly id: string
  /** Stored with each decision; an edit makes a new version. */
  readonly version: number
  readonly places: PackPlaces
  readonly hours: CallingHours
  readonly specialDays: readonly SpecialDays[]
  /** Attempts to one person on one local day, over all campaigns and manual dials. */
  readonly attemptsPerDayMax: number
  readonly caps: readonly FrequencyCap[]
  /** After an abandoned call no campaign calls the person again for this long; 0: no such rule. */
  readonly abandonedLockMs: number
  /** Abandoned ÷ answered by a person, 0..1, over `abandonWindowMs`, and from when an answered call counts as abandoned. */
  readonly abandonRateMax: number
  readonly abandonWindowMs: number
  readonly connectWithinMs: number
  /** A call that nobody answers rings at least this long. */
  readonly ringTimeMsMin: number
  readonly registries: readonly RegistryRule[]
  /** Whether a person who heard the announcement to its end and stayed has agreed to be recorded. */
  readonly announcedCounts: boolean
  /** Whether a call that cannot be recorded may not be made at all. */
  readonly recordingRequired: boolean
  /** Field of this pack → the rule it stands for. */
  readonly sources: Readonly<Record<PackField, string>>
}

export const PACK_FIELDS = [
  'consent', 'hours', 'specialDays', 'attemptsPerDayMax', 'caps', 'abandonedLockMs', 'abandonRate', 'ringTimeMsMin', 'registries', 'announcedCounts', 'recordingRequired',
] as const
export type PackField = (typeof PACK_FIELDS)[number]

/** How many people who answer may be left without anybody, and over which time it is counted (data of a law pack). */
export interface AbandonmentRule {
  /** Of those answered by a person, 0..1. */
  readonly capMax: number
  readonly windowHours: number
  /** A call must have rung so long before we give it up, ms. */
  readonly ringMinMs: number
  readonly source: string
}

/** For a place whose pack names none: the strictest written rule that we know, taken as our own. */
export const ABANDONMENT_DEFAULT: AbandonmentRule = {
  capMax: 0.03, windowHours: 30 * 24, ringMinMs: 15_000,
  source: '16 CFR 310.4(b)(4): at most 3 % of calls answered by a person in 30 days of a campaign, after 15 s of ringing',
}

import type { Consent } from '@loopline/vocabulary/customer'
import type { LawPack } from './law-pack.ts'

/** Why a call is not recorded. Stored with the attempt; texts live in the console. */
export const NOT_RECORDED_REASONS = ['consent-refused', 'consent-unknown', 'law-pack-missing'] as const
export type NotRecordedReason = (typeof NOT_RECORDED_REASONS)[number]

/** Same shape as `RecordingPlan` of the contracts, but for the announcement, which is a matter of the language spoken. */
export type MayRecord =
  | { readonly record: 'yes'; readonly basis: 'granted' }
  | { readonly record: 'after-announcement'; readonly basis: 'announced' }
  | { readonly record: 'no'; readonly reason: NotRecordedReason }

/** May the voices be recorded? A refusal stands whatever the law allows; what is not known is not consent. */
export function mayRecord(consent: Consent | null, pack: LawPack | null): MayRecord {
  if (consent === 'refused') return { record: 'no', reason: 'consent-refused' }
  if (pack === null) return { record: 'no', reason: 'law-pack-missing' }
  if (consent === 'granted') return { record: 'yes', basis: 'granted' }
  return pack.announcedCounts ? { record: 'after-announcement', basis: 'announced' } : { record: 'no', reason: 'consent-unknown' }
}

/**
 * Every reason for which a call is not allowed. Stored with the attempt and put into words by the console (one text in
 * Chinese and one in English per key); a reason is never renamed, because old attempts carry it.
 */
export const BLOCK_REASONS = [
  'law-pack-missing', 'facts-missing', 'deleted', 'never-call', 'status-invalid', 'status-lost', 'no-usable-phone',
  'consent-unknown', 'consent-refused', 'sandbox-mismatch', 'campaign-not-running', 'attempt-open', 'follow-up-paused',
  'time-zone-unknown', 'outside-hours', 'attempts-per-day',
  'do-not-call', 'on-registry', 'registry-missing', 'registry-old', 'line-not-permitted', 'abandoned-lockout', 'attempts-in-window',
] as const

export type BlockReason = (typeof BLOCK_REASONS)[number]

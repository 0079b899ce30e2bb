/** Calls a line may start now. `tokens` as of `at`, ms of any clock that never goes back. */
export interface TokenBucket {
  readonly tokens: number
  readonly at: number
}

/** A carrier counts calls per second loosely, but a burst above a tenth of it is seen and refused. */
const BURST_SHARE = 0.1

/** Tokens at `now`: refilled at `perSecond`, never above one call and a tenth of a second's worth. */
export function tokensAt(bucket: TokenBucket, perSecond: number, now: number): number {
  const refilled = bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1_000
  return Math.min(refilled, 1 + perSecond * BURST_SHARE)
}

/** The bucket after one call was placed at `now`. The caller has seen that a whole token was there. */
export function takeToken(bucket: TokenBucket, perSecond: number, now: number): TokenBucket {
  return { tokens: tokensAt(bucket, perSecond, now) - 1, at: now }
}

/** A line that has not called yet. */
export const fullBucket = (perSecond: number, now: number): TokenBucket => ({ tokens: 1 + perSecond * BURST_SHARE, at: now })

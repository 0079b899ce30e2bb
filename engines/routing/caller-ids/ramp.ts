/** A number without a limit of its group that comes back from a rest is let go at this many calls at once. */
const FREE_AT = 10

/**
 * The calls that a number may have at once after so many calls: one more for each `rampCalls` while nothing speaks against it, up to
 * the group's limit. New numbers start at 1 (carrier practice), and one that was suspected starts there again. null: any number.
 */
export function rampedChannels(channels: number | null, { callsSince, rampCalls, channelsMax, isDoubted }: { callsSince: number; rampCalls: number; channelsMax: number | null; isDoubted: boolean }): number | null {
  if (channels === null || isDoubted || callsSince < rampCalls) return channels
  const next = channels + 1
  if (channelsMax === null) return next >= FREE_AT ? null : next
  return Math.min(next, Math.max(channelsMax, channels))
}

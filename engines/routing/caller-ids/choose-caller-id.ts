import { callerIdFor, hashOf, mixed } from '../caller-id.ts'
import type { CallerId, LineWish } from '../line.ts'
import { nearness } from './region.ts'
import type { Region } from './region.ts'

export const CALLER_ID_REASONS = ['sticky', 'same-area', 'same-province', 'least-used'] as const
/** Why this number: the customer knows it; it is of his city; of his province; or it is the one with the most left. */
export type CallerIdReason = (typeof CALLER_ID_REASONS)[number]

export const CALLER_ID_OBSTACLES = ['not-proven', 'resting', 'day-quota', 'hour-quota', 'busy', 'pausing'] as const
/** Why a number may not be used now, most lasting first. `busy`: as many calls as it may have; `pausing`: shortly after a call. */
export type CallerIdObstacle = (typeof CALLER_ID_OBSTACLES)[number]

export type CallerIdChoice =
  | { readonly number: string; readonly reason: CallerIdReason; /** What he saw before, and why he does not see it now. */ readonly instead: { readonly number: string; readonly because: CallerIdObstacle | 'gone' } | null }
  | { readonly none: CallerIdObstacle }

/** Numbers without a quota fill as if they had this one, so that they can be compared with the others. Calls a day. */
const NOMINAL_DAY = 2_000

/** What stands against this number at `now` (the clock of `pausedUntil`), or null. A limit that is absent or null is none. */
export function obstacleOf(caller: CallerId, now: number): CallerIdObstacle | null {
  if (!caller.proven) return 'not-proven'
  if (caller.resting === true) return 'resting'
  if (isReached(caller.usedDay, caller.quotaDay)) return 'day-quota'
  if (isReached(caller.usedHour, caller.quotaHour)) return 'hour-quota'
  if (isReached(caller.inFlight, caller.channels)) return 'busy'
  return (caller.pausedUntil ?? 0) > now ? 'pausing' : null
}

const isReached = (used = 0, limit: number | null = null): boolean => limit !== null && used >= limit

/**
 * The number that this customer sees on a line. The one he saw before comes first, as long as it may be used; then numbers of his
 * city, of his province, of anywhere; among these the one filled least, and between equals one that a hash of number and customer
 * names, so that the same question has the same answer. One pass over the numbers, a few nanoseconds each (choose-caller-id.bench.ts).
 */
export function chooseCallerId(callers: readonly CallerId[], wish: Pick<LineWish, 'customerId' | 'now' | 'region' | 'shown' | 'isKnown'>, lineId: string): CallerIdChoice {
  const before = shownBefore(callers, wish, lineId)
  if (before) {
    const against = before.caller === null ? 'gone' : obstacleOf(before.caller, wish.now)
    if (against === null) return { number: before.number, reason: 'sticky', instead: null }
    const other = mostLeft(callers, wish)
    return 'none' in other ? other : { ...other, instead: { number: before.number, because: against } }
  }
  return mostLeft(callers, wish)
}

/** What he saw last on this line; else what he saw on another line that this one may show too. */
function shownBefore(callers: readonly CallerId[], { customerId, shown, isKnown }: Pick<LineWish, 'customerId' | 'shown' | 'isKnown'>, lineId: string): { number: string; caller: CallerId | null } | null {
  const here = shown?.[lineId] ?? null
  if (here !== null) return { number: here, caller: find(callers, here) }
  for (const number of shown ? Object.values(shown) : []) {
    const caller = find(callers, number)
    if (caller !== null) return { number, caller }
  }
  // Called before it was kept which number he saw: it was this one (callerIdFor was the whole rule then).
  const then = isKnown === true && !shown ? callerIdFor(customerId, callers) : null
  return then === null ? null : { number: then, caller: find(callers, then) }
}

function find(callers: readonly CallerId[], number: string): CallerId | null {
  for (const caller of callers) if (caller.number === number) return caller
  return null
}

const REASON_OF = { area: 'same-area', province: 'same-province', any: 'least-used' } as const
const RANK_OF = { area: 2, province: 1, any: 0 } as const

function mostLeft(callers: readonly CallerId[], { customerId, region, now }: Pick<LineWish, 'customerId' | 'region' | 'now'>): CallerIdChoice {
  const customerHash = hashOf(customerId)
  let best: CallerId | null = null
  let bestRank = -1
  let bestFill = 0
  let bestHash = 0
  let nearest = 0
  for (const caller of callers) {
    const against = obstacleOf(caller, now)
    if (against !== null) {
      nearest = Math.max(nearest, CALLER_ID_OBSTACLES.indexOf(against))
      continue
    }
    const rank = rankOf(caller.region, region)
    if (rank < bestRank) continue
    const fill = fillOf(caller)
    if (rank === bestRank && fill > bestFill) continue
    const hash = mixed((caller.hash ?? hashOf(caller.number)) ^ customerHash)
    if (rank === bestRank && fill === bestFill && hash <= bestHash) continue
    best = caller
    bestRank = rank
    bestFill = fill
    bestHash = hash
  }
  if (best === null) return { none: CALLER_ID_OBSTACLES[nearest] ?? 'not-proven' }
  return { number: best.number, reason: REASON_OF[nearness(best.region, region)], instead: null }
}

const rankOf = (one: Region | null | undefined, other: Region | null | undefined): number => (one && other ? RANK_OF[nearness(one, other)] : 0)

/** How much of what a number may do is done, 0..1: the fuller of its hour and its day. */
export function fillOf({ usedHour = 0, quotaHour = null, usedDay = 0, quotaDay = null }: CallerId): number {
  const day = usedDay / (quotaDay ?? NOMINAL_DAY)
  return quotaHour === null ? day : Math.max(day, usedHour / quotaHour)
}

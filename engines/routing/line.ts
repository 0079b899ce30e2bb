import type { LineType } from '@loopline/vocabulary/customer'
import type { LineRecord } from './learned.ts'
import type { CallerIdReason, CallerIdChoice } from './caller-ids/choose-caller-id.ts'
import type { Region } from './caller-ids/region.ts'
import type { TokenBucket } from './token-bucket.ts'

/** A number that a line may show. Only one that is proven ours is ever shown (反电信网络诈骗法 art. 14). */
export interface CallerId {
  readonly number: string
  readonly proven: boolean
  /** `hashOf(number)`, where the caller keeps it. */
  readonly hash?: number
  /** Where it is; absent or null: nowhere in particular. */
  readonly region?: Region | null
  /** Not used at all now: it rests, is held, or was given back. */
  readonly resting?: boolean
  /** Calls begun within 60 minutes and 24 hours, and how many may be; absent or null: any number. */
  readonly usedHour?: number
  readonly quotaHour?: number | null
  readonly usedDay?: number
  readonly quotaDay?: number | null
  /** Calls that show it now, and how many may at once. */
  readonly inFlight?: number
  readonly channels?: number | null
  /** Until when it keeps quiet after its last call, on the clock of `LineWish.now`. */
  readonly pausedUntil?: number
}

/** One line as it stands now. */
export interface LineNow {
  readonly lineId: string
  readonly type: LineType
  /** The campaign may use it (for a call by hand: the person may). */
  readonly permitted: boolean
  readonly enabled: boolean
  /** Reachable and not tripped. */
  readonly up: boolean
  readonly sandbox: boolean
  /** Lower is used first. */
  readonly priority: number
  /** Share among lines of one priority, > 0. */
  readonly weight: number
  readonly maxConcurrent: number
  readonly maxPerSecond: number
  readonly inFlight: number
  readonly bucket: TokenBucket
  readonly callerIds: readonly CallerId[]
  /** Beginnings of numbers in E.164 that it may call; absent or none: everywhere. */
  readonly mayCall?: readonly string[]
  /** 0..1 of its use that it has back after it failed; absent: all. Its weight has it already. */
  readonly share?: number
  /** Per minute of talk, in the company's money; null or absent where it is not known. */
  readonly costPerMinute?: number | null
}

/**
 * Who comes first of those that may carry a call: by priority and weight; the cheapest; or whoever by what was learnt reaches most people
 * for the money, here and at this hour.
 */
export const ROUTING_POLICIES = ['priority', 'least-cost', 'learned'] as const
export type RoutingPolicy = (typeof ROUTING_POLICIES)[number]

/** How one campaign wants its lines chosen. */
export interface Routing {
  readonly policy: RoutingPolicy
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** What is known of the line where and when the call is, and of the line as a whole. */
  readonly learned: (lineId: string) => { here: LineRecord; line: LineRecord }
}

/** What the call asks for. `customerId` keeps the caller ID stable; `now` is monotonic ms, the bucket's clock. */
export interface LineWish {
  /** From a rule: taken when such a line is free, else another one carries the call. */
  readonly wanted: LineType | null
  readonly customerId: string
  readonly sandbox: boolean
  readonly now: number
  /** Absent: by priority and weight. */
  readonly routing?: Routing
  /** Where the customer is, for a number of his own place. */
  readonly region?: Region | null
  /** Line id → the number of ours that he saw last on it; null: nothing is kept of it. */
  readonly shown?: Readonly<Record<string, string>> | null
  /** He was called before, perhaps before it was kept what he saw. */
  readonly isKnown?: boolean
}

export const NO_LINE_REASONS = ['no-line-permitted', 'sandbox-mismatch', 'no-proven-caller-id', 'line-down', 'no-caller-id', 'line-full', 'line-rate', 'caller-ids-busy'] as const
/**
 * Why no line carries the call: the last hurdle at which a line was still in the running. `no-caller-id`: every number rests or has
 * used up its quota; `caller-ids-busy`: one is free as soon as a call ends or its pause is over.
 */
export type NoLineReason = (typeof NO_LINE_REASONS)[number]

export const LINE_REASONS = ['as-wanted', 'wanted-type-missing', 'wanted-type-busy', 'by-priority', 'least-cost', 'learned', 'explored'] as const
/** Why this line: a rule's wish met; or missed, because no such line exists here or none is free; or no wish, and by which policy. */
export type LineReason = (typeof LINE_REASONS)[number]

export type LineChoice =
  | { readonly lineId: string; readonly callerId: string; readonly callerIdReason: CallerIdReason; readonly instead: Extract<CallerIdChoice, { number: string }>['instead']; readonly given: LineType; readonly reason: LineReason }
  | { readonly none: NoLineReason }

import type { LineType } from '@loopline/vocabulary/customer'
import type { TokenBucket } from './token-bucket.ts'

/** A number that a line may show. Only one that is proven ours is ever shown (反电信网络诈骗法 art. 14). */
export interface CallerId {
  readonly number: string
  readonly proven: boolean
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
}

/** What the call asks for. `customerId` keeps the caller ID stable; `now` is monotonic ms, the bucket's clock. */
export interface LineWish {
  /** From a rule: taken when such a line is free, else another one carries the call. */
  readonly wanted: LineType | null
  readonly customerId: string
  readonly sandbox: boolean
  readonly now: number
}

export const NO_LINE_REASONS = ['no-line-permitted', 'sandbox-mismatch', 'no-proven-caller-id', 'line-down', 'line-full', 'line-rate'] as const
/** Why no line carries the call: the last hurdle at which a line was still in the running. */
export type NoLineReason = (typeof NO_LINE_REASONS)[number]

export const LINE_REASONS = ['as-wanted', 'wanted-type-missing', 'wanted-type-busy', 'by-priority'] as const
/** Why this line: a rule's wish met; or missed, because no such line exists here or none is free; or no wish. */
export type LineReason = (typeof LINE_REASONS)[number]

export type LineChoice =
  | { readonly lineId: string; readonly callerId: string; readonly given: LineType; readonly reason: LineReason }
  | { readonly none: NoLineReason }

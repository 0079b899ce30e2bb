import type { AttemptId, CustomerId, LineId, UserId } from '@loopline/vocabulary/ids'
import type { TalkPlan } from './voice-link.ts'

/**
 * Calls that come in. Voice offers one and waits for the dialer's word: `ring` says that it is written down and that somebody
 * is looked for, `answer` joins it with whoever was found or plays a message, `refuse` ends it. Without any word in time it is
 * ended with 480. An offer that nobody decided is told again to the next link.
 */
export interface InboundOffer {
  /** Given by voice. */
  attemptId: AttemptId
  lineId: LineId
  /** Unix ms of the INVITE. */
  at: number
  /** The number that was dialled: in E.164 where it can be read as one, otherwise as the carrier wrote it. Ours, not secret. */
  to: string
  /** Who calls: the number sealed with the attempt's id, and its blind index in base64. null: withheld, or no number. */
  from: { sealed: string; blindIndex: string } | null
}

/** What the dialer says of a call that came in. Each may come twice and is obeyed once. */
export type InboundOrder =
  /** 180. `forMs`: without another word by then the call is ended. */
  | { order: 'ring'; attemptId: AttemptId; forMs: number }
  /** 200. From here on it is a call like every other: who hears whom, the recording and the fallback are the plan's. */
  | { order: 'answer'; attemptId: AttemptId; customerId: CustomerId; talk: TalkPlan }
  | { order: 'refuse'; attemptId: AttemptId; status: InboundRefusal }

/** 404: the number is not ours. 480: nobody comes. 486: the line is full. 603: this caller is not wanted. */
export type InboundRefusal = 404 | 480 | 486 | 603

/** Why a call that came in went where it went: stored with the attempt, shown on the timeline. */
export interface InboundDecision {
  /** The number that was dialled. */
  to: string
  /** By what the caller is known; `unknown` has no customer's record, `withheld` no number either. */
  caller: 'customer' | 'unknown' | 'withheld'
  /** Whom it rang first, and why him; null when nobody was free at once. */
  first: { agentId: UserId; because: InboundReason } | null
  /** Who of ours spoke with the caller last, free or not. */
  lastSellerId: UserId | null
}

/** Why it rings at this agent: he spoke with the caller last, the customer is his, or he is the longest idle of the team. */
export const INBOUND_REASONS = ['last-seller', 'owner', 'team'] as const
export type InboundReason = (typeof INBOUND_REASONS)[number]

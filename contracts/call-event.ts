import type { AttemptId, CampaignId, CustomerId, LineId, PhoneId, RuleId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { EventOf } from './event.ts'
import type { InboundDecision } from './inbound.ts'
import type { CallPart } from './transfer.ts'
import type { CallResult, RecordingPlan } from './voice-link.ts'

/** Why the call was made this way: stored with the attempt, shown on the timeline. */
export interface DialDecision {
  gate: {
    allowed: boolean
    reason: string | null
    packVersion: number
    /** Which rules were asked: the version of the gate (engines/gate). */
    gateVersion?: number
    /** The packs that held at the callee's place, "us-tsr+us-florida". */
    packId?: string
    attemptsThatDay?: number
    attemptsPerDayMax?: number
    /** Rolling windows and how many attempts stood in each before this one. */
    windows?: { windowMs: number; max: number; seen: number }[]
    /** Registries whose copy was missing or old, where the pack only warns. */
    oldRegistries?: string[]
  }
  /** Rules that were looked at, in order, and whether each matched. */
  rules: { ruleId: RuleId; version: number; name: string; matched: boolean }[]
  lineType: { wanted: LineType | null; given: LineType; reason: string }
  ringTimeMs: number
  priority: number
  /** Local hour and minute at the callee when it was decided, "10:12". */
  calleeTime: string
  /** Why this number of ours was shown; `instead`: what he saw before, and why not now. Absent in older attempts. */
  callerId?: { reason: string; instead: { number: string; because: string } | null }
  /** Why this telephone of the customer's `of`; absent in older decisions, and where the customer called. */
  phone?: { reason: 'only' | 'named' | 'first' | 'alternative' | 'answered-before'; of: number }
  /** Whether the voices may be recorded, and why; absent for a call that was to talk to nobody. */
  recording?: RecordingPlan
  /** Where a call that came in went; absent for one that we made. */
  inbound?: InboundDecision
  /** How likely a person was to answer, 0..1, as forecast when it was decided; absent where nothing forecast it. */
  answerProbability?: number
}

/** What was seen on the wire; the outcome is derived from it by engines/outcome and nothing else. */
export interface CallEvidence {
  /** Final SIP status of the INVITE, or null when none came. */
  sipStatus: number | null
  /** Q.850 cause of a Reason header, RFC 3326. */
  q850: number | null
  reasonText: string | null
  /** SDP in a 18x: the callee heard, or would have heard, an announcement. */
  earlyMedia: boolean
  announcement: 'invalid-number' | 'suspended' | 'powered-off' | 'unreachable' | 'busy' | null
  /** `callee`: the person, also where it was the person who called. */
  endedBy: 'callee' | 'us' | 'shutdown' | 'timeout' | 'crash' | 'carrier'
  /** Why nothing could be said though the line was there: no codec in common, or no encryption where the line requires it. */
  mediaFailure?: MediaFailure
}

export type MediaFailure = 'no-common-audio' | 'not-encrypted'

/** Reasons of a `cancelled` whose INVITE never left: voice refused the command, or never saw it. */
export type NeverLeftReason = 'never-sent' | `refused-${string}`

/** Whether this attempt never became a call: nobody's phone was tried, and it says nothing about the person. */
export function neverLeft({ outcome, outcomeReason }: { outcome: Outcome | null; outcomeReason: string | null }): boolean {
  return outcome === 'cancelled' && outcomeReason !== null && (outcomeReason === 'never-sent' || outcomeReason.startsWith('refused-'))
}

/** A leg of an attempt that failed before anybody's phone rang, so that another line took over. */
export interface EndedLeg {
  lineId: LineId
  lineName: string
  lineType: LineType
  callerId: string
  /** Why this line was chosen. */
  reason: string
  outcome: Outcome
  outcomeReason: string
  conclusive: boolean
  result: CallResult
}

/** Fact event: applied once per attempt id and state. */
export interface CallEnded {
  attemptId: AttemptId
  customerId: CustomerId
  phoneId: PhoneId
  campaignId: CampaignId | null
  campaignName: string | null
  lineId: LineId | null
  lineName: string | null
  lineType: LineType | null
  callerId: string | null
  /** The person who dialled by hand; null for a campaign. */
  actorId: UserId | null
  /** `inbound`: the person called us. Absent in older events: outbound. */
  direction?: 'inbound' | 'outbound'
  state: 'ended'
  outcome: Outcome
  /** The gate's reason when blocked; otherwise why the evidence means this outcome. */
  outcomeReason: string
  /** false while one more sighting is needed before the number may be called invalid (design.md, evidence has weight). */
  conclusive: boolean
  evidence: CallEvidence
  decision: DialDecision
  /** Whose customer it was, as the dialer knew: the live push shows the call to them at once. Absent in older events. */
  owner?: { ownerId: UserId | null; teamId: TeamId | null } | null
  /** 1 for the first attempt of this entry. */
  attemptNumber: number
  startedAt: number
  ringingAt: number | null
  answeredAt: number | null
  endedAt: number
  /** Whom the person heard, or for whom the call was made; absent for a call without agents. */
  agentId?: UserId | null
  /** When the two heard each other first. */
  connectedAt?: number | null
  /** Who of ours was on it, in their order; absent where it was one. */
  parts?: CallPart[]
  /** Lines that were tried before, in their order; absent where the first one carried it. */
  legs?: EndedLeg[]
}

export type CallEndedEvent = EventOf<'dialer.call.ended', CallEnded>

/**
 * Fact event, applied once per attempt id and state: what a call was said to be is taken back, because its line turned
 * out to be broken. Follows the call's own `dialer.call.ended` under the same key.
 */
export interface CallCorrected {
  attemptId: AttemptId
  customerId: CustomerId
  phoneId: PhoneId
  campaignId: CampaignId | null
  campaignName: string | null
  lineId: LineId | null
  lineName: string | null
  state: 'corrected'
  outcome: 'line-failed'
  outcomeReason: string
  /** What it was said to be until now. */
  was: { outcome: Outcome; outcomeReason: string }
  endedAt: number
  /** Unix ms of the correction. */
  correctedAt: number
}

export type CallCorrectedEvent = EventOf<'dialer.call.corrected', CallCorrected>
/** Fact event, applied once per attempt id and state: what the agent noted of a call. Follows the call's `dialer.call.ended`. */
export interface CallWrappedUp {
  attemptId: AttemptId
  customerId: CustomerId
  campaignId: CampaignId | null
  agentId: UserId
  agentName: string
  state: 'wrapped-up'
  /** What the agent confirmed; null when he said nothing about it. */
  outcome: Outcome | null
  disposition: string | null
  note: string | null
  /** What was promised: unix ms, and by whom; `agentId` null means whoever of the team is free. */
  callback: { callbackId: string; at: number; agentId: UserId | null } | null
  wrapUpMs: number
  at: number
  /** Of somebody whose call went to a colleague: told while the call may still go on, and beside the notes of the colleague. */
  isPart?: boolean
}

export type CallWrappedUpEvent = EventOf<'dialer.call.wrapped-up', CallWrappedUp>
export type CallEvent = CallEndedEvent | CallCorrectedEvent | CallWrappedUpEvent

import type { AttemptId, CampaignId, CustomerId, LineId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { CallEvidence } from './call-event.ts'

/**
 * What dialer and voice say to each other: one JSON message a line over one TCP connection, the first line being a
 * service token. The dialer connects; voice answers with `hello`. Up to 100 calls travel in one message.
 */

/** Where and how voice reaches one carrier. `local` is the one socket of this line; carriers know us by it. */
export interface LineConfig {
  lineId: LineId
  version: number
  name: string
  type: LineType
  enabled: boolean
  /** host:port of the carrier's SIP/UDP address. */
  remote: string
  /** host:port to bind; port 0 lets the system choose (demo, tests). */
  local: string
  /** Digest user and sealed password where the carrier asks for them. */
  authUser: string | null
  authPasswordSealed: string | null
  authRealm: string | null
  /** Turns +8613900001234 into what the carrier wants: `e164` keeps it, `national` strips +86 and adds nothing. */
  numberFormat: 'e164' | 'e164-no-plus' | 'national'
  maxConcurrent: number
  maxPerSecond: number
  sandbox: boolean
  /** false for a carrier that never answers OPTIONS: then only unanswered INVITEs say that it is away. Default true. */
  probe?: boolean
}

/** Order to place one call. Voice refuses another epoch, an attempt it has seen, and a deadline that has passed. */
export interface DialCommand {
  attemptId: AttemptId
  customerId: CustomerId
  campaignId: CampaignId | null
  lineId: LineId
  /** Random name of the voice process this was decided for. */
  epoch: string
  /** Fencing token of the dialer's claim; stored, echoed, never interpreted. */
  leaseToken: number
  /** Unix milliseconds after which no INVITE may leave. */
  dialBy: number
  /** The number, sealed with the customer id as associated data. */
  phoneSealed: string
  /** The number shown to the callee, in E.164 or the carrier's form; ours, not secret. */
  callerId: string
  ringTimeMs: number
  /** We hang up this long after the answer; null leaves it to the callee (an agentless test call). */
  hangUpAfterMs: number | null
  sandbox: boolean
}

export type ToVoice =
  | { type: 'lines'; lines: LineConfig[] }
  | { type: 'dial'; calls: DialCommand[] }
  /** No further INVITE for these campaigns; calls not yet answered are cancelled. Answered calls go on. */
  | { type: 'stop'; campaignIds: CampaignId[] }
  | { type: 'hang-up'; attemptIds: AttemptId[] }
  /** These results are committed: voice may forget them. */
  | { type: 'ack'; attemptIds: AttemptId[] }
  /** Do you know these? Answered by `known`. */
  | { type: 'query'; attemptIds: AttemptId[] }

/** Why a dial command became no INVITE. Nobody was called. */
export type Refusal = 'expired' | 'wrong-epoch' | 'seen' | 'no-line' | 'line-full' | 'stopped' | 'sandbox-mismatch' | 'unreadable-number' | 'journal-unwritable'

export type VoiceCallEvent =
  | { kind: 'placed'; attemptId: AttemptId; at: number }
  | { kind: 'ringing'; attemptId: AttemptId; at: number }
  | { kind: 'answered'; attemptId: AttemptId; at: number }
  | { kind: 'refused'; attemptId: AttemptId; at: number; refusal: Refusal }
  | { kind: 'ended'; attemptId: AttemptId; at: number; result: CallResult }

/** Everything needed for the outcome. Instants are unix milliseconds. Repeated until acknowledged. */
export interface CallResult {
  startedAt: number
  ringingAt: number | null
  answeredAt: number | null
  endedAt: number
  evidence: CallEvidence
  /** INVITEs that we sent again because the line was silent. */
  retransmissions: number
  /** INVITE sent → final response handled, for the histogram; null without a final. */
  finalAfterMs: number | null
}

export type FromVoice =
  | { type: 'hello'; epoch: string; voiceId: string }
  /** After a start: every call the former process had open is now ended and comes as `calls`; nothing older is
   * alive. `whole` is false when the machine itself was restarted: calls may then be missing from the journal, and an attempt
   * that is `neverSeen` may have been dialled all the same. */
  | { type: 'recovered'; epoch: string; orphans: number; whole: boolean }
  | { type: 'calls'; events: VoiceCallEvent[] }
  /** Of the queried: those that are alive here, and those never seen. Ended ones come as `calls`. */
  | { type: 'known'; alive: AttemptId[]; neverSeen: AttemptId[] }
  | { type: 'line-state'; lineId: LineId; state: 'up' | 'down' | 'probing'; reason: string | null; localPort: number; at: number }

import type { AttemptId, CampaignId, CustomerId, LineId, UserId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { NumberFormat } from '@loopline/vocabulary/dialled-number'
import type { LegFindings } from './agent.ts'
import type { CallEvidence } from './call-event.ts'
import type { InboundOffer, InboundOrder } from './inbound.ts'
import type { LineProbe } from './line.ts'
import type { LegQuality } from './quality.ts'
import type { RecordedChunk, RecordingEnd } from './recording.ts'

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
  /** With `countryCode`, `stripPrefix` and `addPrefix`: how +8613900001234 is written for the carrier (vocabulary/dialled-number). */
  numberFormat: NumberFormat
  maxConcurrent: number
  maxPerSecond: number
  sandbox: boolean
  /** false for a carrier that never answers OPTIONS: then only unanswered INVITEs say that it is away. Default true. */
  probe?: boolean
  /** Whether voices are encrypted by SRTP with keys in the SDP. Default off. */
  srtp?: LineSrtp
  /** Default UDP. `tlsCa`: PEM of those whose word counts for the carrier's certificate; null or absent: the system's. */
  transport?: LineTransport
  tlsCa?: string | null
  /** Whether the carrier knows us by REGISTER of `authUser` (RFC 3261 §10), and how long a binding is asked for; else by digest or address alone. */
  registers?: boolean
  registerSeconds?: number
  countryCode?: string
  stripPrefix?: string
  addPrefix?: string
  /** Beginnings of numbers that it may call; absent or none: everywhere. */
  mayCall?: readonly string[]
  /** Offered in this order, and no other taken. Default PCMA, PCMU. */
  codecs?: readonly ('PCMA' | 'PCMU')[]
}

export type LineTransport = 'udp' | 'tcp' | 'tls'

/**
 * SRTP by SDES (RFC 4568): `off` speaks plain RTP; `offer` encrypts where the carrier takes the keys and is plain where it
 * does not (RFC 8643); `required` calls encrypted or not at all.
 */
export type LineSrtp = 'off' | 'offer' | 'required'

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
  /** Who hears this person; absent for an agentless call, which needs no media. */
  talk?: TalkPlan
  /**
   * Which leg of the attempt this is; absent: the first. A later one goes over another line, and only after voice has told that
   * the one before it ended without anybody's phone having rung.
   */
  leg?: number
}

/** An attempt calls over this many lines at most: each leg is one INVITE, and a person's patience begins with the first. */
export const LEGS_MAX = 3

/** What voice does with the voice of a call, decided before it is dialled so that an answer waits for nobody. */
export interface TalkPlan {
  /** The agent who is reserved: connected by voice itself at the answer. null: the dialer says `connect`, or nobody comes. */
  agentId: UserId | null
  /** Whether the call may be recorded, and what the person must hear first. */
  recording: RecordingPlan
  /** `otherwise`: where voice does not hold the first. What the person hears when nobody is connected this long after the answer; null waits in silence until a command. */
  fallback: { afterMs: number; play: AudioName; otherwise?: AudioName; then: 'hang-up' | 'wait' } | null
}

/**
 * Recording by the person's state and the law pack (design.md, Security). `no`: the media never reaches the recorder. `required`: without
 * a recorder that can write, voice refuses the call.
 */
export type RecordingPlan =
  | { record: 'no'; reason: string }
  | { record: 'yes'; basis: 'granted'; required?: true }
  /** Recorded from the instant the announcement was played to its end and the person is still there. */
  | { record: 'after-announcement'; basis: 'announced'; announcement: AudioName; required?: true }

/** A sound that voice holds: built in, or an object `audio/<id>.wav` of the store (8 kHz mono). */
export type AudioName = 'recording-announcement-zh' | 'recording-announcement-en' | 'no-agent-zh' | 'no-agent-en' | 'hold-music' | 'please-wait-zh' | 'please-wait-en' | `audio/${string}`

/** The realm of desk telephones' digests: part of every H(A1), so it never changes. */
export const AGENT_REALM = 'loopline'

/** A desk telephone or soft client that may register; the browser needs none, its WebSocket carries the identity. */
export interface DeskPhone {
  agentId: UserId
  /** SIP user name, unique. */
  user: string
  /** H(user:realm:password) of RFC 7616, sealed with the agent's id; voice never holds the password. */
  ha1Sealed: { md5: string; sha256: string }
}

/** Where desk telephones register: `address` is host:port as they reach it. */
export interface DeskServer {
  transport: 'udp' | 'tcp' | 'tls'
  address: string
}

/** What happens to the voices of a call that is up. The dialer decides; voice obeys or answers `talk-refused`. */
export type TalkOrder =
  | { order: 'connect'; attemptId: AttemptId; agentId: UserId }
  | { order: 'hold'; attemptId: AttemptId; on: boolean }
  /** RFC 4733 digits to the person, 0-9 * # A-D. */
  | { order: 'digits'; attemptId: AttemptId; digits: string }
  | { order: 'record'; attemptId: AttemptId; on: boolean }
  /** A supervisor's ear: `listen` hears both and is never sent; `whisper` is heard by the agent only; `barge` by both. */
  | { order: 'attend'; attemptId: AttemptId; agentId: UserId; as: 'listen' | 'whisper' | 'barge' | 'off' }
  /** The call goes to another agent's leg; the one before is free. */
  | { order: 'hand-over'; attemptId: AttemptId; agentId: UserId }
  /** A colleague comes to the agent: the two speak, the person hears music. */
  | { order: 'consult'; attemptId: AttemptId; agentId: UserId }
  /** Lets the person in to agent and colleague, or out again. */
  | { order: 'conference'; attemptId: AttemptId; on: boolean }
  /** One of the two goes and the other stays with the person; the last one cannot leave. Nothing happens to who is not there. */
  | { order: 'leave'; attemptId: AttemptId; agentId: UserId }
  /** Nobody of ours was found for a person who waits: the fallback of the plan, and what it says comes then. */
  | { order: 'fall-back'; attemptId: AttemptId }
  /** Calls the agent's desk telephone, if it is registered, and asks it to answer by itself: its standing leg. */
  | { order: 'call-desk'; agentId: UserId }
  /**
   * Listens to an agent's standing leg until it has heard speech, 1 to 2.4 s, and plays back what it heard: `leg-tested` tells what was
   * measured, 5 s later at most. A call that comes ends it.
   */
  | { order: 'test-leg'; agentId: UserId; testId: string }
  /** Ends the standing leg of an agent, with a reason that the console shows. */
  | { order: 'drop-leg'; agentId: UserId; reason: string }

/** A recording whose end the dialer was never told. */
export interface RecordingToClose {
  attemptId: AttemptId
  /** Null where only the store can know. */
  basis: 'granted' | 'announced' | null
  startedAt: number | null
}

export type ToVoice =
  /** Objects of the store that calls may play from now on; others need not be held any longer. */
  | { type: 'sounds'; names: AudioName[] }
  /** Of these, what is not being recorded now is closed with what the store holds, and its end told again. */
  | { type: 'close-recordings'; recordings: RecordingToClose[] }
  | { type: 'desk-phones'; phones: DeskPhone[] }
  | { type: 'talk'; orders: TalkOrder[] }
  | { type: 'lines'; lines: LineConfig[] }
  | { type: 'dial'; calls: DialCommand[] }
  /** Asks the carrier of a line whether it is there, now; answered by `line-probed` within five seconds. */
  | { type: 'probe-line'; lineId: LineId; probeId: string }
  /** No further INVITE for these campaigns; calls not yet answered are cancelled. Answered calls go on. */
  | { type: 'stop'; campaignIds: CampaignId[] }
  | { type: 'inbound'; orders: InboundOrder[] }
  | { type: 'hang-up'; attemptIds: AttemptId[] }
  /** The ring time of these is over now: who has answered meanwhile is not touched, the others end as when it runs out by itself. */
  | { type: 'stop-ringing'; attemptIds: AttemptId[] }
  /** These results are committed: voice may forget them. */
  | { type: 'ack'; attemptIds: AttemptId[] }
  /** Do you know these? Answered by `known`. `legs`: of those whose call went over to another line, which leg is asked for. */
  | { type: 'query'; attemptIds: AttemptId[]; legs?: Record<AttemptId, number> }

/** Why a dial command became no INVITE. Nobody was called. */
export type Refusal = 'expired' | 'wrong-epoch' | 'seen' | 'no-line' | 'line-full' | 'stopped' | 'sandbox-mismatch' | 'unreadable-number' | 'journal-unwritable' | 'no-media' | 'recorder-down' | 'not-permitted'

export type VoiceCallEvent =
  /** A call came in and waits for the dialer's word (inbound.ts). */
  | { kind: 'offered'; attemptId: AttemptId; at: number; offer: InboundOffer }
  | { kind: 'placed'; attemptId: AttemptId; at: number }
  | { kind: 'ringing'; attemptId: AttemptId; at: number }
  | { kind: 'answered'; attemptId: AttemptId; at: number }
  /** The two hear each other. `afterAnswerMs`: from the 200 until the legs were joined. */
  | { kind: 'connected'; attemptId: AttemptId; at: number; agentId: UserId; afterAnswerMs: number }
  /** Who is there beside the agent, told at each change and every two seconds while somebody is. */
  | { kind: 'company'; attemptId: AttemptId; at: number; agentId: UserId; colleague: { agentId: UserId; mode: 'consult' | 'conference' } | null }
  /** Somebody of ours is off the call, which goes on. `quality`: over his part of it. */
  | { kind: 'left'; attemptId: AttemptId; at: number; agentId: UserId; quality: LegQuality | null }
  /** The legs of all of ours are lost and the person hears music; told every two seconds. Also when the agent's leg is back after so long that his session may have let the call go: `hand-over` to him resumes it. `agentId`: who was his agent. Voice falls back by itself in the end. */
  | { kind: 'waiting'; attemptId: AttemptId; at: number; since: number; agentId: UserId | null }
  | { kind: 'talk-refused'; attemptId: AttemptId; at: number; order: TalkOrder['order']; refusal: TalkRefusal }
  /** Nobody came in time: the fallback began to play. */
  | { kind: 'fallback'; attemptId: AttemptId; at: number }
  /** Digits that the person pressed. */
  | { kind: 'digits'; attemptId: AttemptId; at: number; digits: string }
  /** No audio for two seconds from the leg named, or audio again. */
  | { kind: 'no-audio'; attemptId: AttemptId; at: number; leg: 'customer' | 'agent'; since: number | null }
  | { kind: 'recording-started'; attemptId: AttemptId; at: number; basis: 'granted' | 'announced' }
  | { kind: 'recorded'; attemptId: AttemptId; at: number; chunk: RecordedChunk }
  | { kind: 'recording-ended'; attemptId: AttemptId; at: number; end: RecordingEnd }
  /** The media of the call is closed. Over the legs' lives; the agent's only while on this call. */
  | { kind: 'talk-ended'; attemptId: AttemptId; at: number; customer: LegQuality; agent: LegQuality | null; agentId: UserId | null; colleague?: { agentId: UserId; quality: LegQuality } }
  /** `leg`: as ordered; absent for the first, here and below. */
  | { kind: 'refused'; attemptId: AttemptId; at: number; refusal: Refusal; leg?: number }
  | { kind: 'ended'; attemptId: AttemptId; at: number; result: CallResult; leg?: number }

export type TalkRefusal = 'no-such-call' | 'not-answered' | 'agent-leg-down' | 'agent-busy' | 'recording-not-allowed' | 'announcing' | 'nobody-beside' | 'last-one'

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
  /** Absent for a call that had no media. */
  talk?: TalkResult
}

/** Whom the person heard, kept with the result so that an outcome needs nothing else. Quality and recording come as `talk-ended`. */
export interface TalkResult {
  /** Who was connected last; null when the person never heard anybody of ours. */
  agentId: UserId | null
  /** When anybody of ours was connected first. */
  connectedAt: number | null
  /** The fallback began to play: nobody came in time. */
  fallbackAt: number | null
}

/** Who hears whom on a call that is alive. */
export interface KnownTalk {
  attemptId: AttemptId
  agentId: UserId
  connectedAt: number
}

export type FromVoice =
  /** `deskServers`: empty where no desk telephone can register. */
  | { type: 'hello'; epoch: string; voiceId: string; deskServers: DeskServer[] }
  /** After a start: every call the former process had open is now ended and comes as `calls`; nothing older is
   * alive. `whole` is false when the machine itself was restarted: calls may then be missing from the journal, and an attempt
   * that is `neverSeen` may have been dialled all the same. */
  | { type: 'recovered'; epoch: string; orphans: number; whole: boolean }
  | { type: 'calls'; events: VoiceCallEvent[] }
  /**
   * Of the queried: those that are alive here, and those never seen. Ended ones come as `calls`. `talks`: who of the alive hears whom, for
   * a dialer that was away when they were connected.
   */
  | { type: 'known'; alive: AttemptId[]; neverSeen: AttemptId[]; talks: KnownTalk[] }
  /**
   * The standing leg of an agent: `up` can hear and be heard. Told anew to each new link. `registered` with a reason: the telephone is
   * still there after its leg ended for that; without one it has just come, or has not been called.
   */
  | { type: 'agent-leg'; agentId: UserId; phone: 'browser' | 'desk'; state: 'registered' | 'up' | 'down'; reason: string | null; at: number }
  /** To all dialers; also when there was no leg to test, and then interrupted with nothing measured. */
  | { type: 'leg-tested'; agentId: UserId; testId: string; findings: LegFindings }
  /** Each second, of all calls with two people on them. */
  | { type: 'quality'; at: number; calls: { attemptId: AttemptId; agentId: UserId; customer: LegQuality; agent: LegQuality }[] }
  /** Whether recordings can be written now, and if not, why. Told anew to each new link. */
  | { type: 'recorder'; state: 'up' | 'down'; reason: string | null; at: number }
  | { type: 'line-state'; lineId: LineId; state: 'up' | 'down' | 'probing'; reason: string | null; localPort: number; at: number }
  /** To all dialers: one of them asked. */
  | { type: 'line-probed'; lineId: LineId; probeId: string; probe: LineProbe }

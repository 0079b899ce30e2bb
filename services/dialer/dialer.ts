import type { LiveQuality } from '@loopline/contracts/live'
import type { Clock } from '@loopline/clock/clock'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import type { Logger } from '@loopline/telemetry/logger'
import type { Agents } from './agent/agents.ts'
import type { Legs } from './agent/legs.ts'
import type { CallerIdBoard } from './caller-id/caller-id-board.ts'
import type { NumberTallies } from './caller-id/number-health.ts'
import type { QuotaUse } from './caller-id/quota-use.ts'
import type { ToldSounds } from './audio/tell-sounds.ts'
import type { PromisesAhead } from './callback/promises-ahead.ts'
import type { LiveCampaigns } from './campaign/live-campaigns.ts'
import type { CrashPoint } from './crash-point.ts'
import type { CrmClient } from './crm/crm-client.ts'
import type { ToldPhones } from './desk-phone/tell-desk-phones.ts'
import type { AnswerDesk } from './forecast/answer-desk.ts'
import type { InboundDesk } from './inbound/inbound-desk.ts'
import type { Knowledge } from './knowledge/knowledge.ts'
import type { LineBoard } from './line/line-board.ts'
import type { LineQuality } from './line/line-quality.ts'
import type { LineProbes } from './line/probe-line.ts'
import type { InFlight } from './outcome/open-attempt.ts'
import type { OutcomeDesk } from './outcome/outcome-desk.ts'
import type { Slots } from './owner/slots.ts'
import type { PacingDesk } from './pacing/pacing-desk.ts'
import type { PooledEntry } from './pool/ready-pool.ts'
import type { Stats } from './stats/stats.ts'
import type { AnsweredAlone } from './talk/answered-alone.ts'
import type { Cards } from './talk/cards.ts'
import type { TalkDesk } from './talk/talk-desk.ts'
import type { VoiceLink } from './voice/voice-link.ts'

/** One act of a person or key, for hub's audit trail. */
export interface AuditEntry {
  actorId: string
  actorName: string
  action: string
  subject: string
  details: Record<string, unknown>
}

/** What one dialer process knows and is connected to. Everything here is made by main.ts and passed by hand. */
export interface Dialer {
  /** Random name of this process: its leases and open attempts carry it. */
  readonly id: string
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly keys: Keyring
  /** Where recordings are; null: this process cannot play any. */
  readonly objects: ObjectStore | null
  /** Wakes the relay of the outbox after commits. */
  readonly notifier: Notifier
  /** Null when the dialer works alone. */
  readonly crm: CrmClient | null
  readonly slots: Slots
  readonly campaigns: LiveCampaigns
  readonly knowledge: Knowledge
  readonly lines: LineBoard
  /** How lines do, by all dialers' calls. */
  readonly quality: LineQuality
  readonly callerIds: CallerIdBoard
  readonly quotaUse: QuotaUse
  readonly numberTallies: NumberTallies
  readonly lineProbes: LineProbes
  readonly inFlight: InFlight
  readonly outcomes: OutcomeDesk
  readonly voice: VoiceLink
  readonly agents: Agents
  readonly legs: Legs
  readonly toldPhones: ToldPhones
  readonly answeredAlone: AnsweredAlone
  readonly toldSounds: ToldSounds
  /** Of the company; a campaign may name another. */
  readonly language: 'zh' | 'en'
  readonly cards: Cards
  readonly promises: PromisesAhead
  /** How long after its time a promised call waits for its own seller alone. */
  readonly callbackFallbackMs: number
  readonly inbound: InboundDesk
  readonly talks: TalkDesk
  /** Why recordings cannot be written now, as voice said last; null: they can. */
  readonly recorder: { fault: string | null }
  /** How likely people answer. */
  readonly answers: AnswerDesk
  readonly stats: Stats
  readonly pacing: PacingDesk
  /** Forecast that this person answers now, 0..1; null where nobody makes one, and the campaign's own answer rate is learnt. */
  readonly answerProbability: ((entry: PooledEntry) => number | null) | null
  /** How long a colleague may take to answer a transfer. */
  readonly transferAnswerMs: number
  /** Resolves when the entry is committed at hub; rejects when it is not, and then the act must not happen. */
  readonly audit: (entry: AuditEntry) => Promise<void>
  /** Shows how calls sound this second; best effort. */
  readonly showQuality: (quality: LiveQuality) => Promise<void>
  readonly crashPoint: (point: CrashPoint) => void
}

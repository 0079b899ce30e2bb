import type { LiveQuality } from '@loopline/contracts/live'
import type { Clock } from '@loopline/clock/clock'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import type { Logger } from '@loopline/telemetry/logger'
import type { Agents } from './agent/agents.ts'
import type { Legs } from './agent/legs.ts'
import type { ToldSounds } from './audio/tell-sounds.ts'
import type { PromisesAhead } from './callback/promises-ahead.ts'
import type { LiveCampaigns } from './campaign/live-campaigns.ts'
import type { CrashPoint } from './crash-point.ts'
import type { CrmClient } from './crm/crm-client.ts'
import type { ToldPhones } from './desk-phone/tell-desk-phones.ts'
import type { InboundDesk } from './inbound/inbound-desk.ts'
import type { Knowledge } from './knowledge/knowledge.ts'
import type { LineBoard } from './line/line-board.ts'
import type { InFlight } from './outcome/open-attempt.ts'
import type { OutcomeDesk } from './outcome/outcome-desk.ts'
import type { Slots } from './owner/slots.ts'
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
  readonly stats: Stats
  /** How long a colleague may take to answer a transfer. */
  readonly transferAnswerMs: number
  /** Resolves when the entry is committed at hub; rejects when it is not, and then the act must not happen. */
  readonly audit: (entry: AuditEntry) => Promise<void>
  /** Shows how calls sound this second; best effort. */
  readonly showQuality: (quality: LiveQuality) => Promise<void>
  readonly crashPoint: (point: CrashPoint) => void
}

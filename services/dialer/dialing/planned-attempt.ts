import type { AttemptId, CampaignId, CustomerId, LineId, PhoneId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { DialDecision } from '@loopline/contracts/call-event'
import type { TalkPlan } from '@loopline/contracts/voice-link'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import type { Person } from '../audience/person.sql.ts'
import type { Verdict } from './decide.ts'

/** The gate's limits as the database can check them at the instant of writing. */
export interface DialLimits {
  /** Rolling windows: at most `max` attempts that began within `windowMs` before this one. */
  caps: readonly { windowMs: number; max: number }[]
  /** Unix ms: an abandoned call later than this locks the person; null where nothing does. */
  notAbandonedSince: number | null
  /** Blind index of the number that is dialled, in hexadecimal: registries are kept by number. */
  blind: string
}

/** One call as decided: everything the write-ahead statement checks, the attempt keeps and the command says. */
export interface PlannedAttempt {
  attemptId: AttemptId
  customerId: CustomerId
  bucket: number
  campaignId: CampaignId | null
  campaignName: string | null
  phoneId: PhoneId
  phoneSealed: string
  lineId: LineId
  lineName: string
  lineType: LineType
  callerId: string
  /** The number whose quota it counts against; absent where there is none. */
  quotaOf?: string
  sandbox: boolean
  /** The person who dials by hand; null for a campaign. */
  actorId: string | null
  decision: DialDecision
  attemptNumber: number
  /** Callee's local day, "2026-11-22", and how many attempts it may hold. */
  attemptDay: string
  cap: number
  /** What else the write-ahead statement counts and asks again. */
  limits: DialLimits
  priority: number
  /** Version of the customer that was decided about: another one is refused. */
  personVersion: number
  leaseToken: number
  epoch: string
  /** Unix ms after which no INVITE may leave. */
  dialBy: number
  startedAt: number
  ringTimeMs: number
  hangUpAfterMs: number | null
  person: Person
  tries: number
  uncountedTries: number
  triedAt: number[]
  /** Who is reserved for it, as he was when it was decided. A call without agents has none of the three; one with the others alone is given to somebody at its answer. */
  agent: AgentRow | null
  serve: Pick<Served, 'mode' | 'wrapUpMs' | 'wrapUpUnansweredMs' | 'callbackId'> | null
  talk: TalkPlan | null
  /** What was forecast of an answer, where agents are found at it and somebody forecasts. */
  answerProbability?: number
  /** Decides once more, by what is known then, with these lines left out: for a leg over another one. Absent: there is none. */
  decideAgain?: (tried: ReadonlySet<LineId>) => Verdict
}

/** The deadline of a command: a frozen process must not dial when it wakes (F4). */
export const DIAL_WITHIN_MS = 2_000

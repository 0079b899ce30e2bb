import type { AgentSession } from '@loopline/agent-state/session'
import { signedOff } from '@loopline/agent-state/session'
import type { AttemptId, CampaignId, CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { AgentCall, AgentView, LegFindings, PageFindings, SelfTest } from '@loopline/contracts/agent'
import type { TransferView } from '@loopline/contracts/transfer'
import type { TransferFailure } from '@loopline/contracts/transfer-words'

/** This agent's part of a transfer that is going on; the other part is in the row of the other one. */
export interface TransferPart {
  transferId: string
  kind: TransferView['kind']
  side: TransferView['side']
  phase: TransferView['phase']
  withId: UserId
  withName: string
  note: string | null
  /** Until when the colleague may answer, unix ms. */
  answerBy: number
  /** Who else may be asked when this one cannot; null: nobody, he was asked by name. */
  next: { of: 'campaign' | 'anybody' | TeamId; tried: UserId[] } | null
}

/** Whom the session serves, beside what engines/agent knows of the call. */
export interface Served {
  attemptId: AttemptId
  customerId: CustomerId
  customerName: string
  campaignId: CampaignId | null
  campaignName: string | null
  mode: 'preview' | 'progressive' | 'manual' | 'callback' | 'inbound'
  /** Time for notes after a talk, and after a call without one. */
  wrapUpMs: number
  wrapUpUnansweredMs: number
  startedAt: number
  endedAt: number | null
  outcome: Outcome | null
  recording: AgentCall['recording']
  noAudio: AgentCall['noAudio']
  /** The process that holds the entry of a card. */
  heldBy: string | null
  callbackId: string | null
  /** Of a card of a call back: why, for when, whether another seller was to make it, and where the customer's clock is. */
  callback?: { why: 'promised' | 'missed'; at: number; instead: boolean; timeZone: string | null } | null
  /** Of a call that came in; absent for one that we made. */
  inbound?: AgentCall['inbound']
  /** Absent in rows of before there were transfers. */
  transfer?: TransferPart | null
  transferFailed?: { name: string | null; reason: TransferFailure; at: number } | null
}

/** Of a call that is only beginning for its session. */
export const NOTHING_YET = { endedAt: null, outcome: null, recording: 'off', noAudio: null, heldBy: null } as const satisfies Partial<Served>

/** What a lead wrote and the agent has not read yet. */
export interface UnreadMessage {
  messageId: string
  fromId: string
  fromName: string
  text: string
  at: number
}

/** The trial of his telephone, as far as it has come. */
export interface TestRow {
  state: SelfTest['state']
  testId: string | null
  startedAt: number | null
  /** When it was decided. */
  at: number | null
  faults: SelfTest['faults']
  leg: LegFindings | null
  page: PageFindings | null
  device: string | null
  waived: SelfTest['waived']
}

export const NOT_TESTED: TestRow = { state: 'missing', testId: null, startedAt: null, at: null, faults: [], leg: null, page: null, device: null, waived: null }

/** An agent's session as stored. `version` is raised by every change. */
export interface AgentRow {
  agentId: UserId
  version: number
  name: string
  teamId: TeamId | null
  phone: 'browser' | 'desk'
  campaignIds: CampaignId[]
  pageId: string | null
  /** Why he is idle while ready. */
  idle: string | null
  /** What the lead wrote who forced the state. */
  said: string | null
  /** Absent in rows written before there were tests. */
  selfTest?: TestRow
  session: AgentSession
  served: Served | null
  /** Absent in rows of before there were messages. */
  messages?: UnreadMessage[]
  /** The call that he served last, or serves: which process counts him follows from it (pacing/paced-agents.ts). */
  lastCall?: AttemptId
}

/** Somebody who has never signed on. */
export function newAgent(agentId: UserId, name: string, teamId: TeamId | null, now: number): AgentRow {
  return { agentId, version: 0, name, teamId, phone: 'browser', campaignIds: [], pageId: null, idle: null, said: null, selfTest: NOT_TESTED, session: signedOff(now), served: null }
}

export function viewOf(row: AgentRow): AgentView {
  const { agentId, name, teamId, version, phone, campaignIds, pageId, session, idle, said, messages = [] } = row
  const { state, reason, since, leg, until } = session
  return {
    agentId, name, teamId, version, state, reason: state === 'ready' ? idle : reason, said, since: iso(since), phone, leg, selfTest: testViewOf(row), campaignIds, pageId,
    call: callOf(row), next: session.call && { state: session.next.to, reason: session.next.reason }, wrapUpUntil: state === 'wrap-up' ? isoOrNull(until) : null,
    messages: messages.map(({ messageId, fromName, text, at }) => ({ messageId, from: fromName, text, at: iso(at) })),
  }
}

export const testOf = ({ selfTest }: AgentRow): TestRow => selfTest ?? NOT_TESTED

function testViewOf(row: AgentRow): SelfTest {
  const { startedAt, at, ...rest } = testOf(row)
  return { ...rest, startedAt: isoOrNull(startedAt), at: isoOrNull(at) }
}

function callOf({ session, served }: AgentRow): AgentCall | null {
  if (!session.call || !served) return null
  const { attemptId, customerId, customerName, campaignId, campaignName, startedAt, endedAt, outcome, recording, noAudio, inbound = null, callback = null, transfer = null, transferFailed = null } = served
  const { phase, connectedAt } = session.call
  return {
    attemptId, customerId, customerName, campaignId, campaignName, phase, decideBy: phase === 'preview' || phase === 'incoming' ? isoOrNull(session.until) : null,
    startedAt: iso(startedAt), connectedAt: isoOrNull(connectedAt), endedAt: isoOrNull(endedAt), outcome, recording, noAudio, inbound, callback: callback && { ...callback, at: iso(callback.at) },
    transfer: transfer && transferViewOf(transfer), transferFailed: transferFailed && { ...transferFailed, at: iso(transferFailed.at) },
  }
}

function transferViewOf({ transferId, kind, side, phase, withId, withName, note, answerBy }: TransferPart): TransferView {
  return { transferId, kind, side, phase, agentId: withId, name: withName, note, answerBy: iso(answerBy) }
}

const iso = (instant: number): string => new Date(instant).toISOString()
const isoOrNull = (instant: number | null): string | null => (instant === null ? null : iso(instant))

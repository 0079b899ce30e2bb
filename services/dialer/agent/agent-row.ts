import type { AgentSession } from '@loopline/agent-state/session'
import { signedOff } from '@loopline/agent-state/session'
import type { AttemptId, CampaignId, CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { AgentCall, AgentView, LegFindings, PageFindings, SelfTest } from '@loopline/contracts/agent'

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
  /** Of a call that came in; absent for one that we made. */
  inbound?: AgentCall['inbound']
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
}

/** Somebody who has never signed on. */
export function newAgent(agentId: UserId, name: string, teamId: TeamId | null, now: number): AgentRow {
  return { agentId, version: 0, name, teamId, phone: 'browser', campaignIds: [], pageId: null, idle: null, said: null, selfTest: NOT_TESTED, session: signedOff(now), served: null }
}

export function viewOf(row: AgentRow): AgentView {
  const { agentId, name, teamId, version, phone, campaignIds, pageId, session, idle, said } = row
  const { state, reason, since, leg, until } = session
  return {
    agentId, name, teamId, version, state, reason: state === 'ready' ? idle : reason, said, since: iso(since), phone, leg, selfTest: testViewOf(row), campaignIds, pageId,
    call: callOf(row), next: session.call && { state: session.next.to, reason: session.next.reason }, wrapUpUntil: state === 'wrap-up' ? isoOrNull(until) : null,
  }
}

export const testOf = ({ selfTest }: AgentRow): TestRow => selfTest ?? NOT_TESTED

function testViewOf(row: AgentRow): SelfTest {
  const { startedAt, at, ...rest } = testOf(row)
  return { ...rest, startedAt: isoOrNull(startedAt), at: isoOrNull(at) }
}

function callOf({ session, served }: AgentRow): AgentCall | null {
  if (!session.call || !served) return null
  const { attemptId, customerId, customerName, campaignId, campaignName, startedAt, endedAt, outcome, recording, noAudio, inbound = null } = served
  const { phase, connectedAt } = session.call
  return {
    attemptId, customerId, customerName, campaignId, campaignName, phase, decideBy: phase === 'preview' || phase === 'incoming' ? isoOrNull(session.until) : null,
    startedAt: iso(startedAt), connectedAt: isoOrNull(connectedAt), endedAt: isoOrNull(endedAt), outcome, recording, noAudio, inbound,
  }
}

const iso = (instant: number): string => new Date(instant).toISOString()
const isoOrNull = (instant: number | null): string | null => (instant === null ? null : iso(instant))

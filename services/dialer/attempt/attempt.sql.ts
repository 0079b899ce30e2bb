import type { EndedLeg } from '@loopline/contracts/call-event'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { LineType } from '@loopline/vocabulary/customer'
import type { Queryable } from '@loopline/postgres/queryable'
import { fragment } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'

export interface AttemptRow {
  attemptId: string
  customerId: string
  campaignId: string | null
  campaignName: string | null
  direction: 'inbound' | 'outbound'
  lineName: string | null
  lineType: LineType | null
  outcome: Outcome | null
  outcomeReason: string | null
  sipStatus: number | null
  q850: number | null
  startedAt: Date
  ringingAt: Date | null
  answeredAt: Date | null
  agentId: string | null
  connectedAt: Date | null
  disposition: string | null
  endedAt: Date | null
  decision: unknown
  legs: EndedLeg[] | null
  costMicros: number | null
  costCurrency: string | null
}

export interface AttemptFilter {
  campaignId: string | null
  customerId: string | null
  outcome: Outcome | null
  /** Only of customers this person owns, or his own calls with others'; or of those of this team, and strangers who called us. */
  ownerId: string | null
  teamId: string | null
  /** Last id of the page before. */
  before: string | null
  limit: number
}

/** Attempts, newest first. Ids are UUIDv7 of the decision: each filter has an index that ends in the id. */
export async function listAttempts(queryable: Queryable, filter: AttemptFilter): Promise<AttemptRow[]> {
  const { rows } = await queryable.run<AttemptRow>(fragment`
    select a.id as "attemptId", a.customer_id as "customerId", a.campaign_id as "campaignId", a.campaign_name as "campaignName", case when a.inbound_id is null then 'outbound' else 'inbound' end as direction, a.line_name as "lineName",
           a.line_type as "lineType", a.outcome, a.outcome_reason as "outcomeReason", a.sip_status as "sipStatus", a.q850, a.started_at as "startedAt",
           a.ringing_at as "ringingAt", a.answered_at as "answeredAt", a.ended_at as "endedAt", a.agent_id as "agentId",
           a.connected_at as "connectedAt", a.disposition, a.decision, a.cost_micros as "costMicros", a.cost_currency as "costCurrency", a.legs
      from dialer.attempt a
     where ${conditions(filter)}
     order by a.id desc limit ${filter.limit}`)
  return rows
}

function conditions({ campaignId, customerId, outcome, ownerId, teamId, before }: AttemptFilter): SqlText {
  let all = fragment`true`
  const and = (condition: SqlText): void => { all = fragment`${all} and ${condition}` }
  if (campaignId !== null) and(fragment`a.campaign_id = ${campaignId}::uuid`)
  if (customerId !== null) and(fragment`a.customer_id = ${customerId}::uuid`)
  if (outcome !== null) and(fragment`a.outcome = ${outcome}`)
  if (before !== null) and(fragment`a.id < ${before}::uuid`)
  if (ownerId !== null) and(fragment`(a.agent_id = ${ownerId}::uuid or exists (select from dialer.person p where p.customer_id = a.customer_id and p.owner_id = ${ownerId}::uuid))`)
  if (teamId !== null) and(fragment`(exists (select from dialer.person p where p.customer_id = a.customer_id and p.team_id = ${teamId}::uuid) or (a.inbound_id is not null and not exists (select from dialer.person p where p.customer_id = a.customer_id)))`)
  return all
}

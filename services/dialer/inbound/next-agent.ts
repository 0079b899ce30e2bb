import type { CampaignId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { InboundReason } from '@loopline/contracts/inbound'
import type { AgentRow } from '../agent/agent-row.ts'

/** For whom a call that came in may ring. */
export interface Wanted {
  lastSellerId: UserId | null
  ownerId: UserId | null
  /** The campaign whose number was dialled; of a stranger, those that dial by this line. */
  campaignIds: ReadonlySet<CampaignId>
  teamIds: ReadonlySet<TeamId>
  /** Whom it rang already. */
  tried: ReadonlySet<UserId>
}

/**
 * Whom it rings next: who spoke with the caller last, then whose customer he is, then the longest idle of the team.
 * @param free who is ready, the longest idle first
 */
export function nextAgent(free: readonly AgentRow[], wanted: Wanted): { agent: AgentRow; because: InboundReason } | null {
  const untried = free.filter(({ agentId }) => !wanted.tried.has(agentId))
  const known = (id: UserId | null): AgentRow | undefined => (id === null ? undefined : untried.find(({ agentId }) => agentId === id))
  const lastSeller = known(wanted.lastSellerId)
  if (lastSeller) return { agent: lastSeller, because: 'last-seller' }
  const owner = known(wanted.ownerId)
  if (owner) return { agent: owner, because: 'owner' }
  const member = untried.find((row) => isMember(row, wanted))
  return member ? { agent: member, because: 'team' } : null
}

/** Whether somebody it has not rung yet works now, so that waiting may help. A leg that is lost this moment may be a page that is reloaded. */
export function mayComeFree(all: readonly AgentRow[], wanted: Wanted): boolean {
  return all.some((row) => WORKS.has(row.session.state) && !wanted.tried.has(row.agentId) &&
    (row.agentId === wanted.lastSellerId || row.agentId === wanted.ownerId || isMember(row, wanted)))
}

const WORKS: ReadonlySet<AgentRow['session']['state']> = new Set<AgentRow['session']['state']>(['ready', 'reserved', 'ringing', 'talking', 'on-hold', 'wrap-up'])

/** Of the campaign, or of the customer's team; where neither is known everybody is. */
function isMember({ campaignIds, teamId }: AgentRow, wanted: Wanted): boolean {
  if (wanted.campaignIds.size === 0 && wanted.teamIds.size === 0) return true
  return campaignIds.some((id) => wanted.campaignIds.has(id)) || (teamId !== null && wanted.teamIds.has(teamId))
}

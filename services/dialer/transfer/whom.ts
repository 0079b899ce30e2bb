import type { ColleagueList } from '@loopline/contracts/agent'
import type { TransferCommand } from '@loopline/contracts/transfer'
import type { TransferFailure } from '@loopline/contracts/transfer-words'
import type { TeamId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow, TransferPart } from '../agent/agent-row.ts'
import type { Dialer } from '../dialer.ts'

export type To = Extract<TransferCommand, { do: 'ask' }>['to']
/** Who is asked, and who else may be when he cannot. */
export interface Whom {
  target: AgentRow
  next: TransferPart['next']
}

/** Who is asked now. @returns the reason when nobody can be */
export function whomToAsk(dialer: Dialer, asker: AgentRow, to: To): Whom | { failure: TransferFailure; name: string | null } {
  if ('agentId' in to) {
    const target = dialer.agents.get(to.agentId as UserId)
    const failure = whyNot(target)
    return failure === null && target ? { target, next: null } : { failure: failure ?? 'offline', name: target?.name ?? null }
  }
  return nextOf(dialer, asker, { of: 'teamId' in to ? (to.teamId as TeamId) : to.next, tried: [] }) ?? { failure: 'nobody-ready', name: null }
}

/** The longest idle of those who were not asked before; null when there is none. */
export function nextOf(dialer: Dialer, asker: AgentRow, { of, tried }: NonNullable<TransferPart['next']>): Whom | null {
  const target = dialer.agents.free().find((row) => row.agentId !== asker.agentId && !tried.includes(row.agentId) && belongs(row, asker, of))
  return target ? { target, next: { of, tried: [...tried, target.agentId] } } : null
}

function belongs({ campaignIds, teamId }: AgentRow, { served }: AgentRow, of: NonNullable<TransferPart['next']>['of']): boolean {
  if (of === 'anybody') return true
  if (of === 'campaign') return served?.campaignId === null || campaignIds.includes(served?.campaignId as (typeof campaignIds)[number])
  return teamId === of
}

/** Why this agent cannot be asked now; null when he can. */
export function whyNot(row: AgentRow | undefined): TransferFailure | null {
  if (!row || row.session.state === 'offline' || row.session.leg !== 'up') return 'offline'
  if (row.session.state === 'ready') return null
  return row.session.state === 'paused' ? 'not-ready' : 'busy'
}

/** Whom an agent could ask: those who can be asked first, of them those of the same campaign, then the longest idle. */
export function colleaguesOf(dialer: Dialer, agentId: UserId): ColleagueList['items'] {
  const campaignId = dialer.agents.get(agentId)?.served?.campaignId ?? null
  const rows = dialer.agents.all().filter((row) => row.agentId !== agentId && row.session.state !== 'offline')
  const items = rows.map((row) => ({
    agentId: row.agentId, name: row.name, teamId: row.teamId, state: row.session.state, since: new Date(row.session.since).toISOString(),
    canBeAsked: whyNot(row) === null, sameCampaign: campaignId !== null && row.campaignIds.includes(campaignId),
  }))
  const rank = (item: (typeof items)[number]): number => (item.canBeAsked ? 0 : 2) + (item.sameCampaign ? 0 : 1)
  return items.toSorted((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since))
}

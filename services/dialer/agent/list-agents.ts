import type { AgentView } from '@loopline/contracts/agent'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { viewOf } from './agent-row.ts'
import type { AgentRow } from './agent-row.ts'

/** Everybody on duty of this person's scope, the longest in his state first. */
export function agentsOnDuty(dialer: Dialer, actor: Actor): AgentView[] {
  const rows = dialer.agents.all().filter((row) => row.session.state !== 'offline' && maySeeAgent(actor, row))
  return rows.toSorted((a, b) => a.session.since - b.session.since).map(viewOf)
}

export function maySeeAgent({ identity, scope }: Actor, { agentId, teamId }: Pick<AgentRow, 'agentId' | 'teamId'>): boolean {
  return scope === 'all' || agentId === identity.sub || (scope === 'team' && teamId !== null && teamId === identity.teamId)
}

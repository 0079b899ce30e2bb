import type { CampaignId, CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import type { AgentRow } from '../agent/agent-row.ts'
import type { Dialer } from '../dialer.ts'

/** A promised call that nobody makes yet. `at`: unix ms. */
export interface PromiseAhead {
  customerId: CustomerId
  agentId: UserId | null
  teamId: TeamId | null
  campaignId: CampaignId | null
  at: number
}

/** How far ahead promises are known to this process. */
export const AHEAD_MS = 5 * 60_000
/** A campaign's call begun later than this before a promised one would most likely still go on at its time. */
const KEEP_MS = 2 * 60_000

/** The promises of the next minutes as this process read them last, over all slots: every process keeps the same agents free. */
export class PromisesAhead {
  #known: readonly PromiseAhead[] = []
  /** False until they were read once: then nobody knows yet whom to keep free. */
  isKnown = false

  learn(promises: readonly PromiseAhead[]): void {
    this.#known = promises
    this.isKnown = true
  }

  /** Those that are due within `withinMs` from `now`, or overdue. */
  within(withinMs: number, now: number): PromiseAhead[] {
    return this.#known.filter(({ at }) => at <= now + withinMs)
  }
}

/**
 * Who of these free agents begins no call of a campaign, because a promised one is near: the seller himself, for whom only
 * somebody of the team is asked the one who has been idle longest. One agent a promise.
 */
export function keptForPromises({ promises, clock }: Pick<Dialer, 'promises' | 'clock'>, free: readonly AgentRow[]): Set<UserId> {
  const kept = new Set<UserId>()
  for (const { agentId, teamId } of promises.within(KEEP_MS, clock.now())) {
    const agent = free.find((row) => !kept.has(row.agentId) && (agentId === null ? teamId === null || row.teamId === teamId : row.agentId === agentId))
    if (agent) kept.add(agent.agentId)
  }
  return kept
}

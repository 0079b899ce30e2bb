import type { AgentRow } from '../agent/agent-row.ts'
import type { Dialer } from '../dialer.ts'

/** A call placed now is answered, or has rung enough, within this: an agent who is promised to somebody by then is not for it. */
const AHEAD_MS = 60_000

/**
 * Promised calls, of whatever campaign, that will take one of these agents within a minute, ms from now. Those of a seller who is
 * away keep nobody until they are anybody's of the team; these are counted by the process that shows their card.
 */
export function promisedInMs({ promises, slots, clock, callbackFallbackMs }: Pick<Dialer, 'promises' | 'slots' | 'clock' | 'callbackFallbackMs'>, atWork: readonly AgentRow[]): number[] {
  const now = clock.now()
  return promises.within(AHEAD_MS, now).flatMap(({ customerId, agentId, teamId, at }) => {
    const isAnybodys = agentId === null || now - at >= callbackFallbackMs
    const takesOne = atWork.some((row) => row.agentId === agentId) || (isAnybodys && slots.ownsCustomer(customerId) && atWork.some((row) => teamId === null || row.teamId === teamId))
    return takesOne ? [at - now] : []
  })
}

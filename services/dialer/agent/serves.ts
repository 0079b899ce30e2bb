import type { CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { hasServed, readAgent } from './agent.sql.ts'

/** A seller who writes his notes late, or was asked back by the customer, still needs the record. */
const LATELY_MS = 15 * 60_000

/** Whether the agent has this customer before him: on a card, on the line, in the wrap-up, or did within a quarter of an hour. */
export async function serves(dialer: Dialer, agentId: UserId, customerId: CustomerId): Promise<boolean> {
  if (dialer.agents.get(agentId)?.served?.customerId === customerId) return true
  // Another process may have reserved him a moment ago.
  if ((await readAgent(dialer.db, agentId))?.served?.customerId === customerId) return true
  return hasServed(dialer.db, { agentId, customerId, since: new Date(dialer.clock.now() - LATELY_MS) })
}

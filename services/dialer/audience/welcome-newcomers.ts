import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { Queryable } from '@loopline/postgres/queryable'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { raiseListVersion } from '../campaign/campaign.sql.ts'
import type { Dialer } from '../dialer.ts'
import type { EntryMove } from './entry.sql.ts'
import { dropNewcomers, takeNewcomers } from './newcomer.sql.ts'
import { keepPersons } from './person.sql.ts'
import { reconcile } from './reconcile.ts'

/**
 * Fetches one batch of imported customers and enters those who belong. Answers whether there was one. What is fetched is as
 * new as crm has it: an older event that comes later changes nothing.
 */
export async function welcomeNewcomers(dialer: Dialer): Promise<boolean> {
  const { crm, campaigns, db } = dialer
  if (!crm || !dialer.knowledge.rules) return false
  const moves = await retryable(() => inTransaction(db, async (transaction) => {
    const batch = await takeNewcomers(transaction)
    if (!batch) return null
    const isWanted = campaigns.all().length > 0
    const moved = isWanted ? await enter(dialer, transaction, await crm.customers(batch.customerIds)) : []
    await dropNewcomers(transaction, batch.id)
    return moved
  }))
  if (moves === null) return false
  campaigns.applyMoves(moves)
  return true
}

async function enter(dialer: Dialer, queryable: Queryable, states: readonly CustomerState[]): Promise<EntryMove[]> {
  const { knowledge, campaigns, clock, slots } = dialer
  const { rules } = knowledge
  if (!rules) return []
  const newer = await keepPersons(queryable, states, true, dialer.keys)
  const moves = await reconcile(queryable, states.filter((state) => newer.has(state.customerId)), campaigns.all(), { knowledge, rules, now: clock.now() })
  const elsewhere = new Set(moves.filter((move) => !slots.owns(move.bucket)).map((move) => move.campaignId))
  for (const campaignId of elsewhere) await raiseListVersion(queryable, campaignId)
  return moves
}

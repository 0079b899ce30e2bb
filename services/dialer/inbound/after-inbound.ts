import { newId } from '@loopline/clock/new-id'
import type { Transaction } from '@loopline/postgres/queryable'
import type { EntryMove } from '../audience/entry.sql.ts'
import type { Dialer } from '../dialer.ts'
import type { Judged } from '../outcome/ending.ts'
import { isInbound } from './inbound-outcome.ts'
import { finishEntries, keepDueCallbacks, promiseCallbacks } from './inbound.sql.ts'
import type { Missed } from './inbound.sql.ts'

/**
 * What follows from calls that came in, in the transaction of their outcome: who was missed is called back, who was heard
 * need not be any more, neither by promise nor by the campaign. Strangers have no record to call back from; their calls stand in the list of calls.
 */
export async function afterInbound(dialer: Dialer, transaction: Transaction, judged: readonly Judged[]): Promise<EntryMove[]> {
  const calls = judged.filter(({ attempt }) => isInbound(attempt) && attempt.decision.inbound?.caller === 'customer')
  if (calls.length === 0) return []
  const heard = calls.filter(({ ended }) => ended.outcome === 'connected')
  await keepDueCallbacks(transaction, heard.map(({ ended }) => ({ customerId: ended.customerId, attemptId: ended.attemptId, at: new Date(ended.endedAt) })))
  await promiseCallbacks(transaction, calls.filter(({ ended }) => ended.outcome === 'abandoned' || ended.outcome === 'unknown').flatMap((one) => missedOf(dialer, one) ?? []))
  return finishEntries(transaction, heard.flatMap(({ attempt: { customerId, campaignId } }) => (campaignId === null ? [] : [{ customerId, campaignId }])))
}

/** For the last seller while he is on duty, otherwise for the team. Without either nobody would be shown it. */
function missedOf(dialer: Dialer, { attempt, ended }: Judged): Missed | null {
  const lastSellerId = attempt.decision.inbound?.lastSellerId ?? null
  const lastSeller = lastSellerId === null ? undefined : dialer.agents.get(lastSellerId)
  const teamId = attempt.person?.state.teamId ?? lastSeller?.teamId ?? null
  const agentId = teamId === null || (lastSeller !== undefined && lastSeller.session.state !== 'offline') ? lastSellerId : null
  if (agentId === null && teamId === null) return null
  return { id: newId(dialer.clock), customerId: ended.customerId, attemptId: ended.attemptId, campaignId: attempt.campaignId, agentId, teamId, at: new Date(ended.endedAt) }
}

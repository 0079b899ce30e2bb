import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerEvent, CustomerState } from '@loopline/contracts/customer-event'
import type { Delivery, LogEvent } from '@loopline/event-log/event-log'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { rememberRefusals } from '../dnc/remember-refusals.ts'
import type { EntryMove } from './entry.sql.ts'
import { addNewcomers } from './newcomer.sql.ts'
import { keepPersons } from './person.sql.ts'
import { reconcile } from './reconcile.ts'

/**
 * Applies edits of customers to the dial list and the ready pool: person, entries and the log's cursor in one
 * transaction, so that a duplicate or an older version changes nothing. Whoever must not be dialled any more leaves the
 * pool before the transaction, for safety, and the rest follows its commit.
 */
export async function applyCustomerEvents(dialer: Dialer, events: readonly LogEvent<CustomerEvent>[], delivery: Delivery): Promise<void> {
  const states = newestStates(events)
  const campaigns = dialer.campaigns.all()
  for (const state of states.values()) if (mustNotBeDialled(state)) withdrawEverywhere(campaigns, state.customerId)
  const { applied, moves } = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const newer = await keepPersons(transaction, [...states.values()], campaigns.length > 0, dialer.keys)
    const customers = [...states.values()].filter((state) => newer.has(state.customerId))
    await rememberRefusals(transaction, [...states.values()], dialer.keys, new Date(dialer.clock.now()))
    const rules = dialer.knowledge.rules
    const moved = rules ? await reconcile(transaction, customers, campaigns, { knowledge: dialer.knowledge, rules, now: dialer.clock.now() }) : []
    if (campaigns.length > 0) await addNewcomers(transaction, newcomersOf(events))
    await delivery.commitIn(transaction)
    return { applied: customers, moves: moved }
  }))
  dialer.campaigns.applyMoves(moves)
  refreshPooled(campaigns, applied, moves)
  observe(dialer, events, campaigns.length > 0)
}

/** Each customer once, at the newest version among the events. */
function newestStates(events: readonly LogEvent<CustomerEvent>[]): Map<CustomerId, CustomerState> {
  const states = new Map<CustomerId, CustomerState>()
  for (const { event } of events) {
    if (event.type !== 'crm.customer.changed') continue
    const known = states.get(event.data.customerId)
    if (!known || known.version < event.data.version) states.set(event.data.customerId, event.data)
  }
  return states
}

/** Imported customers are told by id. With no live campaign nobody waits for them; those we know get their own events. */
function newcomersOf(events: readonly LogEvent<CustomerEvent>[]): { id: string; customerIds: CustomerId[] }[] {
  return events.flatMap(({ event }) => (event.type === 'crm.customer.imported' ? [{ id: event.id, customerIds: event.data.customerIds }] : []))
}

function mustNotBeDialled(state: CustomerState): boolean {
  return state.deleted || state.neverCall || state.status === 'invalid' || state.marketingConsent !== 'granted'
}

function withdrawEverywhere(campaigns: readonly LiveCampaign[], customerId: CustomerId): void {
  for (const campaign of campaigns) campaign.pool.withdraw(customerId)
}

/** Entries that stay pooled are decided about with what the customer is now. */
function refreshPooled(campaigns: readonly LiveCampaign[], customers: readonly CustomerState[], moves: readonly EntryMove[]): void {
  for (const campaign of campaigns) {
    if (campaign.pool.size === 0) continue
    for (const customer of customers) {
      const pooled = campaign.pool.get(customer.customerId)
      if (pooled) pooled.person = { ...pooled.person, state: customer }
    }
  }
  for (const move of moves) if (move.state === 'leased') campaigns.find((campaign) => campaign.id === move.campaignId)?.pool.rank(move.customerId, move.priority)
}

function observe(dialer: Dialer, events: readonly LogEvent<CustomerEvent>[], isLive: boolean): void {
  if (!isLive) return
  const now = dialer.clock.now()
  for (const { event } of events) if (event.type === 'crm.customer.changed') dialer.stats.editToPool(now - Date.parse(event.time))
}

import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import { saveLoadedTo } from '../campaign/campaign.sql.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { keepPersons, readPersons } from './person.sql.ts'
import { reconcile } from './reconcile.ts'

const BATCH = 1_000
const ANOTHER = 'the audience is being loaded anew'

/**
 * Reads the audience of a campaign from crm into the dial list, in order of customers, and remembers with each batch how
 * far it came: after a crash it goes on from there. A customer whom an event has brought here at a newer version is taken
 * at that version: the removed one stays removed (the person's row is the tombstone).
 *
 * @throws whatever crm or the database answers; call it again to go on.
 */
export async function loadAudience(dialer: Dialer, campaign: LiveCampaign, signal: AbortSignal): Promise<void> {
  const { crm } = dialer
  const condition = campaign.row.settings.audience
  if (crm && condition !== null) {
    let batch: CustomerState[] = []
    for await (const state of crm.audience(campaign.id, condition, campaign.row.loadedTo, signal)) {
      batch.push(state)
      if (batch.length < BATCH) continue
      await loadBatch(dialer, campaign, batch)
      batch = []
    }
    if (batch.length > 0) await loadBatch(dialer, campaign, batch)
  }
  signal.throwIfAborted()
  if (!(await saveLoadedTo(dialer.db, campaign.id, campaign.row.loadedTo, campaign.row.loadedTo, false))) throw new Error(ANOTHER)
  campaign.row = { ...campaign.row, loading: false, listVersion: campaign.row.listVersion + 1 }
  dialer.log.info({ campaignId: campaign.id, audience: campaign.numbers.share.entries }, 'the audience is loaded')
}

async function loadBatch(dialer: Dialer, campaign: LiveCampaign, states: readonly CustomerState[]): Promise<void> {
  const loadedTo = (states.at(-1) as CustomerState).customerId
  const moves = await retryable(() => inTransaction(dialer.db, async (transaction) => {
    const rules = dialer.knowledge.rules
    if (!rules) throw new Error('the rule book is not known yet')
    const newer = await keepPersons(transaction, states, true, dialer.keys)
    const older = states.filter((state) => !newer.has(state.customerId)).map((state) => state.customerId)
    const customers = [...states.filter((state) => newer.has(state.customerId)), ...(await knownStates(dialer, older))]
    const moved = await reconcile(transaction, customers, [campaign], { knowledge: dialer.knowledge, rules, now: dialer.clock.now() })
    if (!(await saveLoadedTo(transaction, campaign.id, campaign.row.loadedTo, loadedTo, true))) throw new Error(ANOTHER)
    return moved
  }))
  campaign.row = { ...campaign.row, loadedTo, listVersion: campaign.row.listVersion + 1 }
  dialer.campaigns.applyMoves(moves)
}

async function knownStates(dialer: Dialer, customerIds: readonly CustomerId[]): Promise<CustomerState[]> {
  return [...(await readPersons(dialer.db, customerIds)).values()].map((person) => person.state)
}

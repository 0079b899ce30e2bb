import { bucketOf } from '@loopline/vocabulary/bucket'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { Queryable } from '@loopline/postgres/queryable'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { RuleDesk } from '../knowledge/rule-desk.ts'
import { addEntries, placeEntries, readEntries } from './entry.sql.ts'
import type { Entry, EntryMove, PlacedEntry } from './entry.sql.ts'
import { placementOf } from './placement.ts'
import type { Placement } from './placement.ts'

/** What must change in the list for these customers to stand where they belong. */
export interface Changes {
  added: PlacedEntry[]
  moved: PlacedEntry[]
}

export interface ReconcileContext {
  knowledge: Knowledge
  rules: RuleDesk
  now: number
}

/**
 * Brings the list in line with these customers, in all the campaigns given, inside the caller's transaction. Costs one
 * look-up for those that need no change, which is almost all of them while calls are made: each call's result comes back
 * as an edit of its customer.
 */
export async function reconcile(queryable: Queryable, customers: readonly CustomerState[], campaigns: readonly LiveCampaign[], context: ReconcileContext): Promise<EntryMove[]> {
  if (customers.length === 0 || campaigns.length === 0) return []
  const keys = customers.map(({ customerId }) => ({ bucket: bucketOf(customerId), customerId }))
  const entries = await readEntries(queryable, keys, campaigns.map((campaign) => campaign.id))
  const { added, moved } = changesFor(customers, campaigns, entries, context)
  return [...(await addEntries(queryable, added, context.now)), ...(await placeEntries(queryable, moved, context.now))]
}

/** Pure: compares where everybody stands with where they belong. */
export function changesFor(customers: readonly CustomerState[], campaigns: readonly LiveCampaign[], entries: readonly Entry[], context: ReconcileContext): Changes {
  const standing = new Map(entries.map((entry) => [`${entry.campaignId}/${entry.customerId}`, entry]))
  const changes: Changes = { added: [], moved: [] }
  for (const campaign of campaigns) {
    for (const customer of customers) {
      const entry = standing.get(`${campaign.id}/${customer.customerId}`)
      if (!entry && !campaign.audience) continue
      const placement = placementIn(campaign, customer, context, entry?.byApi ? entry.priority : null)
      const placed = { bucket: bucketOf(customer.customerId), customerId: customer.customerId, campaignId: campaign.id, byApi: entry?.byApi ?? false, placement }
      if (entry) {
        if (mustMove(entry, placement)) changes.moved.push(placed)
      } else if (placement.matches || placement.recheckAt !== null) changes.added.push(placed)
    }
  }
  return changes
}

/** Where the customer belongs in the list of this campaign. */
export function placementIn(campaign: LiveCampaign, customer: CustomerState, { knowledge, rules, now }: ReconcileContext, ownPriority: number | null): Placement {
  return placementOf(customer, { audience: campaign.audience, rules, gate: knowledge.gate, now }, ownPriority)
}

/** An entry put aside by the gate gets another chance with every edit: the edit may be what lifts the reason. */
export function mustMove(entry: Entry, placement: Placement): boolean {
  if (entry.state === 'done') return false
  if (entry.state === 'withdrawn') return placement.matches || placement.recheckAt !== null
  if (entry.matches !== placement.matches || entry.priority !== placement.priority) return true
  if ((entry.recheckAt?.getTime() ?? null) !== placement.recheckAt) return true
  return entry.state !== 'dialing' && entry.holdReason !== (placement.hold?.reason ?? null)
}

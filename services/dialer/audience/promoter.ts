import type { CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { inTransaction, retryable } from '@loopline/postgres/transaction'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { letSleep, placeEntries, readPage, readTurning, readWaking } from './entry.sql.ts'
import type { EntryKey, EntryMove, PlacedEntry } from './entry.sql.ts'
import { readPersons } from './person.sql.ts'
import { placementIn, reconcile } from './reconcile.ts'

const BATCH = 1_000

type Due = EntryKey & { byApi: boolean; priority: number }

/**
 * Looks at entries whose time has come: a retry is due, a pause ends, a condition turns by time alone. Each goes where its
 * customer belongs now. Answers whether there is more.
 */
export async function promote(dialer: Dialer): Promise<boolean> {
  const slots = dialer.slots.list()
  if (slots.length === 0 || !dialer.knowledge.rules) return false
  const now = dialer.clock.now()
  const waking = await readWaking(dialer.db, slots, now, BATCH)
  const turning = await readTurning(dialer.db, slots, now, BATCH)
  const [live, over] = partition([...waking, ...turning], (key) => dialer.campaigns.get(key.campaignId) !== undefined)
  if (over.length > 0) await letSleep(dialer.db, over)
  await replace(dialer, live)
  return waking.length === BATCH || turning.length === BATCH
}

/** Places these entries anew, whatever they are now. */
async function replace(dialer: Dialer, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return
  const now = dialer.clock.now()
  const moves = await retryable(() => inTransaction(dialer.db, async (transaction) => placeEntries(transaction, await placementsOf(dialer, transaction, due, now), now)))
  dialer.campaigns.applyMoves(moves)
  rankPooled(dialer, moves)
}

async function placementsOf(dialer: Dialer, queryable: Queryable, due: readonly Due[], now: number): Promise<PlacedEntry[]> {
  const rules = dialer.knowledge.rules
  if (!rules) return []
  const persons = await readPersons(queryable, [...new Set(due.map((key) => key.customerId))])
  return due.flatMap(({ bucket, customerId, campaignId, byApi, priority }) => {
    const person = persons.get(customerId)
    const campaign = dialer.campaigns.get(campaignId)
    if (!person || !campaign) return []
    const placement = placementIn(campaign, person.state, { knowledge: dialer.knowledge, rules, now }, byApi ? priority : null)
    return [{ bucket, customerId, campaignId, byApi, placement }]
  })
}

function rankPooled(dialer: Dialer, moves: readonly EntryMove[]): void {
  for (const move of moves) if (move.state === 'leased') dialer.campaigns.get(move.campaignId)?.pool.rank(move.customerId, move.priority)
}

/** Looks at every entry of a campaign in our slots: the rules, the mapping or the audience have changed. Moves those that must. */
export async function replaceAll(dialer: Dialer, campaign: LiveCampaign): Promise<void> {
  let after: { bucket: number; customerId: CustomerId | null } = { bucket: -1, customerId: null }
  for (;;) {
    const page = await readPage(dialer.db, campaign.id, after, BATCH)
    await reconcilePage(dialer, campaign, page.filter((key) => dialer.slots.owns(key.bucket)))
    const last = page.at(-1)
    if (!last || page.length < BATCH) return
    after = { bucket: last.bucket, customerId: last.customerId }
  }
}

async function reconcilePage(dialer: Dialer, campaign: LiveCampaign, page: readonly Due[]): Promise<void> {
  const { knowledge, clock, db } = dialer
  const { rules } = knowledge
  if (!rules || page.length === 0) return
  const moves = await retryable(() => inTransaction(db, async (transaction) => {
    const persons = await readPersons(transaction, page.map((key) => key.customerId))
    return reconcile(transaction, [...persons.values()].map((person) => person.state), [campaign], { knowledge, rules, now: clock.now() })
  }))
  dialer.campaigns.applyMoves(moves)
  rankPooled(dialer, moves)
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))]
}

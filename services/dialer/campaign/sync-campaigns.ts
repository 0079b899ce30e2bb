import type { EntryState } from '../audience/entry.sql.ts'
import { countEntries } from '../audience/entry.sql.ts'
import { replaceAll } from '../audience/promoter.ts'
import type { Dialer } from '../dialer.ts'
import { readLiveCampaigns } from './campaign.sql.ts'
import type { CampaignRow } from './campaign.sql.ts'
import { emptyShare } from './numbers.ts'
import type { LiveCampaign } from './live-campaign.ts'
import { tellLast } from './tell-last.ts'

const running = new WeakMap<Dialer, Promise<void>>()

/**
 * Brings this process in line with the campaigns as stored: new ones are taken up, paused and ended ones give their leases
 * back. Called after each change here, and twice a second for changes made elsewhere. One at a time.
 */
export function syncCampaigns(dialer: Dialer): Promise<void> {
  const next = (running.get(dialer) ?? Promise.resolve()).catch(() => undefined).then(() => sync(dialer))
  running.set(dialer, next)
  return next
}

/** The same after a change that is stored already: were it not followed at once, the next round follows it. Never fails. */
export async function followChange(dialer: Dialer): Promise<void> {
  await syncCampaigns(dialer).catch((error: unknown) => dialer.log.warn({ err: error }, 'campaigns could not be read again at once; the next round does'))
}

async function sync(dialer: Dialer): Promise<void> {
  const rows = await readLiveCampaigns(dialer.db)
  const live = new Map(rows.map((row) => [row.campaignId, row]))
  for (const campaign of dialer.campaigns.all()) if (!live.has(campaign.id)) await letGo(dialer, campaign)
  for (const row of rows) {
    const campaign = dialer.campaigns.get(row.campaignId)
    if (campaign) await follow(dialer, campaign, row)
    else await takeUp(dialer, row)
  }
}

async function takeUp(dialer: Dialer, row: CampaignRow): Promise<void> {
  const campaign = dialer.campaigns.add(row)
  campaign.inFlight = dialer.inFlight.countOf(row.campaignId)
  await lookAgain(dialer, campaign)
}

/** All that this process knows of a campaign's list, read anew: after a start, and when slots come or go. */
export async function lookAgain(dialer: Dialer, campaign: LiveCampaign): Promise<void> {
  campaign.pool.best.clearAll()
  await campaign.pool.look(dialer.slots.buckets())
  await recount(dialer, campaign)
}

/** Replaces the numbers kept by deltas by a count. */
export async function recount(dialer: Dialer, campaign: LiveCampaign): Promise<void> {
  const entries = emptyShare().entries
  for (const { state, count } of await countEntries(dialer.db, campaign.id, dialer.slots.list())) entries[state as EntryState] += count
  campaign.numbers.recount(entries)
}

async function follow(dialer: Dialer, campaign: LiveCampaign, row: CampaignRow): Promise<void> {
  const before = campaign.row
  if (row.version === before.version && row.state === before.state && row.listVersion <= before.listVersion) return
  const audienceChanged = campaign.update(row)
  if (row.state === 'paused') campaign.numbers.move('leased', 'ready', await campaign.pool.release())
  if (audienceChanged) await replaceAll(dialer, campaign)
  else if (row.listVersion > before.listVersion) await lookAgain(dialer, campaign)
}

async function letGo(dialer: Dialer, campaign: LiveCampaign): Promise<void> {
  const isMinder = dialer.campaigns.isMinder(campaign.id)
  dialer.campaigns.remove(campaign.id)
  await campaign.pool.release()
  if (isMinder) await tellLast(dialer, campaign.id)
}

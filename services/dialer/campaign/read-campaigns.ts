import type { CampaignView } from '@loopline/contracts/campaign'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import type { CampaignId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { listCampaigns, readCampaign } from './campaign.sql.ts'
import { pacingOf } from '../pacing/pacing-progress.ts'
import { progressOf, storedProgress } from './progress.ts'
import { sharesOfOthers } from './tally.sql.ts'
import { viewOf } from './view-campaign.ts'

export async function pageOfCampaigns(dialer: Dialer, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<{ items: CampaignView[]; next: string | null }> {
  const rows = await listCampaigns(dialer.db, cursor ?? null, limit)
  return { items: rows.map(viewOf), next: rows.length === limit ? (rows.at(-1)?.campaignId ?? null) : null }
}

export async function oneCampaign(dialer: Dialer, campaignId: CampaignId): Promise<CampaignView> {
  const row = await readCampaign(dialer.db, campaignId)
  if (!row) throw failed('CAMPAIGN_NOT_FOUND', { campaignId })
  return viewOf(row)
}

/** From memory where this process minds the campaign; else counted. */
export async function progressNow(dialer: Dialer, campaignId: CampaignId): Promise<CampaignProgress> {
  const campaign = dialer.campaigns.get(campaignId)
  if (!campaign) return storedProgress(dialer, campaignId)
  const others = dialer.slots.share() === 1 ? [] : await sharesOfOthers(dialer.db, campaignId, dialer.id)
  if (campaign.base && dialer.campaigns.isMinder(campaignId)) return progressOf(dialer, campaign, others)
  return { ...(await storedProgress(dialer, campaignId)), pacing: pacingOf(dialer, campaign, [campaign.numbers.share, ...others].map(({ pacing }) => pacing)) }
}

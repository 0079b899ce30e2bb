import type { CampaignView } from '@loopline/contracts/campaign'
import type { CampaignRow } from './campaign.sql.ts'

export function viewOf({ campaignId, version, state, settings, createdAt, startedAt }: CampaignRow): CampaignView {
  return { ...settings, campaignId, version, state, createdAt: createdAt.toISOString(), startedAt: startedAt?.toISOString() ?? null }
}

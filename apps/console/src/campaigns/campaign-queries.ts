import { queryOptions } from '@tanstack/react-query'
import type { CampaignView } from '@loopline/contracts/campaign'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import { answer } from '../api/answer'
import { api } from '../api/client'

/** The newest two hundred: a company has tens of campaigns, not thousands at once. */
export const campaignListQuery = queryOptions({
  queryKey: ['campaigns'],
  queryFn: (): Promise<{ items: CampaignView[]; next: string | null }> => answer(api.GET('/api/dialer/campaigns', { params: { query: { limit: 200 } } })),
})

export const campaignQuery = (campaignId: string) => queryOptions({
  queryKey: ['campaign', campaignId],
  queryFn: (): Promise<CampaignView> => answer(api.GET('/api/dialer/campaigns/{campaignId}', { params: { path: { campaignId } } })),
})

/** The numbers of now; push replaces them from then on. */
export const progressQuery = (campaignId: string) => queryOptions({
  queryKey: ['progress', campaignId],
  queryFn: (): Promise<CampaignProgress> => answer(api.GET('/api/dialer/campaigns/{campaignId}/progress', { params: { path: { campaignId } } })) as Promise<CampaignProgress>,
})

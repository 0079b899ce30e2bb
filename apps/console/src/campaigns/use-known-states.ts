import { useEffect, useRef } from 'react'
import type { CampaignView } from '@loopline/contracts/campaign'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'

/** Whether a pushed progress tells a list something new: numbers come twice a second, states rarely. */
export function useKnownStates(items: readonly CampaignView[] | undefined): (progress: CampaignProgress) => boolean {
  const known = useRef(new Map<string, string>())
  useEffect(() => {
    known.current = new Map((items ?? []).map(({ campaignId, state, name }) => [campaignId, `${state} ${name}`]))
  }, [items])
  return ({ campaignId, state, name }) => known.current.get(campaignId) !== `${state} ${name}`
}

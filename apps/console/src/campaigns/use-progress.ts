import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import { campaignQuery, progressQuery } from './campaign-queries'

const KEPT_MS = 120_000
const NONE: readonly SpeedPoint[] = []

export interface SpeedPoint {
  at: number
  perSecond: number
}

/** The campaign's numbers as push brings them, and the pace of the last two minutes since the page was opened. */
export function useProgress(campaignId: string): { progress: CampaignProgress | undefined; speed: readonly SpeedPoint[]; error: unknown } {
  const { data, error } = useQuery(progressQuery(campaignId))
  const [speed, setSpeed] = useState<{ campaignId: string; points: readonly SpeedPoint[] }>({ campaignId, points: [] })
  const version = useRef(0)
  useLive((message) => {
    if (message.topic !== 'campaign' || message.progress.campaignId !== campaignId) return
    const { progress } = message
    queryClient.setQueryData(progressQuery(campaignId).queryKey, progress)
    setSpeed((old) => ({ campaignId, points: [...(old.campaignId === campaignId ? old.points : []).filter(({ at }) => at > progress.at - KEPT_MS), { at: progress.at, perSecond: progress.attemptsPerSecond }] }))
    // A new version means that somebody edited or steered it: its settings and state are asked for once.
    if (progress.version > version.current) {
      version.current = progress.version
      void queryClient.invalidateQueries({ queryKey: campaignQuery(campaignId).queryKey })
    }
  })
  return { progress: data, speed: speed.campaignId === campaignId ? speed.points : NONE, error }
}

import type { CampaignId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import type { EventOf } from './event.ts'
import type { CampaignPacing } from './pacing.ts'

export const CAMPAIGN_STATES = ['draft', 'running', 'paused', 'stopped', 'finished'] as const
export type CampaignState = (typeof CAMPAIGN_STATES)[number]

/** Live numbers of a campaign, published at most twice a second while they change. */
export interface CampaignProgress {
  campaignId: CampaignId
  version: number
  name: string
  state: CampaignState
  audience: number
  waiting: number
  ready: number
  inPool: number
  inFlight: number
  done: number
  withdrawn: number
  attempts: number
  attemptsPerSecond: number
  outcomes: Partial<Record<Outcome, number>>
  /** Answered by a person and not connected to an agent within 2 s, of all answered by a person, 0..1; null while nobody has answered, or no agent is to speak. */
  abandonedShare: number | null
  /** Why dialling is slower than asked, in one word for the console to translate; null when it is not. */
  holdReason: 'none-due' | 'outside-hours' | 'line-down' | 'line-full' | 'voice-away' | 'loading' | 'own-rate' | 'own-concurrency' | 'no-agent' | 'recorder-down' | 'no-caller-id' | null
  at: number
  /** Null for a campaign without agents. */
  pacing: CampaignPacing | null
}

export type CampaignChanged = EventOf<'dialer.campaign.changed', CampaignProgress>

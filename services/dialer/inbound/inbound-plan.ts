import type { CampaignId, UserId } from '@loopline/vocabulary/ids'
import type { TalkPlan } from '@loopline/contracts/voice-link'
import type { Person } from '../audience/person.sql.ts'
import type { Dialer } from '../dialer.ts'
import { AS_THE_COMPANY, fallbackOf, talkPlanFor } from '../talk/talk-plan.ts'
import type { Saying } from '../talk/talk-plan.ts'

/** What the campaign says that called him. Nobody who calls us is turned away because he cannot be recorded. */
function sayingOf(dialer: Dialer, campaignId: CampaignId | null): Saying {
  return { ...(dialer.campaigns.get(campaignId)?.row.settings ?? AS_THE_COMPANY), recordingRequired: false }
}

/** What voice does when a caller is joined with this agent, who may lose his telephone between his yes and the answer. */
export function answerPlan(dialer: Dialer, person: Person | null, { agentId, campaignId }: { agentId: UserId; campaignId: CampaignId | null }): TalkPlan {
  return talkPlanFor(dialer, person, agentId, sayingOf(dialer, campaignId))
}

/** Nobody came: the caller hears so, and that he will be called back. */
export function fallbackPlan(dialer: Dialer, campaignId: CampaignId | null): TalkPlan {
  return { agentId: null, recording: { record: 'no', reason: 'nobody-came' }, fallback: fallbackOf(dialer, sayingOf(dialer, campaignId), 0) }
}

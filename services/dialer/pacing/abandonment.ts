import { ABANDONMENT_DEFAULT } from '@loopline/gate/abandonment-rule'
import type { AbandonmentRule } from '@loopline/gate/abandonment-rule'
import type { AbandonmentWindow } from '@loopline/pacing/abandonment-budget'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { isInbound } from '../inbound/inbound-outcome.ts'
import type { Judged } from '../outcome/ending.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'
import type { AnsweredCall } from './pacing.sql.ts'

/** What the law pack says of abandoned calls, or what we keep to where it says nothing. */
export function abandonmentRule({ knowledge }: Pick<Dialer, 'knowledge'>): AbandonmentRule {
  return knowledge.gate.pack?.abandonment ?? ABANDONMENT_DEFAULT
}

/** The stricter of the campaign's and the law pack's cap, 0..1. */
export function abandonCapOf(dialer: Pick<Dialer, 'knowledge'>, { abandonCap }: Pick<CampaignSettings, 'abandonCap'>): number {
  return Math.min(abandonCap, abandonmentRule(dialer).capMax)
}

/** Of ended calls, those that the law counts: made by a campaign, and answered by a person. */
export function answeredOf(judged: readonly Judged[]): AnsweredCall[] {
  return judged.flatMap(({ attempt, ended }) => {
    if (attempt.campaignId === null || isInbound(attempt) || !isAnswered(ended)) return []
    return [{ campaignId: attempt.campaignId, endedAt: ended.endedAt, isAbandoned: ended.outcome === 'abandoned', by: 1 as const }]
  })
}

/** Answered by a person who either heard an agent or was abandoned; who hung up sooner is neither (regulations.md). */
export function isAnswered({ outcome, talk }: Pick<EndedAttempt, 'outcome' | 'talk'>): boolean {
  return outcome === 'abandoned' || (outcome === 'connected' && talk !== undefined && talk.agentId !== null)
}

/** The window as it stands, with the talks that go on and the fallbacks that play: their ends come later, and late news would be spent twice. */
export function windowNow(dialer: Dialer, { id }: Pick<LiveCampaign, 'id'>, window: AbandonmentWindow): AbandonmentWindow {
  const talking = new Set<string>()
  let left = 0
  for (const { served, session } of dialer.agents.all()) if (served?.campaignId === id && (served.inbound ?? null) === null && (session.state === 'talking' || session.state === 'on-hold')) talking.add(served.attemptId)
  for (const attempt of dialer.inFlight.servedOf(id)) if (attempt.isLeftAlone) left += 1
  return { live: window.live + talking.size + left, abandoned: window.abandoned + left }
}

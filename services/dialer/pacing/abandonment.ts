import type { LawPack } from '@loopline/gate/law-pack'
import type { AbandonmentWindow } from '@loopline/pacing/abandonment-budget'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { isInbound } from '../inbound/inbound-outcome.ts'
import type { Judged } from '../outcome/ending.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'
import type { AnsweredCall } from './pacing.sql.ts'

/** How many people who answer may be left without anybody, over which time it is counted, and how long a call must ring before we give it up. */
export interface AbandonmentRule {
  /** Of those answered by a person, 0..1. */
  capMax: number
  windowMs: number
  ringMinMs: number
}

/** Where the pack says nothing: 16 CFR 310.4(b)(4), the strictest written rule that we know, taken as our own. */
const OTHERWISE: AbandonmentRule = { capMax: 0.03, windowMs: 30 * 24 * 3_600_000, ringMinMs: 15_000 }

/** What a law pack may say of it. */
interface OfPack {
  abandonRateMax?: number
  abandonWindowMs?: number
  ringTimeMsMin?: number
}

/** What the law pack says of abandoned calls, or what we keep to where it says nothing. */
export function abandonmentRule({ knowledge }: Pick<Dialer, 'knowledge'>): AbandonmentRule {
  const pack: (LawPack & OfPack) | null = knowledge.gate.pack
  return { capMax: pack?.abandonRateMax ?? OTHERWISE.capMax, windowMs: pack?.abandonWindowMs ?? OTHERWISE.windowMs, ringMinMs: Math.max(pack?.ringTimeMsMin ?? 0, OTHERWISE.ringMinMs) }
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

import { expectedAnswers } from '@loopline/pacing/predictive-pacer'
import type { CampaignPacing, PacingReason } from '@loopline/contracts/pacing'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { abandonCapOf, abandonmentRule, windowNow } from './abandonment.ts'
import { ringingOf } from './pace-campaign.ts'
import { isPaced } from './paced-agents.ts'

/** What one process knows of a campaign's pacing; plain data, to be added to the others'. */
export interface PacingShare {
  reason: PacingReason | null
  ringing: number
  /** Of these, how many will be answered; null where nobody estimates it. */
  expected: number | null
  waiting: number
}

/** This process's share; null for a campaign without agents. */
export function pacingShareOf(dialer: Dialer, campaign: LiveCampaign): PacingShare | null {
  const { state, settings: { mode } } = campaign.row
  if (mode === 'agentless') return null
  const paced = dialer.pacing.of(dialer, campaign)
  const waiting = dialer.answeredAlone.waitingOf(campaign.id, dialer.clock.now())
  if (!isPaced(campaign)) {
    let ringing = 0
    for (const attempt of dialer.inFlight.servedOf(campaign.id)) if (attempt.answeredAt === undefined && !attempt.isOver && attempt.decision.inbound === undefined) ringing += 1
    return { reason: state === 'running' ? oneEach(dialer, campaign) : null, ringing, expected: null, waiting }
  }
  const ringing = ringingOf(dialer, campaign)
  const now = dialer.clock.now()
  const expected = paced && mode === 'predictive' ? expectedAnswers(paced.pacer, ringing.map(({ startedAt, answerProbability }) => ({ ageMs: Math.max(0, now - startedAt), probability: answerProbability }))) : null
  return { reason: paced?.reason ?? null, ringing: ringing.length, expected: expected === null ? null : Math.round(expected * 10) / 10, waiting }
}

function oneEach(dialer: Dialer, campaign: LiveCampaign): PacingReason {
  const { idle, talking, wrapUp } = agentsOf(dialer, campaign)
  return idle + talking + wrapUp === 0 ? { kind: 'no-agents' } : { kind: 'one-per-idle-agent', idle }
}

/** All shares together, the own first, with what every process knows: agents, and the window of the law. */
export function pacingOf(dialer: Dialer, campaign: LiveCampaign, shares: readonly (PacingShare | null | undefined)[]): CampaignPacing | null {
  const { mode } = campaign.row.settings
  const known = shares.flatMap((share) => share ?? [])
  if (mode === 'agentless' || known.length === 0) return null
  const sum = (of: (share: PacingShare) => number): number => known.reduce((total, share) => total + of(share), 0)
  const { live, abandoned } = windowNow(dialer, campaign, dialer.pacing.get(campaign.id)?.window ?? { live: 0, abandoned: 0 })
  return {
    mode, reason: reasonOf(known), ringing: sum(({ ringing }) => ringing), waiting: sum(({ waiting }) => waiting),
    expectedAnswers: known.every(({ expected }) => expected === null) ? null : Math.round(sum(({ expected }) => expected ?? 0) * 10) / 10,
    agents: agentsOf(dialer, campaign),
    budget: { live, abandoned, cap: abandonCapOf(dialer, campaign.row.settings), windowHours: Math.round(abandonmentRule(dialer).windowMs / 3_600_000) },
  }
}

/** A process that counts no agent just now says nothing of the campaign as a whole. */
function reasonOf(shares: readonly PacingShare[]): PacingReason | null {
  const reasons = shares.flatMap(({ reason }) => reason ?? [])
  return reasons.find(({ kind }) => kind !== 'no-agents') ?? reasons[0] ?? null
}

function agentsOf(dialer: Dialer, { id }: LiveCampaign): CampaignPacing['agents'] {
  const agents = { idle: 0, talking: 0, wrapUp: 0, paused: 0 }
  for (const { campaignIds, session: { state, leg } } of dialer.agents.all()) {
    if (state === 'offline' || !campaignIds.includes(id)) continue
    if (state === 'ready') agents[leg === 'up' ? 'idle' : 'paused'] += 1
    else if (state === 'paused') agents.paused += 1
    else if (state === 'wrap-up') agents.wrapUp += 1
    else agents.talking += 1
  }
  return agents
}

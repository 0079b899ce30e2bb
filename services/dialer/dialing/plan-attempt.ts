import { newId } from '@loopline/clock/new-id'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { AgentRow } from '../agent/agent-row.ts'
import type { Person } from '../audience/person.sql.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { answerProbabilityOf } from '../forecast/answer-probability-of.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'
import { talkPlanFor } from '../talk/talk-plan.ts'
import type { Saying } from '../talk/talk-plan.ts'
import type { Verdict } from './decide.ts'
import { DIAL_WITHIN_MS } from './planned-attempt.ts'
import type { PlannedAttempt } from './planned-attempt.ts'

type Decided = Extract<Verdict, { kind: 'dial' }>

/**
 * The attempt of a pooled entry that may be dialled now; with an agent, the one who is reserved for it. Without one in a campaign
 * that agents serve, somebody is found at the answer (talk/answered-alone.ts).
 */
export function planFor(dialer: Dialer, campaign: LiveCampaign, entry: PooledEntry, verdict: Decided, agent: AgentRow | null = null): PlannedAttempt {
  const { settings } = campaign.row
  const { mode } = settings
  const serve = serveOf(settings)
  const expected = answerProbabilityOf(dialer, entry, dialer.clock.now(), verdict.lineId)
  const told = expected === null ? verdict : { ...verdict, decision: { ...verdict.decision, answerProbability: Math.round(expected * 10_000) / 10_000 } }
  const forecast = agent === null && serve !== null ? (dialer.answerProbability?.(entry) ?? null) : null
  return {
    ...decided(dialer, told),
    customerId: entry.customerId, bucket: entry.bucket, campaignId: campaign.id, campaignName: campaign.row.name, sandbox: entry.person.state.sandbox, actorId: null,
    attemptNumber: entry.tries + 1,
    priority: entry.priority, personVersion: entry.person.state.version, leaseToken: entry.leaseToken, hangUpAfterMs: mode === 'agentless' ? settings.hangUpAfterMs : null,
    person: entry.person, tries: entry.tries, uncountedTries: entry.uncountedTries, triedAt: entry.triedAt,
    ...(serve === null ? withoutAgents(told) : servedBy(dialer, agent, { serve, saying: settings }, entry.person, told)),
    ...(forecast !== null && { answerProbability: forecast }),
  }
}

/** How whoever serves a call of this campaign is to serve; null where nobody of ours is to speak. */
export function serveOf({ mode, wrapUpMs }: Pick<CampaignSettings, 'mode' | 'wrapUpMs'>): PlannedAttempt['serve'] {
  if (mode === 'agentless') return null
  return { mode: mode === 'preview' ? 'preview' : 'progressive', wrapUpMs, wrapUpUnansweredMs: mode === 'preview' ? unanswered(wrapUpMs) : 0, callbackId: null }
}

/** After a call that nobody answered there is little to note. */
const UNANSWERED_WRAP_UP_MS = 10_000
export const unanswered = (wrapUpMs: number): number => Math.min(wrapUpMs, UNANSWERED_WRAP_UP_MS)

type Serving = Pick<PlannedAttempt, 'agent' | 'serve' | 'talk' | 'decision'>

/** A call in which nobody of ours speaks. */
export const withoutAgents = ({ decision }: Decided): Serving => ({ agent: null, serve: null, talk: null, decision })

/** What a call needs that somebody of ours is to speak in. */
export function servedBy(dialer: Dialer, agent: AgentRow | null, { serve, saying }: { serve: NonNullable<PlannedAttempt['serve']>; saying: Saying }, person: Person, { decision }: Decided): Serving {
  const talk = talkPlanFor(dialer, person, agent?.agentId ?? null, saying)
  return { agent, serve, talk, decision: { ...decision, recording: talk.recording } }
}

/** What the decision fixes of an attempt, whoever wanted it. */
export function decided(dialer: Dialer, verdict: Decided): Pick<PlannedAttempt,
  'attemptId' | 'phoneId' | 'phoneSealed' | 'lineId' | 'lineName' | 'lineType' | 'callerId' | 'quotaOf' | 'decision' | 'attemptDay' | 'cap' | 'limits' | 'epoch' | 'dialBy' | 'startedAt' | 'ringTimeMs'> {
  const startedAt = dialer.clock.now()
  const quotaOf = dialer.callerIds.quotaOf(verdict.callerId)
  return {
    attemptId: newId<AttemptId>(dialer.clock), phoneId: verdict.phone.phoneId, phoneSealed: verdict.phone.sealed, lineId: verdict.lineId,
    lineName: dialer.lines.get(verdict.lineId)?.row.name ?? '', lineType: verdict.lineType, callerId: verdict.callerId, ...(quotaOf && { quotaOf }), decision: verdict.decision,
    attemptDay: verdict.day, cap: verdict.cap, limits: verdict.limits, epoch: dialer.voice.epoch ?? '', dialBy: startedAt + DIAL_WITHIN_MS, startedAt, ringTimeMs: verdict.ringTimeMs,
  }
}

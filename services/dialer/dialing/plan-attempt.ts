import { newId } from '@loopline/clock/new-id'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'
import type { Verdict } from './decide.ts'
import { DIAL_WITHIN_MS } from './planned-attempt.ts'
import type { PlannedAttempt } from './planned-attempt.ts'

type Decided = Extract<Verdict, { kind: 'dial' }>

/** The attempt of a pooled entry that may be dialled now. */
export function planFor(dialer: Dialer, campaign: LiveCampaign, entry: PooledEntry, verdict: Decided): PlannedAttempt {
  const { settings } = campaign.row
  return {
    ...decided(dialer, verdict),
    customerId: entry.customerId, bucket: entry.bucket, campaignId: campaign.id, campaignName: campaign.row.name, sandbox: entry.person.state.sandbox, actorId: null,
    attemptNumber: entry.tries + 1, cap: Math.min(settings.attemptsPerPersonPerDay, dialer.knowledge.gate.pack?.attemptsPerDayMax ?? 0),
    priority: entry.priority, personVersion: entry.person.state.version, leaseToken: entry.leaseToken, hangUpAfterMs: settings.hangUpAfterMs,
    person: entry.person, tries: entry.tries, uncountedTries: entry.uncountedTries, triedAt: entry.triedAt,
  }
}

/** What the decision fixes of an attempt, whoever wanted it. */
export function decided(dialer: Dialer, verdict: Decided): Pick<PlannedAttempt,
  'attemptId' | 'phoneId' | 'phoneSealed' | 'lineId' | 'lineName' | 'lineType' | 'callerId' | 'decision' | 'attemptDay' | 'epoch' | 'dialBy' | 'startedAt' | 'ringTimeMs'> {
  const startedAt = dialer.clock.now()
  return {
    attemptId: newId<AttemptId>(dialer.clock), phoneId: verdict.phone.phoneId, phoneSealed: verdict.phone.sealed, lineId: verdict.lineId,
    lineName: dialer.lines.get(verdict.lineId)?.row.name ?? '', lineType: verdict.lineType, callerId: verdict.callerId, decision: verdict.decision,
    attemptDay: verdict.day, epoch: dialer.voice.epoch ?? '', dialBy: startedAt + DIAL_WITHIN_MS, startedAt, ringTimeMs: verdict.ringTimeMs,
  }
}

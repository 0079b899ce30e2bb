import { callsForAgents } from '@loopline/pacing/calls-for-agents'
import type { PacingDecision, PacingReason as Decided } from '@loopline/pacing/decision'
import { pace } from '@loopline/pacing/predictive-pacer'
import type { PredictiveSnapshot } from '@loopline/pacing/predictive'
import { tokensAt } from '@loopline/routing/token-bucket'
import type { LineNow } from '@loopline/routing/line'
import type { PacingReason } from '@loopline/contracts/pacing'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'
import { abandonCapOf, abandonmentRule, windowNow } from './abandonment.ts'
import type { PacedAgents } from './paced-agents.ts'
import { promisedInMs } from './promised.ts'
import { BEFORE_RINGING_MS } from './pacing-desk.ts'
import type { PacedCampaign } from './pacing-desk.ts'

/**
 * How many calls this campaign places in this tick for whoever is free at the answer. `startsMax`: what its own rate and concurrency let
 * start. What has rung enough and would find nobody is given up on the way.
 */
export function paceCampaign(dialer: Dialer, campaign: LiveCampaign, { startsMax, lines, agents }: { startsMax: number; lines: readonly LineNow[]; agents: PacedAgents }): number {
  const paced = dialer.pacing.of(dialer, campaign)
  if (!paced) return 0
  const startedAt = performance.now()
  const ringing = ringingOf(dialer, campaign)
  const { atWork, ...own } = agents.of(campaign.id)
  const strange = (paced.strangers ?? []).filter(({ attemptId }) => !dialer.inFlight.get(attemptId))
  const snapshot: PredictiveSnapshot = {
    // Those of others behind our own: only ours are given up.
    ...own, ringing: [...ringing, ...strange].map(({ startedAt: since, answerProbability }) => ({ ageMs: Math.max(0, dialer.clock.now() - since), probability: answerProbability })),
    waiting: dialer.answeredAlone.waitingOf(campaign.id, dialer.clock.now()), upcoming: upcomingOf(dialer, campaign),
    startsMax: Math.min(startsMax, startsOf(lines, dialer.clock.monotonic())), callbacksInMs: promisedInMs(dialer, atWork), window: windowNow(dialer, campaign, paced.window),
  }
  const { decision, reason } = campaign.row.settings.mode === 'ratio' ? byRatio(dialer, campaign, snapshot) : predictive(dialer, campaign, paced, snapshot)
  paced.reason = reason
  giveUp(dialer, decision.giveUp.flatMap((index) => ringing[index] ?? []))
  if (reason.kind === 'no-agents') campaign.holdReason = 'no-agent'
  else if (decision.place < startsMax && OWN.has(campaign.holdReason)) campaign.holdReason = null
  dialer.stats.took('pacing', performance.now() - startedAt)
  return decision.place
}

/** Not what keeps it from placing more, when pacing does. */
const OWN: ReadonlySet<LiveCampaign['holdReason']> = new Set<LiveCampaign['holdReason']>(['no-agent', 'own-rate', 'own-concurrency'])

interface Paced { decision: PacingDecision; reason: PacingReason }

function predictive(dialer: Dialer, campaign: LiveCampaign, paced: PacedCampaign, snapshot: PredictiveSnapshot): Paced {
  const limits = { cap: abandonCapOf(dialer, campaign.row.settings), falseMachineShare: 0, ringMinMs: abandonmentRule(dialer).ringMinMs + BEFORE_RINGING_MS }
  const decision = pace(paced.pacer, snapshot, limits, dialer.clock.monotonic())
  paced.decided = { decision, snapshot, limits }
  return { decision, reason: reasonTold(decision.reason) }
}

/** The ratio knows nothing of abandonment: at the cap each idle agent gets one call, until the window has room again. */
function byRatio(dialer: Dialer, { row: { settings } }: LiveCampaign, { idle, busy, waiting, ringing, startsMax, callbacksInMs, window }: PredictiveSnapshot): Paced {
  const isAtCap = window.abandoned > 0 && window.abandoned + 1 > abandonCapOf(dialer, settings) * window.live
  const kept = Math.min(idle, callbacksInMs.length)
  const now = { idle: idle - kept, waiting, ringing: ringing.length, present: idle + busy.filter(({ state }) => state !== 'paused').length, startsMax }
  const decision = callsForAgents(isAtCap ? { mode: 'progressive' } : { mode: 'ratio', ratio: settings.callsPerAgent }, now)
  const reason = reasonTold(decision.reason)
  return { decision, reason: isAtCap && reason.kind === 'one-per-idle-agent' ? { kind: 'ratio-at-cap', idle: reason.idle } : reason }
}

/** Under way, for whoever is free at the answer, and not answered. */
export function ringingOf(dialer: Dialer, campaign: LiveCampaign): OpenAttempt[] {
  const ringing: OpenAttempt[] = []
  for (const attempt of dialer.inFlight.servedOf(campaign.id)) {
    if (attempt.agentId === null && attempt.answeredAt === undefined && !attempt.isOver && !attempt.isGivenUp && attempt.decision.inbound === undefined) ringing.push(attempt)
  }
  return ringing
}

/** Forecasts of the next entries, in the order in which they will be dialled; sorted only if somebody asks. */
function upcomingOf({ answerProbability }: Dialer, campaign: LiveCampaign): PredictiveSnapshot['upcoming'] {
  if (answerProbability === null) return () => undefined
  let inOrder: readonly PooledEntry[] | null = null
  return (index) => {
    inOrder ??= campaign.pool.inOrder()
    const entry = inOrder[index]
    return entry && (answerProbability(entry) ?? undefined)
  }
}

/** Calls that the campaign's lines could start now. */
function startsOf(lines: readonly LineNow[], now: number): number {
  let starts = 0
  for (const { permitted, enabled, up, maxConcurrent, maxPerSecond, inFlight, bucket } of lines) {
    if (permitted && enabled && up) starts += Math.max(0, Math.min(maxConcurrent - inFlight, Math.floor(tokensAt(bucket, maxPerSecond, now))))
  }
  return starts
}

function giveUp(dialer: Dialer, attempts: readonly OpenAttempt[]): void {
  if (attempts.length === 0) return
  const attemptIds: AttemptId[] = []
  for (const attempt of attempts) {
    attempt.isGivenUp = true
    attemptIds.push(attempt.attemptId)
  }
  dialer.stats.count('givenUp', attemptIds.length)
  dialer.voice.send({ type: 'stop-ringing', attemptIds })
}

const rounded = (share: number): number => Math.round(share * 1_000) / 1_000

/** The engine's reason in the words of the contract, without digits that nobody reads. */
function reasonTold(reason: Decided): PacingReason {
  switch (reason.kind) {
    case 'nobody-free-in-time': return { kind: reason.kind, risk: rounded(reason.risk), riskMax: rounded(reason.riskMax), idle: reason.idle, ringing: reason.ringing }
    case 'budget-spent': return { kind: reason.kind }
    case 'lines-full': return { kind: reason.kind }
    case 'lines-failing': return { kind: reason.kind, share: rounded(reason.share) }
    default: return reason
  }
}

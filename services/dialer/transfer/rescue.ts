import type { VoiceCallEvent } from '@loopline/contracts/voice-link'
import type { AttemptId } from '@loopline/vocabulary/ids'
import { NOTHING_YET } from '../agent/agent-row.ts'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { changeAgent } from '../agent/change-agent.ts'
import type { Dialer } from '../dialer.ts'
import { unanswered } from '../dialing/plan-attempt.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'

/** He is joined within this, or free again. */
const JOINED_WITHIN_MS = 10_000
const WRAP_UP_MS = 30_000

const rescued = new WeakMap<Dialer, Set<AttemptId>>()

/**
 * Somebody who talked with us hears music and nobody of ours is left. His seller, if he is back; else whoever is ready of the
 * campaign, or of the seller's team; else the campaign's message. Voice asks again every two seconds until it is so.
 */
export async function rescue(dialer: Dialer, { attemptId, agentId }: Extract<VoiceCallEvent, { kind: 'waiting' }>): Promise<void> {
  const attempt = dialer.inFlight.get(attemptId)
  if (!attempt) return
  const holder = dialer.agents.serving(attemptId).find(({ session }) => session.call?.phase !== 'ended')
  if (holder) return keepHolder(dialer, attemptId, holder)
  const busy = rescued.get(dialer) ?? new Set<AttemptId>()
  rescued.set(dialer, busy)
  if (busy.has(attemptId)) return
  busy.add(attemptId)
  try {
    await findSomebody(dialer, attempt, agentId === null ? undefined : dialer.agents.get(agentId))
  } finally {
    busy.delete(attemptId)
  }
}

/**
 * A session that still hopes for its leg, or a colleague who has not answered yet, comes first. One whose leg is back and that
 * kept its call says so: voice does not join the two by itself after so long.
 */
function keepHolder(dialer: Dialer, attemptId: AttemptId, { agentId, session }: AgentRow): void {
  const isBack = session.leg === 'up' && (session.state === 'talking' || session.state === 'on-hold')
  if (isBack) dialer.voice.send({ type: 'talk', orders: [{ order: 'hand-over', attemptId, agentId }] })
}

async function findSomebody(dialer: Dialer, attempt: OpenAttempt, seller: AgentRow | undefined): Promise<void> {
  const { attemptId } = attempt
  const until = dialer.clock.now() + JOINED_WITHIN_MS
  const served = servedOf(dialer, attempt)
  for (const { agentId } of [...ifBack(seller), ...othersFor(dialer, attempt, seller)]) {
    const changed = await changeAgent(dialer, agentId, { kind: 'ask', attemptId, until, byHand: agentId === seller?.agentId }, { served })
    if (!changed.ok) continue
    dialer.voice.send({ type: 'talk', orders: [{ order: 'hand-over', attemptId, agentId }] })
    return
  }
  dialer.log.warn({ attemptId }, 'nobody is ready for a person who was talking with us')
  dialer.voice.send({ type: 'talk', orders: [{ order: 'fall-back', attemptId }] })
}

/** A seller who lost his leg and has it again takes his call from that pause; one who went on a break does not. */
function ifBack(seller: AgentRow | undefined): AgentRow[] {
  const { leg, state, reason } = seller?.session ?? {}
  return seller && leg === 'up' && (state === 'ready' || (state === 'paused' && reason === 'leg-lost')) ? [seller] : []
}

function othersFor(dialer: Dialer, { campaignId }: OpenAttempt, seller: AgentRow | undefined): AgentRow[] {
  const free = dialer.agents.free().filter(({ agentId }) => agentId !== seller?.agentId)
  const ofCampaign = campaignId === null ? [] : free.filter(({ campaignIds }) => campaignIds.includes(campaignId))
  const teamId = seller?.teamId ?? null
  return [...ofCampaign, ...free.filter((row) => !ofCampaign.includes(row) && row.teamId === teamId)]
}

/** The call as a session serves it, from what is written of it. */
export function servedOf(dialer: Dialer, { attemptId, customerId, campaignId, campaignName, person, startedAt }: OpenAttempt): Served {
  const wrapUpMs = dialer.campaigns.get(campaignId)?.row.settings.wrapUpMs ?? WRAP_UP_MS
  return {
    attemptId, customerId, customerName: person?.state.name ?? '', campaignId, campaignName, mode: campaignId === null ? 'manual' : 'progressive',
    wrapUpMs, wrapUpUnansweredMs: unanswered(wrapUpMs), startedAt, ...NOTHING_YET,
    recording: dialer.talks.isRecording(attemptId) ? 'on' : 'off', callbackId: null, transfer: null, transferFailed: null,
  }
}

import { forecastFrom } from '@loopline/pacing/forecast'
import { newPacingMemory, observe, readPacingMemory } from '@loopline/pacing/pacing-memory'
import type { PacingEvent, PacingMemory } from '@loopline/pacing/pacing-memory'
import type { PacingLimits } from '@loopline/pacing/abandonment-budget'
import type { PacingDecision } from '@loopline/pacing/decision'
import { newPredictivePacer, placed } from '@loopline/pacing/predictive-pacer'
import type { PredictivePacer } from '@loopline/pacing/predictive-pacer'
import type { PredictiveSnapshot } from '@loopline/pacing/predictive'
import type { PacingReason } from '@loopline/contracts/pacing'
import type { CampaignId } from '@loopline/vocabulary/ids'
import type { AgentRow } from '../agent/agent-row.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'
import { abandonmentRule, isAnswered } from './abandonment.ts'
import { readMemory, readStrangeCalls, readWindow, saveMemory } from './pacing.sql.ts'
import type { StrangeCall } from './pacing.sql.ts'
import { learntFromAgent, learntFromEnd } from './what-pacing-learns.ts'

/** Two seconds after the answer a call is abandoned (16 CFR 310.4(b)(4)): an agent who gets free sooner is in time. */
const CONNECT_WINDOW_MS = 2_000
/** Between the order and the first ring; the law counts ringing only. */
export const BEFORE_RINGING_MS = 2_000
const SAVE_MS = 10_000
const WINDOW_MS = 10_000

/** The pacing of one campaign in this process. */
export interface PacedCampaign {
  readonly pacer: PredictivePacer
  /** This campaign over all processes: read now and then, and kept true by our own outcomes in between. */
  window: { live: number; abandoned: number }
  windowReadAt: number
  /** Calls of other processes that ring for agents whom we count now; null: not known since slots came. */
  strangers: readonly StrangeCall[] | null
  savedAt: number
  /** Why the last tick placed what it placed. */
  reason: PacingReason | null
  /** What the last tick decided, until it is known how much of it was written down. */
  decided: { decision: PacingDecision; snapshot: PredictiveSnapshot; limits: PacingLimits } | null
}

/** Who paces which campaign: what is learnt, stored and restored. */
export class PacingDesk {
  readonly #campaigns = new Map<CampaignId, PacedCampaign>()
  readonly #loading = new Set<CampaignId>()

  /** The campaign's pacing; undefined for some milliseconds after it was taken up or slots came, until all is read. */
  of(dialer: Dialer, campaign: LiveCampaign): PacedCampaign | undefined {
    const known = this.#campaigns.get(campaign.id)
    const isRead = known !== undefined && known.strangers !== null
    if (!isRead && !this.#loading.has(campaign.id)) void this.#load(dialer, campaign)
    return isRead && dialer.promises.isKnown ? known : undefined
  }

  /** Slots came, and with them agents: nobody is called before it is known what rings for them already. */
  slotsCame(): void {
    for (const paced of this.#campaigns.values()) paced.strangers = null
  }

  get(campaignId: CampaignId): PacedCampaign | undefined {
    return this.#campaigns.get(campaignId)
  }

  /** A person answered. */
  answered(attempt: OpenAttempt, at: number): void {
    this.#observe(attempt.campaignId, { kind: 'answered', ageMs: Math.max(0, at - attempt.startedAt) })
  }

  /** The outcome is committed. */
  ended(attempt: OpenAttempt, ended: EndedAttempt): void {
    const paced = attempt.campaignId && this.#campaigns.get(attempt.campaignId)
    if (!paced) return
    for (const event of learntFromEnd(attempt, ended)) observe(paced.pacer.memory, event)
    if (!isAnswered(ended)) return
    paced.window.live += 1
    if (ended.outcome === 'abandoned') paced.window.abandoned += 1
  }

  agentChanged(before: AgentRow, after: AgentRow): void {
    if (this.#campaigns.size === 0) return
    for (const { campaignIds, event } of learntFromAgent(before, after)) for (const id of campaignIds) this.#observe(id as CampaignId, event)
  }

  /** Of the calls that the last tick decided, so many were written down. */
  placed(campaignId: CampaignId, count: number): void {
    const paced = this.#campaigns.get(campaignId)
    if (!paced?.decided) return
    const { decision, snapshot, limits } = paced.decided
    paced.decided = null
    placed(paced.pacer, decision, count, snapshot, limits)
  }

  /** The round of a second: windows are read, memories saved, campaigns that are no longer paced forgotten. */
  async round(dialer: Dialer): Promise<void> {
    const now = dialer.clock.monotonic()
    for (const [campaignId, paced] of this.#campaigns) {
      const campaign = dialer.campaigns.get(campaignId)
      if (now - paced.savedAt >= SAVE_MS || !campaign) await this.#save(dialer, campaignId, paced, now)
      if (paced.strangers && paced.strangers.length > 0) paced.strangers = await readStrangeCalls(dialer.db, campaignId, dialer.id, dialer.slots.list())
      if (!campaign) this.#campaigns.delete(campaignId)
      else if (now - paced.windowReadAt >= WINDOW_MS) {
        paced.windowReadAt = now
        paced.window = { ...(await windowOf(dialer, campaignId)) }
      }
    }
  }

  /** Keeps what was learnt, for whoever takes the campaigns up next. */
  async saveAll(dialer: Dialer): Promise<void> {
    for (const [campaignId, paced] of this.#campaigns) await this.#save(dialer, campaignId, paced, dialer.clock.monotonic())
  }

  /** One process saves, so that processes do not overwrite each other; what it has not seen the others have to learn again. */
  async #save(dialer: Dialer, campaignId: CampaignId, paced: PacedCampaign, now: number): Promise<void> {
    paced.savedAt = now
    if (dialer.campaigns.isMinder(campaignId)) await saveMemory(dialer.db, campaignId, paced.pacer.memory)
  }

  #observe(campaignId: CampaignId | null, event: PacingEvent): void {
    const paced = campaignId && this.#campaigns.get(campaignId)
    if (paced) observe(paced.pacer.memory, event)
  }

  async #load(dialer: Dialer, { id, row }: LiveCampaign): Promise<void> {
    this.#loading.add(id)
    try {
      const slots = dialer.slots.list()
      const [stored, window, strangers] = await Promise.all([readMemory(dialer.db, id), windowOf(dialer, id), readStrangeCalls(dialer.db, id, dialer.id, slots)])
      // Slots that came meanwhile were not asked for.
      if (slots.length !== dialer.slots.list().length) return
      const now = dialer.clock.monotonic()
      const known = this.#campaigns.get(id)
      if (known) {
        known.strangers = strangers
        return
      }
      this.#campaigns.set(id, {
        pacer: newPredictivePacer(memoryFrom(stored, row.settings.ringTimeMs + BEFORE_RINGING_MS), CONNECT_WINDOW_MS),
        window: { ...window }, windowReadAt: now, strangers, savedAt: now, reason: null, decided: null,
      })
    } catch (error) {
      dialer.log.warn({ err: error, campaignId: id }, 'what the pacing has learnt could not be read; trying again')
    } finally {
      this.#loading.delete(id)
    }
  }
}

function windowOf(dialer: Dialer, campaignId: CampaignId): ReturnType<typeof readWindow> {
  return readWindow(dialer.db, campaignId, dialer.clock.now() - abandonmentRule(dialer).windowMs)
}

/** A stored memory that this version can use, or a new one: then it begins anew, carefully. */
export function memoryFrom(stored: unknown, ringTimeoutMs: number): PacingMemory {
  const memory = readPacingMemory(stored)
  return memory !== null && isUsable(memory) ? memory : newPacingMemory({ ringTimeoutMs })
}

/** Half of a memory, or one with holes, must not stop a campaign. */
function isUsable(memory: PacingMemory): boolean {
  try {
    const { instantsMs, curves } = forecastFrom(memory, [{ state: 'talk', ageMs: 0 }], CONNECT_WINDOW_MS)
    const numbers = [...instantsMs, ...curves.answeredBy, memory.level.shift, memory.level.variance, memory.budget.spread, memory.budget.foreseen, memory.budget.lost, memory.failing, memory.came]
    return numbers.every(Number.isFinite)
  } catch {
    return false
  }
}

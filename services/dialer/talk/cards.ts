import type { Input } from '@loopline/agent-state/session'
import { newId } from '@loopline/clock/new-id'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import { changeAgent } from '../agent/change-agent.ts'
import { NOTHING_YET } from '../agent/agent-row.ts'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import { postponeCallback } from '../callback/callback.sql.ts'
import type { DueCallback } from '../callback/callback.sql.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { unanswered } from '../dialing/plan-attempt.ts'
import type { Person } from '../audience/person.sql.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'

/** What an agent looks at before he says whether it shall be called: an entry of a list, or a call that was promised. */
export type Card =
  | { kind: 'entry'; campaign: LiveCampaign; customerId: CustomerId }
  | { kind: 'callback'; callback: DueCallback }

/** A promise that was not kept at once is shown again. */
const CALLBACK_AGAIN_MS = 5 * 60_000
const CALLBACK_CARD_MS = 60_000
const CALLBACK_WRAP_UP_MS = 30_000

/** The cards shown on behalf of this process. The attempt id of a card becomes that of its call. */
export class Cards {
  readonly #cards = new Map<AttemptId, Card>()

  add(attemptId: AttemptId, card: Card): void {
    this.#cards.set(attemptId, card)
  }

  get(attemptId: AttemptId): Card | undefined {
    return this.#cards.get(attemptId)
  }

  take(attemptId: AttemptId): Card | undefined {
    const card = this.#cards.get(attemptId)
    this.#cards.delete(attemptId)
    return card
  }

  /** Cards whose entry was withdrawn: edited, paused, or no longer leased to us. */
  withdrawn(): AttemptId[] {
    return [...this.#cards].filter(([, card]) => card.kind === 'entry' && !card.campaign.pool.get(card.customerId)).map(([attemptId]) => attemptId)
  }

  /** Puts what is on a card back to where it came from. */
  giveBack(dialer: Dialer, attemptId: AttemptId): void {
    const card = this.take(attemptId)
    if (card) returnCard(dialer, card).catch((error: unknown) => dialer.log.warn({ err: error }, 'a card could not be given back; its lease runs out'))
  }
}

async function returnCard(dialer: Dialer, card: Card): Promise<void> {
  if (card.kind === 'callback') return postponeCallback(dialer.db, card.callback, new Date(dialer.clock.now() + CALLBACK_AGAIN_MS))
  const { pool, numbers } = card.campaign
  const entry = pool.takeShown(card.customerId)
  if (entry) numbers.move('leased', 'ready', await pool.giveBack([entry]))
}

/** Shows an entry to a free agent. Whatever keeps him from it puts the entry back. */
export function showCard(dialer: Dialer, agent: AgentRow, campaign: LiveCampaign, entry: PooledEntry): void {
  const { wrapUpMs, previewMs, name } = { ...campaign.row.settings, name: campaign.row.name }
  campaign.pool.show(entry)
  offer(dialer, agent, { kind: 'entry', campaign, customerId: entry.customerId }, entry.person, {
    campaignId: campaign.id, campaignName: name, mode: 'preview', wrapUpMs, wrapUpUnansweredMs: unanswered(wrapUpMs), callbackId: null,
  }, previewMs)
}

/** Shows a promised call to the agent who is to make it; `attemptId` becomes that of its call. */
export function showCallback(dialer: Dialer, agent: AgentRow, callback: DueCallback, person: Person, attemptId: AttemptId): void {
  offer(dialer, agent, { kind: 'callback', callback }, person, {
    campaignId: null, campaignName: null, mode: 'callback', wrapUpMs: CALLBACK_WRAP_UP_MS, wrapUpUnansweredMs: unanswered(CALLBACK_WRAP_UP_MS), callbackId: callback.id,
    callback: { why: callback.isMissedCall ? 'missed' : 'promised', at: callback.at.getTime(), instead: callback.agentId !== null && callback.agentId !== agent.agentId, timeZone: person.state.timeZone },
  }, CALLBACK_CARD_MS, attemptId)
}

type Occasion = Pick<Served, 'campaignId' | 'campaignName' | 'mode' | 'wrapUpMs' | 'wrapUpUnansweredMs' | 'callbackId' | 'callback'>

function offer(dialer: Dialer, agent: AgentRow, card: Card, { state }: Person, occasion: Occasion, forMs: number, attemptId = newId<AttemptId>(dialer.clock)): void {
  const now = dialer.clock.now()
  const served: Served = {
    attemptId, customerId: state.customerId, customerName: state.name, ...occasion,
    startedAt: now, ...NOTHING_YET, heldBy: dialer.id,
  }
  dialer.cards.add(attemptId, card)
  void show(dialer, agent, { kind: 'offer', attemptId, until: now + forMs }, served)
}

async function show(dialer: Dialer, { agentId }: AgentRow, offered: Extract<Input, { kind: 'offer' }>, served: Served): Promise<void> {
  try {
    const changed = await changeAgent(dialer, agentId, offered, { served })
    if (!changed.ok) dialer.cards.giveBack(dialer, served.attemptId)
  } catch (error) {
    dialer.log.warn({ err: error }, 'a card could not be shown')
    dialer.cards.giveBack(dialer, served.attemptId)
  } finally {
    dialer.agents.release(agentId)
  }
}

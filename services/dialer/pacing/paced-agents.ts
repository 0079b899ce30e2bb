import type { BusyAgent } from '@loopline/pacing/release-estimate'
import { BUCKETS, bucketOf } from '@loopline/vocabulary/bucket'
import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { AgentRow } from '../agent/agent-row.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'

/** The agents whom one campaign's pacing in this process counts as its own. Ages in ms. */
export interface OwnAgents {
  idle: number
  busy: BusyAgent[]
  /** Those of them who are at work: a promised call may take one of these. */
  atWork: AgentRow[]
}

/** Who waits longer than this is counted by another process and another campaign: the one that counted him may have nobody to call. */
const TURN_MS = 60_000
/** Between two turns nobody counts him: clocks of two machines differ. */
const BETWEEN_MS = 1_000
/** Spreads the turns of one agent over the slots; odd, so that all are reached. */
const STRIDE = 23

/**
 * Every agent is counted by one process, for one campaign (docs/adr/0013): by the slot that his last call falls into, and so by the process
 * that owns it. The choice holds from the beginning of a call to the end of the idle time after it; made once a tick, when first asked for.
 */
export class PacedAgents {
  readonly #dialer: Dialer
  #byCampaign: Map<CampaignId, OwnAgents> | null = null

  constructor(dialer: Dialer) {
    this.#dialer = dialer
  }

  of(campaignId: CampaignId): OwnAgents {
    this.#byCampaign ??= ownAgents(this.#dialer)
    return this.#byCampaign.get(campaignId) ?? NOBODY
  }
}

const NOBODY: OwnAgents = { idle: 0, busy: [], atWork: [] }

function ownAgents(dialer: Dialer): Map<CampaignId, OwnAgents> {
  const byCampaign = new Map<CampaignId, OwnAgents>()
  const now = dialer.clock.now()
  const paced = dialer.campaigns.all().filter(isPaced).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const row of dialer.agents.all()) {
    if (row.session.state === 'offline') continue
    if (!isCountedHere(dialer, row)) continue
    const campaign = campaignFor(row, paced, bucketNow(row, now) ?? 0)
    if (!campaign) continue
    let own = byCampaign.get(campaign.id)
    if (!own) byCampaign.set(campaign.id, (own = { idle: 0, busy: [], atWork: [] }))
    const work = workOf(row, now, dialer.agents.isTaken(row.agentId))
    if (work === 'idle') own.idle += 1
    else own.busy.push(work)
    if (work === 'idle' || work.state !== 'paused') own.atWork.push(row)
  }
  return byCampaign
}

/** Whether this process counts the agent. Whoever answered one of its calls is given one of these first: another process counts on the others. */
export function isCountedHere({ slots, clock }: Pick<Dialer, 'slots' | 'clock'>, row: AgentRow): boolean {
  if (slots.share() === 1) return true
  const bucket = bucketNow(row, clock.now())
  return bucket !== null && slots.owns(bucket)
}

/** The bucket that says who counts him, or null between two turns. */
export function bucketNow({ agentId, lastCall, session }: Pick<AgentRow, 'agentId' | 'lastCall' | 'session'>, now: number): number | null {
  const first = bucketOf((lastCall ?? agentId) as string as CustomerId)
  const waitedMs = session.state === 'ready' ? Math.max(0, now - session.since) : 0
  const turn = Math.floor(waitedMs / TURN_MS)
  if (turn > 0 && waitedMs % TURN_MS < BETWEEN_MS) return null
  return (first + turn * STRIDE) % BUCKETS
}

/** Campaigns whose calls are given to whoever is free at the answer. */
export function isPaced({ row }: LiveCampaign): boolean {
  return row.state === 'running' && (row.settings.mode === 'ratio' || row.settings.mode === 'predictive')
}

/** Who waits for a campaign that has nobody to call, or no line, waits for nothing. */
const CANNOT_DIAL: ReadonlySet<LiveCampaign['holdReason']> = new Set<LiveCampaign['holdReason']>(['none-due', 'outside-hours', 'line-down', 'loading', 'recorder-down'])

function campaignFor({ campaignIds }: AgentRow, paced: readonly LiveCampaign[], bucket: number): LiveCampaign | undefined {
  const his = paced.filter(({ id }) => campaignIds.includes(id))
  const able = his.filter(({ holdReason }) => !CANNOT_DIAL.has(holdReason))
  const choice = able.length > 0 ? able : his
  return choice[bucket % choice.length]
}

/** What keeps him, or `idle`. Whoever is on his way to a talk is taken for one who has just begun it. */
export function workOf({ session }: Pick<AgentRow, 'session'>, now: number, isTaken: boolean): 'idle' | BusyAgent {
  const { state, since, leg, call } = session
  const ageMs = Math.max(0, now - since)
  if (state === 'ready' && isTaken) return { state: 'talk', ageMs: 0 }
  if (state === 'ready') return leg === 'up' ? 'idle' : { state: 'paused', ageMs }
  if (state === 'paused' || state === 'offline') return { state: 'paused', ageMs }
  if (state === 'wrap-up') return { state: 'wrap', ageMs }
  return { state: 'talk', ageMs: Math.max(0, now - (call?.connectedAt ?? now)) }
}

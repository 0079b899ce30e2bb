import { isConnectionLost } from '@loopline/postgres/errors'
import { FreeAgents } from '../agent/agents.ts'
import { keptForPromises } from '../callback/promises-ahead.ts'
import type { LiveCampaign } from '../campaign/live-campaign.ts'
import type { HoldReason } from '../campaign/live-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { callsToPlace } from '@loopline/pacing/calls-to-place'
import { BATCH } from '../pool/ready-pool.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'
import { PacedAgents, isPaced } from '../pacing/paced-agents.ts'
import { paceCampaign } from '../pacing/pace-campaign.ts'
import { holdEntries } from '../pool/claim.sql.ts'
import type { HeldEntry } from '../pool/claim.sql.ts'
import { serveAnswered } from '../talk/answered-alone.ts'
import { mustRecord } from '../talk/talk-plan.ts'
import { showCard } from '../talk/cards.ts'
import { decideCall } from './decide.ts'
import type { PlannedAttempt } from './planned-attempt.ts'
import { LinesNow } from './lines-now.ts'
import { numberOpener } from './number-opener.ts'
import { placeCalls } from './place-calls.ts'
import { planFor } from './plan-attempt.ts'

/** The pool holds what is dialled in this time, at least one batch. */
const POOL_AHEAD_MS = 600
/** A campaign in which a whole batch was out of hours rests this long: its list is not turned over entry by entry. */
const REST_MS = 5_000

/**
 * One tick of all campaigns: how many, who, whether and how, then one write-ahead for all of them together. Refilling
 * pools happens beside it.
 */
export async function tick(dialer: Dialer): Promise<void> {
  dialer.inbound.round(dialer) // somebody who calls comes before somebody whom we would call
  const planned: PlannedAttempt[] = []
  const persons = new Set<string>()
  const lines = new LinesNow(dialer)
  const agents = new FreeAgents(dialer.agents)
  serveAnswered(dialer, agents)
  agents.keep((free) => keptForPromises(dialer, free))
  const paced = new PacedAgents(dialer)
  for (const campaign of dialer.campaigns.all()) {
    const held: HeldEntry[] = []
    for (const attempt of decideTick(dialer, campaign, { lines, agents, paced, held })) {
      // One person once a batch, however many campaigns want them; the other campaign decides anew with the next tick.
      if (persons.has(attempt.plan.customerId)) {
        campaign.pool.putBack(attempt.entry)
        if (attempt.plan.agent) dialer.agents.release(attempt.plan.agent.agentId)
      } else {
        persons.add(attempt.plan.customerId)
        planned.push(attempt.plan)
        lines.take(attempt.plan)
        campaign.inFlight += 1
      }
      if (planned.length >= BATCH) break
    }
    if (held.length > 0) void putAside(dialer, campaign, held)
    void refill(dialer, campaign)
  }
  const written = planned.length > 0 ? (await placeCalls(dialer, planned)).written : []
  for (const { id } of dialer.campaigns.all().filter(isPaced)) dialer.pacing.placed(id, written.filter(({ campaignId }) => campaignId === id).length)
}

/** Reasons that `whyNot` looks at in each tick; the others stand until a tick that may place a call has found them gone. */
const OVER_WITH_ITS_CAUSE: ReadonlySet<HoldReason> = new Set<HoldReason>(['voice-away', 'loading', 'outside-hours', 'own-rate', 'own-concurrency', 'recorder-down'])

/** What the campaigns of one tick share. */
interface Turn {
  lines: LinesNow
  agents: FreeAgents
  paced: PacedAgents
  held: HeldEntry[]
}

/** The calls of one campaign in this tick, decided one at a time as they are asked for. */
function* decideTick(dialer: Dialer, campaign: LiveCampaign, turn: Turn): Generator<{ plan: PlannedAttempt; entry: PooledEntry }, void, void> {
  const now = dialer.clock.monotonic()
  const blocked = whyNot(dialer, campaign, now)
  const { settings } = campaign.row
  const share = dialer.slots.share()
  const { place: startsMax, carry, boundBy } = callsToPlace({
    running: blocked === null && campaign.row.state === 'running', ratePerSecond: settings.ratePerSecond * share, maxConcurrent: Math.ceil(settings.maxConcurrent * share),
    inFlight: campaign.inFlight, elapsedMs: now - campaign.tickedAt, carry: campaign.carry,
  })
  campaign.tickedAt = now
  campaign.carry = carry
  const standing = startsMax > 0 || campaign.row.state !== 'running' || OVER_WITH_ITS_CAUSE.has(campaign.holdReason) ? null : campaign.holdReason
  campaign.holdReason = blocked ?? standing ?? (boundBy === null ? null : `own-${boundBy}`)
  const { lines, agents, held } = turn
  const givesAtAnswer = isPaced(campaign)
  const needsAgent = settings.mode !== 'agentless' && !givesAtAnswer
  const place = givesAtAnswer && blocked === null ? paceCampaign(dialer, campaign, { startsMax, lines: lines.for(settings.lineIds), agents: turn.paced }) : startsMax
  let placed = 0
  try {
    while (placed < place && campaign.restUntil <= now) {
      const agent = needsAgent ? agents.next(campaign.id) : null
      if (agent === undefined) {
        campaign.holdReason = 'no-agent'
        return
      }
      const entry = campaign.pool.pop()
      if (!entry) {
        if (campaign.numbers.share.entries.ready === 0) campaign.holdReason = campaign.row.loading ? 'loading' : 'none-due'
        return
      }
      const verdict = decideEntry(dialer, campaign, entry, lines)
      if (verdict.kind === 'dial') {
        placed += 1
        campaign.outOfHours = 0
        if (agent) agents.take(agent)
        if (agent && settings.mode === 'preview') showCard(dialer, agent, campaign, entry)
        else yield { plan: { ...planFor(dialer, campaign, entry, verdict, agent), decideAgain: again(dialer, campaign, entry) }, entry }
      } else if (verdict.kind === 'no-line') {
        campaign.pool.putBack(entry)
        campaign.holdReason = holdOf(verdict.reason)
        return
      } else if (verdict.reason === 'campaign-not-running') {
        // Paused this very moment: nothing is wrong with the entry, and the pool is given back as a whole.
        campaign.pool.putBack(entry)
        return
      } else {
        dialer.stats.count('refused')
        held.push({ ...entry, reason: verdict.reason, until: verdict.until === null ? null : verdict.until - dialer.knowledge.calleeOffsetMs })
        if (verdict.reason === 'outside-hours') restWhenAllAreOut(campaign, now)
      }
    }
  } finally {
    // What was earned and not placed is kept, within what callsToPlace lets a late loop make good.
    campaign.carry += startsMax - placed
  }
}

/** In a campaign where a whole batch in a row is out of hours, entries are asked a batch at a time, not all in one go. */
function restWhenAllAreOut(campaign: LiveCampaign, now: number): void {
  campaign.holdReason = 'outside-hours'
  campaign.outOfHours += 1
  if (campaign.outOfHours < BATCH) return
  campaign.outOfHours = 0
  campaign.restUntil = now + REST_MS
}

export function decideEntry(dialer: Dialer, campaign: LiveCampaign, entry: PooledEntry, lines: LinesNow): ReturnType<typeof decideCall> {
  const startedAt = performance.now()
  const { knowledge, clock } = dialer
  const { settings, state } = campaign.row
  const gate = knowledge.gateFor(entry.person)
  const rules = knowledge.rules
  if (!rules) return { kind: 'no-line', reason: 'rules-missing' }
  const verdict = decideCall(
    {
      person: entry.person, priority: entry.priority, tries: entry.tries, attemptsMax: settings.retry.maxAttempts, ringTimeMs: settings.ringTimeMs, phoneId: null,
      mustRecord: settings.mode !== 'agentless' && mustRecord(dialer, settings),
      origin: { kind: 'campaign', running: state === 'running', hours: [{ fromMinute: settings.hours.from, toMinute: settings.hours.to }] },
      campaignId: campaign.id, cap: Math.min(settings.attemptsPerPersonPerDay, gate.pack?.attemptsPerDayMax ?? 0),
    },
    { gate, rules, calleeNow: knowledge.calleeNow(), now: clock.now(), monotonic: clock.monotonic(), lines: lines.for(settings.lineIds), numberOf: numberOpener(dialer), ...dialer.quality.routing(settings.routing) },
  )
  dialer.stats.decision(performance.now() - startedAt)
  return verdict
}

/** How the same entry is decided about when its line has failed. */
export const again = (dialer: Dialer, campaign: LiveCampaign, entry: PooledEntry): NonNullable<PlannedAttempt['decideAgain']> =>
  (tried) => decideEntry(dialer, campaign, entry, new LinesNow(dialer, tried))

/** Why this campaign, which should, places nothing at all now. */
function whyNot(dialer: Dialer, campaign: LiveCampaign, now: number): HoldReason {
  if (campaign.row.state !== 'running') return null
  if (dialer.voice.epoch === null) return 'voice-away'
  if (dialer.knowledge.rules === null) return 'loading'
  if (campaign.restUntil > now) return 'outside-hours'
  const { settings } = campaign.row
  if (dialer.recorder.fault !== null && settings.mode !== 'agentless' && mustRecord(dialer, settings)) return 'recorder-down'
  return null
}

function holdOf(noLine: string): HoldReason {
  if (noLine === 'no-caller-id') return noLine
  return noLine === 'caller-ids-busy' || noLine === 'line-full' || noLine === 'line-rate' ? 'line-full' : 'line-down'
}

/** Keeps the pool filled while the campaign runs; an overtaking entry is fetched even when it is full. */
async function refill(dialer: Dialer, campaign: LiveCampaign): Promise<void> {
  const { pool, row } = campaign
  if (row.state === 'paused' && pool.size > 0 && !campaign.refilling) return emptyPool(dialer, campaign)
  if (campaign.refilling || row.state !== 'running' || dialer.voice.epoch === null || campaign.restUntil > dialer.clock.monotonic()) return
  const target = Math.max(BATCH, (row.settings.ratePerSecond * dialer.slots.share() * POOL_AHEAD_MS) / 1_000)
  if (!pool.wants(target)) return
  campaign.refilling = true
  const startedAt = dialer.clock.monotonic()
  try {
    const claimed = await pool.refill(target)
    campaign.numbers.move('ready', 'leased', claimed)
    dialer.stats.count('claims')
    dialer.stats.count('claimed', claimed)
    dialer.stats.took('claim', dialer.clock.monotonic() - startedAt)
    if (claimed > 0) dialer.crashPoint('after-claim')
  } catch (error) {
    if (!isConnectionLost(error)) dialer.log.warn({ err: error, campaignId: campaign.id }, 'entries could not be claimed')
  } finally {
    campaign.refilling = false
  }
}

/** A claim that was under way when the campaign was paused comes in after the pool was given back. */
async function emptyPool(dialer: Dialer, campaign: LiveCampaign): Promise<void> {
  campaign.refilling = true
  try {
    campaign.numbers.move('leased', 'ready', await campaign.pool.release())
  } catch (error) {
    dialer.log.warn({ err: error, campaignId: campaign.id }, 'entries could not be given back; their leases run out')
  } finally {
    campaign.refilling = false
  }
}

/** Stores why these were not dialled. */
async function putAside(dialer: Dialer, campaign: LiveCampaign, held: readonly HeldEntry[]): Promise<void> {
  try {
    const moved = await holdEntries(dialer.db, held)
    campaign.numbers.move('leased', 'waiting', moved.length)
  } catch (error) {
    dialer.log.warn({ err: error, campaignId: campaign.id }, 'refused entries could not be put aside; their leases run out')
  }
}

import { bucketOf } from '@loopline/vocabulary/bucket'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { apply, endTalk } from '../talk/on-talk.ts'
import { endedAttempts, readAgents } from './agent.sql.ts'
import type { AgentRow } from './agent-row.ts'
import { changeAgent } from './change-agent.ts'
import { idleReason } from './idle-reason.ts'
import type { LegName } from './legs.ts'
import { giveUpTests } from './self-test.ts'

/** The clocks of two machines differ, and a transaction may commit later than it began. */
const OVERLAP_MS = 2_000
/** A session whose call ended without its hearing of it is freed after this. */
const FORGOTTEN_MS = 3_000

/** What time, a lost leg and a withdrawn card do to sessions. Five times a second; with nobody signed on it costs nothing. */
export async function agentRound(dialer: Dialer): Promise<void> {
  const now = dialer.clock.now()
  for (const { agentId, phone } of dialer.legs.gone(believedUp(dialer))) await changeAgent(dialer, agentId, (row) => (row.phone === phone ? { kind: 'leg', leg: 'down' } : null))
  for (const { agentId } of dialer.agents.due(now)) await changeAgent(dialer, agentId, { kind: 'time' })
  await giveUpTests(dialer)
  for (const attemptId of dialer.cards.withdrawn()) {
    dialer.cards.take(attemptId)
    for (const { agentId } of dialer.agents.serving(attemptId)) await changeAgent(dialer, agentId, { kind: 'card-gone', attemptId })
  }
}

export function believedUp(dialer: Dialer): LegName[] {
  return dialer.agents.all().filter(({ session }) => session.leg !== 'down').map(({ agentId, phone }) => ({ agentId, phone }))
}

/** The round of half a second: what other processes changed, why the ready are idle, whose call is over without his knowing. */
export async function lookAtAgents(dialer: Dialer, seen: { at: Date | null }): Promise<void> {
  const since = seen.at && new Date(seen.at.getTime() - OVERLAP_MS)
  const { rows, at } = await readAgents(dialer.db, since)
  for (const row of rows) dialer.agents.learn(row)
  seen.at = at
  await sayWhyIdle(dialer)
  await freeForgotten(dialer)
}

/** One process says it of each agent: what the campaigns wait for may differ between them. */
async function sayWhyIdle(dialer: Dialer): Promise<void> {
  for (const { agentId, idle, session } of dialer.agents.all()) {
    if (session.state !== 'ready' || !dialer.slots.owns(bucketOf(agentId as string as CustomerId))) continue
    const fields = (row: AgentRow): string | null => idleReason(dialer, row)
    const why = fields(dialer.agents.get(agentId) as AgentRow)
    if (why !== idle) await changeAgent(dialer, agentId, (row) => (row.session.state === 'ready' ? 'note' : null), { fields: { idle: why } })
  }
}

/** Calls that ended in another process, or before a crash; cards of a process that is gone. */
async function freeForgotten(dialer: Dialer): Promise<void> {
  const old = dialer.agents.all().filter((row) => row.served !== null && isForgotten(dialer, row))
  if (old.length === 0) return
  const calls = old.filter(({ session }) => session.call?.phase !== 'preview').flatMap(({ served }) => served ?? [])
  for (const { attemptId, outcome } of await endedAttempts(dialer.db, calls)) endTalk(dialer, attemptId, { outcome, endedAt: dialer.clock.now() })
  for (const { agentId, session, served } of old) {
    if (session.call?.phase !== 'preview' || served?.heldBy !== dialer.id || dialer.cards.get(served.attemptId)) continue
    apply(dialer, agentId, { kind: 'card-gone', attemptId: served.attemptId })
  }
}

function isForgotten(dialer: Dialer, { session, served }: AgentRow): boolean {
  if (session.call?.phase === 'ended' || dialer.clock.now() - session.since < FORGOTTEN_MS) return false
  return session.call?.phase === 'preview' || !dialer.inFlight.get(served?.attemptId as AttemptId)
}

/** Cards of dead processes: nobody holds their entries any more. */
export function withdrawCardsOf(dialer: Dialer, dead: readonly string[]): void {
  for (const { agentId, served, session } of dialer.agents.all()) {
    if (served && session.call?.phase === 'preview' && served.heldBy !== null && dead.includes(served.heldBy)) apply(dialer, agentId, { kind: 'card-gone', attemptId: served.attemptId })
  }
}

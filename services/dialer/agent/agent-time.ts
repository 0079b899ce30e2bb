import type { AgentDay, AgentTimeReport, AgentState, AskAgentTime } from '@loopline/contracts/agent'
import type { UserId } from '@loopline/vocabulary/ids'
import type { z } from 'zod'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { soundsOf, timesOf } from './agent-time.sql.ts'
import type { SoundOfDay, TimeSpent } from './agent-time.sql.ts'
import { maySeeAgent } from './list-agents.ts'

type Asked = z.infer<typeof AskAgentTime>

/** How long each agent of this person's scope was in which state, by day; by name, then by day. */
export async function agentTime(dialer: Dialer, actor: Actor, { from, to, timeZone }: Asked): Promise<z.infer<typeof AgentTimeReport>> {
  const seen = dialer.agents.all().filter((row) => maySeeAgent(actor, row))
  const names = new Map(seen.map(({ agentId, name }) => [agentId, name]))
  const agentIds = actor.scope === 'all' ? null : [...names.keys()]
  const wanted = { from, to, timeZone, agentIds, now: new Date(dialer.clock.now()) }
  const [spent, sounds] = await Promise.all([timesOf(dialer.db, wanted), soundsOf(dialer.db, wanted)])
  const items = daysOf(spent, sounds, names).toSorted((a, b) => a.name.localeCompare(b.name) || a.agentId.localeCompare(b.agentId) || a.day.localeCompare(b.day))
  return { from, to, timeZone, items }
}

type Column = 'readyMs' | 'dialingMs' | 'talkingMs' | 'holdMs' | 'wrapUpMs'
const COLUMN_OF: Partial<Record<AgentState, Column>> = { ready: 'readyMs', reserved: 'dialingMs', ringing: 'dialingMs', talking: 'talkingMs', 'on-hold': 'holdMs', 'wrap-up': 'wrapUpMs' }

function daysOf(spent: readonly TimeSpent[], sounds: readonly SoundOfDay[], names: ReadonlyMap<UserId, string>): AgentDay[] {
  const days = new Map<string, AgentDay>()
  for (const { agentId, day, state, reason, ms, calls } of spent) {
    const key = `${agentId} ${day}`
    const row = days.get(key) ?? { agentId, name: names.get(agentId) ?? agentId, day, calls: 0, readyMs: 0, dialingMs: 0, talkingMs: 0, holdMs: 0, wrapUpMs: 0, pausedMs: {}, mos: null, loss: null }
    days.set(key, row)
    const column = COLUMN_OF[state]
    if (column) row[column] += Math.round(ms)
    else row.pausedMs[reason ?? 'other'] = (row.pausedMs[reason ?? 'other'] ?? 0) + Math.round(ms)
    if (state === 'talking') row.calls = calls
  }
  for (const { agentId, day, mos, loss } of sounds) {
    const row = days.get(`${agentId} ${day}`)
    if (row) Object.assign(row, { mos, loss })
  }
  return [...days.values()]
}

import { expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { AttemptId, CampaignId, UserId } from '@loopline/vocabulary/ids'
import type { AgentSession } from '@loopline/agent-state/session'
import { newAgent } from './agent-row.ts'
import type { AgentRow } from './agent-row.ts'
import { Agents, FreeAgents } from './agents.ts'

const campaign = newId<CampaignId>()
function agent(session: Partial<AgentSession>, fields: Partial<AgentRow> = {}): AgentRow {
  const row = newAgent(newId<UserId>(), 'x', null, 0)
  return { ...row, version: 1, campaignIds: [campaign], ...fields, session: { ...row.session, state: 'ready', leg: 'up', ...session } }
}
function known(...rows: AgentRow[]): Agents {
  const agents = new Agents()
  for (const row of rows) agents.learn(row)
  return agents
}

test('the longest idle of the campaign comes first, each once a tick, and not again until it is settled', () => {
  const [late, early] = [agent({ since: 20 }), agent({ since: 10 })]
  const agents = known(late, early, agent({ leg: 'down' }), agent({ state: 'paused' }), agent({ since: 1 }, { campaignIds: [] }))
  const free = new FreeAgents(agents)
  for (const want of [early, late]) {
    const next = free.next(campaign)
    expect(next).toBe(want)
    if (next) free.take(next)
  }
  expect(free.next(campaign)).toBeUndefined()
  expect(new FreeAgents(agents).next(campaign)).toBeUndefined()
  agents.release(early.agentId)
  expect(new FreeAgents(agents).next(campaign)).toBe(early)
})

test('an older version is not learnt, and who serves a call is found by it', () => {
  const attemptId = newId<AttemptId>()
  const before = agent({})
  const serving = { ...before, version: 3, session: { ...before.session, state: 'talking' as const, call: { attemptId, phase: 'talking' as const, connectedAt: 1 } } }
  const agents = known(before, serving, { ...before, version: 2 })
  expect(agents.serving(attemptId)).toEqual([serving])
  agents.learn({ ...before, version: 4 })
  expect(agents.serving(attemptId)).toEqual([])
})

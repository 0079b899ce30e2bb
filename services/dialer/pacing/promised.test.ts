import { expect, test } from 'vitest'
import type { CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import { newAgent } from '../agent/agent-row.ts'
import { PromisesAhead } from '../callback/promises-ahead.ts'
import type { PromiseAhead } from '../callback/promises-ahead.ts'
import { promisedInMs } from './promised.ts'

const NOW = 1_000_000_000
const [ours, others] = ['ours', 'others'] as CustomerId[] as [CustomerId, CustomerId]
const [wang, li] = ['wang', 'li'] as UserId[] as [UserId, UserId]
const [north, south] = ['north', 'south'] as TeamId[] as [TeamId, TeamId]
const base: PromiseAhead = { customerId: ours, agentId: null, teamId: north, campaignId: null, at: NOW + 30_000 }

test.each([
  { name: 'his own, whichever campaign it is of', promise: { agentId: wang, customerId: others }, want: [30_000] },
  { name: 'one for anybody of the team', promise: {}, want: [30_000] },
  { name: 'one for anybody at all', promise: { teamId: null }, want: [30_000] },
  { name: 'one for another team', promise: { teamId: south }, want: [] },
  { name: 'one for anybody whose card another process shows', promise: { customerId: others }, want: [] },
  { name: 'one of a seller who is away', promise: { agentId: li }, want: [] },
  { name: 'the same, so late that it is the team’s', promise: { agentId: li, at: NOW - 300_000 }, want: [-300_000] },
  { name: 'one that is far', promise: { agentId: wang, at: NOW + 61_000 }, want: [] },
])('keeps an agent or not: $name', ({ promise, want }) => {
  const promises = new PromisesAhead()
  promises.learn([{ ...base, ...promise }])
  const slots = { ownsCustomer: (customerId: CustomerId) => customerId === ours } as Parameters<typeof promisedInMs>[0]['slots']
  expect(promisedInMs({ promises, slots, clock: { now: () => NOW, monotonic: () => NOW }, callbackFallbackMs: 300_000 }, [newAgent(wang, '王', north, 0)])).toEqual(want)
})

import { expect, test } from 'vitest'
import type { CustomerId, TeamId, UserId } from '@loopline/vocabulary/ids'
import { newAgent } from '../agent/agent-row.ts'
import type { Dialer } from '../dialer.ts'
import { PromisesAhead, keptForPromises } from './promises-ahead.ts'

const NOW = 1_000_000_000
const MINUTE = 60_000
const [wang, li, zhao] = ['wang', 'li', 'zhao'] as UserId[] as [UserId, UserId, UserId]
const north = 'north' as TeamId
const customerId = 'customer' as CustomerId
const free = [newAgent(wang, '王', north, 0), newAgent(li, '李', north, 0), newAgent(zhao, '赵', null, 0)]

function ahead(...promises: Parameters<PromisesAhead['learn']>[0]): Pick<Dialer, 'promises' | 'clock'> {
  const known = new PromisesAhead()
  known.learn(promises)
  return { promises: known, clock: { now: () => NOW, monotonic: () => NOW } }
}

test('one agent is kept a promise: the seller, or the first of the team, from two minutes before', () => {
  expect(keptForPromises(ahead({ customerId, agentId: li, teamId: north, campaignId: null, at: NOW + MINUTE }), free)).toEqual(new Set([li]))
  expect(keptForPromises(ahead({ customerId, agentId: null, teamId: north, campaignId: null, at: NOW }, { customerId, agentId: null, teamId: north, campaignId: null, at: NOW }), free)).toEqual(new Set([wang, li]))
  expect(keptForPromises(ahead({ customerId, agentId: li, teamId: north, campaignId: null, at: NOW + 3 * MINUTE }), free)).toEqual(new Set())
  expect(keptForPromises(ahead({ customerId, agentId: 'gone' as UserId, teamId: north, campaignId: null, at: NOW }), free)).toEqual(new Set())
})

test('what is near is told once it was read, overdue ones too', () => {
  const known = new PromisesAhead()
  expect(known.isKnown).toBe(false)
  const [overdue, near, far] = [NOW - MINUTE, NOW + MINUTE, NOW + 4 * MINUTE].map((at) => ({ customerId, agentId: wang, teamId: north, campaignId: null, at }))
  known.learn([overdue, near, far] as Parameters<PromisesAhead['learn']>[0])
  expect([known.isKnown, known.within(2 * MINUTE, NOW)]).toEqual([true, [overdue, near]])
})

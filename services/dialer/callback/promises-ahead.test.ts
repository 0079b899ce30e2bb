import { expect, test } from 'vitest'
import type { CampaignId, TeamId, UserId } from '@loopline/vocabulary/ids'
import { newAgent } from '../agent/agent-row.ts'
import type { Dialer } from '../dialer.ts'
import { PromisesAhead, callbacksDueSoon, keptForPromises } from './promises-ahead.ts'

const NOW = 1_000_000_000
const MINUTE = 60_000
const [wang, li, zhao] = ['wang', 'li', 'zhao'] as UserId[] as [UserId, UserId, UserId]
const north = 'north' as TeamId
const campaign = 'campaign' as CampaignId
const free = [newAgent(wang, '王', north, 0), newAgent(li, '李', north, 0), newAgent(zhao, '赵', null, 0)]

function ahead(...promises: Parameters<PromisesAhead['learn']>[0]): Pick<Dialer, 'promises' | 'clock'> {
  const known = new PromisesAhead()
  known.learn(promises)
  return { promises: known, clock: { now: () => NOW, monotonic: () => NOW } }
}

test('promises are counted by seller, and for anyone; overdue ones too, those of other campaigns not', () => {
  const dialer = ahead(
    { agentId: wang, teamId: north, campaignId: campaign, at: NOW - MINUTE }, { agentId: wang, teamId: north, campaignId: null, at: NOW + MINUTE },
    { agentId: null, teamId: north, campaignId: campaign, at: NOW + MINUTE }, { agentId: li, teamId: north, campaignId: campaign, at: NOW + 4 * MINUTE })
  expect(callbacksDueSoon(dialer, null, 2 * MINUTE)).toEqual({ byAgent: new Map([[wang, 2]]), anyone: 1 })
  expect(callbacksDueSoon(dialer, campaign, 5 * MINUTE)).toEqual({ byAgent: new Map([[wang, 1], [li, 1]]), anyone: 1 })
})

test('one agent is kept a promise: the seller, or the first of the team, from two minutes before', () => {
  expect(keptForPromises(ahead({ agentId: li, teamId: north, campaignId: null, at: NOW + MINUTE }), free)).toEqual(new Set([li]))
  expect(keptForPromises(ahead({ agentId: null, teamId: north, campaignId: null, at: NOW }, { agentId: null, teamId: north, campaignId: null, at: NOW }), free)).toEqual(new Set([wang, li]))
  expect(keptForPromises(ahead({ agentId: li, teamId: north, campaignId: null, at: NOW + 3 * MINUTE }), free)).toEqual(new Set())
  expect(keptForPromises(ahead({ agentId: 'gone' as UserId, teamId: north, campaignId: null, at: NOW }), free)).toEqual(new Set())
})

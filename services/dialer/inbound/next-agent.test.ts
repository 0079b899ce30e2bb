import { describe, expect, test } from 'vitest'
import type { AgentSession } from '@loopline/agent-state/session'
import type { CampaignId, TeamId, UserId } from '@loopline/vocabulary/ids'
import { newAgent } from '../agent/agent-row.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import { mayComeFree, nextAgent } from './next-agent.ts'
import type { Wanted } from './next-agent.ts'

const [ours, others] = ['campaign-1', 'campaign-2'] as CampaignId[]
const [north, south] = ['north', 'south'] as TeamId[]

function agent(agentId: string, { campaignIds = [ours as CampaignId], teamId = south as TeamId, ...session }: Partial<Pick<AgentRow, 'campaignIds' | 'teamId'>> & Partial<AgentSession> = {}): AgentRow {
  const row = newAgent(agentId as UserId, agentId, teamId, 0)
  return { ...row, campaignIds, session: { ...row.session, state: 'ready', leg: 'up', ...session } }
}
const wanted = (fields: Partial<Wanted> = {}): Wanted => ({ lastSellerId: null, ownerId: null, campaignIds: new Set([ours as CampaignId]), teamIds: new Set(), tried: new Set(), ...fields })
const of = (agentId: string): UserId => agentId as UserId

describe('whom it rings next', () => {
  const free = [agent('idle longest'), agent('owner', { campaignIds: [] }), agent('seller', { campaignIds: [] }), agent('idle short')]
  const cases: { name: string; given: Partial<Wanted>; want: [string, string] | null }[] = [
    { name: 'who spoke with him last, whatever he is signed on for', given: { lastSellerId: of('seller'), ownerId: of('owner') }, want: ['seller', 'last-seller'] },
    { name: 'then whose customer he is', given: { lastSellerId: of('seller'), ownerId: of('owner'), tried: new Set([of('seller')]) }, want: ['owner', 'owner'] },
    { name: 'a last seller who is not free is not waited for', given: { lastSellerId: of('on a call') }, want: ['idle longest', 'team'] },
    { name: 'then the longest idle of the campaign', given: {}, want: ['idle longest', 'team'] },
    { name: 'each once', given: { tried: new Set([of('idle longest')]) }, want: ['idle short', 'team'] },
    { name: "of the customer's team also who is signed on for another campaign", given: { campaignIds: new Set([others as CampaignId]), teamIds: new Set([south as TeamId]) }, want: ['idle longest', 'team'] },
    { name: 'nobody of another campaign and team', given: { campaignIds: new Set([others as CampaignId]), teamIds: new Set([north as TeamId]) }, want: null },
    { name: 'anybody where neither campaign nor team is known', given: { campaignIds: new Set() }, want: ['idle longest', 'team'] },
  ]
  test.each(cases)('$name', ({ given, want }) => {
    const next = nextAgent(free, wanted(given))
    expect(next && [next.agent.agentId, next.because]).toEqual(want)
  })
})

describe('whether waiting may help', () => {
  const cases: { name: string; all: AgentRow[]; given?: Partial<Wanted>; want: boolean }[] = [
    { name: 'somebody of the campaign talks', all: [agent('a', { state: 'talking' })], want: true },
    { name: 'the page of a ready one is reloaded', all: [agent('a', { leg: 'down' })], want: true },
    { name: 'somebody writes notes', all: [agent('a', { state: 'wrap-up' })], want: true },
    { name: 'all have a break', all: [agent('a', { state: 'paused' }), agent('b', { state: 'offline' })], want: false },
    { name: 'all were rung', all: [agent('a')], given: { tried: new Set([of('a')]) }, want: false },
    { name: 'those who work are not of the team', all: [agent('a', { campaignIds: [others as CampaignId] })], want: false },
    { name: 'the last seller talks, of another campaign', all: [agent('a', { campaignIds: [], state: 'talking' })], given: { lastSellerId: of('a') }, want: true },
  ]
  test.each(cases)('$name', ({ all, given = {}, want }) => {
    expect(mayComeFree(all, wanted(given))).toBe(want)
  })
})

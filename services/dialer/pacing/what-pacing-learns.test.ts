import { expect, test } from 'vitest'
import type { AgentSession } from '@loopline/agent-state/session'
import { signedOff } from '@loopline/agent-state/session'
import type { CampaignId, UserId } from '@loopline/vocabulary/ids'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { newAgent } from '../agent/agent-row.ts'
import type { AgentRow, Served } from '../agent/agent-row.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import type { EndedAttempt } from '../outcome/outcome.sql.ts'
import { learntFromAgent, learntFromEnd } from './what-pacing-learns.ts'

const attempt = (fields: Partial<OpenAttempt> = {}): OpenAttempt => ({ startedAt: 1_000, ...fields }) as OpenAttempt
const ended = (outcome: Outcome, fields: Partial<EndedAttempt> = {}): EndedAttempt => ({ outcome, answeredAt: null, endedAt: 26_000, ...fields }) as EndedAttempt

test.each<[string, OpenAttempt, EndedAttempt, unknown]>([
  ['an answer was told when it came', attempt({ answeredAt: 9_000 }), ended('connected', { answeredAt: 9_000 }), []],
  ['an answer whose news was lost is made good', attempt(), ended('connected', { answeredAt: 9_000 }), [{ kind: 'answered', ageMs: 8_000 }]],
  ['nobody came', attempt({ answeredAt: 9_000 }), ended('abandoned', { answeredAt: 9_000 }), [{ kind: 'abandoned' }]],
  ['nobody answered', attempt(), ended('no-answer'), [{ kind: 'unanswered', ageMs: 25_000 }]],
  ['given up by us, whatever it is called', attempt({ isGivenUp: true }), ended('no-answer'), [{ kind: 'cancelled' }]],
  ['given up, and answered all the same', attempt({ isGivenUp: true, answeredAt: 20_000 }), ended('connected', { answeredAt: 20_000 }), []],
  ['never left', attempt(), ended('cancelled'), [{ kind: 'cancelled' }]],
  ['the line failed', attempt(), ended('line-failed', { endedAt: 1_300 }), [{ kind: 'failed', ageMs: 300 }]],
])('%s', (_, call, end, learnt) => {
  expect(learntFromEnd(call, end)).toEqual(learnt)
})

const CALL = { attemptId: 'a', phase: 'talking', connectedAt: 5_000 } as const
const row = (session: Partial<AgentSession>, campaignId: string | null = 'one'): AgentRow => ({
  ...newAgent('agent' as UserId, '王芳', null, 0), campaignIds: ['one', 'two'] as CampaignId[],
  session: { ...signedOff(0), ...session }, served: session.call ? ({ campaignId } as Served) : null,
})

test.each<[string, AgentRow, AgentRow, unknown]>([
  ['a talk, from its beginning', row({ state: 'talking', since: 8_000, call: CALL }), row({ state: 'wrap-up', since: 65_000, call: { ...CALL, phase: 'ended' } }), [{ campaignIds: ['one'], event: { kind: 'talk-ended', talkMs: 60_000 } }]],
  ['a hold is part of the talk', row({ state: 'talking', since: 5_000, call: CALL }), row({ state: 'on-hold', since: 9_000, call: CALL }), []],
  ['notes that took no time', row({ state: 'talking', since: 5_000, call: CALL }), row({ state: 'ready', since: 65_000 }), [
    { campaignIds: ['one'], event: { kind: 'talk-ended', talkMs: 60_000 } }, { campaignIds: ['one'], event: { kind: 'wrap-ended', wrapMs: 0, to: 'idle' } }]],
  ['notes, and then a break', row({ state: 'wrap-up', since: 65_000, call: { ...CALL, phase: 'ended' } }), row({ state: 'paused', since: 75_000 }), [{ campaignIds: ['one'], event: { kind: 'wrap-ended', wrapMs: 10_000, to: 'away' } }]],
  ['notes that are extended go on', row({ state: 'wrap-up', since: 65_000, call: { ...CALL, phase: 'ended' } }), row({ state: 'wrap-up', since: 65_000, call: { ...CALL, phase: 'ended' } }), []],
  ['a break, for all that he serves', row({ state: 'paused', since: 1_000 }), row({ state: 'ready', since: 301_000 }), [{ campaignIds: ['one', 'two'], event: { kind: 'pause-ended', pauseMs: 300_000 } }]],
  ['a call by hand is no campaign’s', row({ state: 'talking', since: 5_000, call: CALL }, null), row({ state: 'wrap-up', since: 65_000, call: { ...CALL, phase: 'ended' } }, null), [{ campaignIds: [], event: { kind: 'talk-ended', talkMs: 60_000 } }]],
  ['a call that nobody answered was no talk', row({ state: 'ringing', since: 5_000, call: { ...CALL, phase: 'ringing', connectedAt: null } }), row({ state: 'ready', since: 20_000 }), []],
])('%s', (_, before, after, learnt) => {
  expect(learntFromAgent(before, after)).toEqual(learnt)
})

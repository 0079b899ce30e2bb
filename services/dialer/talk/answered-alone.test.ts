import { expect, test } from 'vitest'
import type { AttemptId, CampaignId } from '@loopline/vocabulary/ids'
import { AnsweredAlone } from './answered-alone.ts'

const campaignId = 'campaign' as CampaignId
const [first, second] = ['first', 'second'] as [AttemptId, AttemptId]
const dueAt = (alone: AnsweredAlone, now: number): AttemptId[] => alone.due(now).map(({ attemptId }) => attemptId)

test('who waits is served until his time is over, the longest first; not while somebody is on the way', () => {
  const alone = new AnsweredAlone()
  alone.add(first, { campaignId, until: 2_000, isCaredFor: false })
  alone.add(second, { campaignId, until: 2_500, isCaredFor: true })
  expect(dueAt(alone, 100)).toEqual([first])
  alone.caredFor(first, true)
  alone.caredFor(second, false) // his agent's telephone is gone
  expect(dueAt(alone, 100)).toEqual([second])
  alone.caredFor(first, false)
  expect(dueAt(alone, 1_999)).toEqual([first, second])
  expect(dueAt(alone, 2_000)).toEqual([second])
  expect(dueAt(alone, 2_500)).toEqual([])
  expect(alone.size).toBe(0)
})

test('who was connected, or told that nobody came, does not wait, whichever news comes first', () => {
  const alone = new AnsweredAlone()
  alone.add(first, { campaignId, until: 2_000, isCaredFor: false })
  alone.settle(first)
  alone.settle(second)
  alone.add(second, { campaignId, until: 2_000, isCaredFor: false })
  expect(dueAt(alone, 0)).toEqual([])
  alone.caredFor(first, false)
  expect(alone.size).toBe(0)
})

test('what is settled and never answered is forgotten', () => {
  const alone = new AnsweredAlone()
  for (let call = 0; call < 3_000; call += 1) alone.settle(`call-${call}` as AttemptId)
  alone.add('call-0' as AttemptId, { campaignId, until: 2_000, isCaredFor: false })
  alone.add('call-2999' as AttemptId, { campaignId, until: 2_000, isCaredFor: false })
  expect(dueAt(alone, 0)).toEqual(['call-0'])
})

import { expect, test } from 'vitest'
import type { CarrierCall } from './carrier-log.ts'
import { judge, type AttemptRow } from './judge.ts'

const call = (attemptId: string, number: string, change: Partial<CarrierCall> = {}): CarrierCall =>
  ({ callId: `${attemptId}@loopline`, attemptId, number, invitedAt: 1_000, finalStatus: 200, endedAt: 2_000, ...change })
const attempt = (id: string, change: Partial<AttemptRow> = {}): AttemptRow =>
  ({ id, customerId: 'c', outcome: 'connected', timelineItems: 1, epoch: 'e', ...change })

const cases: { name: string; calls: CarrierCall[]; attempts: AttemptRow[]; want: Partial<ReturnType<typeof judge>> }[] = [
  { name: 'one call, one attempt, one item: clean', calls: [call('a', 'x')], attempts: [attempt('a')], want: { doubleDials: 0, lostOutcomes: 0 } },
  { name: 'an INVITE nobody committed is a double dial', calls: [call('a', 'x')], attempts: [], want: { doubleDials: 1 } },
  { name: 'an attempt on the wire without outcome is lost', calls: [call('a', 'x')], attempts: [attempt('a', { outcome: null, timelineItems: 0 })], want: { lostOutcomes: 1 } },
  { name: 'an outcome that never reached the timeline is lost', calls: [call('a', 'x')], attempts: [attempt('a', { timelineItems: 0 })], want: { lostOutcomes: 1 } },
  { name: 'an outcome told twice is not exactly one', calls: [call('a', 'x')], attempts: [attempt('a', { timelineItems: 2 })], want: { lostOutcomes: 1 } },
  { name: 'two calls to one person above the cap', calls: [call('a', 'x'), call('b', 'x', { invitedAt: 3_000, endedAt: 4_000 })], attempts: [attempt('a'), attempt('b')], want: { doubleDials: 1 } },
  { name: 'two calls at the same time are also an overlap', calls: [call('a', 'x'), call('b', 'x', { invitedAt: 1_500 })], attempts: [attempt('a'), attempt('b')], want: { doubleDials: 2 } },
  { name: 'unknown is counted apart', calls: [call('a', 'x')], attempts: [attempt('a', { outcome: 'unknown' })], want: { lostOutcomes: 0, unknownOutcomes: 1 } },
]
for (const { name, calls, attempts, want } of cases) test(name, () => expect(judge(calls, attempts, 1)).toMatchObject(want))
